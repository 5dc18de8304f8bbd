"""The event log's writer: records gathered in memory, and one LMDB commit for many of them.

The log is derived, so a record need not be durable at once; but LMDB's own sync stays on, so that after any crash it
ends with a whole record, behind which the recorder goes on.
"""

import errno
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import lmdb
import numpy as np

from seriatim.engine import EVENT
from seriatim.journal.environment import Environment, file_key, open_environment
from seriatim.journal.errors import (
    EventLogDamaged,
    JournalError,
    JournalFailed,
    JournalFull,
    JournalReadOnly,
    NotThisEventLog,
)
from seriatim.journal.event_log.claim import check_claim, claim
from seriatim.journal.event_log.layout import SEQ, record_key, segments, session_key
from seriatim.journal.layout import check_name, new_path, segment_path
from seriatim.journal.lock import WriterLock
from seriatim.journal.prepare import discard, make_segment_file
from seriatim.journal.space import NO_ROOM, has_room

SEGMENT_BYTES = 256 << 20
SEGMENT_BYTES_MIN = 256 << 10
BATCH_BYTES = 32 << 20
"""What one commit should hold at most."""
ROOM_FACTOR = 2
"""A segment for a batch of so many bytes has so many times the room: pages are not filled to their ends."""
TRIES = 3
"""A disk that was full may have room again by the time that it is looked at; one that fails goes on failing."""
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)


class EventLogWriter:
    """Appends records; makes the folder if it is not there, and empties it if its form is another release's.

    `row` is what the records are made of: events, unless another log, `what`, is kept in the same way, by `who`.

    One writer at a time, for one thread. Raises `JournalLocked`, `JournalReadOnly`, `NotThisEventLog`, `JournalFull`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        cluster_id: bytes,
        segment_bytes: int = SEGMENT_BYTES,
        row: np.dtype = EVENT,
        who: str = "recorder",
        what: str = "event log",
    ) -> None:
        if segment_bytes < SEGMENT_BYTES_MIN:
            raise ValueError(f"segment_bytes is {segment_bytes}; at least {SEGMENT_BYTES_MIN}")
        self.folder = Path(folder)
        check_name(self.folder)
        self._segment_bytes = segment_bytes
        self._who = who
        self._what = what
        self._environment: Environment | None = None
        self._place: tuple[Path, tuple[int, int]] | None = None
        self._waiting: list[tuple[int, bytes, list[tuple[bytes, bytes]]]] = []
        self.waiting_bytes = 0
        try:
            self._open(cluster_id, row)
        except OSError as error:
            raise _typed(error, self.folder, what) from error

    def _open(self, cluster_id: bytes, row: np.dtype) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        check_claim(self.folder, cluster_id, row)  # before a lock file is left in what is not ours
        self._lock = WriterLock(self.folder)
        try:
            self.emptied = claim(self.folder, cluster_id, row)
        except BaseException:
            self._lock.close()
            raise

    def truncate(self, first_seq: int) -> None:
        """Deletes the segments that begin with `first_seq` or later."""
        self._leave()
        self._place = None
        for first in reversed(segments(self.folder)):
            if first >= first_seq:
                discard(segment_path(self.folder, first))

    @property
    def wants_commit(self) -> bool:
        """Whether so much waits that a commit is due."""
        return self.waiting_bytes >= min(BATCH_BYTES, self._segment_bytes // ROOM_FACTOR)

    def append(self, first_seq: int, record: bytes, sessions: Iterable[tuple[int, int]]) -> None:
        """Takes the next record; `sessions` are pairs of a session and its first number there. Written by `commit`."""
        value = SEQ.pack(first_seq)
        self._waiting.append((first_seq, record, [(session_key(*pair), value) for pair in sessions]))
        self.waiting_bytes += len(record)

    def commit(self) -> None:
        """Writes what waits, in one transaction.

        Raises `JournalFull` if there is no room: what waits still waits, try again. Raises `JournalFailed` for anything
        else that the disk says.
        """
        if self._waiting:
            self._commit(tries=TRIES)
            self._waiting.clear()
            self.waiting_bytes = 0

    def _commit(self, tries: int) -> None:
        try:
            self.enter()
            try:
                self._write()
            except lmdb.MapFullError:
                self._enter_new()
                self._write()
        except (lmdb.Error, OSError) as error:
            self._leave()
            code = error.code if isinstance(error, lmdb.Error) else error.errno
            if self._is_full(code):
                raise JournalFull(f"no room for the {self._what} in {self.folder}: {error}") from error
            if code != errno.EIO or tries == 1:
                raise JournalFailed(f"the {self._what} in {self.folder} cannot be written: {error}") from error
            self._commit(tries - 1)

    def _is_full(self, code: int | None) -> bool:
        """LMDB says of a write that was cut short that input or output failed; whether that is so, a probe tells."""
        if code != errno.EIO:
            return code in NO_ROOM
        probe = new_path(segment_path(self.folder, self._waiting[0][0]))
        return not has_room(probe, self._room_bytes)

    @property
    def _room_bytes(self) -> int:
        """Enough for what waits."""
        return ROOM_FACTOR * self.waiting_bytes + SEGMENT_BYTES_MIN

    def check_place(self) -> None:
        """Raises `EventLogDamaged` if what is written goes where no reader finds it: the folder or the segment at hand
        was moved, deleted or replaced."""
        if self._place is None:
            return
        path, key = self._place
        try:
            is_there = file_key(path.stat()) == key
        except (FileNotFoundError, NotADirectoryError):
            is_there = False
        if not is_there:
            raise EventLogDamaged(
                f"{path} was moved, deleted or replaced while the {self._who} wrote to it; bring it "
                f"back if you can, then start the {self._who} again, which makes anew what is missing"
            )

    def _write(self) -> None:
        assert self._environment is not None
        with self._environment.handle.begin(write=True) as transaction, transaction.cursor() as cursor:
            for first_seq, record, index in self._waiting:
                cursor.put(record_key(first_seq), record)
                cursor.putmulti(index)

    def enter(self) -> None:
        """Opens the segment that is written, so that `check_place` watches it. Raises `JournalError`, OSError."""
        if self._environment is not None:
            return
        known = segments(self.folder)
        if known:
            self._open_segment(segment_path(self.folder, known[-1]))
        elif self._waiting:
            self._enter_new()

    def _open_segment(self, path: Path) -> None:
        self._environment = open_environment(path)
        self._place = path, self._environment.key

    def _enter_new(self) -> None:
        """A segment that begins with the first record that waits, and has room for all of them."""
        self._leave()
        path = segment_path(self.folder, self._waiting[0][0])
        make_segment_file(path, max(self._segment_bytes, self._room_bytes), _sparse)
        self._open_segment(path)

    def _leave(self) -> None:
        if self._environment is not None:
            self._environment.close()
            self._environment = None

    def close(self) -> None:
        """Ends without writing what waits: `commit` first."""
        self._leave()
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _sparse(path: Path, _start: int, end: int) -> None:
    """LMDB takes its map to be as large as the file, which takes no room on disk until it is written."""
    os.truncate(path, end)


def _typed(error: OSError, folder: Path, what: str) -> JournalError:
    if error.errno in NO_ROOM:
        return JournalFull(f"no room to open the {what} in {folder}: {error.strerror}")
    if error.errno in _READ_ONLY:
        return JournalReadOnly(f"cannot write to {folder}: {error.strerror}")
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return NotThisEventLog(f"{folder} is not a folder; name a new one for the {what}")
    return JournalFailed(f"cannot open the {what} in {folder}: {error.strerror}")
