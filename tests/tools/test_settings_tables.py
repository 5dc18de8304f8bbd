"""The tables of `seriatim admin show` hold the largest values that there may be, whole and in 80 columns."""

import re
from decimal import Decimal
from io import StringIO

import pytest
from rich.console import Console
from rich.table import Table

from seriatim.engine import (
    CancelOn,
    Engine,
    Instrument,
    Rejected,
    RiskScope,
    SchedulePhase,
    SetHalt,
    SetInstrumentRules,
    SetKillSwitch,
    SetLimits,
    SetPhase,
    SetPosition,
    TradingPhase,
)
from seriatim.engine.reference import limits
from seriatim.schemas import Roles
from seriatim.sequencer.settings import SessionSettings, VenueSettings
from seriatim.tools.admin.settings_tables import ROWS_MAX, price, settings_tables, value

ID, SYMBOL, CENT = 2**32 - 2, "[bold]HIJ[/oak]P", Decimal("0.01")
INSTRUMENT = limits.INSTRUMENTS_MAX - 1
TINY = Decimal(1).scaleb(-limits.EXPONENT_MAX)


def largest() -> VenueSettings:
    """Numbers as long as they may be."""
    most, worth = limits.QUANTITY_MAX, limits.VALUE_MAX
    rules = dict.fromkeys(("band_low", "band_high", "collar", "reference_price"), limits.PRICE_MAX)
    engine = Engine()
    for command in (
        Instrument(INSTRUMENT, SYMBOL, TINY, TINY),
        SetInstrumentRules(instrument=INSTRUMENT, **rules, order_quantity_max=most, order_value_max=worth),
        SchedulePhase(INSTRUMENT, TradingPhase.OPENING_AUCTION, limits.TIME_MAX, 10**18),
    ):
        assert not isinstance(engine.apply(1, command)[0], Rejected)
    for scope in RiskScope:
        cancel_on = CancelOn.DISCONNECT | CancelOn.LOGOFF if scope == RiskScope.SESSION else CancelOn(0)
        for command in (
            SetLimits(scope, ID, most, worth, most, limits.RATE_INTERVAL_MAX_NS, ID, ID, cancel_on),
            SetPosition(scope, ID, INSTRUMENT, -limits.POSITION_MAX),
            SetKillSwitch(scope, ID),
        ):
            assert not isinstance(engine.apply(1, command)[0], Rejected)
    roles = Roles.TRADE | Roles.ADMINISTER | Roles.OBSERVE
    session = SessionSettings(ID, SYMBOL, roles, logged_on=True, over=False, copies_of=tuple(range(ID - 3, ID)))
    return VenueSettings(2**62, 2**62, (session,), engine.settings())


def test_the_largest_values_fit_80_columns_and_none_is_cut():
    settings = largest()
    terms = {each.terms.id: each.terms for each in settings.engine.instruments}
    console = Console(width=80, file=StringIO())
    for table in settings_tables(settings, terms, everything=True):
        console.print(table)
    assert isinstance(console.file, StringIO)
    text = console.file.getvalue()
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text
    assert text.count("[bold]") > 4  # which is no markup here


@pytest.mark.parametrize("halted", [False, True])
def test_an_instrument_stays_on_one_line_however_long_its_symbol(halted: bool):
    symbol, number = "W" * 16, INSTRUMENT - 1
    engine = Engine()
    rules = dict.fromkeys(("band_low", "band_high", "collar", "reference_price"), 1_234_567)
    for command in (
        Instrument(number, symbol, Decimal("0.0001"), Decimal(1)),
        SetPhase(TradingPhase.CLOSING_AUCTION),
        SetInstrumentRules(instrument=number, **rules, order_quantity_max=10_000, order_value_max=10_000_000),
        SchedulePhase(number, TradingPhase.CLOSING_AUCTION, 1, 86_400 * 10**9),
        SetPosition(RiskScope.SESSION, 4_000_000_000, number, -1_000_000),
        *([SetHalt()] if halted else []),
    ):
        assert not isinstance(engine.apply(1, command)[0], Rejected)
    console = Console(width=80, file=StringIO())
    terms = {number: Instrument(number, symbol, Decimal("0.0001"), Decimal(1))}
    for table in settings_tables(VenueSettings(1, 1, (), engine.settings()), terms, everything=True):
        console.print(table)
    assert isinstance(console.file, StringIO)
    text = console.file.getvalue()
    assert max(map(len, text.splitlines())) <= 80
    assert text.count(f"{number} {symbol}") == 3 + halted  # rules, schedule, position
    assert len(re.findall(f"{number} +{symbol} +closing-auction", text)) == 2  # instrument or halt, schedule


def test_the_rows_of_limits_are_capped_like_any():
    engine = Engine()
    for session in range(1, ROWS_MAX):
        engine.apply(1, SetLimits(RiskScope.SESSION, session, 9, open_orders_max=5))
    shown = list(settings_tables(VenueSettings(1, 1, (), engine.settings()), {}, everything=True))
    assert [each.row_count for each in shown if isinstance(each, Table)] == [ROWS_MAX]
    assert any(str(each).startswith(f"{ROWS_MAX - 2:,} rows more") for each in shown)


def test_of_a_large_venue_as_much_is_shown_as_people_read():
    engine = Engine()
    for number in range(ROWS_MAX + 7):
        engine.apply(1, Instrument(number, "OAK", CENT, Decimal(1)))
    shown = list(settings_tables(VenueSettings(1, 1, (), engine.settings()), {}, everything=True))
    assert [each.row_count for each in shown if isinstance(each, Table)] == [ROWS_MAX]
    assert str(shown[1]).startswith("7 rows more: name instruments, sessions or accounts, or say --json")


def test_prices_and_values_are_exact_whatever_their_size():
    terms = Instrument(1, "OAK", Decimal("0.000000001"), Decimal(10) ** 9 - 1)
    assert price(10**12, terms) == "1,000.000000000"
    assert value(10**18 + 1, terms) == "999,999,999,000,000,000.999999999"
    assert price(None, terms) == value(None, terms) == ""
    assert price(9_950, Instrument(1, "OAK", CENT, Decimal(1))) == "99.50"
    assert price(3, Instrument(1, "OAK", Decimal("1E+2"), Decimal(1))) == "300"
