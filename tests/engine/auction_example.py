"""Books as they stand at the end of an auction, and what they must uncross to."""

from dataclasses import dataclass

from seriatim.engine import Side, TradingPhase
from tests.engine.desk import Desk


@dataclass
class Example:
    """A book of price and quantity, and the price, volume and surplus that it uncrosses to; None if it does not."""

    source: str
    bids: list[tuple[int, int]]
    asks: list[tuple[int, int]]
    outcome: tuple[int, int, int] | None
    reference: int | None = None


def fill_book(desk: Desk, example: Example) -> None:
    """Buys from 1 on, sells from 101 on, each in its order."""
    if example.reference is not None:
        desk.rules(reference_price=example.reference)
    for name, (price, quantity) in enumerate(example.bids, 1):
        desk.buy(name, quantity, price)
    for name, (price, quantity) in enumerate(example.asks, 101):
        desk.sell(name, quantity, price)


def check_example(desk: Desk, example: Example) -> None:
    """The indicative price is the outcome, and so is the uncross; what is left does not cross."""
    desk.phase(TradingPhase.OPENING_AUCTION)
    fill_book(desk, example)
    assert desk.engine.indicative(1) == example.outcome
    events = desk.phase(TradingPhase.CONTINUOUS)
    if example.outcome is None:
        assert events == ["instrument 1: CONTINUOUS"]
        return
    price, volume, _surplus = example.outcome
    assert events[0] == f"uncrossed {volume} @ {price}"
    assert sum(int(event.split()[2]) for event in events if event.endswith(", auction")) == volume
    bids, asks = desk.book(Side.BUY), desk.book(Side.SELL)
    assert not bids or not asks or bids[0][0] < asks[0][0]
