"""The demo's folder for what goes with it, in the system's temporary folder; a demo that was killed leaves its own."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "seriatim-demo-"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A fresh folder, locked while its demo runs and removed at its end. Those of demos that were killed go first."""
    remove_left_behind()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        fd = os.open(name, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield Path(name)
        finally:
            os.close(fd)


def remove_left_behind() -> None:
    """Removes the folders whose lock the kernel has dropped, because the demo that held it ended."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue  # somebody else's
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(fd)
