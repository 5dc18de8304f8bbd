"""The order as it is followed: commands in arrays, or one by one."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from seriatim.journal import Block
from seriatim.schemas import CodecError, decode

COMMAND_PLACE = np.dtype(
    [
        ("seq", "<u8"),
        ("time_ns", "<i8"),
        ("number", "<u8"),
        ("session", "<u4"),
        ("epoch", "<u4"),
        ("offset", "<u4"),
        ("length", "<u4"),
        ("template_id", "<u2"),
        ("reserved", "V6"),
    ]
)
"""One command of the order, 48 bytes. `offset` and `length` say where its SBE body is in the batch's `data`; `session`
is 0, and so is `number`, for what the node itself put into the order."""

# Of a command frame (schemas/, template 1): where its fields are, from its start.
_NUMBER, _SESSION, _BODY_LENGTH, _HEADER_BYTES = 8, 24, 36, 8


@dataclass(frozen=True, slots=True)
class SequencedCommand:
    """One command with its place in the order."""

    seq: int
    time_ns: int
    epoch: int
    session: int
    number: int
    message: Any
    """A message of `seriatim.schemas`; its bytes, if they are none."""


@dataclass(frozen=True, slots=True)
class Commands:
    """Commands of one block: `rows` of COMMAND_PLACE, and the bytes that they lie in."""

    rows: np.ndarray
    data: bytes

    def __len__(self) -> int:
        return len(self.rows)

    def body(self, place: int) -> bytes:
        """The SBE message of one row."""
        row = self.rows[place]
        return self.data[int(row["offset"]) : int(row["offset"]) + int(row["length"])]

    def objects(self) -> list[SequencedCommand]:
        """One object for each row."""
        names = ("seq", "time_ns", "epoch", "session", "number")
        messages = (_message(self.body(place)) for place in range(len(self)))
        return list(map(SequencedCommand, *(self.rows[name].tolist() for name in names), messages))

    @classmethod
    def of(cls, block: Block, from_seq: int) -> "Commands":
        """Those of a block from `from_seq` on; a copy. Raises `JournalDamaged` where frames do not fill the block."""
        table = block.frame_table()
        rows = np.zeros(len(table.seq), COMMAND_PLACE)
        rows["seq"], rows["time_ns"], rows["epoch"] = table.seq, table.time_ns, table.epoch
        data = bytes(block.body)
        cells = np.frombuffer(data, np.uint8)
        if len(rows):
            start = table.offset
            body = start + _HEADER_BYTES + _gather(cells, start, "<u2").astype(np.int64)
            rows["number"] = _gather(cells, start + _NUMBER, "<u8")
            rows["session"] = _gather(cells, start + _SESSION, "<u4")
            rows["length"] = _gather(cells, start + _BODY_LENGTH, "<u4")
            rows["offset"] = body
            whole = rows["length"] >= _HEADER_BYTES
            rows["template_id"][whole] = _gather(cells, body[whole] + 2, "<u2")
        return cls(rows[rows["seq"] >= from_seq], data)


def _gather(cells: np.ndarray, offsets: np.ndarray, kind: str) -> np.ndarray:
    """The numbers at these offsets, which need not be aligned."""
    size = np.dtype(kind).itemsize
    return np.ascontiguousarray(cells[offsets[:, None] + np.arange(size)]).view(kind)[:, 0]


def _message(body: bytes) -> Any:
    try:
        return decode(body)
    except CodecError:
        return body
