"""Who may write, and where a block may go."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from journal_chain import SEGMENT_BYTES, chain, open_writer, write_blocks

from seriatim.journal import (
    Block,
    BlockTooLarge,
    JournalClosed,
    JournalDamaged,
    JournalLocked,
    JournalReader,
    NotAJournal,
    OutOfOrder,
    SchemaMismatch,
    UnknownFormat,
    Vote,
    verify,
)
from seriatim.journal.layout import scan


def test_a_block_that_does_not_continue_the_log_is_refused_and_changes_nothing(folder: Path):
    with open_writer(folder) as writer:
        first, second, third = chain(3)
        writer.append(1, first.data)
        with pytest.raises(OutOfOrder, match="block 3 cannot follow block 1"):
            writer.append(3, third.data)
        with pytest.raises(OutOfOrder, match="chain is broken"):
            writer.append(2, Block.build(2, 4, [b"x"]).data)
        with pytest.raises(OutOfOrder, match="seq 9"):
            writer.append(2, Block.build(2, 9, [b"x"], previous_hash=first.hash()).data)
        with pytest.raises(OutOfOrder, match="term 0"):
            writer.append(2, Block.build(2, 4, [b"x"], previous_hash=first.hash(), term=0).data)
        with pytest.raises(JournalDamaged):
            writer.append(2, bytes(second.data)[:-1])
        writer.append(2, second.data)
        assert writer.position.index == 2


def test_a_block_larger_than_a_segment_is_refused_and_the_log_goes_on(folder: Path):
    with open_writer(folder) as writer:
        (large,) = chain(1, messages=12_000)
        with pytest.raises(BlockTooLarge, match="make segments larger"):
            writer.append(1, large.data)
        for block in chain(40, messages=300):
            writer.append(block.index, block.data)
        with pytest.raises(BlockTooLarge):
            writer.append(41, next(chain(1, writer.position, messages=12_000)).data)
        for block in chain(3, writer.position):
            writer.append(block.index, block.data)
    with JournalReader(folder) as reader:
        assert [block.index for block in reader] == list(range(1, 44))


def test_a_second_writer_is_told_who_holds_the_journal(folder: Path):
    with open_writer(folder), pytest.raises(JournalLocked, match=f"process {os.getpid()}"):
        open_writer(folder)
    with open_writer(folder):
        code = (
            "import os, sys, pathlib, seriatim.journal as j\n"
            "folder = pathlib.Path(sys.argv[1])\n"
            "try: j.JournalWriter(folder, randomness=os.urandom, schema_ir=b'ir', schema_version=0)\n"
            "except j.JournalLocked as error: print(error)"
        )
        told = subprocess.run(
            [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True, timeout=60
        )
    assert f"process {os.getpid()} writes to" in told.stdout
    write_blocks(folder, 1)


FORKING = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from journal_chain import chain, open_writer
from seriatim.journal import UsedAfterFork

writer = open_writer(Path(sys.argv[1]))
(block,) = chain(1)
read_end, write_end = os.pipe()
child = os.fork()
if child == 0:
    os.close(write_end)
    code = 1
    try:
        writer.append(1, block.data)
    except UsedAfterFork:
        code = 0
    os.read(read_end, 1)  # Lives until the parent has closed the journal, and the test has reopened it.
    os._exit(code)
os.close(read_end)
writer.append(1, block.data)
writer.close()
print("closed", flush=True)
sys.stdin.read(1)
os.close(write_end)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_the_writer_is_refused_in_a_forked_child_which_does_not_keep_the_lock(folder: Path):
    """In a process of its own: a fork of the whole test run is more memory than a system may promise."""
    command = [sys.executable, "-c", FORKING, str(folder), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as forking:
        assert forking.stdin is not None
        assert forking.stdout is not None
        assert forking.stdout.readline() == b"closed\n"
        assert len(write_blocks(folder, 1)) == 1
        forking.stdin.close()
        assert forking.wait(30) == 0


def test_a_folder_with_other_files_is_not_taken_for_a_journal(folder: Path):
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(NotAJournal, match=r"thesis\.txt"):
        open_writer(folder)
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]
    with pytest.raises(NotAJournal):
        open_writer(folder / "thesis.txt")
    with pytest.raises(NotAJournal, match="no journal"):
        JournalReader(folder)


def test_a_name_that_is_not_utf_8_is_refused_before_anything_is_made(folder: Path):
    write_blocks(folder, 2)
    named = folder.rename(folder.with_name(os.fsdecode(b"bad\xff")))
    for opened in (JournalReader, open_writer, verify):
        with pytest.raises(NotAJournal, match=r"bad\\udcff is not UTF-8; give the folder a name that is"):
            opened(named)
    with pytest.raises(NotAJournal, match="is not UTF-8"):
        open_writer(named / "journal")
    assert not (named / "journal").exists()


def test_a_stranger_in_a_journal_is_left_alone(folder: Path):
    written = write_blocks(folder, 2)
    for name in ("notes.txt", "1.lmdb", "0000000000000000000x.lmdb"):
        (folder / name).write_text("mine")
    write_blocks(folder, 2)
    assert [path.name for path in scan(folder).strangers] == ["0000000000000000000x.lmdb", "1.lmdb", "notes.txt"]
    with JournalReader(folder) as reader:
        assert bytes(next(iter(reader)).data) == written[0]


def test_identity_is_drawn_once(folder: Path):
    with open_writer(folder) as writer:
        identity = writer.meta.cluster_id, writer.meta.node_id
        assert writer.meta.membership == (writer.meta.node_id,)
    with open_writer(folder) as writer:
        assert (writer.meta.cluster_id, writer.meta.node_id) == identity
        assert len(writer.meta.cluster_id) == 16


def test_votes_and_schemas_are_kept(folder: Path):
    with open_writer(folder) as writer:
        assert writer.meta.vote == Vote(0, 0)
        writer.meta.set_vote(Vote(7, 3))
    with open_writer(folder, schema_version=2, schema_ir=b"newer") as writer:
        assert writer.meta.vote == Vote(7, 3)
        assert writer.meta.schemas() == {0: b"ir", 2: b"newer"}
    with pytest.raises(SchemaMismatch, match="version 2"):
        open_writer(folder, schema_version=2, schema_ir=b"other")


def test_another_format_version_is_refused(folder: Path):
    with open_writer(folder) as writer:
        writer.meta._put(b"format", (99).to_bytes(4, "little"))
    with pytest.raises(UnknownFormat, match="format 99"):
        JournalReader(folder)
    with pytest.raises(UnknownFormat):
        open_writer(folder)


def test_segments_are_prepared_ahead_and_spares_survive_a_restart(folder: Path):
    with open_writer(folder, spares=2) as writer:
        assert writer.wait_prepared(2, 30)
        assert writer.counters.unprepared == 0
    spares = scan(folder).spares
    assert [spare.stat().st_size for spare in spares] == [SEGMENT_BYTES] * 2
    inodes = {spare.stat().st_ino for spare in spares}
    with open_writer(folder, spares=1):
        (segment,) = folder.glob("0*.lmdb")
        assert segment.stat().st_ino in inodes
    with open_writer(folder, spares=1, segment_bytes=2 * SEGMENT_BYTES) as writer:
        assert writer.wait_prepared(1, 30)
        assert {spare.stat().st_size for spare in scan(folder).spares} == {2 * SEGMENT_BYTES}


def test_what_a_crash_left_unfinished_is_cleaned_up(folder: Path):
    written = write_blocks(folder, 2)
    (folder / "spare-0007.lmdb.new").write_bytes(b"half")
    (folder / "meta.lmdb.new").write_bytes(b"half")
    (folder / "spare-0009.lmdb").write_bytes(b"wrong size")
    with open_writer(folder, spares=0):
        assert not list(folder.glob("*.new"))
        assert not list(folder.glob("spare*"))
    with JournalReader(folder) as reader:
        assert [bytes(block.data) for block in reader] == written


def test_a_closed_writer_says_so(folder: Path):
    writer = open_writer(folder)
    writer.close()
    writer.close()
    with pytest.raises(JournalClosed):
        writer.append(1, next(chain(1)).data)


def test_an_append_that_an_exception_left_half_way_is_settled(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Ctrl-C can strike after the commit and before the writer has noted it."""
    with open_writer(folder) as writer:
        first, second, third = chain(3)
        writer.append(1, first.data)
        commit = writer._commit

        def interrupted(*args: object) -> None:
            commit(*args)  # pyright: ignore[reportArgumentType]
            raise KeyboardInterrupt

        monkeypatch.setattr(writer, "_commit", interrupted)
        with pytest.raises(KeyboardInterrupt):
            writer.append(2, second.data)
        monkeypatch.setattr(writer, "_commit", commit)
        with pytest.raises(OutOfOrder, match="block 2 cannot follow block 2"):
            writer.append(2, second.data)
        writer.append(3, third.data)
    with JournalReader(folder) as reader:
        assert [block.index for block in reader] == [1, 2, 3]
