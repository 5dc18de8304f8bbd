"""Stop orders: they wait for the last price to reach theirs."""

from dataclasses import dataclass

from seriatim.engine.events import Triggered
from seriatim.engine.reference.cancelling import cancel
from seriatim.engine.reference.order import Order
from seriatim.engine.reference.task import Task, begin
from seriatim.engine.reference.trading import collar, execute, within
from seriatim.engine.reference.venue import Venue
from seriatim.schemas import CancelReason, Side, TradingPhase


def reached(venue: Venue, order: Order) -> bool:
    """The last price is at its stop price, or beyond."""
    last = venue.books[order.instrument].last
    if last is None or order.stop_price is None:
        return False
    return last >= order.stop_price if order.side == Side.BUY else last <= order.stop_price


def urgency(order: Order) -> tuple[int, int, int]:
    """Buys before sells; buys by lowest stop price, sells by highest; then by arrival."""
    stop_price = order.stop_price or 0
    return order.side, stop_price if order.side == Side.BUY else -stop_price, order.arrival


def trigger(venue: Venue, order: Order) -> bool:
    """A stop becomes a market or a limit order, unless its time is over. Returns whether it traded."""
    if venue.is_due(order):
        cancel(venue, order, CancelReason.EXPIRED)
        return False
    venue.leave(order)
    order.waiting = False
    venue.tell(Triggered(order.order_id, order.cl_ord_id, order.session, order.instrument))
    if order.price is not None and not within(order.side, order.price, collar(venue, order.instrument, order.side)):
        cancel(venue, order, CancelReason.COLLAR)
        return False
    return execute(venue, order)


@dataclass(eq=False)
class Triggering(Task):
    """Triggers one stop: it was reached when it came, or when it got another stop price."""

    order: Order

    def find(self, venue: Venue) -> Order | None:  # noqa: ARG002  as every task has it
        """The order, unless that is done."""
        return self.order if self.order.waiting else None

    def step(self, venue: Venue, found: Order) -> None:
        """Triggers it, and looks at the others if it traded."""
        if trigger(venue, found):
            begin(venue, Searching(found.instrument))


@dataclass(eq=False)
class Searching(Task):
    """Triggers the stops of a book that are reached, one after the other, until none is."""

    instrument: int

    def find(self, venue: Venue) -> Order | None:
        """The first to be triggered."""
        if venue.books[self.instrument].phase != TradingPhase.CONTINUOUS:
            return None
        return min((o for o in venue.stops(self.instrument) if reached(venue, o)), key=urgency, default=None)

    def step(self, venue: Venue, found: Order) -> None:
        """Triggers it."""
        trigger(venue, found)


def trigger_if_reached(venue: Venue, order: Order) -> None:
    """For a stop that waits since now, or with another stop price since now."""
    continuous = venue.books[order.instrument].phase == TradingPhase.CONTINUOUS
    if continuous and reached(venue, order):
        begin(venue, Triggering(order))
