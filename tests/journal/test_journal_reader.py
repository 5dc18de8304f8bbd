"""Reading from any position, to the commit position, and on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from journal_chain import chain, open_writer, write_blocks

from seriatim._native import ffi
from seriatim.journal import HistoryGone, JournalClosed, JournalDamaged, JournalError, JournalReader, verify
from seriatim.journal.environment import open_environment
from seriatim.journal.layout import lock_path, segment_path


def delete_segment(folder: Path, first_index: int) -> None:
    segment_path(folder, first_index).unlink()
    lock_path(segment_path(folder, first_index)).unlink(missing_ok=True)


def test_a_reader_of_the_same_process_follows_the_writer_over_segments(folder: Path):
    with open_writer(folder) as writer, JournalReader(folder) as reader:
        assert reader.step() is None
        for block in chain(60, messages=300):
            writer.append(block.index, block.data)
            read = reader.step()
            assert read is not None
            assert bytes(read.data) == bytes(block.data)
            assert reader.step() is None
        assert writer.counters.segments > 2


def test_a_reader_outlives_the_writer_and_sees_the_next_one(folder: Path):
    write_blocks(folder, 2)
    with JournalReader(folder) as reader:
        assert [block.index for block in reader] == [1, 2]
        write_blocks(folder, 2)
        assert [block.index for block in reader] == [3, 4]


def test_views_end_with_the_step(folder: Path):
    write_blocks(folder, 3)
    with JournalReader(folder) as reader:
        block = reader.step()
        assert block is not None
        reader.step()
        with pytest.raises(ValueError, match="released"):
            bytes(block.body)


def test_bytes_still_in_use_stop_the_step_with_a_clear_error(folder: Path):
    write_blocks(folder, 3)
    with JournalReader(folder) as reader:
        block = reader.step()
        assert block is not None
        pointer = ffi.from_buffer(block.body)
        with pytest.raises(JournalError, match="block 1; copy"):
            reader.step()
        ffi.release(pointer)
        following = reader.step()
        assert following is not None
        assert following.index == 2


def test_readers_stop_at_the_commit_position_of_a_group(folder: Path):
    with open_writer(folder) as writer:
        writer.meta.set_membership((1, 2, 3))
        for block in chain(10):
            writer.append(block.index, block.data)
        with JournalReader(folder) as reader, JournalReader(folder, beyond_commit=True) as tool:
            assert reader.step() is None
            writer.meta.set_commit(4)
            assert [block.index for block in reader] == [1, 2, 3, 4]
            assert len(list(tool)) == 10
            writer.meta.set_commit(10)
            assert [block.index for block in reader] == [5, 6, 7, 8, 9, 10]


def test_a_block_behind_the_start_of_the_next_segment_is_not_part_of_the_log(folder: Path):
    """How an uncommitted suffix is replaced: a segment that begins with the first block of it takes its place."""
    other = folder.with_name("other")
    replaced = write_blocks(folder, 5)
    write_blocks(other, 3)
    replacing = write_blocks(other, 2, messages=1)
    shutil.copy(segment_path(other, 4), segment_path(folder, 4))
    with JournalReader(folder) as reader:
        assert [bytes(block.data) for block in reader] == replaced[:3] + replacing
        reader.seek_seq(10)
        assert reader.next_index == 4
    report = verify(folder)
    assert report.whole
    assert report.last_good_index == 5
    with open_writer(folder) as writer:
        assert writer.position.next_seq == 12


def test_history_that_is_gone_is_named(folder: Path):
    for _ in range(3):
        write_blocks(folder, 4)
    delete_segment(folder, 1)
    with JournalReader(folder) as reader:
        assert reader.first_index == 5
        assert [block.index for block in reader] == [5, 6, 7, 8, 9, 10, 11, 12]
        with pytest.raises(HistoryGone, match="begins with block 5") as gone:
            reader.seek(2)
        assert gone.value.first_index == 5
        with pytest.raises(HistoryGone):
            reader.seek_seq(3)
        reader.seek_seq(13)
        assert reader.next_index == 5


def test_a_segment_deleted_under_a_reader_does_not_disturb_it(folder: Path):
    for _ in range(3):
        write_blocks(folder, 4)
    with JournalReader(folder) as reader:
        assert reader.step() is not None
        delete_segment(folder, 1)
        assert [block.index for block in reader] == list(range(2, 13))


def test_a_reader_whose_next_segment_was_truncated_is_told(folder: Path):
    for _ in range(3):
        write_blocks(folder, 4)
    with JournalReader(folder) as reader:
        assert reader.step() is not None
        delete_segment(folder, 1)
        delete_segment(folder, 5)
        with pytest.raises(HistoryGone, match="begins with block 9"):
            list(reader)


def test_a_segment_missing_in_the_middle_is_damage(folder: Path):
    for _ in range(3):
        write_blocks(folder, 4)
    delete_segment(folder, 5)
    with JournalReader(folder) as reader, pytest.raises(JournalDamaged, match="blocks 5 to 8 are missing"):
        list(reader)


def test_reading_starts_at_any_index_and_checks_the_chain_from_there(folder: Path):
    write_blocks(folder, 100)
    with JournalReader(folder) as reader:
        for index in (100, 1, 50, 101):
            reader.seek(index)
            assert [block.index for block in reader] == list(range(index, 101))


def test_follow_asks_its_caller_what_to_do_when_there_is_nothing_new(folder: Path):
    with open_writer(folder) as writer, JournalReader(folder) as reader:
        blocks = chain(5)

        def idle() -> None:
            block = next(blocks, None)
            if block is None:
                raise TimeoutError
            writer.append(block.index, block.data)

        following = reader.follow(idle)
        assert [next(following).index for _ in range(5)] == [1, 2, 3, 4, 5]
        with pytest.raises(TimeoutError):
            next(following)


def test_a_closed_reader_says_so(folder: Path):
    write_blocks(folder, 1)
    reader = JournalReader(folder)
    reader.close()
    reader.close()
    with pytest.raises(JournalClosed):
        reader.step()


FOLLOWER = """
import sys, time, pathlib
from seriatim.journal import JournalReader
last, deadline = int(sys.argv[2]), time.monotonic() + 60
seen = 0
def idle():
    if time.monotonic() > deadline: raise TimeoutError
    time.sleep(0.0005)
