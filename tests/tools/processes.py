"""Commands as processes that a test ends: bounded waits, and who is left."""

import time
from collections.abc import Callable
from pathlib import Path


def wait_for(condition: Callable[[], object], bound_s: float = 60.0) -> None:
    """Until `condition()` is true; fails after `bound_s`."""
    deadline_s = time.monotonic() + bound_s
    while not condition():
        assert time.monotonic() < deadline_s, f"waited {bound_s} s in vain"
        time.sleep(0.01)


def children(pid: int) -> list[int]:
    """The processes that this one has started and that have not ended."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_there(pid: int) -> bool:
    """Whether it has not ended; a zombie has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def driver_folders(pid: int) -> list[str]:
    """Of the drivers that this process has started."""
    return [path.name for path in Path("/dev/shm").glob(f"seriatim-{pid}-*")]
