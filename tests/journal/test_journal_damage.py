"""What the disk may do to a journal. Everything that might crash runs in a process that may."""

import os
import re
import subprocess
import sys
from pathlib import Path

import lmdb
import pytest
from journal_chain import SEGMENT_BYTES, open_writer, write_blocks

from seriatim.journal import JournalDamaged, JournalError, JournalReader, Meta, UnknownFormat, verify
from seriatim.journal.environment import used_bytes
from seriatim.journal.layout import RUNNING_NAME, lock_path, scan, segment_path
from seriatim.journal.meta import create_meta
from seriatim.tools.journal.inspect import journal_info
from seriatim.tools.journal.state import journal_state

PAGE_BYTES = 4096


def flip(path: Path, offset: int, mask: int = 0x10) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ mask]))


def place_of(path: Path, needle: bytes) -> int:
    place = path.read_bytes().rindex(needle)
    assert place > 0
    return place


@pytest.mark.parametrize("place", ["header", "frames"])
def test_a_flipped_bit_in_a_block_is_found_and_the_blocks_before_it_are_read(folder: Path, place: str):
    written = write_blocks(folder, 20, messages=200)
    segment = segment_path(folder, 1)
    start = place_of(segment, written[11])
    flip(segment, start + (20 if place == "header" else 5000))
    with JournalReader(folder) as reader:
        seen = []
        with pytest.raises(JournalDamaged, match="block 12") as damage:
            seen.extend(block.index for block in reader)
        assert damage.value.index == 12
        assert damage.value.path == segment
    report = verify(folder)
    assert not report.whole
    assert report.last_good_index == 11
    assert report.segments[0].beyond == 8
    assert "block 12: the checksum does not match" in report.problems[0]


def test_a_block_that_was_swapped_for_another_whole_one_breaks_the_chain(folder: Path):
    other = folder.with_name("other")
    written = write_blocks(folder, 20, messages=200)
    foreign = write_blocks(other, 20, messages=200, message_bytes=85)
    segment = segment_path(folder, 1)
    start = place_of(segment, written[9])
    with segment.open("r+b") as file:
        file.seek(start)
        file.write(foreign[9])
    report = verify(folder)
    assert report.last_good_index == 9
    assert "block 10 does not name block 9 as its predecessor" in report.problems[0]
    with JournalReader(folder) as reader, pytest.raises(JournalDamaged, match="chain is broken"):
        list(reader)


