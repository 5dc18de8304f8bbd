"""A venue's settings for people: tables of at most 80 columns, prices in each instrument's currency."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, localcontext
from enum import Flag

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from seriatim.engine import Instrument, RiskScope
from seriatim.engine.settings import InstrumentSettings, OwnerSettings
from seriatim.sequencer.settings import SessionSettings, VenueSettings
from seriatim.tools.admin.settings_limits import is_limited, limit_rows
from seriatim.tools.admin.words import HOUR_NS, phase_name, whose
from seriatim.tools.figures import utc
from seriatim.tools.output import plain_table
from seriatim.users import ALL_ROLES

DIGITS = 80
"""More than ticks times lots times their worth can have."""


def settings_tables(
    settings: VenueSettings, terms: Mapping[int, Instrument], *, everything: bool
) -> Iterator[RenderableType]:
    """A table for each kind of setting that there is. If `everything` was asked for, a sentence for what there is not.

    `terms` are those of every instrument in which anybody may hold something.
    """
    engine = settings.engine
    if everything and not (engine.instruments or engine.owners or settings.sessions):
        yield Text("nothing is set: there is no instrument, no limit and no session yet")
        return
    tables = (
        (instruments_table(engine.instruments), "no instrument is defined"),
        (rules_table(engine.instruments), "no instrument has rules"),
        (schedule_table(engine.instruments), "no phase is scheduled"),
        (limits_table(engine.owners), "no limit is set, and no kill switch is engaged"),
        (positions_table(engine.owners, terms), ""),
        (sessions_table(settings.sessions, engine.owners), "no session is open"),
    )
    for table, otherwise in tables:
        if table.row_count:
            yield table
        elif everything and otherwise:
            yield Text(otherwise)


def instruments_table(instruments: Iterable[InstrumentSettings]) -> Table:
    """What is traded, and its phase."""
    table = _table("instrument", "symbol", "phase", "tick size", "lot size", "last price", left=2)
    for each in instruments:
        terms = each.terms
        last = price(each.last_price, terms)
        _add(
            table,
            str(terms.id),
            terms.symbol,
            phase_name(each.phase),
            f"{terms.tick_size:f}",
            f"{terms.lot_size:f}",
            last,
        )
    return table


def rules_table(instruments: Iterable[InstrumentSettings]) -> Table:
    """Of those that have any."""
    table = _table("rules of", "lowest", "highest", "collar", "reference", "most lots", "most value")
    for each in instruments:
        rules, terms = each.rules, each.terms
        prices = (rules.band_low, rules.band_high, rules.collar, rules.reference_price)
        cells = (
            *(price(ticks, terms) for ticks in prices),
            number(rules.order_quantity_max),
            value(rules.order_value_max, terms),
        )
        if any(cells):
            _add(table, called(terms), *cells)
    return table


def schedule_table(instruments: Iterable[InstrumentSettings]) -> Table:
    """The next first, of each instrument."""
    table = _table("scheduled for", "phase", "next time, UTC", "again every", left=1)
    for each in instruments:
        for entry in sorted(each.schedule, key=lambda entry: entry.time_ns):
            when = utc(entry.time_ns).removesuffix(".000000000")
            again = f"{entry.interval_ns / HOUR_NS:g} h" if entry.interval_ns else "once"
            _add(table, called(each.terms), phase_name(entry.phase), when, again)
    return table


def limits_table(owners: Iterable[OwnerSettings]) -> Table:
    """A row for each limit, and for each kill switch that is engaged."""
    table = _table("limits of", "limit", "at most", "used", left=1)
    for owner in owners:
        name = whose(owner.scope, owner.id)
        for limit, most, used in limit_rows(owner):
            _add(table, name, limit, most, used)
            name = ""
        if is_limited(owner):
            table.add_section()
    return table


def positions_table(owners: Iterable[OwnerSettings], terms: Mapping[int, Instrument]) -> Table:
    """In lots, of the sessions and accounts for which they are counted."""
    table = _table("lots of", "instrument", "position", "open to buy", "open to sell", left=1)
    for owner in owners:
        for held in owner.holdings:
            counts = f"{held.position:+,}" if held.position else "0", number(held.open_buys), number(held.open_sells)
            _add(table, whose(owner.scope, owner.id), called(terms[held.instrument]), *counts)
    return table


def sessions_table(sessions: Iterable[SessionSettings], owners: Iterable[OwnerSettings]) -> Table:
    """Those that are not over; what limits them is in another table."""
    cancel_on = {owner.id: owner.cancel_on for owner in owners if owner.scope == RiskScope.SESSION}
    table = _table("session", "user", "roles", "logged on", "orders cancelled on", "copies of", left=6)
    for each in sessions:
        if not each.over:
            roles = "all" if each.roles == ALL_ROLES else choices(each.roles)
            ends = choices(cancel_on[each.id]) if each.id in cancel_on else ""
            copies = ", ".join(map(str, each.copies_of))
            _add(table, str(each.id), each.user or "operator", roles, "yes" if each.logged_on else "no", ends, copies)
    return table


def _table(*names: str, left: int = 0) -> Table:
    """Titled by its first column; the first `left` of the others hold words, which begin at the left."""
    table = plain_table(*names)
    table.columns[0].overflow = "fold"
    for column in table.columns[1 : 1 + left]:
        column.justify = "left"
    return table


def _add(table: Table, *cells: str) -> None:
    """As they stand: a symbol may look like rich's markup."""
    table.add_row(*map(Text, cells))


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
