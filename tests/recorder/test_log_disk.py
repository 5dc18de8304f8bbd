"""An event log on a disk that is full: the recorder waits for room, and readers are not killed by it."""

import os
from pathlib import Path

import pytest

from tests.bus.test_bus_full_disk import on_a_small_disk
from tests.recorder.recorder_help import make_journal

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")

HELP = """
import contextlib, os, sys
from pathlib import Path
import numpy as np
from seriatim.engine import EVENT
from seriatim.journal import JournalFull
from seriatim.journal.event_log import EventLog, EventLogWriter, encode_record
from seriatim.journal.layout import lock_path, segment_path
from seriatim.sequencer.recorder.keeper import Place

disk, aside = Path(sys.argv[1]), Path(sys.argv[2])
log, filler = disk / "log", disk / "filler"

def fill_up():
    with contextlib.suppress(OSError), filler.open("ab", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True: file.write(bytes(size))

def give_room(size_bytes):
    os.truncate(filler, filler.stat().st_size - size_bytes)

def append(writer, seq, rows):
    array = np.zeros(rows, EVENT)
    array["seq"] = seq
    writer.append(seq, encode_record(Place(seq, seq, seq + 1, 5, 9, 1), array, np.zeros(0)), [])
"""

WRITER = """
writer = EventLogWriter(log, cluster_id=b"a" * 16)
append(writer, 1, 10)
writer.commit()
fill_up()
seq, waited = 1, 0
for turn in range(25):
    seq += 1
    append(writer, seq, 1_000 + 37 * turn)
    while True:
        try:
            writer.commit()
            break
        except JournalFull:  # anything else ends this
            waited += 1
            give_room(4096 * (1 + turn % 9))
assert waited > 25, waited
with EventLog(log) as reader:
    assert [len(events) for events in reader.range(2, 26)] == [1_000 + 37 * turn for turn in range(25)]
"""

ROOM_IN_TIME = """
class Watched(EventLogWriter):
    def _is_full(self, code):
        filler.unlink()  # by somebody else, between the write that was cut short and the look for room
        return super()._is_full(code)

writer = Watched(log, cluster_id=b"a" * 16)
append(writer, 1, 10)
writer.commit()
fill_up()
append(writer, 2, 1_000)
give_room(8192)
writer.commit()
assert not filler.exists(), "the write was never cut short"
with EventLog(log) as reader:
    assert len(reader.at(2).events) == 1_000
"""

READER = """
with EventLogWriter(log, cluster_id=b"a" * 16) as writer:
    append(writer, 1, 10)
    writer.commit()
lock = lock_path(segment_path(log, 1))
lock.unlink()
if sys.argv[3] == "sparse":
    lock.touch()
    os.truncate(lock, 16 << 10)
fill_up()
try:
    with EventLog(log) as reader:
        reader.at(1)
    raise SystemExit("it was read without room for who reads")
except JournalFull as full:
    assert "no room" in str(full) and str(lock) in str(full), full
filler.unlink()
with EventLog(log) as reader:
    assert len(reader.at(1).events) == 10
"""

RECORDER = """
import json, subprocess, threading, time
from tests.bus.bus_help import wait_for
from tests.recorder.recorder_help import RecorderProcess, replayed_events

fill_up()
give_room(int(sys.argv[3]))
recorder = RecorderProcess(aside / "journal", log, str(disk / "no-driver"), "--once")
recorder.start()
recorder.wait_for("waits for room")
begun = time.monotonic()
while time.monotonic() < begun + 2:  # so long it must not say that it has caught up
    assert not recorder.heard("caught up") and recorder.process.poll() is None, recorder.said
    time.sleep(0.05)
filler.unlink()
recorder.wait()
assert recorder.heard("has room again") and recorder.heard("caught up")
with EventLog(log) as events:
    rows = np.concatenate([batch.rows for batch in events.range(1, events.next_seq)])
assert np.array_equal(rows, replayed_events(aside / "journal"))
"""


PUBLIC_LOG = """
with EventLogWriter(log, cluster_id=b"a" * 16, who="publisher", what="public log") as writer:
    fill_up()
    append(writer, 1, 10)
    try:
        writer.commit()
        raise SystemExit("it was written without room")
    except JournalFull as full:
        assert f"no room for the public log in {log}" in str(full), full
"""


def run(tmp_path: Path, story: str, *arguments: str) -> None:
    """Tells a story where 16 MiB are mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    done = on_a_small_disk(disk, "-c", HELP + story, str(disk), *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_write_that_was_cut_short_is_a_full_disk(tmp_path: Path):
    run(tmp_path, WRITER, str(tmp_path))


def test_room_that_comes_just_after_a_write_was_cut_short_is_no_failure(tmp_path: Path):
    run(tmp_path, ROOM_IN_TIME, str(tmp_path))


def test_a_full_disk_is_said_of_the_log_that_has_no_room(tmp_path: Path):
    run(tmp_path, PUBLIC_LOG, str(tmp_path))


@pytest.mark.parametrize("lock", ["gone", "sparse"])
def test_a_reader_without_room_for_its_lock_file_is_told(tmp_path: Path, lock: str):
    run(tmp_path, READER, str(tmp_path), lock)


def test_a_recorder_waits_for_room_and_goes_on(tmp_path: Path, recorded: Path):
    run(tmp_path, RECORDER, str(recorded), str(2 << 20))


def test_a_recorder_has_not_caught_up_before_all_of_it_is_on_disk(tmp_path: Path):
    make_journal(tmp_path / "journal", commands=1_000)  # so little that it is executed before anything is written
    run(tmp_path, RECORDER, str(tmp_path), str(96 << 10))
