"""What is written is read again."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from journal_chain import chain, open_writer, write_blocks

from seriatim.journal import Block, JournalReader, Position, verify


def read_all(folder: Path) -> list[bytes]:
    with JournalReader(folder) as reader:
        return [bytes(block.data) for block in reader]


def test_what_was_appended_is_read_back_over_restarts_and_segments(folder: Path):
    written = write_blocks(folder, 50)
    assert read_all(folder) == written
    written += write_blocks(folder, 50, messages=400)
    assert read_all(folder) == written
    report = verify(folder)
    assert report.whole
    assert report.last_good_index == 100
    assert len(report.segments) > 2


RUNS = st.lists(st.lists(st.lists(st.binary(max_size=3000), max_size=40), max_size=8), min_size=1, max_size=4)


@given(RUNS, st.data())
@settings(max_examples=15, deadline=None)
def test_a_journal_is_a_list_of_blocks(runs: list[list[list[bytes]]], data: st.DataObject):
    """Any blocks, over any number of starts, are read from any index and from any seq as the list says."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, model = Path(scratch) / "journal", []
        for run in runs:
            with open_writer(folder, segment_bytes=256 << 10, spares=0) as writer:
                for commands in run:
                    end = writer.position
                    block = Block.build(
                        end.index + 1, end.next_seq, commands, previous_hash=end.hash, time_ns=end.time_ns
                    )
                    writer.append(block.index, block.data)
                    model.append(block)
        with JournalReader(folder) as reader:
            assert [bytes(block.data) for block in reader] == [bytes(block.data) for block in model]
            if not model:
                return
            index = data.draw(st.integers(1, len(model)))
            reader.seek(index)
            assert [block.index for block in reader] == list(range(index, len(model) + 1))
            seq = data.draw(st.integers(1, model[-1].next_seq))
            reader.seek_seq(seq)
            expected = next((b.index for b in model if b.first_seq <= seq < b.next_seq), len(model) + 1)
            assert reader.next_index == expected


def test_the_position_is_that_of_the_last_block_after_a_restart(folder: Path):
    written = write_blocks(folder, 5)
    with open_writer(folder) as writer:
        assert writer.position == Position.after(Block(written[-1]))
        assert not writer.recovery.unclean


def test_a_closed_segment_gives_back_the_room_it_did_not_use(folder: Path):
    write_blocks(folder, 5)
    write_blocks(folder, 5)
    first, second = sorted(folder.glob("0*.lmdb"))
    assert first.stat().st_size < 100_000 < second.stat().st_size


def test_a_start_without_a_block_leaves_no_trace_in_the_log(folder: Path):
    written = write_blocks(folder, 3)
    for _ in range(3):
        write_blocks(folder, 0)
    written += write_blocks(folder, 3)
    assert read_all(folder) == written
    assert len(list(folder.glob("0*.lmdb"))) == 2


def test_one_message_and_one_mebibyte_are_both_a_block(folder: Path):
    with open_writer(folder, segment_bytes=8 << 20) as writer:
        for messages in (1, 8192, 1):
            for block in chain(1, writer.position, messages=messages):
                writer.append(block.index, block.data)
    with JournalReader(folder) as reader:
        assert [block.count for block in reader] == [1, 8192, 1]
