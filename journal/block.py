"""A block: one entry of the log. A `BlockHeader` message, then frames, each with a `Sequenced` header (schemas/)."""

import hashlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from seriatim._native import ffi, lib
from seriatim.journal.errors import JournalDamaged

SCHEMA_ID = 5301
BLOCK_TEMPLATE, FRAME_TEMPLATE = 4, 2
ENTRY_BLOCK, ENTRY_EMPTY, ENTRY_MEMBERSHIP = 1, 2, 3
NO_HASH = bytes(32)

# SBE header (blockLength, templateId, schemaId, version), then the fields of the message in the schema's order.
HEADER = struct.Struct("<HHHHQQQq32sIIB3xI")
FRAME = struct.Struct("<HHHHQqII")
HEADER_BYTES, FRAME_BYTES = HEADER.size, FRAME.size
_SBE_HEADER_BYTES = 8
_CRC_OFFSET = HEADER_BYTES - 4


def crc32c(crc: int, data: Any) -> int:
    """CRC-32C of any contiguous buffer, continuing from `crc` (0 to start)."""
    return lib.seriatim_crc32c(crc, ffi.from_buffer("uint8_t[]", data), len(data))


@dataclass(frozen=True, slots=True)
class Frame:
    """One sequenced command; `body` is the command frame, a view into the block."""

    seq: int
    time_ns: int
    epoch: int
    body: memoryview


@dataclass(frozen=True, slots=True)
class FrameTable:
    """All frames of a block as columns: `offset` and `length_bytes` locate each command frame in `Block.body`."""

    seq: np.ndarray
    time_ns: np.ndarray
    epoch: np.ndarray
    offset: np.ndarray
    length_bytes: np.ndarray


class Block:
    """A view of a block's bytes with its header decoded. Reading a field copies nothing of the body.

    Raises `JournalDamaged` when the bytes are not a block of the length that its header says.
    """

    __slots__ = (
        "body", "body_bytes", "count", "crc", "data", "entry_type", "first_seq", "header", "index", "previous_hash",
        "term", "time_ns",
    )  # fmt: skip

    def __init__(self, data: Any) -> None:
        view = memoryview(data).cast("B")
        if len(view) < HEADER_BYTES:
            raise JournalDamaged(f"a block of {len(view)} bytes is shorter than its header of {HEADER_BYTES}")
        (
            block_length, template, schema, _version, self.index, self.term, self.first_seq, self.time_ns,
            self.previous_hash, self.count, self.body_bytes, self.entry_type, self.crc,
        ) = HEADER.unpack_from(view)  # fmt: skip
        if template != BLOCK_TEMPLATE or schema != SCHEMA_ID or block_length != HEADER_BYTES - _SBE_HEADER_BYTES:
            raise JournalDamaged(
                f"not a block: template {template}, schema {schema}, header of {block_length} bytes "
                f"(expected {BLOCK_TEMPLATE}, {SCHEMA_ID}, {HEADER_BYTES - _SBE_HEADER_BYTES})"
            )
        if len(view) != HEADER_BYTES + self.body_bytes:
            raise JournalDamaged(
                f"block {self.index} has {len(view)} bytes, its header says {HEADER_BYTES + self.body_bytes}"
            )
        self.data = view
        self.header = view[:HEADER_BYTES]
        self.body = view[HEADER_BYTES:]

    def __len__(self) -> int:
        return HEADER_BYTES + self.body_bytes

    def __repr__(self) -> str:
        return f"Block(index={self.index}, term={self.term}, first_seq={self.first_seq}, count={self.count})"

    @property
    def next_seq(self) -> int:
        """The sequence number of the first frame after this block."""
        return self.first_seq + self.count

    def hash(self) -> bytes:
        """SHA-256 of the header, which the next block carries as `previousHash`."""
        return hashlib.sha256(self.header).digest()

    def check_crc(self) -> None:
        """Raises `JournalDamaged` unless header and frames are the bytes that the checksum was taken of."""
        if crc32c(crc32c(0, self.data[:_CRC_OFFSET]), self.body) != self.crc:
            raise JournalDamaged(f"block {self.index}: the checksum does not match", index=self.index)

    def frames(self) -> Iterator[Frame]:
        """The frames in order. Raises `JournalDamaged` where they do not fill the block exactly."""
        table = self.frame_table()
        columns = (table.seq, table.time_ns, table.epoch, table.offset, table.length_bytes)
        for seq, time_ns, epoch, offset, length in zip(*(column.tolist() for column in columns), strict=True):
            yield Frame(seq, time_ns, epoch, self.body[offset : offset + length])

    def frame_table(self) -> FrameTable:
        """Where every frame is, as numpy columns (copies, so they outlive the block). Raises `JournalDamaged`."""
        if self.entry_type != ENTRY_BLOCK:
            return _walk(self, 0, memoryview(b""))
        return _equal_frames(self.count, self.body) or _walk(self, self.count, self.body)

    def release(self) -> None:
        """Ends the views into the block, so that using one later is an error and not a crash."""
        for view in (self.body, self.header, self.data):
            view.release()

    @classmethod
    def build(
        cls,
        index: int,
        first_seq: int,
        commands: Sequence[bytes],
        *,
        term: int = 1,
        epoch: int = 1,
        time_ns: int = 0,
        previous_hash: bytes = NO_HASH,
        entry_type: int = ENTRY_BLOCK,
    ) -> "Block":
        """Makes a block of command frames that all carry `time_ns`, as the sequencer would."""
        body = b"".join(
            _frame(first_seq + position, time_ns, epoch, command) for position, command in enumerate(commands)
        )
        header = bytearray(HEADER_BYTES)
        fields = (index, term, first_seq, time_ns, previous_hash, len(commands), len(body), entry_type)
        HEADER.pack_into(header, 0, HEADER_BYTES - _SBE_HEADER_BYTES, BLOCK_TEMPLATE, SCHEMA_ID, 0, *fields, 0)
        struct.pack_into("<I", header, _CRC_OFFSET, crc32c(crc32c(0, header[:_CRC_OFFSET]), body))
        return cls(bytes(header) + body)


