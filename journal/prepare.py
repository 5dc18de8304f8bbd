"""Makes segment files ahead of the writer: created by LMDB, zeroed to their full size and synced.

A commit into blocks of the disk that were written before changes no file system metadata, so it waits for one flush
less. The zeros go past the page cache (`O_DIRECT`) where the file system can do that, which leaves no mass of dirty
pages for somebody's commit to wait for; then they are read into it, so that a commit need not allocate its pages. All
of it in small steps with pauses: at full speed the disk delays commits more than a prepared segment saves.
"""

import errno
import mmap
import os
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

import lmdb

from seriatim.journal.environment import used_bytes
from seriatim.journal.layout import lock_path, new_path, spare_path, sync_folder
from seriatim.journal.space import make_lock_file

STEP_BYTES = 1 << 20
PAUSE_S = 0.004
BUSY_BYTES_PER_S = 100e6
"""While the order writes faster than this, nothing is prepared: the zeros would take the disk and the core that it
needs, and a commit into a segment that is only reserved costs less than one that waits for them."""
BUSY_PAUSE_S = 0.05
RETRY_S = 1.0


def make_segment_file(path: Path, size_bytes: int, fill: Callable[[Path, int, int], None]) -> None:
    """Makes an empty segment file that is durable under its name. Raises OSError (no room, not writable).

    `fill(path, start, end)` makes its space the file's own: `write_zeros`, or `reserve`, which takes no time but makes
    the commits into it slower.
    """
    unfinished = new_path(path)
    discard(unfinished)
    try:
        lmdb.open(str(unfinished), subdir=False, lock=False, map_size=size_bytes, max_dbs=0).close()
        fill(unfinished, used_bytes(unfinished), size_bytes)
        adopt(unfinished, path)
    except lmdb.Error as error:
        discard(unfinished)
        raise OSError(error.code, error.reason, str(path)) from error
    except BaseException:
        discard(unfinished)
        raise


def discard(path: Path) -> None:
    """Deletes an environment that is part of nothing, with LMDB's lock file."""
    path.unlink(missing_ok=True)
    lock_path(path).unlink(missing_ok=True)


def adopt(spare: Path, target: Path) -> None:
    """Gives a whole file its name, durably. LMDB's lock file of an earlier holder of the name must not serve it; the
    new one is given its space here, because LMDB maps it and a disk that is full by then would kill the process with
    SIGBUS.
    """
    lock = lock_path(target)
    lock.unlink(missing_ok=True)
    if lock_path(spare).exists():
        os.replace(lock_path(spare), lock)
    else:
        make_lock_file(lock)
    os.replace(spare, target)
    sync_folder(target.parent)


def write_zeros(path: Path, start: int, end: int, pace: Callable[[], None] = lambda: None) -> None:
    """Fills a file with zeros from `start` to `end` and syncs it; calls `pace` before each step. Raises OSError."""
    fd = _open_past_cache(path)
    try:
        with mmap.mmap(-1, min(STEP_BYTES, end - start)) as buffer, memoryview(buffer) as zeros:
            while start < end:
                pace()
                start += os.pwrite(fd, zeros[: end - start], start)
        os.fsync(fd)
    finally:
        os.close(fd)


def read_into_cache(path: Path, pace: Callable[[], None]) -> None:
    """Brings a file into the page cache. Read from end to end it gets there in large folios, into which a commit of
    1 MiB writes half as long again faster than into the small ones that read-ahead on demand makes. Sent to nowhere
    instead of read into a buffer, nothing is copied: that copy took a sixth of a core while the order ran at full
    speed.
    """
    with path.open("rb") as file, open(os.devnull, "wb") as nowhere:
        offset = 0
        while sent := os.sendfile(nowhere.fileno(), file.fileno(), offset, STEP_BYTES):
            offset += sent
            pace()


