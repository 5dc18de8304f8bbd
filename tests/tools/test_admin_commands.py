"""What `seriatim admin` makes of its options, and what it says of answers: without a node."""

import signal
import sys
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Self
from zoneinfo import ZoneInfo

import click
import pytest
from click.testing import CliRunner

from seriatim.config import ClientConfig
from seriatim.engine import (
    Administered,
    BustedParty,
    BustTrade,
    CancelOn,
    ClearSchedule,
    Command,
    Event,
    Instrument,
    PhaseChanged,
    RiskScope,
    SchedulePhase,
    SetHalt,
    SetInstrumentRules,
    SetKillSwitch,
    SetLimits,
    SetPhase,
    SetPosition,
    Side,
    TradeBusted,
    TradingPhase,
    Uncrossed,
)
from seriatim.errors import NoAnswer, OutcomeUnknown
from seriatim.tools.admin import answer
from seriatim.tools.admin.values import next_time_ns
from seriatim.tools.admin.words import told
from seriatim.tools.main import cli, main
from seriatim.tools.signals import Terminated

SESSION, ACCOUNT = RiskScope.SESSION, RiskScope.ACCOUNT
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
"""A Monday."""
SECOND_NS = 10**9
DAY_NS = 24 * 3_600 * SECOND_NS
NINE_NS = round(datetime(2026, 1, 6, 9, tzinfo=UTC).timestamp()) * SECOND_NS


