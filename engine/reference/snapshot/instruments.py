"""`INST`: terms, rules, phase, last price and schedule of each instrument."""

from seriatim.engine.commands import SetInstrumentRules
from seriatim.engine.reference.administration import sizes_of, sound_rules, sound_terms
from seriatim.engine.reference.decoding import instrument
from seriatim.engine.reference.limits import PRICE_MAX, SCHEDULE_INTERVAL_MIN_NS, SCHEDULE_MAX
from seriatim.engine.reference.phases import halted
from seriatim.engine.reference.snapshot.packing import Reader, given, or_none, pack
from seriatim.engine.reference.venue import Book, Entry, Venue
from seriatim.schemas import TradingPhase

TERMS = "I16sqbqb"
STATE = "q6qB"
RULES = "band_low", "band_high", "collar", "reference_price", "order_quantity_max", "order_value_max"
ENTRY = "qqB"


def write(venue: Venue) -> bytes:
    """By ascending id."""
    books = [venue.books[number] for number in sorted(venue.books)]
    return pack("I", len(books)) + b"".join(_book(book, venue.logic_version) for book in books)


def _book(book: Book, logic_version: int) -> bytes:
    sizes = [part for size in sizes_of(book.terms) for part in size]
    rules = [or_none(getattr(book.rules, name)) for name in RULES]
    entries = sorted(book.schedule, key=lambda entry: entry.place)
    return (
        pack(TERMS, book.terms.id, book.terms.symbol.encode("ascii"), *sizes)
        + _phase(book, logic_version)
        + pack(STATE, book.last or 0, *rules, len(entries))
        + b"".join(pack(ENTRY, entry.time_ns, entry.interval_ns, entry.phase) for entry in entries)
    )


def _phase(book: Book, logic_version: int) -> bytes:
    phase = book.phase if book.under_halt is None else book.under_halt
    return pack("B", phase) + (pack("?", book.under_halt is not None) if logic_version >= 4 else b"")


def read(reader: Reader, venue: Venue) -> None:
    """Books without orders."""
    (count,) = reader.take("I")
    for _ in range(count):
        terms = instrument(*reader.take(TERMS))
        reader.check(sound_terms(terms), "terms that no instrument has")
        phase, under_halt = _read_phase(reader, venue.logic_version)
        last, *rules, entries = reader.take(STATE)
        reader.check(0 <= last <= PRICE_MAX, "a last price out of range")
        ruled = SetInstrumentRules(instrument=terms.id, **dict(zip(RULES, map(given, rules), strict=True)))
        reader.check(sound_rules(ruled), "rules that no instrument has")
        book = Book(terms, ruled, phase, under_halt, last or None)
        reader.check(entries <= SCHEDULE_MAX, "more scheduled phases than there may be")
        for _ in range(entries):
            book.schedule.append(_entry(reader, venue))
        venue.books[terms.id] = book


def _read_phase(reader: Reader, logic_version: int) -> tuple[TradingPhase, TradingPhase | None]:
    """The one that holds, and the one under a halt."""
    phase = reader.known(TradingPhase, *reader.take("B"))
    on = logic_version >= 4 and reader.take("?")[0]
    return (halted(phase), phase) if on else (phase, None)


def _entry(reader: Reader, venue: Venue) -> Entry:
    time_ns, interval_ns, phase = reader.take(ENTRY)
    reader.check(time_ns > 0, "a time that cannot be scheduled")
    repeats = interval_ns == 0 or interval_ns >= SCHEDULE_INTERVAL_MIN_NS
    reader.check(repeats, "an interval that cannot be scheduled")
    venue.entries += 1
    return Entry(time_ns, interval_ns, reader.known(TradingPhase, phase), venue.entries)
