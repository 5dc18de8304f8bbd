"""What a block is, and what is not one."""

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seriatim.journal import Block, JournalDamaged
from seriatim.journal.block import ENTRY_MEMBERSHIP, HEADER, HEADER_BYTES

COMMANDS = st.lists(st.binary(max_size=200), max_size=30)


def test_the_header_has_the_bytes_of_the_schema():
    block = Block.build(7, 100, [b"abcdefgh"], term=3, epoch=2, time_ns=5, previous_hash=bytes(range(32)))
    fields = struct.unpack("<HHHHQQQq32sIIB3sI", block.header)
    assert HEADER_BYTES == 88
    assert fields[:8] == (80, 4, 5301, 0, 7, 3, 100, 5)
    assert fields[8:13] == (bytes(range(32)), 1, 40, 1, bytes(3))
    assert struct.unpack_from("<HHHHQqII", block.body) == (24, 2, 5301, 0, 100, 5, 2, 8)


@given(COMMANDS)
def test_frames_come_back_as_they_went_in(commands: list[bytes]):
    block = Block.build(1, 41, commands, epoch=9, time_ns=77)
    block.check_crc()
    frames = list(block.frames())
    assert [bytes(frame.body) for frame in frames] == commands
    assert [frame.seq for frame in frames] == list(range(41, 41 + len(commands)))
    assert all((frame.time_ns, frame.epoch) == (77, 9) for frame in frames)


@given(COMMANDS.filter(bool), st.data())
def test_any_flipped_bit_is_found(commands: list[bytes], data: st.DataObject):
    damaged = bytearray(Block.build(1, 1, commands).data)
    bit = data.draw(st.integers(0, len(damaged) * 8 - 1))
    damaged[bit // 8] ^= 1 << bit % 8
    with pytest.raises(JournalDamaged):
        Block(damaged).check_crc()


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_with_a_typed_error(noise: bytes):
    with pytest.raises(JournalDamaged):
        Block(noise)


@given(st.integers(0, 2**32 - 1), st.integers(0, 3))
def test_a_frame_that_lies_about_its_length_is_refused(length: int, frame: int):
    data = bytearray(Block.build(1, 1, [b"x" * 8] * 4).data)
    struct.pack_into("<I", data, HEADER_BYTES + frame * 40 + 28, length)
    table = None
    try:
        table = Block(data).frame_table()
    except JournalDamaged:
        assert not 1 <= length <= 8
    else:
        # 1 to 8 bytes pad to the same frame; what is read then is what the frame says.
        assert table.length_bytes[frame] == length
        assert 1 <= length <= 8


def test_a_frame_header_of_a_newer_schema_is_stepped_over():
    block = Block.build(1, 1, [b"x" * 16] * 2)
    data = bytearray(block.data)
    for start in (HEADER_BYTES, HEADER_BYTES + 48):
        struct.pack_into("<H", data, start, 32)  # eight more bytes of header …
        struct.pack_into("<I", data, start + 28, 8)  # … and eight fewer of body
    table = Block(data).frame_table()
    assert table.offset.tolist() == [40, 88]
    assert table.length_bytes.tolist() == [8, 8]


def test_an_entry_without_frames_may_hold_other_bytes():
    block = Block.build(1, 1, [], entry_type=ENTRY_MEMBERSHIP)
    data = bytearray(block.data) + b"nodes"
    HEADER.pack_into(data, 0, 80, 4, 5301, 0, 1, 1, 1, 0, bytes(32), 0, 5, ENTRY_MEMBERSHIP, 0)
    assert list(Block(data).frames()) == []
    assert bytes(Block(data).body) == b"nodes"


def test_a_block_may_be_any_contiguous_buffer():
    data = bytearray(random.Random(1).randbytes(0) + bytes(Block.build(1, 1, [b"q"]).data))
    from seriatim._native import ffi  # noqa: PLC0415

    memory = ffi.new("uint8_t[]", bytes(data))
    assert bytes(Block(ffi.buffer(memory, len(data))).data) == bytes(data)
