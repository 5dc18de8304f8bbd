"""Orders that go, one by one or many at once."""

from dataclasses import dataclass

from seriatim.engine.commands import ALL_INSTRUMENTS, MassCancel
from seriatim.engine.events import Cancelled, MassCancelled, Reduced
from seriatim.engine.reference.limits import QUANTITY_MAX
from seriatim.engine.reference.order import Order
from seriatim.engine.reference.refused import check
from seriatim.engine.reference.task import Task, begin
from seriatim.engine.reference.venue import Venue
from seriatim.engine.reference.vocabulary import known
from seriatim.schemas import CancelReason, MassCancelResponse, OptionalSide, RejectReason, RiskScope, TimeInForce


def cancel(venue: Venue, order: Order, reason: CancelReason) -> None:
    """The order is gone, whether it was live or just came."""
    venue.leave(order)
    ids = order.order_id, order.cl_ord_id
    venue.tell(Cancelled(*ids, order.leaves, order.session, order.instrument, reason))
    order.leaves = 0


def cut(venue: Venue, order: Order, quantity: int, reason: CancelReason) -> None:
    """Takes quantity off an order, which keeps its place; all of it, or more, cancels it."""
    if quantity >= order.leaves:
        cancel(venue, order, reason)
        return
    order.lose(quantity)
    ids = order.order_id, order.cl_ord_id
    venue.tell(Reduced(*ids, quantity, order.leaves, order.session, order.instrument, reason))


def reduce(venue: Venue, order: Order, quantity: int) -> None:
    """A session's wish."""
    check(1 <= quantity <= QUANTITY_MAX, RejectReason.INVALID_QUANTITY)
    cut(venue, order, quantity, CancelReason.REQUESTED)


def mass_cancel(venue: Venue, session: int, mass: MassCancel) -> None:
    """Of the session's own orders."""
    everywhere = mass.instrument in (None, ALL_INSTRUMENTS)
    check(everywhere or mass.instrument in venue.books, RejectReason.UNKNOWN_INSTRUMENT)
    check(known(mass.side, OptionalSide), RejectReason.INVALID_SIDE)
    instrument = None if everywhere else mass.instrument
    account = mass.account if venue.logic_version >= 3 else None
    begin(venue, MassCancelling(session, venue.last_order_id, instrument, mass.side, account))


class Walk(Task):
    """Looks at one live order after the other, each a step."""

    seen: tuple[int, int] = (-1, -1)
    """The place of the last order looked at."""

    def looks_at(self, order: Order) -> bool:
        """The order is one of those to look at."""
        raise NotImplementedError

    def place(self, order: Order) -> tuple[int, int]:
        """Orders are looked at from the lowest place on."""
        return 0, order.order_id

    def find(self, venue: Venue) -> Order | None:
        """The next order."""
        ahead = [order for order in venue.live.values() if self.looks_at(order) and self.place(order) > self.seen]
        return min(ahead, key=self.place, default=None)

    def step(self, venue: Venue, found: Order) -> None:
        """Looks at it."""
        self.seen = self.place(found)
        self.look(venue, found)

    def look(self, venue: Venue, order: Order) -> None:
        """What is done to it."""
        raise NotImplementedError


@dataclass(eq=False)
class MassCancelling(Walk):
    """A session's mass cancel: it looks at all of the session's orders, and cancels those that were meant."""

    session: int
    last_order_id: int
    instrument: int | None
    side: int
    account: int | None
    affected: int = 0

    def looks_at(self, order: Order) -> bool:
        """All that the session had when it began."""
        return order.session == self.session and order.order_id <= self.last_order_id

    def look(self, venue: Venue, order: Order) -> None:
        """Cancels it if it is meant."""
        meant = (
            self.instrument in (None, order.instrument)
            and self.side in (OptionalSide.BOTH, order.side)
            and self.account in (None, order.account)
        )
        if meant:
            cancel(venue, order, CancelReason.REQUESTED)
            self.affected += 1

    def pause(self, venue: Venue) -> None:
        """It will take more frames."""
        venue.tell(MassCancelled(self.affected, self.session, MassCancelResponse.ACCEPTED))

    def finish(self, venue: Venue) -> None:
        """All is done."""
        venue.tell(MassCancelled(self.affected, self.session, MassCancelResponse.COMPLETED))


@dataclass(eq=False)
class SessionCancelling(Walk):
    """All orders of a session go: it is killed, or has ended."""

    session: int
    last_order_id: int
    reason: CancelReason

    def looks_at(self, order: Order) -> bool:
        """All that the session had when it began."""
        return order.session == self.session and order.order_id <= self.last_order_id

    def look(self, venue: Venue, order: Order) -> None:
        """Cancels it."""
        cancel(venue, order, self.reason)


@dataclass(eq=False)
class AccountCancelling(Walk):
    """All orders of an account go: it is killed. It looks at everybody's orders, one session after the other."""

    account: int
    last_order_id: int

    def looks_at(self, order: Order) -> bool:
        """All that were there when it began."""
        return order.order_id <= self.last_order_id

    def place(self, order: Order) -> tuple[int, int]:
        """Session by session."""
        return order.session, order.order_id

    def look(self, venue: Venue, order: Order) -> None:
        """Cancels it if it is the account's."""
        if order.account == self.account:
            cancel(venue, order, CancelReason.KILL_SWITCH)


@dataclass(eq=False)
class DayEnding(Walk):
    """All Day orders of an instrument go: it has closed."""

    instrument: int
    last_order_id: int

    def looks_at(self, order: Order) -> bool:
        """Resting orders and waiting stops alike."""
        here = order.instrument == self.instrument and order.order_id <= self.last_order_id
        return here and order.time_in_force == TimeInForce.DAY

    def look(self, venue: Venue, order: Order) -> None:
        """Cancels it."""
        cancel(venue, order, CancelReason.DAY_ENDED)


def kill(venue: Venue, scope: RiskScope, number: int) -> None:
    """All orders of the scope go."""
    if scope == RiskScope.SESSION:
        begin(venue, SessionCancelling(number, venue.last_order_id, CancelReason.KILL_SWITCH))
    else:
        begin(venue, AccountCancelling(number, venue.last_order_id))
