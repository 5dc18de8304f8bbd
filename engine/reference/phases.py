"""The trading phases of an instrument: set by hand, or by its schedule."""

from dataclasses import dataclass

from seriatim.engine.commands import ClearSchedule, EndHalt, SchedulePhase, SetPhase
from seriatim.engine.events import Administered, PhaseChanged
from seriatim.engine.reference.auction import uncross
from seriatim.engine.reference.cancelling import DayEnding
from seriatim.engine.reference.limits import SCHEDULE_INTERVAL_MIN_NS, SCHEDULE_MAX, TIME_MAX
from seriatim.engine.reference.refused import check
from seriatim.engine.reference.stops import Searching
from seriatim.engine.reference.task import Task, begin
from seriatim.engine.reference.venue import Entry, Venue
from seriatim.engine.reference.vocabulary import AUCTIONS, known
from seriatim.schemas import RejectReason, TradingPhase


@dataclass(eq=False)
class SettingPhase(Task):
    """One instrument after the other goes into a phase, each a step."""

    phase: TradingPhase | None
    """None ends a halt."""
    session: int
    only: int | None
    """The one instrument that is meant, or None for all."""
    seen: int = -1

    def find(self, venue: Venue) -> int | None:
        """The next instrument."""
        meant = list(venue.books) if self.only is None else [self.only]
        return min((instrument for instrument in meant if instrument > self.seen), default=None)

    def step(self, venue: Venue, found: int) -> None:
        """It goes."""
        self.seen = found
        change_phase(venue, found, self.phase, self.session)


def set_phase(venue: Venue, session: int, wanted: SetPhase) -> None:
    """Of one instrument or of all."""
    check(known(wanted.phase, TradingPhase), RejectReason.INVALID_PHASE)
    if wanted.instrument is None:
        check(len(venue.books) > 0, RejectReason.UNKNOWN_INSTRUMENT)
    else:
        venue.book(wanted.instrument)
    begin(venue, SettingPhase(TradingPhase(wanted.phase), session, wanted.instrument))


def end_halt(venue: Venue, session: int, wanted: EndHalt) -> None:
    """Of one instrument or of all."""
    if wanted.instrument is None:
        check(len(venue.books) > 0, RejectReason.UNKNOWN_INSTRUMENT)
    else:
        venue.book(wanted.instrument)
    begin(venue, SettingPhase(None, session, wanted.instrument))


def tell_halts_from_phases(venue: Venue) -> None:
    """What older rules have halted goes on in continuous trading."""
    for book in venue.books.values():
        if book.phase == TradingPhase.HALT and book.under_halt is None:
            book.under_halt = TradingPhase.CONTINUOUS


def change_phase(venue: Venue, instrument: int, wanted: TradingPhase | None, session: int) -> None:
    """From version 4 on a halt stays where it is, over whatever phase comes; but a day ends, halted or not."""
    if venue.logic_version < 4:
        assert wanted is not None, "nothing ends a halt but another phase"
        enter(venue, instrument, wanted, session)
        return
    book = venue.books[instrument]
    under, halted = (book.phase, False) if book.under_halt is None else (book.under_halt, True)
    if wanted is None:
        halted = False
    elif wanted == TradingPhase.HALT:
        halted = True
    else:
        under = wanted
    book.under_halt = under if halted else None
    enter(venue, instrument, TradingPhase.HALT if halted and under != TradingPhase.CLOSED else under, session)


def enter(venue: Venue, instrument: int, phase: TradingPhase, session: int) -> None:
    """What comes of it: an uncross before, the Day orders or the stops after."""
    book = venue.books[instrument]
    before = book.phase
    ends_auction = before in AUCTIONS and phase != TradingPhase.HALT
    if phase != before and (ends_auction or phase == TradingPhase.CONTINUOUS):
        uncross(venue, instrument, session)
    book.phase = phase
    venue.tell(PhaseChanged(instrument, phase, session))
    if phase != before and phase == TradingPhase.CLOSED:
        begin(venue, DayEnding(instrument, venue.last_order_id))
    if phase != before and phase == TradingPhase.CONTINUOUS:
        begin(venue, Searching(instrument))


def schedule_phase(venue: Venue, session: int, wanted: SchedulePhase) -> None:
    """A phase to come, once or again and again."""
    book = venue.book(wanted.instrument)
    sound = (
        known(wanted.phase, TradingPhase)
        and wanted.time_ns > venue.now_ns
        and (wanted.interval_ns == 0 or wanted.interval_ns >= SCHEDULE_INTERVAL_MIN_NS)
    )
    check(sound, RejectReason.INVALID_PHASE)
    check(len(book.schedule) < SCHEDULE_MAX, RejectReason.SCHEDULE_FULL)
    venue.entries += 1
    book.schedule.append(Entry(wanted.time_ns, wanted.interval_ns, TradingPhase(wanted.phase), venue.entries))
    venue.tell(Administered(63, wanted.instrument, session))


def clear_schedule(venue: Venue, session: int, wanted: ClearSchedule) -> None:
    """Nothing is to come."""
    venue.book(wanted.instrument).schedule.clear()
    venue.tell(Administered(64, wanted.instrument, session))


def next_entry(venue: Venue) -> tuple[int, Entry] | None:
    """The instrument and the entry whose turn is first of all."""
    entries = [(instrument, entry) for instrument, book in venue.books.items() for entry in book.schedule]
    return min(entries, key=lambda found: (found[1].time_ns, found[0], found[1].place), default=None)


def follow_schedule(venue: Venue, instrument: int, entry: Entry) -> None:
    """Does what an entry says, and moves it on to its next time, if it has one."""
    book = venue.books[instrument]
    book.schedule.remove(entry)
    if entry.interval_ns:
        missed = (venue.now_ns - entry.time_ns) // entry.interval_ns
        entry.time_ns += (missed + 1) * entry.interval_ns
        if entry.time_ns <= TIME_MAX:
            book.schedule.append(entry)
    change_phase(venue, instrument, entry.phase, 0)
