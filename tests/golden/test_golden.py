"""Journals of releases, kept as they were written: today's code must make of them what theirs did."""

import json
import lzma
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import numpy as np
import pytest

import seriatim
from seriatim.client import Client
from seriatim.engine import EventKind, NewOrder, Rejected, Side
from seriatim.engine.reference import ReferenceEngine
from seriatim.engine.settings import settings_of
from seriatim.errors import OverrideRefused
from seriatim.journal import JournalReader, verify
from seriatim.journal.event_log import EventLog
from seriatim.schemas import SCHEMA, Command
from seriatim.sequencer.settings import venue_settings
from seriatim.tools.journal.inspect import journal_info
from seriatim.tools.journal.snapshot import write_snapshot
from seriatim.tools.journal.state import journal_state, replayed_journal
from seriatim.tools.venue import Venue
from tests.engine.judge import sections_of
from tests.golden.plain import PlainOrder

HERE = Path(__file__).parent
KEY = b"golden"
NAMES = sorted(path.name.removesuffix(".tar.xz") for path in HERE.glob("*.tar.xz"))
SCHEMA_VERSIONS = {"day": 2, "halts": 3}
"""Of the schema that a journal was written with, if not the first."""
BYTES_MAX = 1 << 20


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """One golden journal."""
    return request.param


@pytest.fixture
def journal(name: str, tmp_path: Path) -> Path:
    """The same, unpacked."""
    return unpacked(name, tmp_path)


def unpacked(name: str, into: Path) -> Path:
    folder = into / "journal"
    folder.mkdir()
    with tarfile.open(HERE / f"{name}.tar.xz") as archive:
        for member in archive:
            content = archive.extractfile(member)
            assert content is not None
            (folder / member.name).write_bytes(content.read())
    return folder


def said(name: str) -> dict[str, str]:
    """What the journal gave when it was written."""
    return dict(line.split() for line in (HERE / f"{name}.txt").read_text().splitlines())


def test_a_replay_gives_what_it_gave_when_it_was_written(name: str, journal: Path):
    state = journal_state(journal, key=KEY)
    assert {field: str(state[field]) for field in said(name)} == said(name)
    assert verify(journal).whole


def frames(journal: Path):
    with JournalReader(journal) as reader:
        for block in reader:
            yield from block.frames()


def test_the_plain_engine_makes_the_same_of_it(name: str, journal: Path):
    """The reference engine under the rules of each epoch, without the sequencer's replica."""
    order = PlainOrder(set(journal_info(journal).skipped))
    for frame in frames(journal):
        order.apply(frame)
    assert f"{order.engine.outcome_hash:016x}" == said(name)["outcome_hash"]


def test_what_is_set_at_the_end_is_what_the_plain_engine_makes_of_it(journal: Path):
    order = PlainOrder(set(journal_info(journal).skipped))
    for frame in frames(journal):
        order.apply(frame)
    with replayed_journal(journal, key=KEY) as (replica, _):
        found, opened = venue_settings(replica), replica.state.sessions
    assert found.engine == settings_of(order.engine.snapshot())
    assert len(found.sessions) == opened
    assert {session.id for session in found.sessions if session.logged_on} == order.logged_on


def test_the_day_of_version_3_holds_every_command_and_every_event(tmp_path: Path):
    order, commands, kinds = PlainOrder(set()), set(), set()
    for frame in frames(unpacked("day", tmp_path)):
        events = order.apply(frame)
        kinds |= {type(event).__name__.upper() for event in events}
        if frame.body and not any(isinstance(event, Rejected) for event in events):
            data = bytes(frame.body)
            header = Command.wrap(data)
            commands.add(int.from_bytes(data[header.encoded_length + 2 :][:2], "little"))
    assert kinds == {kind.name.replace("_", "") for kind in EventKind} - {"OUTCOME", "SESSIONCLOSED"}
    assert {*range(10, 18), *range(60, 69)} <= commands


class Older(ReferenceEngine):
    """Does not go beyond version 3."""

    def follow_logic(self, version: int) -> None:
        super().follow_logic(min(version, 3))


def test_the_halts_of_version_4_are_others_than_those_of_version_3(tmp_path: Path):
    order, older = PlainOrder(set()), PlainOrder(set())
    older.engine = Older()
    for frame in frames(unpacked("halts", tmp_path)):
        order.apply(frame)
        older.apply(frame)
    assert order.engine.outcome_hash != older.engine.outcome_hash