with JournalReader(pathlib.Path(sys.argv[1])) as reader:
    print("ready", flush=True)
    for block in reader.follow(idle):
        seen += 1
        assert block.index == seen, (block.index, seen)
        if block.index == last: break
print(seen)
"""


def test_processes_that_read_while_the_writer_is_under_load_miss_and_repeat_nothing(folder: Path):
    blocks = 800
    with open_writer(folder, segment_bytes=1 << 20, spares=2) as writer:
        command = [sys.executable, "-c", FOLLOWER, str(folder), str(blocks)]
        readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
        for number in range(blocks):
            for block in chain(1, writer.position, messages=1 + number % 97):
                writer.append(block.index, block.data)
        counts = [reader.communicate(timeout=60)[0] for reader in readers]
    assert counts == [f"{blocks}\n"] * 2
    assert writer.counters.segments > 3


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_journal_on_a_read_only_file_system_can_be_read_and_not_written(folder: Path):
    write_blocks(folder, 5)
    code = (
        "import os, sys, pathlib, seriatim.journal as j\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "print([block.index for block in j.JournalReader(folder)], j.verify(folder).whole)\n"
        "try: j.JournalWriter(folder, randomness=os.urandom, schema_ir=b'ir', schema_version=0)\n"
        "except j.JournalReadOnly as error: print(error)"
    )
    mount = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && exec "$2" -c "$3" "$1"'
    command = ["unshare", "-m", "sh", "-c", mount, "sh", str(folder), sys.executable, code]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert told.startswith("[1, 2, 3, 4, 5] True\n")
    assert f"cannot write to {folder}" in told


def test_readers_that_were_killed_do_not_use_up_the_reader_slots(folder: Path):
    code = (
        "import os, sys, pathlib, seriatim.journal as j\n"
        "reader = j.JournalReader(pathlib.Path(sys.argv[1]))\n"
        "assert reader.step() is not None\n"
        "os._exit(0)"
    )
    with open_writer(folder) as writer:
        writer.append(1, next(chain(1)).data)
        for _ in range(4):
            subprocess.run([sys.executable, "-c", code, str(folder)], check=True, timeout=60)
        assert taken_slots(folder) <= 2


def taken_slots(folder: Path) -> int:
    """How many reader slots of the first segment are in use."""
    environment = open_environment(segment_path(folder, 1))
    try:
        return len(environment.handle.readers().strip().splitlines()) - 1
    finally:
        environment.close()
