"""A disk that is full: a small file system of its own, mounted where nobody else sees it, or a limit on file sizes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HELPERS = Path(__file__).parent

IN_SMALL_FILE_SYSTEM = """
import contextlib, os, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from journal_chain import chain, open_writer
from seriatim.journal import JournalFull, JournalReader, verify
from seriatim.journal.layout import segment_path

folder = Path(sys.argv[1]) / "journal"
filler = folder.parent / "filler"

def fill_up():
    with contextlib.suppress(OSError), filler.open("ab", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True: file.write(bytes(size))

def append(writer):
    block = next(chain(1, writer.position, messages=50))
    writer.append(block.index, block.data)

def append_until_full(writer):
    for _ in range(10000):
        try: append(writer)
        except JournalFull as error: return str(error)
    raise AssertionError("never full")

def read():
    with JournalReader(folder) as reader:
        return [block.index for block in reader]
"""

FULL_BETWEEN_SEGMENTS = """
with open_writer(folder) as writer:
    append(writer)
    fill_up()
    message = append_until_full(writer)
    assert "no room for the next block" in message, message
    acknowledged = writer.position.index
    assert acknowledged > 10
    assert read() == list(range(1, acknowledged + 1))
    for _ in range(3):
        append_until_full(writer)
    filler.unlink()
    append(writer)
    assert read() == list(range(1, acknowledged + 2))
assert verify(folder).whole
"""

FULL_IN_A_COMMIT = """
with open_writer(folder, spares=0) as writer:
    append(writer)
    path = segment_path(folder, 1)
    # Without its prepared space a segment meets the full disk in the commit itself.
    size = path.stat().st_size
    os.truncate(path, 64 << 10); os.truncate(path, size)
    fill_up()
    append_until_full(writer)
    acknowledged = writer.position.index
    filler.unlink()
    for _ in range(5): append(writer)
    assert read() == list(range(1, acknowledged + 6))
with open_writer(folder) as writer:
    assert writer.position.index == acknowledged + 5
assert verify(folder).whole
"""

FULL_AT_THE_START = """
from seriatim.journal import JournalError
with open_writer(folder, spares=0) as writer:
    for _ in range(5): append(writer)
fill_up()
with open_writer(folder, spares=1) as writer:
    append_until_full(writer)
    assert read() == [1, 2, 3, 4, 5]
    filler.unlink()
    append(writer)
assert read() == [1, 2, 3, 4, 5, 6]
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
@pytest.mark.parametrize("story", [FULL_BETWEEN_SEGMENTS, FULL_IN_A_COMMIT, FULL_AT_THE_START])
def test_a_full_disk_stops_intake_keeps_what_was_acknowledged_and_goes_on(tmp_path: Path, story: str):
    mount = 'mount -t tmpfs -o size=12m tmpfs "$1" && exec "$2" -c "$3" "$1" "$4"'
    code = IN_SMALL_FILE_SYSTEM + story
    command = ["unshare", "-m", "sh", "-c", mount, "sh", str(tmp_path), sys.executable, code, str(HELPERS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr


def test_a_limit_on_file_sizes_reads_as_a_full_disk(tmp_path: Path):
    story = """
import resource
with open_writer(folder, spares=0) as writer:
    append(writer)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 10, resource.RLIM_INFINITY))
    append_until_full(writer)
    acknowledged = writer.position.index
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    append(writer)
assert read() == list(range(1, acknowledged + 2))
"""
    command = [sys.executable, "-c", IN_SMALL_FILE_SYSTEM + story, str(tmp_path), str(HELPERS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
