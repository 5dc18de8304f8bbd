"""What time brings: unfinished work, expiries, scheduled phases; and the end of a session."""

from seriatim.engine.reference.cancelling import SessionCancelling, cancel
from seriatim.engine.reference.limits import PIECE_MAX
from seriatim.engine.reference.order import Order
from seriatim.engine.reference.phases import follow_schedule, next_entry
from seriatim.engine.reference.risk import cancels_on
from seriatim.engine.reference.task import begin, run
from seriatim.engine.reference.venue import Venue
from seriatim.schemas import CancelOn, CancelReason, SessionEnd


def tick(venue: Venue) -> None:
    """As many steps as a frame may have, of what is to be done first."""
    venue.begun = venue.tasks
    steps = PIECE_MAX
    while steps:
        if venue.tasks:
            steps = run(venue, venue.tasks, steps)
        elif (order := next_expiry(venue)) is not None and venue.is_due(order):
            cancel(venue, order, CancelReason.EXPIRED)
            steps -= 1
        elif (scheduled := next_entry(venue)) is not None and scheduled[1].time_ns <= venue.now_ns:
            follow_schedule(venue, *scheduled)
            steps -= 1
        else:
            return


def next_expiry(venue: Venue) -> Order | None:
    """The order whose time is over first."""
    dated = [(order.expire_ns, order.order_id, order) for order in venue.live.values() if order.expire_ns is not None]
    return min(dated)[2] if dated else None


def session_closed(venue: Venue, session: int, end: SessionEnd) -> None:
    """Its orders go with it, if it or its limits say so."""
    logoff = end == SessionEnd.LOGOFF
    if cancels_on(venue, session, CancelOn.LOGOFF if logoff else CancelOn.DISCONNECT):
        reason = CancelReason.LOGGED_OFF if logoff else CancelReason.DISCONNECTED
        begin(venue, SessionCancelling(session, venue.last_order_id, reason))
