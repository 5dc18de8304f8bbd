"""A venue's settings for people: tables of at most 80 columns, prices in each instrument's currency."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, localcontext
from enum import Flag
from itertools import islice

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from seriatim.engine import Instrument, RiskScope
from seriatim.engine.settings import InstrumentSettings, OwnerSettings
from seriatim.sequencer.settings import SessionSettings, VenueSettings
from seriatim.tools.admin.settings_limits import limit_rows
from seriatim.tools.admin.words import HOUR_NS, phase_name, whose
from seriatim.tools.figures import utc
from seriatim.tools.output import plain_table
from seriatim.users import ALL_ROLES

DIGITS = 80
"""More than ticks times lots times their worth can have."""
ROWS_MAX = 500
"""Of one table; more take long to lay out, and nobody reads them."""

Rows = Iterator[tuple[str, ...]]

INSTRUMENT = "instrument", "symbol", "phase", "tick size", "lot size", "last price"
HALT = "halted", "phase under it"
RULES = "rules of", "lowest", "highest", "collar", "reference", "most lots", "most value"
SCHEDULE = "scheduled for", "phase", "next time, UTC", "again every"
LIMITS = "limits of", "limit", "at most", "used"
POSITION = "lots of", "instrument", "position", "open to buy", "open to sell"
SESSION = "session", "user", "roles", "logged on", "orders cancelled on", "copies of"


def settings_tables(
    settings: VenueSettings, terms: Mapping[int, Instrument], *, everything: bool
) -> Iterator[RenderableType]:
    """A table for each kind of setting that there is. If `everything` was asked for, a sentence for what there is not,
    and of sessions only those that matter now.

    `terms` are those of every instrument in which anybody may hold something.
    """
    engine, sessions = settings.engine, settings.sessions
    if everything and not (engine.instruments or engine.owners or sessions):
        yield Text("nothing is set: there is no instrument, no limit and no session yet")
        return
    if everything:
        set_up = {owner.id for owner in engine.owners if owner.scope == RiskScope.SESSION}
        sessions = tuple(each for each in sessions if each.logged_on or each.copies_of or each.id in set_up)
    for table, rows, otherwise in (
        (_table(*INSTRUMENT, left=2, whole=(1, 2)), instrument_rows(engine.instruments), "no instrument is defined"),
        (_table(*HALT, left=2, whole=(0, 1)), halt_rows(engine.instruments), ""),
        (_table(*RULES, whole=(0,)), rule_rows(engine.instruments), "no instrument has rules"),
        (_table(*SCHEDULE, left=1, whole=(0, 1)), schedule_rows(engine.instruments), "no phase is scheduled"),
        (_table(*LIMITS, left=1), limits_rows(engine.owners), "no limit is set, and no kill switch is engaged"),
        (_table(*POSITION, left=1, whole=(1,)), position_rows(engine.owners, terms), ""),
        (_table(*SESSION, left=6), session_rows(sessions, engine.owners), ""),
    ):
        for cells in islice(rows, ROWS_MAX):
            table.add_row(*map(Text, cells))  # as they stand: a symbol may look like rich's markup
        if table.row_count:
            yield table
        elif everything and otherwise:
            yield Text(otherwise)
        if more := sum(1 for _ in rows):
            yield Text(f"{more:,} rows more: name instruments, sessions or accounts, or say --json\n")
    if others := len(settings.sessions) - len(sessions):
        yield Text(f"sessions with nobody logged on and nothing set: {others:,}; --session shows one of them")


def instrument_rows(instruments: Iterable[InstrumentSettings]) -> Rows:
    """What is traded, and its phase."""
    for each in instruments:
        terms, last = each.terms, price(each.last_price, each.terms)
        yield str(terms.id), terms.symbol, phase_name(each.phase), f"{terms.tick_size:f}", f"{terms.lot_size:f}", last


def halt_rows(instruments: Iterable[InstrumentSettings]) -> Rows:
    """What comes when a halt ends."""
    for each in instruments:
        if each.under_halt is not None:
            yield called(each.terms), phase_name(each.under_halt)


def rule_rows(instruments: Iterable[InstrumentSettings]) -> Rows:
    """Of instruments that have any."""
    for each in instruments:
        rules, terms = each.rules, each.terms
        prices = rules.band_low, rules.band_high, rules.collar, rules.reference_price
        most = number(rules.order_quantity_max), value(rules.order_value_max, terms)
        cells = *(price(ticks, terms) for ticks in prices), *most
        if any(cells):
            yield called(terms), *cells


def schedule_rows(instruments: Iterable[InstrumentSettings]) -> Rows:
    """Phases to come, of each instrument the next first."""
    for each in instruments:
        for entry in sorted(each.schedule, key=lambda entry: entry.time_ns):
            when = utc(entry.time_ns).removesuffix(".000000000")
            again = f"{entry.interval_ns / HOUR_NS:g} h" if entry.interval_ns else "once"
            yield called(each.terms), phase_name(entry.phase), when, again


def limits_rows(owners: Iterable[OwnerSettings]) -> Rows:
    """The owner's name stands in its first row."""
    for owner in owners:
        name = whose(owner.scope, owner.id)
        for row in limit_rows(owner):
            yield name, *row
            name = ""


