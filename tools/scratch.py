"""Folders that go with a command; one whose command was killed goes with the next command of its kind."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = "scratch.lock"
"""In each of them, locked while it is used; a folder without it is somebody's own, whatever its name."""


@contextmanager
def scratch_folder(prefix: str, where: Path | None = None) -> Iterator[Path]:
    """A fresh folder in `where`, or in the system's temporary folder; locked while it is used and removed at the end.

    Those that killed commands have left there under the same prefix are removed first.
    """
    base = where or Path(tempfile.gettempdir())
    remove_left_behind(prefix, base)
    folder, lock = _locked_folder(prefix, base)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def remove_left_behind(prefix: str, base: Path) -> None:
    """Removes the folders whose lock the kernel has dropped, because the process that held it ended."""
    for path in base.glob(f"{prefix}*/{LOCK}"):
        try:
            lock = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
        except OSError:
            continue  # gone, or somebody else's
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path.parent, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(lock)


def _locked_folder(prefix: str, base: Path) -> tuple[Path, int]:
    """Made again if somebody who tidies up came between making and locking it."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=base))
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / LOCK).exists():
            return folder, lock
        os.close(lock)
