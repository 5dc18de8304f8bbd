"""Gives files their space on disk before anybody counts on it."""

import contextlib
import errno
import os
from pathlib import Path

from seriatim.journal.errors import JournalFull
from seriatim.journal.layout import lock_path

MAX_READERS = 254
"""Of one LMDB environment, at once."""
LOCK_BYTES = 16 << 10
"""LMDB's lock file on 64-bit Linux: 192 bytes, and 64 for each of `MAX_READERS` but one."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_STAT_BLOCK_BYTES = 512

assert LOCK_BYTES >= 192 + 64 * (MAX_READERS - 1)


def reserve(path: Path, start: int, end: int) -> None:
    """Gives a file the space from `start` to `end`, durably, without writing to it. Raises OSError."""
    fd = os.open(path, os.O_RDWR)
    try:
        os.posix_fallocate(fd, start, end - start)
        os.fsync(fd)
    finally:
        os.close(fd)


def reserve_lock_file(path: Path) -> None:
    """Gives LMDB's lock file beside an environment its space, and makes it if it is not there: LMDB maps a sparse one,
    and a disk that is full by then kills the process with SIGBUS. Nobody in this process may have it open.

    Raises `JournalFull`. Where it cannot be written for another reason, LMDB says whether it can do without.
    """
    lock = lock_path(path)
    try:
        if lock.stat().st_blocks * _STAT_BLOCK_BYTES >= LOCK_BYTES:
            return
    except FileNotFoundError:
        pass
    try:
        make_lock_file(lock)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise JournalFull(f"no room for {lock}, in which LMDB keeps who reads: {error.strerror}") from error


def make_lock_file(lock: Path) -> None:
    """Makes LMDB's lock file with its space, or gives it to one that has less. Raises OSError."""
    is_new = not lock.exists()
    try:
        lock.touch()
        reserve(lock, 0, LOCK_BYTES)
    except OSError:
        if is_new:
            lock.unlink(missing_ok=True)
        raise


def has_room(probe: Path, size_bytes: int) -> bool:
    """Whether there is room for so much, whatever it is that bounds it; tried with a file that nobody else uses."""
    try:
        probe.touch()
        reserve(probe, 0, size_bytes)
    except OSError as error:
        return error.errno not in NO_ROOM
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()
    return True
