"""Where a journal begins and ends, in seqs."""

from pathlib import Path

from seriatim.journal import Block, NotAJournal
from seriatim.journal.layout import META_NAME, scan
from seriatim.journal.segment import Segment


def journal_end(folder: Path) -> int:
    """The last seq that a journal holds; 0 if it is empty. Raises `NotAJournal`."""
    try:
        contents = scan(folder)
    except (FileNotFoundError, NotADirectoryError):
        raise NotAJournal(f"there is no journal in {folder}") from None
    if not contents.has_meta:
        raise NotAJournal(f"there is no journal in {folder}: it has no {META_NAME}")
    for first, end in reversed(contents.ranges()):
        try:
            with Segment(folder, first) as segment:
                last = segment.last(end)
        except FileNotFoundError:
            continue  # truncated since the scan
        if last is not None:
            return last.next_seq - 1
    return 0


def journal_start(folder: Path) -> int:
    """The first seq that a journal still holds; 1 if it is empty."""
    for first in scan(folder).segments:
        block = _first_block(folder, first)
        if block is not None:
            return block.first_seq
    return 1


def first_after_epoch(folder: Path, epoch: int) -> int | None:
    """The first seq of the first epoch after this one; None if the journal does not go so far. A node begins an epoch
    and a segment at each start, so the first blocks of segments tell."""
    for first in scan(folder).segments:
        block = _first_block(folder, first)
        if block is not None and block.count and block.frame_table().epoch[0] > epoch:
            return block.first_seq
    return None


def _first_block(folder: Path, first: int) -> Block | None:
    try:
        with Segment(folder, first) as segment:
            return segment.first()
    except FileNotFoundError:
        return None  # truncated since the scan
