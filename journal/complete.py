"""Whether all that a journal was given is still there: what a start, a replay, `info` and `verify` all ask.

A removed file leaves nothing behind that a walk of the others could stumble upon; `meta` and the first block's number
tell.
"""

from pathlib import Path

from seriatim.journal.errors import JournalDamaged
from seriatim.journal.layout import segment_path

FIRST_INDEX = 1


def missing_start(folder: Path, segments: list[int]) -> str | None:
    """What to say of a journal whose oldest segment does not begin with the first block; None if it does."""
    if not segments or segments[0] == FIRST_INDEX:
        return None
    return (
        f"{segment_path(folder, FIRST_INDEX).name}, the first segment, is missing from {folder}: the journal begins "
        f"with block {segments[0]}, and a node needs it from block {FIRST_INDEX} on, for nothing of a journal is ever "
        "cut off; bring it back"
    )


def missing_newest(folder: Path, segments: list[int], newest_segment: int) -> str | None:
    """What to say if the segment that was begun last (0: none was) is not there; None if it is."""
    if not newest_segment or newest_segment in segments:
        return None
    return (
        f"{segment_path(folder, newest_segment).name}, the newest segment, is missing from {folder}; "
        "bring it back: blocks in it may have been acknowledged"
    )


def missing_end(folder: Path, last_index: int, committed_index: int) -> str | None:
    """What to say of a log that ends with block `last_index`, before the commit position; None if it does not."""
    if last_index >= committed_index:
        return None
    return (
        f"the log in {folder} ends with block {last_index} but was committed up to {committed_index}: "
        "segments are missing"
    )


def what_is_missing(
    folder: Path, segments: list[int], *, newest_segment: int, last_index: int, committed_index: int
) -> list[str]:
    """All of the above, for whoever knows the last block already."""
    found = (
        missing_start(folder, segments),
        missing_newest(folder, segments, newest_segment),
        missing_end(folder, last_index, committed_index),
    )
    return [problem for problem in found if problem is not None]


def refuse(problem: str | None) -> None:
    """Raises `JournalDamaged` if there is one."""
    if problem is not None:
        raise JournalDamaged(problem)