def _open_past_cache(path: Path) -> int:
    """Opens for writing around the page cache, or through it where the system (macOS, tmpfs) knows no other way."""
    try:
        return os.open(path, os.O_RDWR | getattr(os, "O_DIRECT", 0))
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        return os.open(path, os.O_RDWR)


class _Stopped(Exception):
    """Unwinds the thread out of a file that nobody needs any more."""


class Preparer:
    """Keeps `spares` prepared files at hand, made by a thread that sleeps in the kernel while it writes.

    `written_bytes` says how much the writer has appended so far: the thread rests while that grows fast.

    A spare that an earlier run left is used again: it got its name only when it was whole. `failure` holds the error
    that keeps the thread from making one; it tries again every second, and whenever one is asked for.
    """

    def __init__(
        self, folder: Path, size_bytes: int, spares: int, leftovers: list[Path], written_bytes: Callable[[], int]
    ) -> None:
        self._written_bytes = written_bytes
        self.failure: OSError | None = None
        self._folder = folder
        self._size_bytes = size_bytes
        self._wanted = spares
        self._ready: deque[Path] = deque()
        self._next_number = 0
        self._stopping = False
        self._awaited = 0
        self._changed = threading.Condition()
        for path in leftovers:
            self._keep_or_discard(path)
        self._thread = threading.Thread(target=self._run, name="journal-prepare", daemon=True)
        self._thread.start()

    def _keep_or_discard(self, path: Path) -> None:
        number = int("0" + "".join(filter(str.isdigit, path.stem)))
        self._next_number = max(self._next_number, number + 1)
        if path.is_file() and path.stat().st_size == self._size_bytes and len(self._ready) < self._wanted:
            self._ready.append(path)
        else:
            discard(path)

    @property
    def ready(self) -> int:
        """How many spares are at hand."""
        return len(self._ready)

    def take(self, target: Path) -> bool:
        """Gives a prepared file the name `target`; False if none is at hand. Raises OSError."""
        with self._changed:
            self._changed.notify_all()
            if not self._ready:
                return False
            spare = self._ready.popleft()
        try:
            adopt(spare, target)
        except OSError:
            self._ready.appendleft(spare)
            raise
        return True

    def wait_ready(self, count: int, timeout_s: float) -> bool:
        """Waits until `count` spares are at hand; False after the timeout, or when one could not be made."""
        with self._changed:
            self._awaited += 1
            self._changed.wait_for(lambda: len(self._ready) >= count or self.failure is not None, timeout_s)
            self._awaited -= 1
            return len(self._ready) >= count

    def close(self) -> None:
        """Stops; a file that is not whole yet is discarded."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while (path := self._next()) is not None:
            try:
                make_segment_file(path, self._size_bytes, self._fill)
            except _Stopped:
                return
            except OSError as error:
                with self._changed:
                    self.failure = error
                    self._changed.notify_all()
                continue
            self.failure = None
            with self._changed:
                self._ready.append(path)
                self._changed.notify_all()

    def _fill(self, path: Path, start: int, end: int) -> None:
        write_zeros(path, start, end, self._pace)
        read_into_cache(path, self._pace)

    def _pace(self) -> None:
        """Pauses between two steps, for as long as the order needs the disk, unless somebody waits for the file."""
        with self._changed:
            pause_s = PAUSE_S
            while not (self._stopping or self._awaited):
                before_bytes = self._written_bytes()
                self._changed.wait_for(lambda: self._stopping or self._awaited, pause_s)
                if self._written_bytes() - before_bytes < BUSY_BYTES_PER_S * pause_s:
                    break
                pause_s = BUSY_PAUSE_S
            if self._stopping:
                raise _Stopped

    def _next(self) -> Path | None:
        """Waits for work: the path of the next spare to make, or None to stop."""
        with self._changed:
            if self.failure is not None and not self._stopping:
                self._changed.wait(RETRY_S)
            self._changed.wait_for(lambda: self._stopping or len(self._ready) < self._wanted)
            if self._stopping:
                return None
            self._next_number += 1
            return spare_path(self._folder, self._next_number - 1)
