"""Memory for the pages of a segment that was not prepared: what caches the segment before it."""

import os
from pathlib import Path
from typing import Self

STEP_BYTES = 8 << 20


class CacheHandover:
    """Frees the memory that caches a closed segment, step by step, as the one after it grows into that memory.

    Pages that were used a moment ago are the fastest there are. Without this each commit takes pages that nobody has
    used yet, and a virtual machine must first get those from its host: 3.2 ms of processor time a MiB instead of 0.4.
    Nothing is lost but the cached copy, and a reader that has fallen a whole segment behind reads from the disk.
    """

    def __init__(self, closed: Path) -> None:
        self._fd = os.open(closed, os.O_RDONLY)
        self._freed_bytes = 0
        self.follow(0)

    def follow(self, grown_bytes: int) -> None:
        """The segment after it has grown to so many bytes: stays at least one step ahead of it."""
        if grown_bytes + STEP_BYTES > self._freed_bytes:
            _drop(self._fd, self._freed_bytes, 2 * STEP_BYTES)
            self._freed_bytes += 2 * STEP_BYTES

    def close(self) -> None:
        os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _drop(fd: int, start: int, length: int) -> None:
    if hasattr(os, "posix_fadvise"):  # macOS has none
        os.posix_fadvise(fd, start, length, os.POSIX_FADV_DONTNEED)
