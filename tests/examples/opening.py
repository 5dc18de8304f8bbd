"""An example: an instrument's morning without a bus, and a snapshot from which the day goes on alike.

Usage: python -m tests.examples.opening

Orders are collected in an auction while its indicative price moves; it uncrosses, and trading goes on with an iceberg
and a stop. Then the engine is saved, and what it does next is done by the loaded one too, event by event.
"""

from collections.abc import Iterator
from decimal import Decimal

from seriatim.engine import (
    Command,
    Engine,
    Event,
    Filled,
    NewOrder,
    OrdType,
    Refreshed,
    SetPhase,
    Side,
    TradingPhase,
    Triggered,
    Uncrossed,
)

OAK, OPERATOR, FUND, BROKER = 1, 1, 7, 8


def opened() -> Engine:
    """Prices are in cents."""
    engine = Engine()
    engine.define_instrument(OAK, "OAK", tick_size=Decimal("0.01"), lot_size=Decimal(1))
    engine.apply(OPERATOR, SetPhase(TradingPhase.OPENING_AUCTION, OAK))
    return engine


def auction(engine: Engine) -> Iterator[str]:
    """Nothing trades while orders come; each may move the price at which the book would uncross."""
    orders = [
        (BROKER, NewOrder(1, OAK, Side.SELL, quantity=300, price=1_002)),
        (FUND, NewOrder(1, OAK, Side.BUY, quantity=200, price=1_004)),
        (BROKER, NewOrder(2, OAK, Side.SELL, quantity=100, price=1_000)),
        (FUND, NewOrder(2, OAK, Side.BUY, quantity=300, price=1_003)),
    ]
    for session, order in orders:
        engine.apply(session, order)
        match engine.indicative(OAK):
            case None:
                yield "no price yet"
            case price, volume, surplus:
                yield f"{volume} at {price}, surplus {surplus:+}"
    yield from told(engine, OPERATOR, SetPhase(TradingPhase.CONTINUOUS, OAK))


def morning(engine: Engine) -> Iterator[str]:
    """An iceberg shows 50 of 200; a stop waits below the market."""
    engine.apply(FUND, NewOrder(3, OAK, Side.SELL, quantity=200, price=1_005, display_quantity=50))
    engine.apply(FUND, NewOrder(4, OAK, Side.SELL, quantity=40, ord_type=OrdType.STOP, stop_price=1_001))
    yield f"{engine.levels(OAK, Side.SELL)['quantity'][0]} shown, {engine.live_orders} orders"
    yield from told(engine, BROKER, NewOrder(3, OAK, Side.BUY, quantity=120, price=1_005))


def afternoon(engine: Engine) -> Iterator[str]:
    """The market falls to the stop, which sells what it can."""
    engine.apply(BROKER, NewOrder(4, OAK, Side.BUY, quantity=10, price=1_001))
    engine.apply(BROKER, NewOrder(5, OAK, Side.BUY, quantity=30, price=999))
    yield from told(engine, FUND, NewOrder(5, OAK, Side.SELL, quantity=110, price=1_001))


def told(engine: Engine, session: int, command: Command) -> Iterator[str]:
    """What a command causes, in words."""
    yield from filter(None, map(words, engine.apply(session, command)))


def words(event: Event) -> str | None:
    match event:
        case Uncrossed():
            return f"the auction trades {event.volume} at {event.price}"
        case Filled():
            return f"{event.quantity} at {event.price}"
        case Refreshed():
            return f"an iceberg shows {event.shown} of {event.leaves}"
        case Triggered():
            return "a stop is triggered"
        case _:
            return None


def main() -> None:
    engine = opened()
    print(*auction(engine), *morning(engine), sep="\n")
    loaded = Engine.load(engine.snapshot())
    lived, loaded_again = list(afternoon(engine)), list(afternoon(loaded))
    print(*lived, sep="\n")
    same = lived == loaded_again and engine.outcome_hash == loaded.outcome_hash
    print("the loaded engine", "went on alike" if same else "did something else")


if __name__ == "__main__":
    main()
