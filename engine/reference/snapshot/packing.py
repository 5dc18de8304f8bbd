"""Bytes of a snapshot: little-endian, without padding."""

import struct
from enum import IntEnum
from typing import Any, TypeVar

from seriatim.engine.errors import SnapshotError

HEADER = "8sIIQ"
SECTION = "4sIQ"
NONE = -(2**63)
"""How "i64?" says that there is none."""

Kind = TypeVar("Kind", bound=IntEnum)


def pack(layout: str, *values: Any) -> bytes:
    """The fields one after the other."""
    return struct.pack("<" + layout, *values)


def size_of(layout: str) -> int:
    """How many bytes they take."""
    return struct.calcsize("<" + layout)


def or_none(value: int | None) -> int:
    """As "i64?" has it."""
    return NONE if value is None else value


def given(value: int) -> int | None:
    """And back."""
    return None if value == NONE else value


def flagged(value: int | None) -> tuple[bool, int]:
    """A flag whether there is a value, and the value."""
    return value is not None, value or 0


def crc32c(data: bytes | bytearray | memoryview) -> int:
    """Castagnoli's, bit by bit reflected, as RFC 3720 has it."""
    crc = 0xFFFF_FFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFF_FFFF


def _remainder(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F6_3B78 if byte & 1 else 0)
    return byte


_TABLE = [_remainder(byte) for byte in range(256)]


class Reader:
    """Takes field after field, of the whole or of one section, and says of what is wrong where it is."""

    def __init__(self, data: bytes | memoryview, place: int = 0, end: int | None = None, name: str = "") -> None:
        self._data, self._place, self._name = data, place, name
        self._field = place
        """Where the fields taken last begin."""
        self._end = len(data) if end is None else end

    @property
    def more(self) -> bool:
        """There are bytes left."""
        return self._place < self._end

    def take(self, layout: str) -> tuple[Any, ...]:
        """The next fields."""
        self._field = self._place
        self.check(self._place + size_of(layout) <= self._end, "the section ends too early")
        self._place += size_of(layout)
        return struct.unpack_from("<" + layout, self._data, self._field)

    def section(self, name: bytes) -> "Reader":
        """The next section, which must be this one and whole."""
        found, crc, length = self.take(SECTION)
        start, end = self._place, self._place + length
        section = Reader(self._data, start, end, name.decode())
        section.check(found == name, "another section was expected here", at=self._field)
        section.check(end <= self._end, "the section ends too late", at=self._field + 8)
        section.check(crc32c(self._data[start:end]) == crc, "the checksum does not match", at=self._field + 4)
        self._place = end
        return section

    def known(self, enum: type[Kind], value: int) -> Kind:
        """The value as one of the enum."""
        self.check(value in set(enum), f"{value} is no {enum.__name__}")
        return enum(value)

    def check(self, good: bool, otherwise: str, *, at: int | None = None) -> None:
        """Raises `SnapshotError` unless the fields taken last are good."""
        if not good:
            section = f', section "{self._name}"' if self._name else ""
            place = self._field if at is None else at
            raise SnapshotError(f"at byte {place} of the snapshot{section}: {otherwise}")

    def finish(self) -> None:
        """Nothing may be left."""
        self.check(not self.more, "bytes too many", at=self._place)
