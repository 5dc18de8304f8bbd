"""Opening a journal for writing: clean up, check after a crash, find the end of the log."""

import os
from dataclasses import dataclass
from pathlib import Path

from seriatim.journal.complete import missing_end, missing_newest, missing_start, refuse
from seriatim.journal.environment import used_bytes
from seriatim.journal.errors import JournalDamaged
from seriatim.journal.layout import Contents, scan, segment_path
from seriatim.journal.lock import is_marked_running
from seriatim.journal.position import START, Position
from seriatim.journal.prepare import discard
from seriatim.journal.segment import Segment
from seriatim.journal.verify import Report, check_segments, summarize


@dataclass(frozen=True, slots=True)
class Recovery:
    """What opening found: the end of the log, whether the last stop was unclean and, if so, what the check said."""

    position: Position
    spares: list[Path]
    unclean: bool
    report: Report | None


def recover(folder: Path, committed_index: int, newest_segment: int) -> Recovery:
    """Finds the last block, which must not lie before `committed_index`. The segment that begins with `newest_segment`
    (0: none) must be there. Call it with the writer lock held. Nothing of the log is ever deleted here.

    After an unclean stop the newest segments are first walked in a child process. Raises `JournalDamaged` if a block
    in them is not whole: every block was acknowledged as durable, so dropping one is a person's decision.
    """
    contents = scan(folder)
    for path in contents.unfinished:
        discard(path)
    refuse(missing_newest(folder, contents.segments, newest_segment))
    refuse(missing_start(folder, contents.segments))
    unclean = is_marked_running(folder)
    report = _check_tail(folder, contents) if unclean else None
    if report is not None and not report.whole:
        raise JournalDamaged(f"the journal in {folder} is damaged: {'; '.join(report.problems)}")
    position = _find_end(folder, contents.segments)
    refuse(missing_end(folder, position.index, committed_index))
    return Recovery(position, contents.spares, unclean, report)


def _check_tail(folder: Path, contents: Contents) -> Report:
    """The last two segments: the writer may have died right after it began the last one."""
    return summarize(folder, contents, check_segments(folder, contents.segments[-2:]))


def _find_end(folder: Path, segments: list[int]) -> Position:
    end_index: int | None = None
    for first_index in reversed(segments):
        with Segment(folder, first_index) as segment:
            last = segment.last(end_index)
        end_index = first_index
        if last is not None:
            # Segments behind this one are empty: the writer stopped before its first block.
            _trim_and_sync(segment_path(folder, first_index))
            return Position.after(last)
        if first_index > 1 and first_index == segments[0]:
            raise JournalDamaged("the oldest segment is empty", segment_path(folder, first_index))
    return START


def _trim_and_sync(path: Path) -> None:
    """Gives back the room that a segment was prepared with and will not use: every start begins a new one. What was
    read of it must be on disk before that one has a block: a writer that was killed in a commit has not seen to it.
    """
    used = used_bytes(path)
    fd = os.open(path, os.O_RDWR)
    try:
        if os.fstat(fd).st_size > used:
            os.ftruncate(fd, used)
        os.fsync(fd)
    finally:
        os.close(fd)
