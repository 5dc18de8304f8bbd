"""The journal's writer: one block, one transaction, one commit."""

import contextlib
import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import lmdb

from seriatim.journal.block import Block
from seriatim.journal.cache import CacheHandover
from seriatim.journal.errors import (
    BlockTooLarge,
    JournalClosed,
    JournalError,
    JournalFailed,
    JournalFull,
    JournalReadOnly,
    NotAJournal,
    UsedAfterFork,
)
from seriatim.journal.layout import check_name, scan, segment_path, sync_folder
from seriatim.journal.lock import WriterLock, clear_running, mark_running
from seriatim.journal.meta import Meta, create_meta
from seriatim.journal.position import Position
from seriatim.journal.prepare import Preparer, make_segment_file
from seriatim.journal.recovery import Recovery, recover
from seriatim.journal.segment import Segment
from seriatim.journal.space import NO_ROOM, reserve

SEGMENT_BYTES = 256 << 20
SEGMENT_BYTES_MIN = 256 << 10
SEGMENT_GRAIN_BYTES = 64 << 10
SPARES = 2
_FIRST_SPARE_TIMEOUT_S = 10.0
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)


@dataclass(slots=True)
class WriterCounters:
    """What a writer did since it was opened; `unprepared` segments were needed before a prepared one was at hand."""

    blocks: int = 0
    bytes: int = 0
    segments: int = 0
    unprepared: int = 0


