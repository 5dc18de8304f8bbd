"""The sections of a snapshot, found without reading them: whoever wants one section need not read a million orders."""

from seriatim._native import ffi, lib
from seriatim.engine.errors import SnapshotError
from seriatim.engine.reference.snapshot.packing import HEADER, SECTION, Reader, size_of

FORMAT_VERSION = 1


class Sections:
    """Where each section of a snapshot lies; a section's checksum is checked when it is opened.

    Raises `SnapshotError` for bytes that are no snapshot beginning with `magic`, or whose sections do not fit together.
    """

    def __init__(self, snapshot: memoryview, magic: bytes) -> None:
        self._data = snapshot
        reader = Reader(self._data)
        reader.check(self._data[: len(magic)] == magic, "these bytes are no snapshot of this kind")
        _magic, version, zero, length = reader.take(HEADER)
        reader.check(version == FORMAT_VERSION, f"format version {version}, which this release does not know", at=8)
        reader.check(zero == 0, "not zero", at=12)
        reader.check(length == len(self._data), "the snapshot ends too early or too late", at=16)
        self._places: dict[bytes, tuple[int, int, int]] = {}
        place = size_of(HEADER)
        while place < length:
            name, crc, size = Reader(self._data, place).take(SECTION)
            start = place + size_of(SECTION)
            place = start + size
            reader.check(place <= length, "the section ends too late", at=start - 8)
            reader.check(name not in self._places, "a section that is there already", at=start - size_of(SECTION))
            self._places[name] = start, place, crc

    def open(self, name: bytes) -> Reader:
        """A reader of one section. Raises `SnapshotError` if it is not there, or damaged."""
        start, end = self._checked(name)
        return Reader(self._data, start, end, name.decode())

    def payload(self, name: bytes) -> memoryview:
        """Its bytes, not copied. Raises `SnapshotError` as `open` does."""
        start, end = self._checked(name)
        return self._data[start:end]

    def _checked(self, name: bytes) -> tuple[int, int]:
        if name not in self._places:
            raise SnapshotError(f'the snapshot has no section "{name.decode()}"')
        start, end, crc = self._places[name]
        if lib.seriatim_crc32c(0, ffi.from_buffer("uint8_t[]", self._data[start:end]), end - start) != crc:
            at = start - size_of(SECTION) + 4
            raise SnapshotError(f'at byte {at} of the snapshot, section "{name.decode()}": the checksum does not match')
        return start, end
