"""A command on which the engine fails: the node stops and says which, an operator skips it, and everybody agrees.

The fault is planted by an environment variable (native/src/planted.rs), so whatever meets it is a process of its own.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from seriatim.client import Client
from seriatim.config import ClientConfig
from seriatim.engine import EventKind
from seriatim.errors import NodeFailed, OverrideRefused
from seriatim.journal import Meta
from seriatim.schemas import RejectReason
from seriatim.sequencer.overrides import seal
from seriatim.tools.journal.inspect import journal_info
from seriatim.tools.journal.state import journal_state
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, instrument, numbers_by_session, order, stamped

POISON_ID = 4_711
PLANTED = {"SERIATIM_PLANT_PANIC": str(POISON_ID)}
KEY = b"open sesame"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """The venue's key."""
    path = tmp_path / "key"
    path.write_bytes(KEY)
    return path


@pytest.fixture
def venue(journal: Path, key_file: Path, aeron_dir: str) -> Iterator[Venue]:
    """A node with the fault in it."""
    options = (*SMALL_SEGMENTS, "--key-file", str(key_file))
    with Venue(journal, aeron_dir=aeron_dir, options=options, environment=PLANTED) as venue:
        yield venue


def config(venue: Venue) -> ClientConfig:
    return venue.client_config(key=KEY, timeout_s=20.0)


def die_of_poison(venue: Venue, client: Client) -> int:
    """Sends the poison between two good orders, waits until the node has died of it, and gives its seq."""
    client.call(instrument())
    first = client.call(order(1))
    for cl_ord_id in (POISON_ID, 2):
        client.submit(order(cl_ord_id))
    assert venue.process is not None
    assert venue.process.wait(20) == 1
    venue.last_words()
    said = next(line for line in venue.log if "node failed" in line)
    seq = int(first["seq"][0]) + 1
    assert '"kind": "PoisonMessage"' in said
    assert f"the command with seq {seq} cannot be executed: " in said
    assert "a planted fault" in said
    assert f"seriatim journal skip {seq}" in said
    return seq


def journal_command(*arguments: object) -> subprocess.CompletedProcess[str]:
    """`seriatim journal …` in a process that has the fault."""
    command = [sys.executable, "-m", "seriatim", "journal", *map(str, arguments)]
    environment = {**os.environ, **PLANTED}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def put_skip(journal: Path, seq: int, override: bytes) -> None:
    with Meta(journal) as meta:
        meta.put_skip(seq, override)


def override_of(journal: Path, seq: int) -> bytes:
    with Meta(journal) as meta:
        return meta.skips()[seq]


@pytest.mark.parametrize("durability", ["fsync", "relaxed"])
def test_a_poison_command_stops_the_node_and_can_be_skipped(
    journal: Path, key_file: Path, aeron_dir: str, durability: str
):
    options = (*SMALL_SEGMENTS, "--key-file", str(key_file))
    venue = Venue(journal, durability=durability, aeron_dir=aeron_dir, options=options, environment=PLANTED)
    with venue, Client(config(venue)) as client:
        seq = die_of_poison(venue, client)
        with pytest.raises(NodeFailed, match=f"seq {seq} cannot be executed"):
            venue.start()
        assert f"seq {seq} cannot be executed" in journal_command("state", journal).stderr
        done = journal_command("skip", seq, journal, "--key-file", key_file)
        assert done.returncode == 0, done.stderr
        venue.start()
        client.wait_all()
        rejected = client.call(order(POISON_ID + 1))
        assert rejected["kind"].tolist() == [EventKind.ACCEPTED]
        state = venue.stop()

    assert numbers_by_session(stamped(journal)) == {client.session: [1, 2, 3, 4, 5]}
    assert journal_info(journal).skipped == (seq,)
    assert f"seq {seq}" in journal_command("info", journal).stdout
    again = journal_state(journal, key=KEY)
    assert (again["outcome_hash"], again["state_hash"]) == (state["outcome_hash"], state["state_hash"])
    assert again["live_orders"] == 3


def test_the_client_of_a_skipped_command_is_told_why(venue: Venue, journal: Path, key_file: Path):
    with Client(config(venue)) as client:
        seq = die_of_poison(venue, client)
        assert journal_command("skip", seq, journal, "--key-file", key_file).returncode == 0
        venue.start()
        events = client.wait_all()
        poison = events[events["number"] == 3]
        assert poison["reason"].tolist() == [RejectReason.SKIPPED]
        assert poison["seq"].tolist() == [seq]
        assert client.answered == 4


def test_only_the_command_that_fails_can_be_skipped(venue: Venue, journal: Path, key_file: Path):
    with Client(config(venue)) as client:
        running = journal_command("skip", 1, journal, "--key-file", key_file)
        assert "stop it first" in running.stderr
        seq = die_of_poison(venue, client)
    for other in (1, seq - 1, seq + 1, seq + 1_000):
        done = journal_command("skip", other, journal, "--key-file", key_file)
        assert done.returncode == 1
        assert f"seq {seq} is the command that cannot be executed, not {other}" in done.stderr
    assert journal_command("skip", seq, journal, "--key-file", key_file).returncode == 0
    again = journal_command("skip", seq, journal, "--key-file", key_file)
    assert "there is nothing to skip" in again.stderr
    assert journal_info(journal).skipped == (seq,)


def test_a_forged_or_misplaced_override_is_refused(venue: Venue, journal: Path, key_file: Path):
    with Client(config(venue)) as client:
        seq = die_of_poison(venue, client)
    assert journal_command("skip", seq, journal, "--key-file", key_file).returncode == 0
    good = override_of(journal, seq)
    assert journal_state(journal, key=KEY)["seq"] > seq

    with pytest.raises(OverrideRefused, match="was not made for this journal with this key"):
        journal_state(journal, key=b"another key")
    for forged in (good[:-1] + bytes([good[-1] ^ 1]), bytes([good[0] ^ 1]) + good[1:]):
        put_skip(journal, seq, forged)
        with pytest.raises(OverrideRefused, match=f"seq {seq} .* was not made for this journal"):
            journal_state(journal, key=KEY)
        with pytest.raises(NodeFailed, match="was not made for this journal"):
            venue.start()
    put_skip(journal, seq, b"skip it")
    with pytest.raises(OverrideRefused, match="7 bytes"):
        journal_state(journal, key=KEY)
    put_skip(journal, seq, good)
    put_skip(journal, seq - 1, good)  # an override for one command, moved to another
    with pytest.raises(OverrideRefused, match=f"seq {seq - 1} "):
        journal_state(journal, key=KEY)


def test_an_override_that_does_not_meet_its_command_is_refused(venue: Venue, journal: Path):
    """Made with the key, but for a command that this place of the order does not hold."""

    def sealed(seq: int, crc: int) -> bytes:
        with Meta(journal) as meta:
            return seal(KEY, meta.cluster_id, seq, crc)

    with Client(config(venue)) as client:
        client.call(instrument())
        last = int(client.call(order(1))["seq"][0])
    end = venue.stop()["seq"]
    put_skip(journal, end + 5, sealed(end + 5, 1))
    with pytest.raises(OverrideRefused, match=f"ahead of the order, which ends with seq {end}"):
        journal_state(journal, key=KEY)
    put_skip(journal, last, sealed(last, 1))
    with pytest.raises(OverrideRefused, match=f"seq {last} on: an override says to skip this seq"):
        journal_state(journal, key=KEY)
