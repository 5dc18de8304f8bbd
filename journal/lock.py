"""Who may write: one process at a time, held by a lock that the kernel drops when that process ends."""

import fcntl
import os
import weakref
from pathlib import Path

from seriatim.journal.errors import JournalLocked, JournalReadOnly
from seriatim.journal.layout import RUNNING_NAME, WRITER_LOCK_NAME, sync_folder

_held: "weakref.WeakSet[WriterLock]" = weakref.WeakSet()


class WriterLock:
    """Holds `writer.lock`. Raises `JournalLocked` if somebody else does, `JournalReadOnly` if we may not write."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / WRITER_LOCK_NAME
        try:
            self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise JournalReadOnly(f"cannot write to {folder}: {error.strerror}") from error
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            locked = _locked(self._fd, folder)
            os.close(self._fd)
            raise locked from None
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)
        _held.add(self)

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def check_unlocked(folder: Path) -> None:
    """Raises `JournalLocked` if somebody writes there now; makes nothing, and holds nothing for later."""
    try:
        fd = os.open(folder / WRITER_LOCK_NAME, os.O_RDONLY)
    except OSError:
        return  # nobody has written there, or a writer that is opened says what is wrong
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        raise _locked(fd, folder) from None
    finally:
        os.close(fd)


def _locked(fd: int, folder: Path) -> JournalLocked:
    holder = os.pread(fd, 64, 0).decode(errors="replace").strip() or "unknown"
    return JournalLocked(f"process {holder} writes to {folder}; stop it first, or choose another folder")


def _drop_in_child() -> None:
    # A lock belongs to the open file, which a forked child shares: it would outlive the parent in the child.
    for lock in list(_held):
        lock.close()


os.register_at_fork(after_in_child=_drop_in_child)


def is_marked_running(folder: Path) -> bool:
    """True if a writer is open, or was when it died."""
    return (folder / RUNNING_NAME).exists()


def mark_running(folder: Path) -> None:
    (folder / RUNNING_NAME).write_text(f"{os.getpid()}\n")
    sync_folder(folder)


def clear_running(folder: Path) -> None:
    (folder / RUNNING_NAME).unlink(missing_ok=True)
    sync_folder(folder)