class JournalWriter:
    """Appends blocks to a journal, which it creates if the folder is missing or empty. For one thread.

    Each `append` is durable when it returns. The writer starts a new segment when opened and whenever one is full.

    `randomness(n)` gives n random bytes (`os.urandom`) and is called only for a new journal; `schema_ir` is what
    sbe-tool made of the schema whose version is `schema_version`.

    Raises `JournalLocked`, `JournalReadOnly`, `NotAJournal`, `UnknownFormat`, `SchemaMismatch`, `JournalDamaged`,
    `JournalFull` (no room even to create the journal).
    """

    def __init__(
        self,
        folder: Path,
        *,
        randomness: Callable[[int], bytes],
        schema_ir: bytes,
        schema_version: int,
        segment_bytes: int = SEGMENT_BYTES,
        spares: int = SPARES,
    ) -> None:
        if segment_bytes < SEGMENT_BYTES_MIN or segment_bytes % SEGMENT_GRAIN_BYTES:
            raise ValueError(
                f"segment_bytes must be a multiple of {SEGMENT_GRAIN_BYTES} and at least {SEGMENT_BYTES_MIN}, "
                f"not {segment_bytes}"
            )
        self.folder = Path(folder)
        check_name(self.folder)
        self.counters = WriterCounters()
        self._pid = os.getpid()
        self._segment_bytes = segment_bytes
        self._segment: Segment | None = None
        self._segment_grown_bytes = 0
        self._handover: CacheHandover | None = None
        self._failure: str | None = None
        self._in_doubt = False
        self._closers: list[Callable[[], None]] = []
        try:
            self._open(randomness, schema_version, schema_ir, spares)
        except OSError as error:
            self._close_all()
            raise _typed(error, self.folder) from error
        except BaseException:
            self._close_all()
            raise

    def _open(self, randomness: Callable[[int], bytes], schema_version: int, schema_ir: bytes, spares: int) -> None:
        _make_folder(self.folder)
        lock = WriterLock(self.folder)
        self._closers.append(lock.close)
        if not scan(self.folder).has_meta:
            create_meta(
                self.folder,
                randomness=randomness,
                schema_version=schema_version,
                schema_ir=schema_ir,
                segment_bytes=self._segment_bytes,
            )
        self.meta = Meta(self.folder)
        self._closers.append(self.meta.close)
        self.meta.add_schema(schema_version, schema_ir)
        if self.meta.segment_bytes != self._segment_bytes:
            self.meta.set_segment_bytes(self._segment_bytes)
        self.recovery: Recovery = recover(self.folder, self.meta.committed().index, self.meta.newest_segment)
        self._position = self.recovery.position
        mark_running(self.folder)
        self._preparer = Preparer(
            self.folder, self._segment_bytes, spares, self.recovery.spares, lambda: self.counters.bytes
        )
        self._closers += [self._preparer.close, self._drop_segment]
        if spares:
            self._preparer.wait_ready(1, _FIRST_SPARE_TIMEOUT_S)
        # On a full disk, what is in the journal can be read; the first append says again that there is no room.
        with contextlib.suppress(JournalFull):
            self._roll()

    @property
    def position(self) -> Position:
        """The end of the log: what the next block must follow."""
        return self._position

    def wait_prepared(self, count: int, timeout_s: float) -> bool:
        """Waits until `count` segments are prepared ahead; False after the timeout or when one cannot be made."""
        return self._preparer.wait_ready(count, timeout_s)

    def append(self, index: int, block: Any) -> None:
        """Commits a block (any contiguous buffer; not copied before LMDB does) as log entry `index`.

        Raises `OutOfOrder` or `JournalDamaged` if it does not continue the log or is no block, and `BlockTooLarge`;
        nothing has changed then. Raises `JournalFull` when there is no room: append it again later. Raises
        `JournalFailed` when the disk refused: this writer is of no more use.
        """
        self._check_usable()
        entry = Block(block)
        if entry.index != index:
            raise JournalError(f"the block says it is {entry.index}, not {index}")
        if self._in_doubt:
            self._settle()
        self._position.check_next(entry)
        self._in_doubt = True
        self._commit(index, entry)
        self._position = Position.after(entry)
        self._in_doubt = False
        self.counters.blocks += 1
        self.counters.bytes += len(entry)
        self._segment_grown_bytes += len(entry)
        if self._handover is not None:
            self._handover.follow(self._segment_grown_bytes)

    def _check_usable(self) -> None:
        if self._pid != os.getpid():
            raise UsedAfterFork(f"the writer of {self.folder} belongs to process {self._pid}")
        if self._failure is not None:
            raise JournalFailed(self._failure)
        if not self._closers:
            raise JournalClosed(f"the writer of {self.folder} is closed")

    def _commit(self, index: int, entry: Block) -> None:
        if self._segment is None:
            self._roll()
        try:
            self._put(index, entry)
        except lmdb.MapFullError:
            self._commit_in_next_segment(index, entry)

    def _commit_in_next_segment(self, index: int, entry: Block) -> None:
        try:
            if self._segment is not None and self._segment.first_index == index:
                raise lmdb.MapFullError("empty segment")
            self._roll()
            self._put(index, entry)
        except lmdb.MapFullError:
            self._in_doubt = False
            raise BlockTooLarge(
                f"a block of {len(entry)} bytes does not fit into a segment of {self._segment_bytes}; "
                "make segments larger or blocks smaller"
            ) from None

    def _put(self, index: int, entry: Block) -> None:
        assert self._segment is not None
        try:
            self._segment.put(index, entry.data)
        except lmdb.MapFullError:
            raise
        except lmdb.Error as error:
            # Whatever became of the commit, a new segment of this index takes the place of what it wrote.
            self._drop_segment()
            raise self._refused(error.code, str(error)) from error

    def _refused(self, code: int, reason: str) -> JournalError:
        if code in NO_ROOM:
            self._in_doubt = False
            return JournalFull(f"no room for the next block in {self.folder}: {reason}; make room")
        self._failure = (
            f"the commit after block {self._position.index} in {self.folder} failed: {reason}. "
            "Check the disk, then start again: the journal verifies itself"
        )
        return JournalFailed(self._failure)

    def _settle(self) -> None:
        """Finds out what became of an append that an exception (Ctrl-C) left half way."""
        last = self._segment.last() if self._segment is not None else None
        if last is not None and last.index == self._position.index + 1:
            self._position = Position.after(last)
        self._in_doubt = False

    def _roll(self) -> None:
        """Starts the segment of the next index. Its file is empty even if one of that name was there: nothing in that
        one was ever acknowledged."""
        closed = self._segment.path if self._segment is not None else None
        self._drop_segment()
        first_index = self._position.index + 1
        path = segment_path(self.folder, first_index)
        try:
            if not self._preparer.take(path):
                make_segment_file(path, self._segment_bytes, reserve)
                self.counters.unprepared += 1
                self._handover = CacheHandover(closed) if closed is not None else None
        except OSError as error:
            raise self._refused(error.errno or 0, str(error)) from error
        # Before anything in it is acknowledged: a start must miss the segment, should it vanish.
        self.meta.set_newest_segment(first_index)
        self._segment = Segment(self.folder, first_index)
        self._segment_grown_bytes = 0
        self.counters.segments += 1
        self._note_commit()

    def _note_commit(self) -> None:
        """In a group of one what is durable is committed; readers know that, so this may lag."""
        if self.meta.committed().alone:
            self.meta.set_commit(self._position.index)

    def _drop_segment(self) -> None:
        if self._handover is not None:
            self._handover.close()
            self._handover = None
        if self._segment is not None:
            self._segment.close()
            self._segment = None

    def close(self) -> None:
        """Ends cleanly: the next start has nothing to check."""
        if self._pid != os.getpid() or not self._closers:
            return
        self._drop_segment()
        if self._failure is None:
            self._note_commit()
            clear_running(self.folder)
        self._close_all()

    def _close_all(self) -> None:
        while self._closers:
            self._closers.pop()()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _make_folder(folder: Path) -> None:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    contents = scan(folder)
    if not contents.has_meta:
        # Its files are synced into it, but a power cut may still take the folder out of the one that it is in. One that
        # is there already may have been made a moment ago, by a start that was killed.
        for path in missing or [folder]:
            _sync_parent(path)
    if not contents.has_meta and (contents.strangers or contents.segments):
        found = contents.strangers[0].name if contents.strangers else segment_path(folder, contents.segments[0]).name
        raise NotAJournal(f"{folder} holds {found!r} but no journal; give an empty or a new folder")


def _sync_parent(path: Path) -> None:
    with contextlib.suppress(PermissionError):  # a parent that we may not read was made by somebody else, long ago
        sync_folder(path.parent)


def _typed(error: OSError, folder: Path) -> JournalError:
    if error.errno in NO_ROOM:
        return JournalFull(f"no room to open the journal in {folder}: {error.strerror}")
    if error.errno in _READ_ONLY:
        return JournalReadOnly(f"cannot write to {folder}: {error.strerror}")
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return NotAJournal(f"{folder} is not a folder")
    return JournalFailed(f"cannot open the journal in {folder}: {error}")