def _frame(seq: int, time_ns: int, epoch: int, command: bytes) -> bytes:
    header_fields = (FRAME_BYTES - _SBE_HEADER_BYTES, FRAME_TEMPLATE, SCHEMA_ID, 0, seq, time_ns, epoch, len(command))
    return FRAME.pack(*header_fields) + command + bytes(-len(command) % 8)


def _equal_frames(count: int, body: memoryview) -> FrameTable | None:
    """The table if all frames are equally long, which one comparison can tell; else None."""
    if count == 0 or len(body) % count:
        return None
    stride = len(body) // count
    if stride < FRAME_BYTES or stride % 8:
        return None
    rows = np.frombuffer(body, _rows_of(stride))
    header_length, length = rows["header_length"], rows["length"].copy()
    padded = (length.astype(np.int64) + 7) & ~7
    if (header_length != FRAME_BYTES - _SBE_HEADER_BYTES).any() or (padded != stride - FRAME_BYTES).any():
        return None
    offset = np.arange(FRAME_BYTES, len(body) + FRAME_BYTES, stride, dtype=np.int64)
    return FrameTable(rows["seq"].copy(), rows["time"].copy(), rows["epoch"].copy(), offset, length)


@lru_cache(maxsize=64)
def _rows_of(stride: int) -> np.dtype:
    """A frame header at the start of every `stride` bytes; the offsets are those of `FRAME`."""
    return np.dtype(
        {
            "names": ["header_length", "seq", "time", "epoch", "length"],
            "formats": ["<u2", "<u8", "<i8", "<u4", "<u4"],
            "offsets": [0, 8, 16, 24, 28],
            "itemsize": stride,
        }
    )


def _walk(block: Block, count: int, body: memoryview) -> FrameTable:
    """The table of frames of any length: each one says where the next begins."""
    index = block.index
    if len(body) % 8:
        raise JournalDamaged(f"block {index}: {len(body)} bytes of frames are not a multiple of 8", index=index)
    starts, word, end = [], 0, len(body) // 4
    with body.cast("I") as words:
        for number in range(count):
            if word + FRAME_BYTES // 4 > end:
                raise JournalDamaged(f"block {index}: frame {number} of {count} begins past the end", index=index)
            header_length = words[word] & 0xFFFF
            if header_length < FRAME_BYTES - _SBE_HEADER_BYTES:
                raise JournalDamaged(
                    f"block {index}: frame {number} has a header of {header_length} bytes", index=index
                )
            starts.append(word * 4)
            word += (_SBE_HEADER_BYTES + header_length + words[word + 7] + 7) >> 3 << 1
    if word != end:
        raise JournalDamaged(f"block {index}: {count} frames take {word * 4} bytes of {len(body)}", index=index)
    return _gather(body, np.array(starts, np.int64) // 8)


def _gather(body: memoryview, starts: np.ndarray) -> FrameTable:
    """The table of frames that start at the given multiples of 8 bytes."""
    words = np.frombuffer(body, "<u8")
    first, last = words[starts], words[starts + 3]
    header_bytes = (first & 0xFFFF).astype(np.int64) + _SBE_HEADER_BYTES
    epoch, length = (last & 0xFFFFFFFF).astype(np.uint32), (last >> np.uint64(32)).astype(np.uint32)
    return FrameTable(words[starts + 1], words[starts + 2].view(np.int64), epoch, starts * 8 + header_bytes, length)
