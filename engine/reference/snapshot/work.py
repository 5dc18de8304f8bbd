"""`TASK`: unfinished work, the oldest first."""

from collections.abc import Callable

from seriatim.engine.reference.cancelling import AccountCancelling, DayEnding, MassCancelling, SessionCancelling, Walk
from seriatim.engine.reference.phases import Changing, SettingHalt, SettingPhase
from seriatim.engine.reference.snapshot.packing import Reader, flagged, pack
from seriatim.engine.reference.stops import Searching
from seriatim.engine.reference.task import Task
from seriatim.engine.reference.venue import Venue
from seriatim.schemas import CancelReason, OptionalSide, TradingPhase

MASS_CANCEL, SESSION, ACCOUNT, END_OF_DAY, STOPS, PHASE, HALT = range(1, 8)
AT_ORDER, AT_END = 1, 2
NO_SESSION = 2**32 - 1
"""Of work that has no order left to look at."""


def write(venue: Venue) -> bytes:
    """Each after the byte that names it."""
    return b"".join(_task(venue, task) for task in venue.tasks)


def _task(venue: Venue, task: Task) -> bytes:
    match task:
        case MassCancelling(session, last, instrument, side, account, affected):
            which = pack("?IB?I", *flagged(instrument), side, *flagged(account))
            return pack("BI", MASS_CANCEL, session) + which + pack("QI", last, affected) + _place(venue, task)
        case SessionCancelling(session, last, reason):
            return pack("BIQB", SESSION, session, last, reason)
        case AccountCancelling(account, last):
            following = task.find(venue)
            session = NO_SESSION if following is None else following.session
            return pack("BIQI", ACCOUNT, account, last, session) + _place(venue, task)
        case DayEnding(instrument, last):
            return pack("BIQ", END_OF_DAY, instrument, last)
        case Searching(instrument):
            return pack("BI", STOPS, instrument)
        case SettingPhase() | SettingHalt():
            kind, value = (PHASE, task.phase) if isinstance(task, SettingPhase) else (HALT, task.on)
            return pack("BIBI", kind, task.session, value, task.seen + 1) + _spared(venue, task)
    raise AssertionError("other work is done in the frame in which it begins")


def _spared(venue: Venue, task: Changing) -> bytes:
    if venue.logic_version < 4:
        return b""
    return pack(f"I{len(task.spared)}I", len(task.spared), *sorted(task.spared))


def _place(venue: Venue, walk: Walk) -> bytes:
    """The next order to look at."""
    following = walk.find(venue)
    return pack("BQ", AT_END, 0) if following is None else pack("BQ", AT_ORDER, following.order_id)


def read(reader: Reader, venue: Venue) -> None:
    """What it works on is there already."""
    while reader.more:
        (kind,) = reader.take("B")
        reader.check(kind in READERS, "unknown work")
        venue.tasks.append(READERS[kind](reader, venue))


def _mass_cancel(reader: Reader, venue: Venue) -> Task:
    session, one, instrument, side, owned, account = reader.take("I?IB?I")
    reader.check(not one or instrument in venue.books, "an instrument that is not defined")
    side = reader.known(OptionalSide, side)
    last, affected = _last(reader, venue), *reader.take("I")
    reader.check(affected <= venue.orders_max, "more orders cancelled than there can have been")
    work = MassCancelling(session, last, instrument if one else None, side, account if owned else None, affected)
    work.seen = 0, _seen(reader)
    return work


def _session(reader: Reader, venue: Venue) -> Task:
    (session,), last = reader.take("I"), _last(reader, venue)
    return SessionCancelling(session, last, reader.known(CancelReason, *reader.take("B")))


def _account(reader: Reader, venue: Venue) -> Task:
    (account,), last = reader.take("I"), _last(reader, venue)
    work = AccountCancelling(account, last)
    (session,) = reader.take("I")
    work.seen = session, _seen(reader)
    return work


def _end_of_day(reader: Reader, venue: Venue) -> Task:
    return DayEnding(_instrument(reader, venue), _last(reader, venue))


def _stops(reader: Reader, venue: Venue) -> Task:
    return Searching(_instrument(reader, venue))


def _phase(reader: Reader, venue: Venue) -> Task:
    session, phase = reader.take("IB")
    known = reader.known(TradingPhase, phase)
    return SettingPhase(session, None, *_left(reader, venue), phase=known)


def _halt(reader: Reader, venue: Venue) -> Task:
    reader.check(venue.logic_version >= 4, "unknown work")
    session, on = reader.take("IB")
    reader.check(on <= 1, "neither 0 nor 1")
    return SettingHalt(session, None, *_left(reader, venue), on=bool(on))


def _left(reader: Reader, venue: Venue) -> tuple[int, set[int]]:
    """The last instrument that was changed, and those that are not to be."""
    (lowest,) = reader.take("I")
    count = reader.take("I")[0] if venue.logic_version >= 4 else 0
    spared = [*reader.take(f"{count}I")]
    left = all(instrument >= lowest and instrument in venue.books for instrument in spared)
    reader.check(left and spared == sorted(set(spared)), "an instrument that is not left to be changed")
    return lowest - 1, set(spared)


READERS: dict[int, Callable[[Reader, Venue], Task]] = {
    MASS_CANCEL: _mass_cancel,
    SESSION: _session,
    ACCOUNT: _account,
    END_OF_DAY: _end_of_day,
    STOPS: _stops,
    PHASE: _phase,
    HALT: _halt,
}


def _last(reader: Reader, venue: Venue) -> int:
    """The id of the last order that the work is about."""
    (order_id,) = reader.take("Q")
    reader.check(order_id <= venue.last_order_id, "an order id that was never given")
    return order_id


def _instrument(reader: Reader, venue: Venue) -> int:
    (instrument,) = reader.take("I")
    reader.check(instrument in venue.books, "an instrument that is not defined")
    return instrument


def _seen(reader: Reader) -> int:
    """An order id below that of the next order to look at, and not below those before."""
    state, order_id = reader.take("BQ")
    reader.check(state in (AT_ORDER, AT_END), "no place in a list")
    return order_id - 1 if state == AT_ORDER else 2**64
