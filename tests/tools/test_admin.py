"""`seriatim admin` on a real node, by users with and without the role for it."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from known_users import with_known_users
from processes import wait_for

from seriatim import administer
from seriatim.client import Client
from seriatim.engine import (
    BustTrade,
    EventKind,
    NewOrder,
    OrdType,
    RejectReason,
    SetInstrumentRules,
    SetPhase,
    Side,
    TimeInForce,
    TradingPhase,
)
from seriatim.engine.reasons import reject_text
from seriatim.errors import CommandRejected
from seriatim.schemas import Decimal, DefineInstrument
from seriatim.tools.main import main
from seriatim.tools.venue import Venue
from seriatim.trust import read_key, write_key

NUMBERS = count(100)


class Floor:
    """A venue with an operator's user, `control`, and a trader's, `desk`."""

    def __init__(self, venue: Venue, keys: Path) -> None:
        self.venue, self.keys = venue, keys

    def client(self, user: str) -> Client:
        """Of that user."""
        return Client(self.venue.client_config(user=user, key=read_key(self.keys / f"{user}.key")))

    def words(self, user: str = "control") -> list[str]:
        """The options that say where the node is, and who is there."""
        where = ["--aeron-dir", self.venue.aeron_dir, "--timeout", "20"]
        return [*where, "--user", user, "--key-file", str(self.keys / f"{user}.key")]


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    keys = tmp_path_factory.mktemp("keys")
    with Venue(keys / "journal", durability="relaxed", options=with_known_users(keys)) as venue:
        yield Floor(venue, keys)


@pytest.fixture
def desk(floor: Floor) -> Iterator[Client]:
    """A trader's session."""
    with floor.client("desk") as client:
        yield client


Said = Callable[..., str]


