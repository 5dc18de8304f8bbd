"""What is in the page cache while segments follow each other."""

import ctypes
import mmap
import os
from pathlib import Path

import pytest

from seriatim.journal.cache import CacheHandover
from seriatim.journal.layout import segment_path
from tests.journal.journal_chain import chain, open_writer

MIB = 1 << 20


def cached_bytes(path: Path) -> int:
    """How much of a file is in the page cache (mincore)."""
    libc = ctypes.CDLL(None, use_errno=True)
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
        pages = -(-len(mapped) // mmap.PAGESIZE)
        resident = (ctypes.c_ubyte * pages)()
        view = ctypes.c_char.from_buffer(mapped)
        outcome = libc.mincore(ctypes.c_void_p(ctypes.addressof(view)), ctypes.c_size_t(len(mapped)), resident)
        del view
        assert outcome == 0, os.strerror(ctypes.get_errno())
    return sum(page & 1 for page in resident) * mmap.PAGESIZE


@pytest.fixture
def cached_file(tmp_path: Path) -> Path:
    """64 MiB that are written, synced and cached; skips where the file system keeps what it is asked to drop."""
    path, probe = tmp_path / "closed", tmp_path / "probe"
    for file, size in ((path, 64 * MIB), (probe, MIB)):
        file.write_bytes(bytes(size))
        fd = os.open(file, os.O_RDWR)
        os.fsync(fd)
        if file is probe:
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(fd)
    if cached_bytes(probe):
        pytest.skip("this file system has no page cache of its own")
    return path


def test_a_closed_segment_leaves_the_cache_as_the_next_one_grows(cached_file: Path):
    with CacheHandover(cached_file) as handover:
        left = [cached_bytes(cached_file)]
        for grown in (20 * MIB, 40 * MIB, 64 * MIB):
            for reached in range(grown - 20 * MIB, grown + MIB, MIB):
                handover.follow(reached)
            left.append(cached_bytes(cached_file))
    assert 0 < left[0] < 64 * MIB
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0


@pytest.mark.usefixtures("cached_file")
@pytest.mark.parametrize(("spares", "leaves"), [(0, True), (2, False)])
def test_memory_is_handed_over_only_to_a_segment_that_is_not_prepared(folder: Path, spares: int, leaves: bool):
    with open_writer(folder, segment_bytes=4 * MIB, spares=spares) as writer:
        writer.wait_prepared(spares, 20.0)
        for block in chain(10, messages=500, message_bytes=1000):
            writer.append(block.index, block.data)
        assert writer.counters.segments == 2
        assert writer.counters.unprepared == (0 if spares else 2)
        closed = segment_path(folder, 1)
        assert (cached_bytes(closed) < MIB) is leaves
