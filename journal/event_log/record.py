"""A record: the events of one block of the journal. An `EventRecord` message (schemas/), EVENT rows, TERMS rows.

A piece of a record, which travels to a follower, has the same form with fewer rows.
"""

import struct
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np

from seriatim.engine import EVENT, Event, Instrument, events_of
from seriatim.journal.block import crc32c
from seriatim.journal.errors import EventLogDamaged
from seriatim.schemas import CodecError, EventRecord

TERMS = np.dtype(
    [
        ("tick_mantissa", "<i8"),
        ("lot_mantissa", "<i8"),
        ("id", "<u4"),
        ("tick_exponent", "i1"),
        ("lot_exponent", "i1"),
        ("symbol", "S16"),
        ("reserved", "V2"),
    ]
)
"""What an instrument was defined with, 40 bytes: `seriatim_instrument_t` of the native header."""

_HEADER_BYTES = 8 + EventRecord.BLOCK_LENGTH
_CRC = struct.Struct("<I")
_CRC_OFFSET = _HEADER_BYTES - _CRC.size


@dataclass(frozen=True, slots=True)
class SequencedEvent:
    """One event with its place in the order."""

    seq: int
    """Of the command that caused it."""
    index: int
    """Place among the events of that command, from 0."""
    time_ns: int
    """When the command was stamped."""
    number: int
    """Of the command in its session."""
    event: Event


@dataclass(frozen=True, slots=True)
class Events:
    """Events as an EVENT array, sorted by (seq, index); a fill names both parties."""

    rows: np.ndarray
    terms: np.ndarray
    """TERMS of the instruments that are defined in `rows`."""

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, mask: np.ndarray) -> "Events":
        """Those rows."""
        return Events(self.rows[mask], self.terms)

    def objects(self) -> list[SequencedEvent]:
        """One object for each row."""
        seqs, indices, times, numbers = (self.rows[name].tolist() for name in ("seq", "index", "time_ns", "number"))
        events = events_of(self.rows, self._instrument)
        return list(map(SequencedEvent, seqs, indices, times, numbers, events))

    def _instrument(self, number: int) -> Instrument:
        row = self.terms[self.terms["id"] == number][0]
        tick = Decimal(int(row["tick_mantissa"])).scaleb(int(row["tick_exponent"]))
        lot = Decimal(int(row["lot_mantissa"])).scaleb(int(row["lot_exponent"]))
        return Instrument(number, row["symbol"].decode(), tick, lot)


NO_EVENTS = Events(np.zeros(0, EVENT), np.zeros(0, TERMS))


@dataclass(frozen=True, slots=True)
class Record:
    """A record or a piece of one. `index`, `time_ns`, `state_hash` and `epoch` are those of the block."""

    index: int
    first_seq: int
    next_seq: int
    """The first seq of the next record."""
    time_ns: int
    state_hash: int
    epoch: int
    rows_left: int
    """Rows of the same record that follow in another piece; 0 in the log."""
    events: Events

    @classmethod
    def decode(cls, data: Any, row: np.dtype = EVENT) -> "Record":
        """Copies what it needs. Raises `EventLogDamaged` unless length and checksum agree."""
        view = memoryview(data).cast("B")
        header = _header(view, row.itemsize)
        rows_end = _HEADER_BYTES + header.rows * row.itemsize
        events = Events(
            np.frombuffer(view[_HEADER_BYTES:rows_end], row).copy(), np.frombuffer(view[rows_end:], TERMS).copy()
        )
        return cls(
            header.index,
            header.first_seq,
            header.next_seq,
            header.time,
            header.state_hash,
            header.epoch,
            header.rows_left,
            events,
        )

    def with_events(self, events: Events) -> "Record":
        """The same, of those events."""
        return replace(self, events=events)

    def pieces(self, rows_max: int) -> list[bytes]:
        """The record as messages of at most `rows_max` rows each, the last of which has `rows_left` 0."""
        rows, made = self.events.rows, []
        for start in range(0, max(len(rows), 1), rows_max):
            part = rows[start : start + rows_max]
            left = len(rows) - start - len(part)
            made.append(encode_record(self, part, self.events.terms, rows_left=left))
        return made


def encode_record(place: Any, rows: np.ndarray, terms: np.ndarray, *, rows_left: int = 0) -> bytes:
    """The bytes of a record of these rows (EVENT) and TERMS. `place` has `index`, `first_seq`, `next_seq`, `time_ns`,
    `state_hash` and `epoch`."""
    header = EventRecord(
        index=place.index,
        first_seq=place.first_seq,
        next_seq=place.next_seq,
        time=place.time_ns,
        state_hash=place.state_hash,
        epoch=place.epoch,
        rows=len(rows),
        rows_left=rows_left,
        row_bytes=rows.itemsize,
        terms=len(terms),
        crc=0,
    ).encode()
    data = bytearray().join((header, _bytes(rows), _bytes(terms)))
    _CRC.pack_into(data, _CRC_OFFSET, _checksum(memoryview(data)))
    return bytes(data)


def check_record(data: Any, row_bytes: int = EVENT.itemsize) -> EventRecord:
    """The header of a whole record. Raises `EventLogDamaged` unless length and checksum agree."""
    return _header(memoryview(data).cast("B"), row_bytes)


def _header(view: memoryview, row_bytes: int) -> EventRecord:
    try:
        header = EventRecord.wrap(view)
    except CodecError as error:
        raise EventLogDamaged(f"not a record of the event log: {error}") from error
    length = _HEADER_BYTES + header.rows * row_bytes + header.terms * TERMS.itemsize
    if header.row_bytes != row_bytes or len(view) != length:
        raise EventLogDamaged(f"a record of {len(view)} bytes says that it has {length}, in rows of {header.row_bytes}")
    if _checksum(view) != header.crc:
        raise EventLogDamaged(f"the record of block {header.index}: the checksum does not match")
    return header


def _checksum(view: memoryview) -> int:
    return crc32c(crc32c(0, view[:_CRC_OFFSET]), view[_HEADER_BYTES:])


def _bytes(rows: np.ndarray) -> Any:
    return np.ascontiguousarray(rows).view(np.uint8).data
