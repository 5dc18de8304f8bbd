"""`seriatim admin show`: what `seriatim admin` has set on a real node is read from its journal while it runs."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from known_users import with_known_users
from processes import wait_for
from written_journal import Written

from seriatim.client import Client
from seriatim.engine import CancelOn, ConfigureSession, DropCopy, NewOrder, Side
from seriatim.errors import SnapshotRefused
from seriatim.journal import JournalError, NotAJournal
from seriatim.tools.admin.show import read_settings
from seriatim.tools.journal.snapshot import write_snapshot
from seriatim.tools.main import cli
from seriatim.tools.venue import Venue
from seriatim.trust import read_key

COLUMNS = 80
BUSY, IDLE, UNOPENED = 2, 3, 77
"""Sessions; the first, 1, is the one that the commands share."""
DAY_NS = 24 * 3_600 * 10**9


def ran(*words: str, code: int = 0) -> str:
    """What a command prints; of one that fails, the error's sentence."""
    result = CliRunner().invoke(cli, [*words], env={"COLUMNS": str(COLUMNS)})
    assert result.exit_code == code, (result.output, result.exception)
    return str(result.exception) if code else result.stdout


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Of a node that runs, with every kind of setting that there is, each by a real command."""
    folder = tmp_path_factory.mktemp("show")
    with Venue(folder / "journal", options=with_known_users(folder)) as venue:

        def client(user: str) -> Client:
            return Client(venue.client_config(user=user, key=read_key(folder / f"{user or 'venue'}.key")))

        where = ["--aeron-dir", venue.aeron_dir, "--user", "control", "--key-file", str(folder / "control.key")]
        ran("admin", "instrument", "define", "1", "OAK", "--tick-size", "0.01", "--lot-size", "1", *where)
        with client("desk") as busy, client("") as idle:
            assert (busy.session, idle.session) == (BUSY, IDLE)
            for line in SET:
                ran("admin", *line.split(), *where)
            for sender, command in sent(busy, idle):
                sender.call(command)
            yield venue.journal


SET = (
    "instrument define 2 ELM --tick-size 0.25 --lot-size 10",
    "instrument define 3 ASH --tick-size 1 --lot-size 1",
    "instrument rules 1 --tick-size 0.01 --lot-size 1 --band 90.00 110.00 --collar 2.50 --reference-price 100 "
    "--max-quantity 12345 --max-value 250000",
    "instrument rules 2 --max-value 4000",
    "instrument schedule 1 --at 17:30 --phase closed --daily",
    "instrument schedule 1 --at 2200-01-01T09:00 --phase opening-auction",
    "halt 2",
    f"limits set session {BUSY} --max-quantity 1000 --max-value 2500000 --max-position 5000 --max-open-orders 50 "
    "--rate 100/10min --cancel-on disconnect",
    f"limits set session {UNOPENED} --max-quantity 9",
    "limits set account 5 --max-open-orders 10",
    "limits position account 5 --instrument 1 --position -200",
    "account kill 6",
)


def sent(busy: Client, idle: Client) -> Iterator[tuple[Client, Any]]:
    """What traders and observers do."""
    yield busy, ConfigureSession(CancelOn.LOGOFF)
    yield idle, DropCopy(BUSY)
    yield busy, NewOrder(1, 1, Side.SELL, 30, 9_950, account=5)
    yield busy, NewOrder(2, 1, Side.BUY, 10, 9_950)


Show = Callable[..., str]


@pytest.fixture
def show(journal: Path) -> Show:
    """What the command prints, without blanks at the ends of lines, and blanks inside as one."""
    return lambda *words: "\n".join(
        re.sub(" +", " ", line).strip() for line in ran("admin", "show", str(journal), *words).splitlines()
    )


def test_instruments_are_shown_with_phase_and_last_price_in_their_currency(show: Show):
    assert "\n1 OAK continuous 0.01 1 99.50\n2 ELM halt 0.25 10\n3 ASH continuous 1 1\n" in show()


def test_what_is_halted_is_shown_with_the_phase_that_it_goes_on_in(show: Show):
    assert "\n2 ELM continuous\n\n" in show()


def test_rules_are_shown_as_they_were_given(show: Show):
    assert "\n1 OAK 90.00 110.00 2.50 100.00 12,345 250,000.00\n2 ELM 10,000.00\n\n" in show()


def test_the_schedule_is_shown_by_time(show: Show):
    evening = datetime.now(UTC).replace(hour=17, minute=30, second=0)
    evening += timedelta(days=evening < datetime.now(UTC))
    daily = f"1 OAK closed {evening:%Y-%m-%d} 17:30:00 24 h"
    assert f"\n{daily}\n1 OAK opening-auction 2200-01-01 09:00:00 once\n" in show()


def test_each_limit_is_shown_beside_what_is_used_of_it(show: Show):
    limits = [
        f"session {BUSY} lots of an order 1,000",
        "value of an order, ticks × lots 2,500,000",
        "lots long or short, open orders filled 5,000 20",
        "open orders 50 1",
        "messages in 600 s 100 2",
        "orders are cancelled on disconnect yes",
        f"session {UNOPENED} lots of an order 9",
        "account 5 open orders 10 1",
        "account 6 kill switch engaged",
    ]
    assert "\n".join(limits) in show()


def test_positions_are_shown_with_open_orders(show: Show):
    assert f"\nsession {BUSY} 1 OAK 0 0 20\naccount 5 1 OAK -210 0 20\n" in show()


def test_sessions_are_shown_with_users_and_what_they_have_asked_for(show: Show):
    lines = show().splitlines()
    assert f"{BUSY} desk trade yes disconnect, logoff" in lines
    assert f"{IDLE} operator all yes {BUSY}" in lines


def test_sessions_that_matter_no_more_are_counted_and_shown_when_they_are_asked_for(show: Show):
    counted = "sessions with nobody logged on and nothing set: 1; --session shows one of them"
    wait_for(lambda: counted in show().splitlines())  # a node notices after a while who is gone
    assert "1 control administer no" in show("--session", "1").splitlines()


def test_json_has_all_of_it_in_ticks_and_lots(journal: Path):
    found = json.loads(ran("admin", "show", str(journal), "--json"))
    assert list(found) == ["seq", "time_ns", "logic_version", "orders_max", "instruments", "limits", "sessions"]
    oak, elm, ash = found["instruments"]
    daily, once = oak.pop("schedule")
    assert oak == {
        "id": 1,
        "symbol": "OAK",
        "tick_size": "0.01",
        "lot_size": "1",
        "phase": "CONTINUOUS",
        "under_halt": None,
        "last_price": 9_950,
        "rules": {
            "band_low": 9_000,
            "band_high": 11_000,
            "collar": 250,
            "reference_price": 10_000,
            "order_quantity_max": 12_345,
            "order_value_max": 25_000_000,
        },
    }
    assert (daily["phase"], daily["interval_ns"], once["interval_ns"]) == ("CLOSED", DAY_NS, 0)
    assert elm["under_halt"] == "CONTINUOUS"
    assert (elm["phase"], elm["rules"]["order_value_max"], elm["schedule"]) == ("HALT", 4_000, [])
    assert set(ash["rules"].values()) == {None}
    busy, unopened, five, six = found["limits"]
    window_start_ns = busy.pop("window_start_ns")
    assert 0 < window_start_ns <= found["time_ns"]
    assert busy == {
        "scope": "SESSION",
        "id": BUSY,
        "order_quantity_max": 1_000,
        "order_value_max": 2_500_000,
        "position_max": 5_000,
        "rate_interval_ns": 600 * 10**9,
        "messages_max": 100,
        "open_orders_max": 50,
        "cancel_on": ["DISCONNECT"],
        "killed": False,
        "own_cancel_on": ["LOGOFF"],
        "open_orders": 1,
        "messages": 2,
        "holdings": [{"instrument": 1, "position": 0, "open_buys": 0, "open_sells": 20}],
    }
    assert (unopened["id"], six["killed"]) == (UNOPENED, True)
    assert (five["scope"], five["holdings"][0]["position"]) == ("ACCOUNT", -210)
    assert found["sessions"][1:] == [
        {"id": BUSY, "user": "desk", "roles": ["TRADE"], "logged_on": True, "over": False, "copies_of": []},
        {
            "id": IDLE,
            "user": "",
            "roles": ["ALL"],
            "logged_on": True,
            "over": False,
            "copies_of": [BUSY],
        },
    ]


def test_only_what_is_named_is_shown(journal: Path):
    def ids(*words: str) -> list[list[int]]:
        found = json.loads(ran("admin", "show", str(journal), "--json", *words))
        return [[each["id"] for each in found[kind]] for kind in ("instruments", "limits", "sessions")]

    assert ids("--instrument", "1") == [[1], [BUSY, 5], []]
    assert ids("--instrument", "2", "--instrument", "3") == [[2, 3], [], []]
    assert ids("--session", str(BUSY)) == [[], [BUSY], [BUSY]]
    assert ids("--account", "6", "--session", str(IDLE)) == [[], [6], [IDLE]]
    assert ids("--account", "5", "--instrument", "2") == [[2], [5], []]
    assert ids("--account", "99") == [[], [], []]


def test_a_position_is_named_by_its_instrument_also_where_only_its_owner_was_asked_for(show: Show):
    assert "account 5 1 OAK -210 0 20" in show("--account", "5").splitlines()


def test_what_is_named_and_not_there_is_said(show: Show):
    lines = show("--instrument", "9", "--account", "99", "--session", "99").splitlines()[1:]
    assert lines == [
        "instrument 9 is not defined",
        "session 99 was never opened, and nothing was ever set for it",
        "nothing was ever set for account 99",
    ]


def test_from_a_snapshot_it_shows_the_same(journal: Path, tmp_path: Path):
    write_snapshot(journal, tmp_path / "snapshot", 10)
    whole, rest = (
        json.loads(ran("admin", "show", str(journal), "--json", *words))
        for words in ((), ("--from", str(tmp_path / "snapshot")))
    )
    for kind in ("instruments", "limits", "sessions"):
        assert rest[kind] == whole[kind]


def test_the_tables_fit_80_columns(journal: Path):
    lines = ran("admin", "show", str(journal)).splitlines()[1:]  # without the folder's name
    assert max(map(len, lines)) <= COLUMNS
    assert not [line for line in lines if "…" in line]


def test_a_venue_without_anything_says_so(tmp_path: Path):
    with Venue(tmp_path / "journal", options=("--segment-mib", "2")) as venue:
        said = ran("admin", "show", str(venue.journal)).splitlines()
        found = json.loads(ran("admin", "show", str(venue.journal), "--json"))
    assert said[1:] == ["nothing is set: there is no instrument, no limit and no session yet"]
    assert (found["instruments"], found["limits"], found["sessions"]) == ([], [], [])


def test_a_session_that_is_over_is_shown_as_such_if_it_is_asked_for(tmp_path: Path):
    options = ("--segment-mib", "2", "--session-expiry", "1")
    with Venue(tmp_path / "journal", options=options) as venue:
        with Client(venue.client_config()) as client:
            session = client.session
        wait_for(lambda: read_settings(venue.journal, None, b"").sessions[0].over)
        lines = ran("admin", "show", str(venue.journal), "--session", str(session)).splitlines()
    assert [line.split()[3] for line in lines if line.split()[:1] == [str(session)]] == ["over"]


def test_a_venue_with_an_instrument_alone_says_what_there_is_not(written: Written):
    lines = [line.strip() for line in ran("admin", "show", str(written.folder)).splitlines()]
    for sentence in (
        "no instrument has rules",
        "no phase is scheduled",
        "no limit is set, and no kill switch is engaged",
    ):
        assert sentence in lines


def test_bad_paths_are_the_projects_errors(journal: Path, written: Written, tmp_path: Path):
    for path in (tmp_path / "nothing", tmp_path, Path(__file__)):
        with pytest.raises((NotAJournal, JournalError, OSError), match=re.escape(str(path))):
            read_settings(path, None, b"")
    (tmp_path / "text").write_text("no snapshot")
    with pytest.raises(SnapshotRefused, match="cannot be loaded"):
        read_settings(journal, tmp_path / "text", b"")
    write_snapshot(written.folder, tmp_path / "another")
    with pytest.raises(SnapshotRefused, match="another"):
        read_settings(journal, tmp_path / "another", b"")
    said = ran("admin", "show", str(tmp_path / "nothing"), code=1)
    assert "there is no journal" in said