@pytest.mark.parametrize("kept", sorted(HERE.glob("*.snapshot.xz")), ids=lambda path: path.name)
def test_a_snapshot_of_a_release_is_made_again_byte_for_byte_and_goes_on_to_the_same_hashes(kept: Path, tmp_path: Path):
    name, at_seq = kept.name.removesuffix(".snapshot.xz").split("-")
    journal, snapshot = unpacked(name, tmp_path), tmp_path / "snapshot"
    snapshot.write_bytes(lzma.decompress(kept.read_bytes()))
    state = journal_state(journal, key=KEY, snapshot=snapshot)
    assert {field: str(state[field]) for field in said(name)} == said(name)
    write_snapshot(journal, tmp_path / "again", int(at_seq), KEY)
    assert (tmp_path / "again").read_bytes() == snapshot.read_bytes()


@pytest.mark.parametrize("kept", sorted(HERE.glob("*.snapshot.xz")), ids=lambda path: path.name)
def test_the_plain_engine_makes_the_snapshot_of_a_release_and_goes_on_from_it(kept: Path, tmp_path: Path):
    name, at_seq = kept.name.removesuffix(".snapshot.xz").split("-")
    engines = sections_of(lzma.decompress(kept.read_bytes()))["ENGN"]
    order, seq = PlainOrder(set()), 0
    with JournalReader(unpacked(name, tmp_path)) as reader:
        for block in reader:
            before = seq
            for frame in block.frames():
                order.apply(frame)
                seq = frame.seq
            if before < int(at_seq) <= seq:
                assert order.engine.snapshot() == engines
                order.engine = ReferenceEngine.load(engines)
    assert f"{order.engine.outcome_hash:016x}" == said(name)["outcome_hash"]


def test_the_rules_that_a_journal_was_written_with_matter(journal: Path):
    """Were there no command that the versions treat otherwise, the tests above could not tell them apart."""
    if journal_info(journal).skipped:
        kept, newest = ReferenceEngine(logic_version=1), ReferenceEngine()
        for frame in frames(journal):
            data = bytes(frame.body)
            header = Command.wrap(data)
            if header.session:
                for engine in (kept, newest):
                    engine.execute_bytes(header.session, data[header.encoded_length :])
        assert kept.outcome_hash != newest.outcome_hash
        with pytest.raises(OverrideRefused):
            journal_state(journal, key=b"another")


def test_a_recorder_and_a_follower_make_the_same_of_it(name: str, journal: Path, tmp_path: Path):
    key_file, log = tmp_path / "venue.key", tmp_path / "log"
    key_file.write_bytes(KEY)
    command = [sys.executable, "-m", "seriatim", "recorder", str(journal), str(log), "--once", "--json"]
    command += ["--key-file", str(key_file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout)["state_hash"] == said(name)["state_hash"]
    last_seq = int(said(name)["seq"])
    with EventLog(log) as events, seriatim.follow(1, "events", journal=journal, key=KEY) as followed:
        recorded = np.concatenate([batch.rows.copy() for batch in events.range(1, last_seq + 1)])
        seen = []
        deadline_s = time.monotonic() + 60
        while sum(map(len, seen)) < len(recorded) and time.monotonic() < deadline_s:
            if (batch := followed.poll()) is not None:
                seen.append(batch.rows.copy())
        assert followed.poll() is None
    assert np.array_equal(np.concatenate(seen), recorded)
    if journal_info(journal).skipped:
        with pytest.raises(OverrideRefused):
            seriatim.follow(1, "events", journal=journal, key=b"another")


def test_a_node_of_today_continues_it(name: str, journal: Path, tmp_path: Path):
    (tmp_path / "venue.key").write_bytes(KEY)
    options = ("--segment-mib", "2", "--key-file", str(tmp_path / "venue.key"))
    with Venue(journal, options=options) as venue, Client(venue.client_config(key=KEY, timeout_s=30.0)) as client:
        client.call(NewOrder(1, 1, Side.BUY, 10, 100, post_only=True))  # of version 3
        stopped = venue.stop()
    state = journal_state(journal, key=KEY)
    for field in ("seq", "outcome_hash", "state_hash"):
        assert state[field] == stopped[field]
    written_with = SCHEMA_VERSIONS.get(name, 0)
    assert journal_info(journal).schema_versions == tuple(sorted({written_with, SCHEMA.version}))
    assert verify(journal).whole


def test_there_is_a_golden_journal_of_each_durability_and_they_are_small():
    assert {"fsync", "relaxed", "day", "halts"} <= set(NAMES)
    assert sum(path.stat().st_size for path in HERE.iterdir() if path.is_file()) < BYTES_MAX
