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

from seriatim.journal.environment import Environment, open_environment
from seriatim.journal.errors import JournalFailed, JournalFull, NotThisEventLog
from seriatim.journal.event_log.layout import (
    META_NAME,
    SEQ,
    describe,
    read_meta,
    record_key,
    segments,
    session_key,
    write_meta,
)
from seriatim.journal.layout import scan, segment_path
from seriatim.journal.lock import WriterLock
from seriatim.journal.prepare import discard, make_segment_file

SEGMENT_BYTES = 256 << 20
SEGMENT_BYTES_MIN = 256 << 10
BATCH_BYTES = 32 << 20
"""What one commit should hold at most."""
ROOM_FACTOR = 2
"""A segment for a batch of so many bytes has so many times the room: pages are not filled to their ends."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class EventLogWriter:
    """Appends records; makes the folder if it is not there, and empties it if its form is another release's.

    One writer at a time, for one thread. Raises `JournalLocked`, `JournalReadOnly`, `NotThisEventLog`.
    """

    def __init__(self, folder: Path, *, cluster_id: bytes, segment_bytes: int = SEGMENT_BYTES) -> None:
        if segment_bytes < SEGMENT_BYTES_MIN:
            raise ValueError(f"segment_bytes is {segment_bytes}; at least {SEGMENT_BYTES_MIN}")
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._segment_bytes = segment_bytes
        self._environment: Environment | None = None
        self._waiting: list[tuple[int, bytes, list[tuple[bytes, bytes]]]] = []
        self.waiting_bytes = 0
        self._lock = WriterLock(self.folder)
        try:
            self.emptied = self._claim(cluster_id)
        except BaseException:
            self._lock.close()
            raise

    def _claim(self, cluster_id: bytes) -> bool:
        contents = scan(self.folder)
        for path in contents.unfinished:
            discard(path)
        strangers = [path.name for path in contents.strangers if path.name != META_NAME]
        found, wanted = read_meta(self.folder), describe(cluster_id)
        if contents.has_meta or strangers:
            raise NotThisEventLog(f"{self.folder} holds something else than an event log; name a new folder")
        if found is not None and found.get("cluster") != wanted["cluster"]:
            raise NotThisEventLog(f"{self.folder} holds the event log of another journal; name a new folder")
        if found == wanted:
            return False
        self.truncate(0)
        write_meta(self.folder, cluster_id)
        return bool(contents.segments)

    def truncate(self, first_seq: int) -> None:
        """Deletes the segments that begin with `first_seq` or later."""
        self._leave()
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
        if not self._waiting:
            return
        try:
            if self._environment is None:
                self._enter_last()
            try:
                self._write()
            except lmdb.MapFullError:
                self._enter_new()
                self._write()
        except (lmdb.Error, OSError) as error:
            self._leave()
            code = error.code if isinstance(error, lmdb.Error) else error.errno
            if code in _NO_ROOM:
                raise JournalFull(f"no room for the event log in {self.folder}: {error}") from error
            raise JournalFailed(f"the event log in {self.folder} cannot be written: {error}") from error
        self._waiting.clear()
        self.waiting_bytes = 0

    def _write(self) -> None:
        assert self._environment is not None
        with self._environment.handle.begin(write=True) as transaction, transaction.cursor() as cursor:
            for first_seq, record, index in self._waiting:
                cursor.put(record_key(first_seq), record)
                cursor.putmulti(index)

    def _enter_last(self) -> None:
        known = segments(self.folder)
        if known:
            self._environment = open_environment(segment_path(self.folder, known[-1]))
        else:
            self._enter_new()

    def _enter_new(self) -> None:
        """A segment that begins with the first record that waits, and has room for all of them."""
        self._leave()
        path = segment_path(self.folder, self._waiting[0][0])
        make_segment_file(path, max(self._segment_bytes, ROOM_FACTOR * self.waiting_bytes + SEGMENT_BYTES_MIN), _sparse)
        self._environment = open_environment(path)

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