class Clock(datetime):
    """It is noon."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return NOON.astimezone(tz)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Command]:
    """Commands that would have been sent."""
    commands: list[Command] = []
    monkeypatch.setattr(answer, "carry_out", lambda _config, command, _as_json: commands.append(command))
    monkeypatch.setattr("seriatim.tools.admin.instrument.datetime", Clock)
    return commands


BANDED = SetInstrumentRules(instrument=1, band_low=9_000, band_high=11_000, collar=250)
MADE = {
    "instrument define 1 OAK --tick-size 0.01 --lot-size 1": Instrument(1, "OAK", Decimal("0.01"), Decimal(1)),
    "instrument rules 1 --band 9000 11000 --collar 250": BANDED,
    "instrument rules 1 --tick-size 0.01 --band 90.00 110 --collar 2.50": BANDED,
    "instrument rules 1 --tick-size 0.25 --reference-price 100 --max-quantity 5": SetInstrumentRules(
        instrument=1, reference_price=400, order_quantity_max=5
    ),
    "instrument rules 1 --max-value 1000": SetInstrumentRules(instrument=1, order_value_max=1_000),
    "instrument rules 1 --tick-size 0.25 --lot-size 10 --max-value 1000": SetInstrumentRules(
        instrument=1, order_value_max=400
    ),
    "instrument rules 1 --tick-size 0.3 --lot-size 7 --max-value 100 --max-quantity 5": SetInstrumentRules(
        instrument=1, order_value_max=47, order_quantity_max=5
    ),
    "instrument rules 1 --none": SetInstrumentRules(instrument=1),
    "instrument phase 1 opening-auction": SetPhase(TradingPhase.OPENING_AUCTION, 1),
    "instrument phase --all pre-open": SetPhase(TradingPhase.PRE_OPEN),
    "instrument schedule 1 --at 09:00 --phase closed": SchedulePhase(1, TradingPhase.CLOSED, NINE_NS),
    "instrument schedule 1 --at 09:00 --phase closed --daily": SchedulePhase(1, TradingPhase.CLOSED, NINE_NS, DAY_NS),
    "instrument schedule 1 --at 2026-01-06T10:00 --zone Europe/Paris --phase halt --weekly": SchedulePhase(
        1, TradingPhase.HALT, NINE_NS, 7 * DAY_NS
    ),
    "instrument schedule 1 --clear": ClearSchedule(1),
    "instrument phase 1 halt": SetPhase(TradingPhase.HALT, 1),
    "halt 1": SetHalt(1),
    "halt --all": SetHalt(),
    "halt 1 --resume": SetHalt(1, on=False),
    "halt --all --resume": SetHalt(on=False),
    "limits set session 7 --max-quantity 5 --max-value 6 --max-position 7 --max-open-orders 8 --rate 100/1s": SetLimits(
        SESSION, 7, 5, 6, 7, SECOND_NS, 100, 8
    ),
    "limits set session 7 --cancel-on disconnect,logoff --rate 1/250ms": SetLimits(
        SESSION, 7, rate_interval_ns=250_000_000, messages_max=1, cancel_on=CancelOn.DISCONNECT | CancelOn.LOGOFF
    ),
    "limits set account 7 --max-open-orders 0": SetLimits(ACCOUNT, 7, open_orders_max=0),
    "limits set account 7 --none": SetLimits(ACCOUNT, 7),
    "limits position account 7 --instrument 1 --position -200": SetPosition(ACCOUNT, 7, 1, -200),
    "session kill 7": SetKillSwitch(SESSION, 7, engaged=True),
    "session release 7": SetKillSwitch(SESSION, 7, engaged=False),
    "account kill 7": SetKillSwitch(ACCOUNT, 7, engaged=True),
    "account release 7": SetKillSwitch(ACCOUNT, 7, engaged=False),
    "trade bust 4711": BustTrade(4_711),
}


@pytest.mark.parametrize("words", MADE)
def test_a_line_is_one_command(words: str, made: list[Command]):
    result = CliRunner().invoke(cli, ["admin", *words.split()], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert made == [MADE[words]]


WRONG = {
    "instrument rules 1": "say what to set, or --none",
    "instrument rules 1 --none --collar 2": "say what to set, or --none",
    "instrument rules 1 --band 90.00 110.50": "110.50 is no whole number of ticks; give --tick-size",
    "instrument rules 1 --tick-size 0.01 --collar 0.005": "--collar 0.005 is no whole number of ticks of 0.01",
    "instrument rules 1 --collar nan": "not a number above 0",
    "instrument rules 1 --collar x": "not a valid number",
    "instrument rules 1 --collar 9223372036854775808": "'--collar': '9223372036854775808' is too large",
    "instrument rules 1 --collar 1e19": "--collar 1E+19 is too large",
    "instrument rules 1 --tick-size 0.01 --collar 1e999999999999999": "'--collar': '1e999999999999999' is too large",
    "instrument rules 1 --tick-size 1e-200 --collar 1": "'--tick-size': '1e-200' is too large, too small",
    "instrument rules 1 --tick-size 3e-9 --collar 9223372036854775807": "9223372036854775807 is no whole number",
    "instrument rules 1 --tick-size 0.01 --max-value 1000": "--max-value with --tick-size needs --lot-size too",
    "instrument rules 1 --lot-size 10 --max-value 1000": "--lot-size goes with --tick-size",
    "instrument rules 1 --max-value 10.5": "10.5 is no whole number of ticks × lots; give --tick-size and --lot-size",
    "instrument rules 1 --max-value 1e19": "--max-value 1E+19 is too large",
    "instrument rules 1 --tick-size 0.25 --lot-size 10 --max-value 2": "--max-value 2 is less than one tick of one lot",
    "instrument rules 1 --max-quantity 9223372036854775808": "'--max-quantity': 9223372036854775808 is not in the",
    "instrument define 1 ABCDEFGHIJKLMNOPQ --tick-size 1 --lot-size 1": "'SYMBOL': 'ABCDEFGHIJKLMNOPQ' is not 1",
    "instrument define 1 OAK --tick-size 9223372036854775808 --lot-size 1": "'--tick-size': '9223372036854775808' is",
    "instrument define 1 OAK --tick-size 1 --lot-size 1e128": "'--lot-size': '1e128' is too large",
    "instrument define 1 OAK --tick-size 0 --lot-size 1": "not a number above 0",
    "instrument phase 1": "is not one of 'closed'",
    "instrument phase continuous": "name an INSTRUMENT, or say --all",
    "instrument phase 1 2 continuous": "one INSTRUMENT and one PHASE",
    "instrument phase 4294967295 continuous": "not in the range",
    "instrument schedule 1": "say --at which time and to which --phase",
    "instrument schedule 1 --clear --daily": "--clear goes alone",
    "instrument schedule 1 --at 09:00 --phase halt --daily --weekly": "not both",
    "instrument schedule 1 --at noon --phase halt": "is neither 09:00",
    "instrument schedule 1 --at 2263-01-01T00:00 --phase halt": "is not between the years 1970 and 2262",
    "instrument schedule 1 --at 1969-12-31T00:00 --phase halt": "is not between the years 1970 and 2262",
    "instrument schedule 1 --at 09:00 --phase halt --zone Mars/North": "knows no time zone",
    "halt": "name an INSTRUMENT, or say --all",
    "halt 1 --all": "name an INSTRUMENT, or say --all",
    "limits set session 7": "say what to set, or --none",
    "limits set session 7 --rate 100": "write it as 100/1s",
    "limits set session 7 --rate 1/2562048h": "'--rate': '1/2562048h' is of too long a time",
    "limits set session 7 --max-value 9223372036854775808": "'--max-value': 9223372036854775808 is not in the range",
    "limits set session 7 --cancel-on sunset": "'sunset' is none of disconnect, logoff",
    "limits set room 7 --none": "is not one of 'session', 'account'",
}


@pytest.mark.parametrize("words", WRONG)
def test_what_makes_no_sense_is_said_and_not_sent(words: str, made: list[Command]):
    result = CliRunner().invoke(cli, ["admin", *words.split()])
    assert result.exit_code == 2
    assert WRONG[words] in " ".join(result.output.split())
    assert not made


def test_a_time_of_day_is_the_next_such_time():
    def told_time(text: str, zone: Any = UTC) -> datetime:
        return datetime.fromtimestamp(next_time_ns(text, zone, NOON) / 10**9, UTC)

    assert told_time("12:00:01") == NOON.replace(second=1)
    assert told_time("12:00") == NOON.replace(day=6)
    assert told_time("09:00+02:00") == NOON.replace(day=6, hour=7)
    assert told_time("01:00+14:00") == NOON.replace(day=6, hour=11)
    assert told_time("01:00+14:00", ZoneInfo("Asia/Tokyo")) == NOON.replace(day=6, hour=11)
    assert told_time("12:30-12:00") == NOON.replace(day=6, hour=0, minute=30)
    assert told_time("19:30", ZoneInfo("Asia/Tokyo")) == NOON.replace(day=6, hour=10, minute=30)
    assert told_time("23:30", ZoneInfo("Asia/Tokyo")) == NOON.replace(hour=14, minute=30)
    assert told_time("2026-01-05 09:00") == NOON.replace(hour=9)
    assert told_time("2026-01-05T09:00:00.5-01:00") == NOON.replace(hour=10, microsecond=500_000)


class Silent:
    """The client of a node that says nothing after the logon."""

    ends: BaseException = OutcomeUnknown("commands 1 to 1 of session 3 may have been executed or not", 3, 1, 1)

    def __init__(self, config: ClientConfig) -> None:
        assert (config.timeout_s, config.reconnect_s) == (2, 2)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def call(self, _message: object) -> None:
        raise self.ends


@pytest.mark.parametrize(("ends", "code"), [(KeyboardInterrupt(), 130), (Terminated(signal.SIGTERM), 143)])
def test_who_breaks_off_the_wait_is_told_that_it_may_be_done(
    ends: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(Silent, "ends", ends)
    monkeypatch.setattr(answer, "operators_client", Silent)
    monkeypatch.setattr(sys, "argv", ["seriatim", "admin", "halt", "1", "--timeout", "2"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == code
    said = " ".join(capsys.readouterr().err.split())
    assert said.startswith("seriatim: broken off: it may have been carried out or not. See whether the node runs")


def test_a_silent_node_leaves_it_open_and_it_is_said_how_to_find_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(answer, "operators_client", Silent)
    result = CliRunner().invoke(cli, ["admin", "halt", "1", "--timeout", "2"])
    assert isinstance(result.exception, NoAnswer)
    assert "no answer in 2 s: it may have been carried out or not" in str(result.exception)


AUCTION = [Uncrossed(1, 10_050, 1_200, 3), PhaseChanged(1, TradingPhase.CONTINUOUS, 3)]
AUCTION_TOLD = "the auction of instrument 1 has ended: 1,200 lots traded at 10,050 ticks"
BUSTED = TradeBusted(9, BustedParty(1, 1, 3), None, 10_050, 30, 1, Side.BUY)
CLOSED = [PhaseChanged(1, TradingPhase.CLOSED, 3)]
HALTED = [PhaseChanged(number, TradingPhase.HALT, 3) for number in range(1, 257)]


@pytest.mark.parametrize(
    ("command", "events", "sentences"),
    [
        (MADE["instrument rules 1 --none"], [], ["rules of instrument 1: none"]),
        (
            SetInstrumentRules(
                instrument=1, band_low=9_000, band_high=11_000, collar=250, reference_price=1, order_value_max=1_000
            ),
            [Administered(61, 1, 3)],
            [
                "rules of instrument 1: no price below 9,000 ticks; no price above 11,000 ticks; no further than 250 "
                "ticks from the last price; reference price 1 ticks; an order's value at most 1,000 ticks × lots"
            ],
        ),
        (
            SetPhase(TradingPhase.CONTINUOUS, 1),
            AUCTION,
            [AUCTION_TOLD, "instrument 1 is in continuous"],
        ),
        (SetHalt(), HALTED[:1], ["instrument 1 is in halt"]),
        (SetHalt(), HALTED[:9], ["9 instruments are in halt"]),
        (SetHalt(), HALTED, ["256 instruments are in halt", "any others follow"]),
        (
            SetHalt(1),
            CLOSED,
            ["instrument 1 is in closed", "what is in closed will be in halt when it opens"],
        ),
        (SetHalt(on=False), AUCTION, [AUCTION_TOLD, "instrument 1 is in continuous"]),
        (SetHalt(on=False), CLOSED, ["instrument 1 is in closed"]),
        (
            SetHalt(on=False),
            HALTED[:1],
            [
                "instrument 1 is in halt",
                "what is in halt has that phase from a command or schedule: set another",
            ],
        ),
        (
            SetPhase(TradingPhase.OPENING_AUCTION, 1),
            HALTED[:1],
            [
                "instrument 1 is in halt",
                "what is in halt was halted; opening-auction comes when that ends: `seriatim admin halt 1 --resume`",
            ],
        ),
        (
            SetPhase(TradingPhase.CONTINUOUS),
            [*HALTED[:9], *(PhaseChanged(number, TradingPhase.CONTINUOUS, 3) for number in range(10, 15))],
            [
                "5 instruments are in continuous",
                "9 instruments are in halt",
                "what is in halt was halted; continuous comes when that ends: `seriatim admin halt --all --resume`",
            ],
        ),
        (
            SchedulePhase(1, TradingPhase.CLOSED, NINE_NS, DAY_NS),
            [],
            ["instrument 1 will be in closed at 2026-01-06 09:00:00 UTC, and every 24 h from then on"],
        ),
        (ClearSchedule(1), [], ["no phase of instrument 1 is scheduled any more"]),
        (BustTrade(9), [BUSTED], ["trade 9 is busted: 30 lots of instrument 1 at 10,050 ticks"]),
        (BustTrade(9), [], ["trade 9 is busted"]),
        (
            SetLimits(SESSION, 7, 5, None, 7, SECOND_NS // 2, 100, 8, CancelOn.LOGOFF),
            [],
            [
                "limits of session 7: at most 5 lots an order; at most 7 lots long or short; at most 8 open orders; at "
                "most 100 messages in 0.5 s; its orders are cancelled on logoff"
            ],
        ),
        (SetPosition(ACCOUNT, 7, 1, -2_000), [], ["the position of account 7 in instrument 1 is -2,000 lots"]),
        (
            SetKillSwitch(ACCOUNT, 7),
            [],
            ["account 7 is killed: its orders are being cancelled, and no new ones are taken"],
        ),
        (SetKillSwitch(SESSION, 7, engaged=False), [], ["session 7 is released: it can place orders again"]),
    ],
)
def test_what_came_of_it_is_told_in_sentences(command: Command, events: list[Event], sentences: list[str]):
    assert list(told(command, events)) == sentences


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The words of every command."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        children = {name: command.get_command(context, name) for name in command.list_commands(context)}
        inner = [words for name, child in children.items() if child for words in leaves(child, (*path, name))]
        return [path, *inner]
    return [path]


@pytest.mark.parametrize("words", leaves(cli), ids=" ".join)
def test_help_fits_80_columns(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "80")
    result = CliRunner().invoke(cli, [*words, "--help"], terminal_width=80)
    assert result.exit_code == 0
    assert max(map(len, result.output.splitlines())) <= 80, result.output
