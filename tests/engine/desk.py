"""A desk at an engine: commands go in with few words, events come out as sentences.

Orders are called by their client ids, which the tests give once in all sessions.
"""

from decimal import Decimal
from typing import Any, assert_never

from seriatim.engine import (
    Accepted,
    AcceptedExtended,
    Administered,
    Cancelled,
    CancelOrder,
    Command,
    Event,
    Filled,
    Instrument,
    InstrumentDefined,
    Liquidity,
    MassCancel,
    MassCancelled,
    MassCancelResponse,
    NewOrder,
    OrdType,
    PhaseChanged,
    Reduced,
    ReduceOrder,
    Refreshed,
    Rejected,
    Replaced,
    ReplaceOrder,
    SetInstrumentRules,
    SetPhase,
    Side,
    TimeInForce,
    TradeBusted,
    TradingPhase,
    Triggered,
    Uncrossed,
)
from seriatim.schemas import CancelReason, SessionEnd

ME, OTHER, OPERATOR = 7, 8, 1
SECOND = 1_000_000_000
DAY = TimeInForce.DAY
GTC = TimeInForce.GOOD_TILL_CANCEL
GTD = TimeInForce.GOOD_TILL_DATE
IOC = TimeInForce.IMMEDIATE_OR_CANCEL
FOK = TimeInForce.FILL_OR_KILL


class Desk:
    """One engine, and who asks it what. Each method returns what happened, in words."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine

    def do(self, command: Command, session: int = OPERATOR, at: int | None = None) -> list[str]:
        """Any command; `at` is its stamp."""
        return list(map(sentence, self.engine.apply(session, command, at)))

    def define(self, instrument: int) -> list[str]:
        """A book."""
        return self.do(Instrument(instrument, "OAK", Decimal("0.01"), Decimal(1)))

    def buy(self, name: int, quantity: int, price: int | None = None, session: int = ME, **more: Any) -> list[str]:
        """A buy order: limit or stop limit with a price, market or stop without. With `at`, at that time."""
        return self._order(Side.BUY, name, quantity, price, session, more)

    def sell(self, name: int, quantity: int, price: int | None = None, session: int = OTHER, **more: Any) -> list[str]:
        """The same, selling."""
        return self._order(Side.SELL, name, quantity, price, session, more)

    def _order(self, *terms: Any) -> list[str]:
        side, name, quantity, price, session, more = terms
        at, instrument = more.pop("at", None), more.pop("instrument", 1)
        types = (OrdType.MARKET, OrdType.LIMIT) if "stop_price" not in more else (OrdType.STOP, OrdType.STOP_LIMIT)
        ord_type = types[0] if price is None else types[1]
        return self.do(NewOrder(name, instrument, side, quantity, price, ord_type, **more), session, at)

    def cancel(self, name: int, session: int = ME) -> list[str]:
        """A live order."""
        return self.do(CancelOrder(name), session)

    def reduce(self, name: int, quantity: int, session: int = ME) -> list[str]:
        """By so much."""
        return self.do(ReduceOrder(name, quantity), session)

    def replace(self, name: int, quantity: int, price: int, session: int = ME, at: int | None = None) -> list[str]:
        """It keeps its name."""
        return self.do(ReplaceOrder(name, name, price, quantity), session, at)

    def mass_cancel(self, session: int = ME, **which: Any) -> list[str]:
        """All of a session, or some."""
        return self.do(MassCancel(**which), session)

    def phase(self, phase: TradingPhase, instrument: int | None = 1, at: int | None = None) -> list[str]:
        """Into another phase."""
        return self.do(SetPhase(phase, instrument), at=at)

    def rules(self, **rules: int) -> list[str]:
        """Of instrument 1."""
        return self.do(SetInstrumentRules(instrument=1, **rules))

    def tick(self, at: int) -> list[str]:
        """Time goes on."""
        return list(map(sentence, self.engine.tick(at)))

    def close(self, session: int, end: SessionEnd) -> list[str]:
        """A logon has ended."""
        return list(map(sentence, self.engine.session_closed(session, end)))

    def book(self, side: Side, instrument: int = 1) -> list[tuple[int, int]]:
        """Price and shown quantity of each level, the best first."""
        return [(int(level[0]), int(level[1])) for level in self.engine.levels(instrument, side, 100)]

    def queue(self, side: Side, price: int) -> list[tuple[int, int]]:
        """Name and shown quantity of each order at a price, in the order in which they trade."""
        return [(int(row[1]), int(row[2])) for row in self.engine.queue(1, side, price)]

    def trade(self, price: int, quantity: int = 1, at: int | None = None) -> None:
        """Two strangers trade, so that there is a last price."""
        self.do(NewOrder(900, 1, Side.SELL, quantity, price), 98, at)
        self.do(NewOrder(901, 1, Side.BUY, quantity, price), 99)


def sentence(event: Event) -> str:  # noqa: C901, PLR0911, PLR0912  one sentence for each kind
    """What happened, without what the agreement of both engines looks at anyway."""
    match event:
        case Accepted() | AcceptedExtended():
            return f"{event.cl_ord_id} accepted"
        case Rejected():
            return f"rejected: {event.reason.name}"
        case Filled(own, contra):
            assert contra is not None
            verb = "buys" if event.side == Side.BUY else "sells"
            auction = ", auction" if event.liquidity == Liquidity.AUCTION else ""
            return f"{own.cl_ord_id} {verb} {event.quantity} @ {event.price} with {contra.cl_ord_id}{auction}"
        case Reduced():
            why = "" if event.reason == CancelReason.REQUESTED else f": {event.reason.name}"
            return f"{event.cl_ord_id} reduced by {event.quantity} to {event.leaves}{why}"
        case Cancelled():
            return f"{event.cl_ord_id} cancelled {event.quantity}: {event.reason.name}"
        case Replaced():
            place = "keeps its place" if event.priority_kept else "loses its place"
            return f"{event.orig_cl_ord_id} replaced, {event.leaves} @ {event.price}, {place}"
        case MassCancelled():
            more = ", more to come" if event.response == MassCancelResponse.ACCEPTED else ""
            return f"mass cancelled {event.affected}{more}"
        case InstrumentDefined():
            return f"instrument {event.instrument.id} defined"
        case Triggered():
            return f"{event.cl_ord_id} triggered"
        case Refreshed():
            return f"{event.cl_ord_id} shows {event.shown} of {event.leaves}"
        case PhaseChanged():
            return f"instrument {event.instrument}: {event.phase.name}"
        case Uncrossed():
            return f"uncrossed {event.volume} @ {event.price}"
        case Administered():
            return f"done: {event.template_id} for {event.id}"
        case TradeBusted(trade_id, own, contra):
            assert contra is not None
            return f"trade {trade_id} of {own.cl_ord_id} and {contra.cl_ord_id} busted"
    assert_never(event)
