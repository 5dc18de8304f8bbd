"""Which files a journal's folder holds, and how they are named.

    meta.lmdb                    who this journal is and how far it is committed (see meta.py)
    00000000000000000001.lmdb    a segment: the blocks from index 1 on, up to where the next segment starts
    00000000000000004711.lmdb    the segment after it; the last one is being written
    *.lmdb-lock                  LMDB's reader tables; they hold nothing that must survive
    spare-0000.lmdb              a segment file made ahead, zeroed and synced, not yet part of the log
    *.new                        a file that is being made; worthless after a crash
    writer.lock                  locked while a writer is open
    running                      there while a writer is open; still there after a crash

A segment ends where the next one begins: a block whose index is not below the name of the next segment is not part of
the log. So an uncommitted suffix is replaced by starting a new segment at its first index.
"""

import os
import struct
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from seriatim.journal.errors import NotAJournal

FORMAT_VERSION = 1
KEY = struct.Struct(">Q")

META_NAME = "meta.lmdb"
WRITER_LOCK_NAME = "writer.lock"
RUNNING_NAME = "running"

_SUFFIX = ".lmdb"
_LOCK_SUFFIX = ".lmdb-lock"
_NEW_SUFFIX = ".new"
_SPARE_PREFIX = "spare-"
_INDEX_DIGITS = 20


def check_name(path: Path) -> None:
    """Raises `NotAJournal` for a path that is not UTF-8, under which LMDB opens nothing."""
    name = str(path)
    try:
        name.encode()
    except UnicodeEncodeError:
        shown = name.encode(errors="backslashreplace").decode()
        raise NotAJournal(f"the name {shown} is not UTF-8; give the folder a name that is") from None


def segment_path(folder: Path, first_index: int) -> Path:
    return folder / f"{first_index:0{_INDEX_DIGITS}d}{_SUFFIX}"


def spare_path(folder: Path, number: int) -> Path:
    return folder / f"{_SPARE_PREFIX}{number:04d}{_SUFFIX}"


def new_path(path: Path) -> Path:
    """The name that a file has until it is whole."""
    return path.with_name(path.name + _NEW_SUFFIX)


def lock_path(path: Path) -> Path:
    """LMDB's own lock file beside an environment."""
    return path.with_name(path.name + "-lock")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a scan of a journal's folder found; `segments` are first indices in ascending order."""

    has_meta: bool
    segments: list[int]
    spares: list[Path]
    unfinished: list[Path]
    strangers: list[Path]

    def ranges(self) -> list[tuple[int, int | None]]:
        """First index and end of every segment; the last one has no end."""
        return list(zip_longest(self.segments, self.segments[1:]))


def scan(folder: Path) -> Contents:
    """Sorts the files of a folder by what they are to the journal. Raises FileNotFoundError, NotADirectoryError."""
    segments, spares, unfinished, strangers = [], [], [], []
    has_meta = False
    for name in os.listdir(folder):
        if name == META_NAME:
            has_meta = True
        elif (first_index := _segment_index(name)) is not None:
            segments.append(first_index)
        elif name.endswith(_NEW_SUFFIX):
            unfinished.append(folder / name)
        elif name.startswith(_SPARE_PREFIX) and name.endswith(_SUFFIX):
            spares.append(folder / name)
        elif not name.endswith(_LOCK_SUFFIX) and name not in (WRITER_LOCK_NAME, RUNNING_NAME):
            strangers.append(folder / name)
    return Contents(has_meta, sorted(segments), sorted(spares), sorted(unfinished), sorted(strangers))


def _segment_index(name: str) -> int | None:
    digits = name.removesuffix(_SUFFIX)
    if len(digits) != _INDEX_DIGITS or len(name) != _INDEX_DIGITS + len(_SUFFIX) or not digits.isascii():
        return None
    return int(digits) if digits.isdigit() and int(digits) > 0 else None


def sync_folder(folder: Path) -> None:
    """Makes created, renamed and deleted names durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