def position_rows(owners: Iterable[OwnerSettings], terms: Mapping[int, Instrument]) -> Rows:
    """In lots, of the sessions and accounts for which they are counted."""
    for owner in owners:
        for held in owner.holdings:
            counts = f"{held.position:+,}" if held.position else "0", number(held.open_buys), number(held.open_sells)
            yield whose(owner.scope, owner.id), called(terms[held.instrument]), *counts


def session_rows(sessions: Iterable[SessionSettings], owners: Iterable[OwnerSettings]) -> Rows:
    """Who has them, and what they have asked for; what limits them is in another table."""
    cancel_on = {owner.id: owner.cancel_on for owner in owners if owner.scope == RiskScope.SESSION}
    for each in sessions:
        roles = "all" if each.roles == ALL_ROLES else choices(each.roles)
        logged_on = "over" if each.over else "yes" if each.logged_on else "no"
        ends = choices(cancel_on[each.id]) if each.id in cancel_on else ""
        yield str(each.id), each.user or "operator", roles, logged_on, ends, ", ".join(map(str, each.copies_of))


def _table(*names: str, left: int = 0, whole: Iterable[int] = ()) -> Table:
    """Named by its first column; the first `left` of the others hold words, which begin at the left. The columns
    `whole`, as those with an instrument's number and symbol, stay on one line where others need several.
    """
    table = plain_table(*names)
    table.columns[0].overflow = "fold"
    for column in table.columns[1 : 1 + left]:
        column.justify = "left"
    for number in whole:
        table.columns[number].no_wrap = True
    return table


def called(terms: Instrument) -> str:
    """By number and symbol."""
    return f"{terms.id} {terms.symbol}"


def number(count: int | None) -> str:
    """Empty if there is none."""
    return "" if count is None else f"{count:,}"


def price(ticks: int | None, terms: Instrument) -> str:
    """In the instrument's currency; empty if there is none."""
    return "" if ticks is None else _exact(ticks, terms.tick_size)


def value(ticks_times_lots: int | None, terms: Instrument) -> str:
    """The same, of an order."""
    return "" if ticks_times_lots is None else _exact(ticks_times_lots, terms.tick_size, terms.lot_size)


def _exact(*factors: int | Decimal) -> str:
    with localcontext(prec=DIGITS):
        product = Decimal(1)
        for factor in factors:
            product *= factor
        return f"{product:,f}"


def choices(several: Flag) -> str:
    """Their names."""
    return ", ".join(choice.name.lower() for choice in type(several) if choice in several and choice.name)
