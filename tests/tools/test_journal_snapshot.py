"""`seriatim journal snapshot`, and `state --from` it, on a journal with something of everything."""

import os
import shutil
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from seriatim.client import Client
from seriatim.engine import (
    CancelOn,
    ConfigureSession,
    DropCopy,
    NewOrder,
    OrdType,
    ReplaceOrder,
    RiskScope,
    SchedulePhase,
    SetInstrumentRules,
    SetKillSwitch,
    SetLimits,
    SetPhase,
    SetPosition,
    Side,
    TimeInForce,
    TradingPhase,
)
from seriatim.errors import SnapshotRefused
from seriatim.journal import JournalReader, Meta
from seriatim.sequencer.replica import Replica
from seriatim.tools.journal import command
from seriatim.tools.journal.snapshot import write_snapshot
from seriatim.tools.journal.state import journal_state
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, instrument
from tests.bus.test_bus_full_disk import on_a_small_disk

SAME = ("seq", "outcome_hash", "state_hash", "header_hash", "live_orders", "sessions", "last_order_id")


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two epochs; orders of every kind, limits, an auction, a schedule, a drop copy, the end of a logon."""
    folder = tmp_path_factory.mktemp("rich") / "journal"
    for epoch in range(2):
        with (
            Venue(folder, options=SMALL_SEGMENTS) as venue,
            Client(venue.client_config()) as runs,
            Client(venue.client_config()) as trades,
        ):
            for sender, one in everything(runs, trades, epoch):
                sender.call(one)
            venue.stop()
    return folder


def everything(runs: Client, trades: Client, epoch: int):
    yield runs, instrument()
    yield runs, SetInstrumentRules(instrument=1, band_low=90, band_high=110, collar=5, reference_price=100)
    yield runs, SetPhase(TradingPhase.OPENING_AUCTION, 1)
    yield runs, SetLimits(RiskScope.ACCOUNT, 3, position_max=1_000, rate_interval_ns=10**9, messages_max=100)
    yield trades, ConfigureSession(CancelOn.LOGOFF if epoch else CancelOn.DISCONNECT)
    yield runs, DropCopy(trades.session)
    yield trades, NewOrder(1, 1, Side.BUY, 30, 102, account=3, display_quantity=7)
    yield trades, NewOrder(2, 1, Side.SELL, 10, 99, account=4, time_in_force=TimeInForce.DAY)
    yield trades, NewOrder(3, 1, Side.BUY, 5, ord_type=OrdType.STOP, stop_price=103, account=3)
    yield runs, SetPhase(TradingPhase.CONTINUOUS, 1)
    until = {"time_in_force": TimeInForce.GOOD_TILL_DATE, "expire_time_ns": time.time_ns() + 10**15}
    yield trades, NewOrder(4, 1, Side.SELL, 5, 104, **until)
    yield trades, ReplaceOrder(4, 4, 103, 8)
    yield runs, NewOrder(1, 1, Side.BUY, 2, 103)
    yield runs, SetPosition(RiskScope.SESSION, trades.session, 1, -5)
    yield runs, SchedulePhase(1, TradingPhase.HALT, time.time_ns() + 10**15, 10**12)
    yield trades, NewOrder(5, 1, Side.BUY, 5, 95, account=5)
    yield runs, SetKillSwitch(RiskScope.ACCOUNT, 5)


def blocks(folder: Path) -> list[bytes]:
    with JournalReader(folder) as reader:
        return [bytes(block.data) for block in reader]


def executed(replica: Replica, some: list[bytes]) -> Replica:
    for block in some:
        replica.apply(block)
    return replica


def test_a_load_after_any_block_and_the_rest_give_both_hashes_of_the_full_replay(rich: Path):
    every, cluster = blocks(rich), b"c" * 16
    with executed(Replica(), every) as full:
        state, saved_at_the_end = full.state, full.save(cluster)
    assert len(every) > 30
    with Replica() as replica:
        for cut, block in enumerate([b"", *every]):
            if block:
                replica.apply(block)
            saved = replica.save(cluster)
            with Replica.load(saved, cluster) as loaded:
                assert loaded.state == replica.state
                assert loaded.save(cluster) == saved
                executed(loaded, every[cut:])
                assert loaded.state == state
                assert loaded.save(cluster) == saved_at_the_end


@pytest.mark.parametrize("at_seq", [1, 7, 20, None])
def test_state_from_a_snapshot_is_the_state_of_a_full_replay(rich: Path, tmp_path: Path, at_seq: int | None):
    written = write_snapshot(rich, tmp_path / "snapshot", at_seq)
    full, rest = journal_state(rich), journal_state(rich, snapshot=tmp_path / "snapshot")
    assert {key: rest[key] for key in SAME} == {key: full[key] for key in SAME}
    assert rest["messages"] == full["seq"] - written["seq"]
    assert written["seq"] >= (at_seq or full["seq"])
    assert written["snapshot_bytes"] == (tmp_path / "snapshot").stat().st_size
    assert [path.name for path in tmp_path.iterdir()] == ["snapshot"]


def test_the_commands_say_what_they_did(rich: Path, tmp_path: Path):
    def run(*arguments: object) -> str:
        done = CliRunner().invoke(command, [str(argument) for argument in arguments], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    file = tmp_path / "snapshot"
    state_hash = journal_state(rich)["state_hash"]
    assert state_hash in run("snapshot", rich, file)
    assert state_hash in run("snapshot", rich, file, "--json")  # replaces the first
    told = run("state", rich, "--from", file)
    assert state_hash in told
    assert str(file) in told


def test_a_snapshot_of_another_journal_is_refused(rich: Path, tmp_path: Path):
    write_snapshot(rich, tmp_path / "snapshot")
    other = tmp_path / "other"
    with Venue(other, options=SMALL_SEGMENTS) as venue, Client(venue.client_config()) as client:
        client.call(instrument())
        venue.stop()
    with pytest.raises(SnapshotRefused, match="it is of another journal"):
        journal_state(other, snapshot=tmp_path / "snapshot")


def test_a_snapshot_of_a_tail_that_the_journal_has_lost_is_refused(rich: Path, tmp_path: Path):
    early = tmp_path / "early"
    shutil.copytree(rich, early)
    with Venue(early, options=SMALL_SEGMENTS) as venue, Client(venue.client_config()) as client:
        client.call(instrument())
        venue.stop()
    write_snapshot(early, tmp_path / "snapshot")
    with pytest.raises(SnapshotRefused, match=r"the journal in .* ends before it"):
        journal_state(rich, snapshot=tmp_path / "snapshot")
    with Venue(rich, options=SMALL_SEGMENTS) as venue, Client(venue.client_config()) as client:
        for _ in range(5):
            client.call(instrument())
        venue.stop()
    with pytest.raises(SnapshotRefused, match="has another block there"):
        journal_state(rich, snapshot=tmp_path / "snapshot")


def test_a_seq_that_is_not_there_and_a_file_that_cannot_be_written_leave_nothing(rich: Path, tmp_path: Path):
    with pytest.raises(SnapshotRefused, match="there is no seq 100000"):
        write_snapshot(rich, tmp_path / "snapshot", 100_000)
    with pytest.raises(FileNotFoundError):
        write_snapshot(rich, tmp_path / "nowhere" / "snapshot")
    assert not list(tmp_path.iterdir())


def test_nothing_but_a_snapshot_is_overwritten(rich: Path, tmp_path: Path):
    (tmp_path / "letter").write_text("Dear Sir")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "inside").symlink_to(rich)
    os.mkfifo(tmp_path / "pipe")
    before = {path: path.read_bytes() for path in rich.glob("0*.lmdb")}
    for path in (*before, rich / "new", tmp_path / "inside" / "new"):
        with pytest.raises(SnapshotRefused, match="in the journal's own folder"):
            write_snapshot(rich, path)
    for name, why in (("letter", "no snapshot"), ("link", "no regular file"), ("pipe", "no regular file")):
        with pytest.raises(SnapshotRefused, match=why):
            write_snapshot(rich, tmp_path / name)
    assert {path: path.read_bytes() for path in before} == before
    assert (tmp_path / "letter").read_text() == "Dear Sir"
    assert {path.name for path in tmp_path.iterdir()} == {"letter", "link", "inside", "pipe"}


def test_a_folder_that_is_not_there_is_named(rich: Path, tmp_path: Path):
    (tmp_path / "letter").write_text("Dear Sir")
    for folder in ("nowhere", "letter"):
        with pytest.raises(FileNotFoundError, match=f"there is no folder {tmp_path / folder} to write state in"):
            write_snapshot(rich, tmp_path / folder / "state")


def test_what_is_no_snapshot_is_not_read_whole(rich: Path, tmp_path: Path):
    file = tmp_path / "huge"
    for beginning, why in ((b"", "no snapshot of this kind"), (b"SRTMREPL\1" + bytes(15), "too early or too")):
        file.write_bytes(beginning)
        os.truncate(file, 60 << 30)
        with pytest.raises(SnapshotRefused, match=why):
            journal_state(rich, snapshot=file)
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(SnapshotRefused, match="no regular file"):
            journal_state(rich, snapshot=path)


def test_a_damaged_file_is_named(rich: Path, tmp_path: Path):
    file = tmp_path / "snapshot"
    write_snapshot(rich, file)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(SnapshotRefused, match=f"{file} cannot be loaded .*section .*checksum"):
        journal_state(rich, snapshot=file)
    with Meta(rich) as meta:
        assert meta.cluster_id in file.read_bytes()


FULL_DISK = """
import contextlib, errno, sys
from pathlib import Path
from seriatim.tools.journal.snapshot import write_snapshot

disk, journal = map(Path, sys.argv[1:])
with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as file:
    while True: file.write(bytes(1 << 12))
try:
    write_snapshot(journal, disk / "state.snapshot")
    raise SystemExit("it was written without room")
except OSError as full:
    assert full.errno == errno.ENOSPC and full.filename == str(disk / "state.snapshot"), repr(full)
assert [path.name for path in disk.iterdir()] == ["filler"]
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_full_disk_is_said_of_the_file_that_has_no_room(rich: Path, tmp_path: Path):
    done = on_a_small_disk(tmp_path, "-c", FULL_DISK, str(tmp_path), str(rich))
    assert done.returncode == 0, done.stdout + done.stderr
