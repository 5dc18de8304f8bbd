"""The trading phases of an instrument: set by hand, or by its schedule."""

from dataclasses import dataclass, field

from seriatim.engine.commands import ClearSchedule, SchedulePhase, SetHalt, SetPhase
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
class Changing(Task):
    """One instrument after the other is changed, each a step."""

    session: int
    only: int | None
    """The one instrument that is meant, or None for all."""
    seen: int = -1
    spared: set[int] = field(default_factory=set)
    """Instruments of which something newer was said."""

    def find(self, venue: Venue) -> int | None:
        """The next instrument."""
        meant = list(venue.books) if self.only is None else [self.only]
        return min((instrument for instrument in meant if instrument > self.seen), default=None)

    def step(self, venue: Venue, found: int) -> None:
        """It is changed."""
        self.seen = found
        if found in self.spared:
            self.spared.remove(found)
        else:
            self.change(venue, found)

    def change(self, venue: Venue, instrument: int) -> None:
        """What is said of it."""
        raise NotImplementedError


@dataclass(eq=False)
class SettingPhase(Changing):
    """Into a phase."""

    phase: TradingPhase = field(kw_only=True)

    def change(self, venue: Venue, instrument: int) -> None:
        change_phase(venue, instrument, self.phase, self.session)


@dataclass(eq=False)
class SettingHalt(Changing):
    """Halted, or not any more."""

    on: bool = field(kw_only=True)

    def change(self, venue: Venue, instrument: int) -> None:
        change_halt(venue, instrument, self.on, self.session)


def set_phase(venue: Venue, session: int, wanted: SetPhase) -> None:
    """Of one instrument or of all."""
    check(known(wanted.phase, TradingPhase), RejectReason.INVALID_PHASE)
    begin_change(venue, SettingPhase(session, wanted.instrument, phase=TradingPhase(wanted.phase)))


def set_halt(venue: Venue, session: int, wanted: SetHalt) -> None:
    """Of one instrument or of all."""
    check(wanted.on in (0, 1), RejectReason.INVALID_PHASE)
    begin_change(venue, SettingHalt(session, wanted.instrument, on=bool(wanted.on)))


def begin_change(venue: Venue, change: Changing) -> None:
    """From version 4 on, what is said of one instrument is newer than what was said before of all."""
    if change.only is None:
        check(len(venue.books) > 0, RejectReason.UNKNOWN_INSTRUMENT)
    else:
        venue.book(change.only)
        for older in venue.tasks:
            if venue.logic_version >= 4 and isinstance(older, type(change)) and older.seen < change.only:
                older.spared.add(change.only)
    begin(venue, change)


def change_halt(venue: Venue, instrument: int, on: bool, session: int) -> None:
    """The phase stays, under the halt or without it."""
    book = venue.books[instrument]
    phase = book.phase if book.under_halt is None else book.under_halt
    book.under_halt = phase if on else None
    enter(venue, instrument, halted(phase) if on else phase, session)


def change_phase(venue: Venue, instrument: int, phase: TradingPhase, session: int) -> None:
    """Under a halt, if there is one."""
    book = venue.books[instrument]
    if book.under_halt is None:
        enter(venue, instrument, phase, session)
    else:
        book.under_halt = phase
        enter(venue, instrument, halted(phase), session)


def halted(phase: TradingPhase) -> TradingPhase:
    """What holds where this phase is halted: a day ends all the same."""
    return phase if phase == TradingPhase.CLOSED else TradingPhase.HALT


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