@pytest.fixture
def said(floor: Floor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """What a command prints that is carried out; of one that is not, what stands on standard error."""

    def run(line: str, user: str = "control", code: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["seriatim", "admin", *line.split(), *floor.words(user)])
        ended = 0
        try:
            main()
        except SystemExit as end:
            ended = int(end.code or 0)
        captured = capsys.readouterr()
        assert ended == code, captured.err
        assert code or not captured.err
        return captured.err if code else captured.out

    return run


@pytest.fixture
def oak(said: Said) -> int:
    """An instrument of the test's own."""
    number = next(NUMBERS)
    said(f"instrument define {number} OAK --tick-size 0.01 --lot-size 1")
    return number


def limit(cl_ord_id: int, instrument: int, side: int, price: int, quantity: int = 10, **terms: Any) -> NewOrder:
    return NewOrder(cl_ord_id, instrument, side, quantity, price, **terms)


def answer(client: Client, message: object) -> tuple[str, str]:
    """Kind and reject reason of what became of a command."""
    event = client.call(message)[0]
    rejected = event["kind"] == EventKind.REJECTED
    return EventKind(event["kind"]).name, RejectReason(event["reason"]).name if rejected else ""


def rejected(reason: str) -> tuple[str, str]:
    return "REJECTED", reason


def test_an_instrument_is_defined_once_and_other_terms_are_rejected(said: Said):
    define = "instrument define 7 OAK --lot-size 1 --tick-size"
    assert said(f"{define} 0.01") == "instrument 7 is OAK: tick size 0.01, lot size 1\n"
    assert said(f"{define} 0.01") == "instrument 7 is OAK: tick size 0.01, lot size 1\n"
    error = " ".join(said(f"{define} 0.02", code=1).split())
    assert error == f"seriatim: define instrument was rejected: {reject_text(RejectReason.INSTRUMENT_EXISTS)}"


def test_a_user_without_the_role_is_told_which_one_it_needs(said: Said):
    for line in ("instrument define 8 ELM --tick-size 1 --lot-size 1", "halt 8", "session kill 1", "trade bust 1"):
        assert "the role administer" in " ".join(said(line, user="desk", code=1).split())


def test_json_says_what_came_of_it_and_why_not(floor: Floor, monkeypatch: pytest.MonkeyPatch, capsys: Any):
    def printed(line: str) -> dict[str, Any]:
        monkeypatch.setattr(sys, "argv", ["seriatim", "admin", *line.split(), "--json", *floor.words()])
        with suppress(SystemExit):
            main()
        return json.loads(capsys.readouterr().out)

    done = printed("instrument define 9 ASH --tick-size 0.5 --lot-size 1")
    assert (done["command"], done["done"], done["seq"] > 0, done["time_ns"] > 0) == (
        "DefineInstrument",
        True,
        True,
        True,
    )
    (event,) = done["events"]
    assert event["event"] == "InstrumentDefined"
    assert event["instrument"] == {"id": 9, "symbol": "ASH", "tick_size": "0.5", "lot_size": "1"}
    refused = printed("instrument define 9 OAK --tick-size 0.5 --lot-size 1")
    assert (refused["command"], refused["done"], refused["reason"]) == ("DefineInstrument", False, "INSTRUMENT_EXISTS")
    assert refused["text"].endswith(reject_text(RejectReason.INSTRUMENT_EXISTS))


def test_a_wrong_key_and_a_node_that_is_not_there_are_sentences(
    floor: Floor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def error(*options: object) -> str:
        monkeypatch.setattr(sys, "argv", ["seriatim", "admin", "halt", "1", *map(str, options)])
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == 1
        return " ".join(capsys.readouterr().err.split())

    here = ("--aeron-dir", floor.venue.aeron_dir)
    write_key(tmp_path / "other.key")
    assert "the key is not the node's, or not this user's" in error(*here, "--key-file", tmp_path / "other.key")
    assert "check user and key" in error(*here, "--user", "desk", "--key-file", floor.keys / "control.key")
    nowhere = ("--aeron-dir", tmp_path / "nowhere", "--timeout", "0.2")
    assert "start a node, or `seriatim driver`" in error(*nowhere)
    elsewhere = ("--ingress", "aeron:ipc?term-length=65536|alias=x", "--aeron-dir", tmp_path / "nowhere")
    assert "no media driver" in error(*elsewhere, "--timeout", "0.2")


def test_python_carries_out_the_same_or_raises_with_the_reason(floor: Floor):
    terms = DefineInstrument(
        instrument=10, symbol="FIR", tick_size=Decimal(mantissa=1, exponent=0), lot_size=Decimal(mantissa=1, exponent=0)
    )
    with floor.client("control") as control, floor.client("desk") as desk:
        (event,) = administer(control, terms)
        assert (event["kind"], event["instrument"]) == (EventKind.INSTRUMENT_DEFINED, 10)
        for same in (terms, bytes(terms)):
            with pytest.raises(CommandRejected, match="no role for this") as error:
                administer(desk, same)
            assert error.value.reason == RejectReason.NOT_ALLOWED
        with pytest.raises(CommandRejected, match=r"^new order was rejected: the quantity is zero"):
            administer(desk, limit(1, 10, Side.BUY, 5, quantity=0))
        assert administer(desk, limit(1, 10, Side.BUY, 5))[0]["kind"] == EventKind.ACCEPTED


def test_rules_of_an_instrument_are_kept_and_taken_away(said: Said, oak: int, desk: Client):
    told = said(f"instrument rules {oak} --tick-size 0.01 --band 90.00 110.00 --max-quantity 100")
    assert told.split(": ")[1] == "no price below 9,000 ticks; no price above 11,000 ticks; at most 100 lots an order\n"
    assert answer(desk, limit(1, oak, Side.BUY, 8_999)) == rejected("OUTSIDE_PRICE_BAND")
    assert answer(desk, limit(1, oak, Side.BUY, 9_000, quantity=101)) == rejected("QUANTITY_ABOVE_MAXIMUM")
    assert answer(desk, limit(1, oak, Side.BUY, 9_000, quantity=100))[0] == "ACCEPTED"
    assert said(f"instrument rules {oak} --none") == f"rules of instrument {oak}: none\n"
    assert answer(desk, limit(2, oak, Side.BUY, 8_999))[0] == "ACCEPTED"
    assert "a rule is out of range, or the low end" in said(f"instrument rules {oak} --band 110 90", code=1)
    assert "no instrument with this number" in said("instrument rules 99 --collar 1", code=1)


def test_an_auction_collects_orders_and_ends_with_one_price(said: Said, oak: int, desk: Client):
    assert said(f"instrument phase {oak} opening-auction") == f"instrument {oak} is in opening-auction\n"
    for cl_ord_id, side, price in ((1, Side.BUY, 102), (2, Side.SELL, 100)):
        assert answer(desk, limit(cl_ord_id, oak, side, price))[0] == "ACCEPTED"
    at_once = limit(3, oak, Side.BUY, 102, time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL)
    assert answer(desk, at_once) == rejected("WRONG_PHASE")
    ended, phase = said(f"instrument phase {oak} continuous").splitlines()
    assert ended.startswith(f"the auction of instrument {oak} has ended: 10 lots traded at ")
    assert phase == f"instrument {oak} is in continuous"
    assert answer(desk, limit(4, oak, Side.BUY, 102))[0] == "ACCEPTED"


def test_a_halt_stops_one_instrument_or_all_until_it_is_resumed(said: Said, oak: int, desk: Client):
    said("instrument define 11 YEW --tick-size 1 --lot-size 1")
    said("instrument define 12 FIR --tick-size 1 --lot-size 1")
    said("instrument phase 12 closed")
    assert said(f"halt {oak}") == f"instrument {oak} is in halt\n"
    assert answer(desk, limit(1, oak, Side.BUY, 10)) == rejected("WRONG_PHASE")
    assert answer(desk, limit(1, 11, Side.BUY, 10))[0] == "ACCEPTED"
    assert "in halt" in said("halt --all")
    assert answer(desk, limit(2, 11, Side.BUY, 10)) == rejected("WRONG_PHASE")
    halted, waits = said(f"instrument phase {oak} opening-auction").splitlines()
    assert halted == f"instrument {oak} is in halt"
    assert f"opening-auction comes when that ends: `seriatim admin halt {oak} --resume`" in waits
    resumed = said("halt --all --resume")
    assert f"instrument {oak} is in opening-auction" in resumed
    assert "instrument 12 is in closed" in resumed
    assert answer(desk, limit(3, oak, Side.BUY, 10))[0] == "ACCEPTED"
    assert answer(desk, limit(4, 12, Side.BUY, 10)) == rejected("WRONG_PHASE")
    assert "no instrument with this number" in said("halt 99", code=1)


def test_a_scheduled_phase_comes_and_a_cleared_one_does_not(said: Said, oak: int, desk: Client):
    soon = f"{datetime.now(UTC) + timedelta(seconds=2):%Y-%m-%dT%H:%M:%S.%f}"
    assert f"instrument {oak} will be in halt at 20" in said(f"instrument schedule {oak} --at {soon} --phase halt")
    ids = iter(range(1, 100_000))
    wait_for(lambda: answer(desk, limit(next(ids), oak, Side.BUY, 10)) == rejected("WRONG_PHASE"), bound_s=30)
    assert "every 24 h" in said(f"instrument schedule {oak} --at 09:00 --phase opening-auction --daily")
    assert "every 168 h" in said(f"instrument schedule {oak} --at 09:00 --phase opening-auction --weekly")
    assert said(f"instrument schedule {oak} --clear") == f"no phase of instrument {oak} is scheduled any more\n"
    for _ in range(64):
        said(f"instrument schedule {oak} --at 09:00 --phase closed --daily")
    full = said(f"instrument schedule {oak} --at 09:00 --phase closed", code=1)
    assert "clear its schedule first" in " ".join(full.split())
    past = said(f"instrument schedule {oak} --at 2001-01-01T00:00 --phase closed", code=1)
    assert "its time is past" in " ".join(past.split())


def test_limits_of_a_session_and_of_an_account_hold(said: Said, oak: int, desk: Client):
    session = desk.session
    told = said(f"limits set session {session} --max-quantity 20 --max-open-orders 1 --rate 1000/1h")
    assert told == f"limits of session {session}: at most 20 lots an order; at most 1 open orders; at most 1,000 " + (
        "messages in 3600 s\n"
    )
    assert answer(desk, limit(1, oak, Side.BUY, 10, quantity=21)) == rejected("QUANTITY_ABOVE_MAXIMUM")
    assert answer(desk, limit(1, oak, Side.BUY, 10, quantity=20, account=5))[0] == "ACCEPTED"
    assert answer(desk, limit(2, oak, Side.BUY, 10)) == rejected("TOO_MANY_OPEN_ORDERS")
    assert said(f"limits set session {session} --none") == f"limits of session {session}: none\n"
    said("limits set account 5 --max-position 100")
    assert said(f"limits position account 5 --instrument {oak} --position -70").endswith("is -70 lots\n")
    sell = {"side": Side.SELL, "price": 20, "account": 5}
    assert answer(desk, limit(3, oak, quantity=31, **sell)) == rejected("POSITION_ABOVE_MAXIMUM")
    assert answer(desk, limit(3, oak, quantity=30, **sell))[0] == "ACCEPTED"
    assert "out of range" in said("limits set account 5 --cancel-on logoff", code=1)
    said("limits set account 5 --none")


def test_a_kill_switch_cancels_and_holds_until_it_is_released(said: Said, oak: int, desk: Client):
    assert answer(desk, limit(1, oak, Side.BUY, 10, account=6))[0] == "ACCEPTED"
    assert f"session {desk.session} is killed" in said(f"session kill {desk.session}")
    cancelled = [event for batch in desk.events(until=any_event, timeout_s=20) for event in batch]
    assert [EventKind(event["kind"]) for event in cancelled] == [EventKind.CANCELLED]
    assert answer(desk, limit(2, oak, Side.BUY, 10)) == rejected("KILLED")
    assert f"session {desk.session} is released" in said(f"session release {desk.session}")
    assert "account 6 is killed" in said("account kill 6")
    assert answer(desk, limit(3, oak, Side.BUY, 10, account=6)) == rejected("KILLED")
    assert answer(desk, limit(3, oak, Side.BUY, 10, account=7))[0] == "ACCEPTED"
    said("account release 6")
    assert answer(desk, limit(4, oak, Side.BUY, 10, account=6))[0] == "ACCEPTED"


def test_a_trade_is_busted_once_and_both_parties_are_told(said: Said, oak: int, floor: Floor, desk: Client):
    with floor.client("desk") as other:
        assert answer(other, limit(1, oak, Side.SELL, 10))[0] == "ACCEPTED"
        fill = desk.call(limit(1, oak, Side.BUY, 10))[1]
        trade_id = int(fill["orig_cl_ord_id"])
        assert said(f"trade bust {trade_id}").startswith(f"trade {trade_id} is busted")
        for party, side in ((desk, Side.BUY), (other, Side.SELL)):
            told = [event for batch in party.events(until=busts, timeout_s=20) for event in batch if is_bust(event)]
            assert [(event["orig_cl_ord_id"], event["side"], event["quantity"]) for event in told] == [
                (trade_id, side, 10)
            ]
    assert "busted already" in " ".join(said(f"trade bust {trade_id}", code=1).split())


def any_event(batch: Any) -> bool:
    return len(batch) > 0


def is_bust(event: Any) -> bool:
    return event["kind"] == EventKind.TRADE_BUSTED


def busts(batch: Any) -> bool:
    return any(map(is_bust, batch))


def test_every_command_of_an_operator_from_python(floor: Floor, oak: int):
    with floor.client("control") as control:
        administer(control, SetInstrumentRules(instrument=oak, band_low=1, band_high=10))
        (event,) = administer(control, SetPhase(TradingPhase.HALT, oak))
        assert (event["kind"], event["instrument"]) == (EventKind.PHASE_CHANGED, oak)
        with pytest.raises(CommandRejected, match="bust trade was rejected: no such trade"):
            administer(control, BustTrade(2**63))
        with pytest.raises(CommandRejected, match="no role"):
            administer(control, NewOrder(1, oak, Side.BUY, 1, ord_type=OrdType.MARKET))


def test_limits_ahead_of_a_session_are_taken_and_a_session_that_nobody_opened_is_named(said: Said, desk: Client):
    known, unknown = desk.session, desk.session + 1_000
    for line in ("limits set session {} --max-quantity 5", "session kill {}", "session release {}"):
        assert "was never opened" not in said(line.format(known))
        assert f"session {unknown} was never opened" in said(line.format(unknown))
    assert "opened" not in said(f"account kill {unknown}"), "what an account is, orders say"
    told = {session: json.loads(said(f"session kill {session} --json")) for session in (known, unknown)}
    assert {session: result["session_state"] for session, result in told.items()} == {
        known: "OPENED",
        unknown: "UNOPENED",
    }
    assert "session_state" not in json.loads(said(f"account release {unknown} --json"))
    said(f"session release {known}")
    assert answer(desk, limit(1, 1, Side.BUY, 100))[1] != "KILLED", "being asked about has not ended its logon"
    assert desk.epoch == 1


def test_a_session_that_is_over_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any):
    options = ("--segment-mib", "2", "--session-expiry", "1")
    with Venue(tmp_path / "journal", options=options) as venue:
        with Client(venue.client_config()) as client:
            session = client.session

        def is_over() -> bool:
            return "is over" in printed(f"session kill {session}")

        def printed(line: str) -> str:
            monkeypatch.setattr(sys, "argv", ["seriatim", "admin", *line.split(), "--aeron-dir", venue.aeron_dir])
            with suppress(SystemExit):
                main()
            return capsys.readouterr().out

        wait_for(is_over, 20.0)
        assert json.loads(printed(f"limits set session {session} --none --json"))["session_state"] == "OVER"
