"""The public log: every packet by number, mended from the journal whatever happens to it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from seriatim.journal import JournalReader, NotThisEventLog
from seriatim.journal.event_log import EventLog
from seriatim.marketdata import Books, Market, PublicLog
from seriatim.tools.main import cli
from tests.recorder.recorder_help import make_journal, record_once
from tests.recorder.test_log_folder import held


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two epochs of trading."""
    folder = tmp_path_factory.mktemp("public") / "journal"
    make_journal(folder, 12_000, starts=2)
    return folder


def publish_once(journal: Path, log: Path) -> dict:
    """Makes or mends the log; gives what the command says, and what it logged."""
    command = [sys.executable, "-m", "seriatim", "marketdata", str(journal), "--log", str(log)]
    command += ["--aeron-dir", str(log / "no-driver"), "--segment-mib", "1", "--once", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    return {**json.loads(done.stdout.splitlines()[-1]), "said": done.stderr}


def messages_of(log: PublicLog, from_number: int, to_number: int) -> tuple[bytes, int]:
    """All packets of a range, and the number after them."""
    found = b""
    while from_number < to_number:
        packets = log.packets(from_number, to_number)
        if not len(packets):
            break
        ends = packets.offsets + packets.lengths
        found += b"".join(packets.data[start:end].tobytes() for start, end in zip(packets.offsets, ends, strict=True))
        from_number = packets.next_number
    return found, from_number


def test_it_holds_every_packet_by_number(journal: Path, tmp_path: Path):
    messages = publish_once(journal, tmp_path / "log")["messages_public"]
    with Market(int.from_bytes(cluster_of(journal)[:8], "little")) as market, JournalReader(journal) as reader:
        told = []
        for block in reader:
            packets = market.tell(block.data)
            ends = packets.offsets + packets.lengths
            told += [packets.data[start:end].tobytes() for start, end in zip(packets.offsets, ends, strict=True)]
        assert market.next_number == messages + 1
    with PublicLog(tmp_path / "log") as log:
        assert messages_of(log, 1, messages + 1) == (b"".join(told), messages + 1)
        books = Books()
        for _ in range(200):
            middle = np.random.default_rng(3).integers(2, messages)
            packets = log.packets(int(middle), int(middle) + 1)
            assert len(packets) == 1
            assert packets.next_number == middle + 1
            books.take(packets.data, packets.offsets, packets.lengths)
        assert not len(log.packets(messages + 1, messages + 9))


def cluster_of(journal: Path) -> bytes:
    """Of a journal."""
    with JournalReader(journal) as reader:
        return reader.meta.cluster_id


@pytest.mark.parametrize("damage", ["flip", "cut", "delete", "all"])
def test_any_damage_is_mended_with_the_same_numbers(damage: str, journal: Path, tmp_path: Path):
    log = tmp_path / "log"
    messages = publish_once(journal, log)["messages_public"]
    with PublicLog(log) as reader:
        before = messages_of(reader, 1, messages + 1)
    segments = sorted(log.glob("*.lmdb"))
    assert len(segments) > 2
    middle = segments[len(segments) // 2]
    if damage == "flip":
        data = bytearray(middle.read_bytes())
        for place in range(40_000, 200_000, 4_096):
            data[place] ^= 0xFF
        middle.write_bytes(data)
    elif damage == "cut":
        middle.write_bytes(middle.read_bytes()[:50_000])
    elif damage == "delete":
        middle.unlink()
    else:
        for path in log.iterdir():
            path.unlink()
    assert publish_once(journal, log)["messages_public"] == messages
    with PublicLog(log) as reader:
        assert messages_of(reader, 1, messages + 1) == before


def test_an_event_log_is_no_public_log_and_the_other_way_round(journal: Path, tmp_path: Path):
    publish_once(journal, tmp_path / "log")
    with pytest.raises(NotThisEventLog):
        EventLog(tmp_path / "log")
    with pytest.raises(NotThisEventLog):
        PublicLog(tmp_path / "none")


@pytest.mark.parametrize("described", [True, False], ids=["log.json", "no log.json"])
def test_a_log_of_the_other_kind_is_refused_and_left_as_it_was(journal: Path, tmp_path: Path, described: bool):
    public, events = tmp_path / "public", tmp_path / "events"
    publish_once(journal, public)
    record_once(journal, events)
    for log, keeper in ((public, record_once), (events, publish_once)):
        if not described:
            (log / "log.json").unlink()
        before = held(log)
        with pytest.raises(AssertionError, match="another kind" if described else "not those of an event log"):
            keeper(journal, log)
        assert held(log) == before


def test_the_journal_may_be_the_folder_at_hand(journal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(shutil.copytree(journal, tmp_path / "journal"))
    done = CliRunner().invoke(cli, ["marketdata", ".", "--once", "--aeron-dir", str(tmp_path / "no-driver")])
    assert done.exit_code == 0, done.output
    with PublicLog(tmp_path / "journal-public") as log:
        assert len(log.packets(1, 2))
