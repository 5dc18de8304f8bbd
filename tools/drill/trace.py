"""What a recorder (recorder.c) wrote down: every change of a folder's files, every sync; and what clients were told."""

import os
import struct
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Self

_RECORD = struct.Struct("<IIQQqqqQ")


class Kind(IntEnum):
    """What a record says; `ACKNOWLEDGED` and `KILLED` are written by the drill, the others by the recorder."""

    DONE = 1
    WRITE = 2
    TRUNCATE = 3
    ALLOCATE = 4
    SYNC = 5
    CREATE = 6
    RENAME = 7
    UNLINK = 8
    MAKE_FOLDER = 9
    SYNC_FOLDER = 10
    SYNC_PARENT = 11
    ACKNOWLEDGED = 100
    KILLED = 101


DURABLE_WHEN_DONE, ZEROS = 1, 2


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `id` joins what was begun with its `DONE`; the other fields belong to the kinds that need them."""

    kind: Kind
    flags: int
    id: int
    inode: int
    offset: int
    length: int
    result: int
    payload: bytes

    @property
    def data(self) -> bytes:
        """What a write wrote."""
        return bytes(self.length) if self.flags & ZEROS else self.payload

    @property
    def names(self) -> list[str]:
        """The name that a record is about; of a rename the old and the new one."""
        return os.fsdecode(self.payload).split("\0")


def read_trace(path: Path) -> list[Record]:
    """All records in the order in which they were written. A last one that is cut short is left out."""
    data = memoryview(path.read_bytes())
    records, at = [], 0
    while at + _RECORD.size <= len(data):
        kind, flags, number, inode, offset, length, result, payload = _RECORD.unpack_from(data, at)
        end = at + _RECORD.size + payload
        if end > len(data):
            break
        content = bytes(data[at + _RECORD.size : end])
        records.append(Record(Kind(kind), flags, number, inode, offset, length, result, content))
        at = end
    return records


class Acknowledgements:
    """Writes into a trace what a client was told, and when the node was killed, so that it stands between the changes
    that came before and after.
    """

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def note(self, seq: int) -> None:
        """Everything up to `seq` has been answered."""
        os.write(self._fd, _RECORD.pack(Kind.ACKNOWLEDGED, 0, 0, 0, 0, 0, seq, 0))

    def killed(self) -> None:
        """The process whose changes were recorded is dead."""
        os.write(self._fd, _RECORD.pack(Kind.KILLED, 0, 0, 0, 0, 0, 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._fd)