def test_the_checker_survives_flipped_bits_anywhere_in_lmdbs_pages(folder: Path):
    """The child may die of them; the report comes all the same, and blocks that it calls good are the ones written."""
    write_blocks(folder, 30)
    write_blocks(folder, 30)
    segment = segment_path(folder, 1)
    whole = segment.read_bytes()
    found = 0
    for page in range(2, len(whole) // PAGE_BYTES, 2):
        damaged = bytearray(whole)
        for offset in (2, 10, 12, 16, 17, 40):
            damaged[page * PAGE_BYTES + offset] ^= 0x55
        segment.write_bytes(damaged)
        report = verify(folder)
        assert len(report.segments) == 2
        assert report.segments[1].problem is None
        found += not report.whole
    assert found > 0


def test_a_file_cut_short_is_refused_before_it_is_mapped(folder: Path):
    write_blocks(folder, 20, messages=200)
    segment = segment_path(folder, 1)
    for size in (used_bytes(segment) - 1, PAGE_BYTES + 100, 17, 0):
        os.truncate(segment, size)
        with JournalReader(folder) as reader, pytest.raises(JournalDamaged, match=r"cut short|ends within"):
            reader.step()
        assert not verify(folder).whole
        with pytest.raises(JournalDamaged):
            open_writer(folder)


@pytest.mark.parametrize("content", [b"", b"not lmdb" * 2000, bytes(8192)])
def test_a_file_that_is_no_segment_is_refused(folder: Path, content: bytes):
    write_blocks(folder, 3)
    segment_path(folder, 4).write_bytes(content)
    with pytest.raises(JournalDamaged, match=r"0004\.lmdb"):
        open_writer(folder)
    report = verify(folder)
    assert report.last_good_index == 3
    assert len(report.problems) == 1


def test_a_folder_in_place_of_a_segment_is_refused(folder: Path):
    write_blocks(folder, 3)
    segment_path(folder, 4).mkdir()
    with pytest.raises(JournalDamaged, match="not a file"):
        open_writer(folder)
    assert not verify(folder).whole


def test_a_segment_of_another_journal_is_refused(folder: Path):
    other = folder.with_name("other")
    write_blocks(folder, 3)
    write_blocks(other, 3, messages=4)
    write_blocks(other, 3, messages=4)
    segment_path(folder, 4).write_bytes(segment_path(other, 4).read_bytes())
    with JournalReader(folder) as reader, pytest.raises(JournalDamaged, match="does not name block 3"):
        list(reader)
    assert "does not follow block 3" in verify(folder).problems[0]


def test_a_segment_under_a_wrong_name_is_refused(folder: Path):
    write_blocks(folder, 3)
    segment_path(folder, 1).rename(segment_path(folder, 2))
    lock_path(segment_path(folder, 1)).unlink()
    assert "is named 2 and starts with block 1" in " ".join(verify(folder).problems)


def test_committed_blocks_that_vanished_stop_the_writer(folder: Path):
    for _ in range(2):
        write_blocks(folder, 3)
    segment_path(folder, 4).unlink()
    with pytest.raises(JournalDamaged, match="the newest segment, is missing"):
        open_writer(folder)
    with Meta(folder) as meta:
        meta.set_newest_segment(1)
    with pytest.raises(JournalDamaged, match="ends with block 3 but was committed up to 6"):
        open_writer(folder)


@pytest.mark.parametrize(
    ("vanished", "said"),
    [
        ((1,), r"0001\.lmdb, the first segment, is missing from .* begins with block 4"),
        ((7,), r"0007\.lmdb, the newest segment, is missing from"),
        ((1, 4, 7), r"0007\.lmdb, the newest segment, is missing from"),
    ],
    ids=["the first", "the newest", "all"],
)
def test_a_segment_that_vanished_is_named_by_all_who_look(folder: Path, vanished: tuple[int, ...], said: str):
    for _ in range(3):
        write_blocks(folder, 3)
    assert verify(folder).whole
    assert journal_info(folder).missing == ()
    for first_index in vanished:
        segment_path(folder, first_index).unlink()
    report, info = verify(folder), journal_info(folder)
    assert re.search(said, report.problems[0])
    assert re.search(said, info.missing[0])
    for refuses in (open_writer, journal_state):
        with pytest.raises(JournalDamaged, match=said):
            refuses(folder)
    if 7 in vanished:
        end = f"ends with block {0 if 1 in vanished else 6} but was committed up to 9: segments are missing"
        assert end in report.problems[1]
        assert end in info.missing[1]
        assert info.commit_index == 9


def test_a_log_that_ends_before_its_commit_position_is_damaged(folder: Path):
    write_blocks(folder, 3)
    with Meta(folder) as meta:
        meta.set_commit(4)
    said = "ends with block 3 but was committed up to 4"
    assert said in verify(folder).problems[0]
    assert said in journal_info(folder).missing[0]


def test_another_format_is_refused_by_verify_as_by_readers(folder: Path):
    write_blocks(folder, 3)
    with (
        lmdb.open(str(folder / "meta.lmdb"), subdir=False, lock=False) as environment,
        environment.begin(write=True) as transaction,
    ):
        transaction.put(b"format", (2).to_bytes(4, "little"))
    for refuses in (verify, journal_info, JournalReader):
        with pytest.raises(UnknownFormat, match="has format 2; this version of Seriatim reads 1"):
            refuses(folder)


def test_damage_in_meta_is_a_problem_of_the_journal(folder: Path):
    write_blocks(folder, 3)
    meta = folder / "meta.lmdb"
    whole = meta.read_bytes()
    meta.write_bytes(whole[: 2 * PAGE_BYTES] + bytes(len(whole) - 2 * PAGE_BYTES))
    assert [problem.partition(":")[0] for problem in verify(folder).problems] == ["meta.lmdb"]


def test_a_segment_that_vanished_after_a_crash_stops_the_writer(folder: Path):
    """The commit position lags while a segment is written, so it cannot miss the blocks that were in there."""
    write_blocks(folder, 3)
    write_blocks(folder, 3)
    with Meta(folder) as meta:
        meta.set_commit(3)
    (folder / RUNNING_NAME).touch()
    segment_path(folder, 4).unlink()
    with pytest.raises(JournalDamaged, match=r"0004\.lmdb, the newest segment, is missing from .*; bring it back"):
        open_writer(folder)


def test_damage_that_lmdb_notices_is_named(folder: Path):
    """Pages of another kind than their place says: LMDB's own error would tell nobody which file it is about."""
    write_blocks(folder, 3)
    for path in (folder / "meta.lmdb", segment_path(folder, 1)):
        whole = path.read_bytes()
        path.write_bytes(whole[: 2 * PAGE_BYTES] + bytes(len(whole) - 2 * PAGE_BYTES))
        with pytest.raises(JournalDamaged, match="pages are damaged") as damage:
            open_writer(folder)
        assert damage.value.path == path
        path.write_bytes(whole)
    with open_writer(folder) as writer:
        assert writer.position.index == 3


def test_after_an_unclean_stop_the_tail_is_checked_before_it_is_trusted(folder: Path):
    written = write_blocks(folder, 20, messages=200)
    (folder / RUNNING_NAME).touch()
    with open_writer(folder) as writer:
        assert writer.recovery.unclean
        assert writer.recovery.report is not None
        assert writer.recovery.report.last_good_index == 20
    flip(segment_path(folder, 1), place_of(segment_path(folder, 1), written[15]) + 100)
    (folder / RUNNING_NAME).touch()
    with pytest.raises(JournalDamaged, match="block 16: the checksum"):
        open_writer(folder)
    assert (folder / RUNNING_NAME).exists()
    assert scan(folder).segments == [1, 21]


def test_a_crash_before_the_first_segment_leaves_a_journal_that_opens(folder: Path):
    folder.mkdir()
    create_meta(folder, randomness=bytes, schema_version=0, schema_ir=b"ir", segment_bytes=SEGMENT_BYTES)
    (folder / RUNNING_NAME).touch()
    assert journal_info(folder).segments == ()
    assert verify(folder).whole
    with open_writer(folder) as writer:
        assert writer.recovery.unclean
        assert writer.position.index == 0


def test_a_missing_or_damaged_meta_is_named(folder: Path):
    write_blocks(folder, 3)
    (folder / "meta.lmdb").write_bytes(b"x" * 10_000)
    with pytest.raises(JournalDamaged, match=r"meta\.lmdb"):
        JournalReader(folder)
    (folder / "meta.lmdb").unlink()
    assert verify(folder).problems == ["meta.lmdb is missing"]
    with pytest.raises(JournalError):
        open_writer(folder)


def test_reading_damaged_pages_in_a_child_never_hangs(folder: Path):
    """The reader itself runs on pages that LMDB does not check; a child shows that it ends, one way or another."""
    write_blocks(folder, 30)
    segment = segment_path(folder, 1)
    flip(segment, (segment.stat().st_size // PAGE_BYTES - 1) * PAGE_BYTES + 12, 0xFF)
    code = "import sys, pathlib, seriatim.journal as j; list(j.JournalReader(pathlib.Path(sys.argv[1])))"
    subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, check=False, timeout=60)
