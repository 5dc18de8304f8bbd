"""Checks an event log record by record, in a child process (`examiner`) that a damaged page may kill."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from seriatim.engine import EVENT
from seriatim.journal.event_log.layout import segments

SEGMENT_TIMEOUT_S = 120.0
EXAMINER = "seriatim.journal.event_log.examiner"


@dataclass(frozen=True, slots=True)
class SegmentEnd:
    """What was found in one segment. Without a problem, where it ends; a segment without a record ends at index 0."""

    first_seq: int
    problem: str | None = None
    index: int = 0
    """Of the last block whose record it holds."""
    next_seq: int = 0
    state_hash: int = 0
    """After that block."""


def examine(
    folder: Path, on_segment: Callable[[int], None] = lambda _: None, *, row_bytes: int = EVENT.itemsize
) -> list[SegmentEnd]:
    """The segments from the first on, up to one that is not whole, which is the last one told. `row_bytes` is the size
    of a row where no `log.json` says it.

    `on_segment(next_seq)` hears of each that is. Raises no error for what it finds.
    """
    firsts, ends = segments(folder), []
    while len(ends) < len(firsts) and not (ends and ends[-1].problem):
        ends += _examine_in_child(folder, firsts[len(ends) :], on_segment, row_bytes)
    return ends


def _examine_in_child(
    folder: Path, firsts: list[int], on_segment: Callable[[int], None], row_bytes: int
) -> list[SegmentEnd]:
    """At least one; the last one has a problem if the child did not come through."""
    command = [sys.executable, "-m", EXAMINER, str(folder), str(row_bytes), *map(str, firsts)]
    ends: list[SegmentEnd] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            timer = _timer(child)
            for line in child.stdout:
                timer.cancel()
                ends.append(SegmentEnd(**json.loads(line)))
                on_segment(ends[-1].next_seq)
                timer = _timer(child)
            timer.cancel()
        except BaseException:
            child.kill()
            raise
    if len(ends) < len(firsts) and not (ends and ends[-1].problem):
        ends.append(SegmentEnd(firsts[len(ends)], f"reading it ended the process with code {child.returncode}"))
    return ends


def _timer(child: "subprocess.Popen[str]") -> Timer:
    timer = Timer(SEGMENT_TIMEOUT_S, child.kill)
    timer.daemon = True
    timer.start()
    return timer
