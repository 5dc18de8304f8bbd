"""Checks an event log record by record, in a child process that a damaged page may kill.

Usage of the child: python -m seriatim.journal.event_log.examine FOLDER
"""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Timer

from seriatim.journal.environment import open_environment
from seriatim.journal.errors import EventLogDamaged, JournalError
from seriatim.journal.event_log.layout import RECORDS, record_key, segments
from seriatim.journal.event_log.record import check_record
from seriatim.journal.layout import segment_path

SEGMENT_TIMEOUT_S = 120.0


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


def examine(folder: Path, on_segment: Callable[[int], None] = lambda _: None) -> list[SegmentEnd]:
    """The segments from the first on, up to one that is not whole, which is the last one told.

    `on_segment(next_seq)` hears of each that is. Raises no error for what it finds.
    """
    firsts, ends = segments(folder), []
    while len(ends) < len(firsts) and not (ends and ends[-1].problem):
        ends += _examine_in_child(folder, firsts[len(ends) :], on_segment)
    return ends


def _examine_in_child(folder: Path, firsts: list[int], on_segment: Callable[[int], None]) -> list[SegmentEnd]:
    """At least one; the last one has a problem if the child did not come through."""
    command = [sys.executable, "-m", __name__, str(folder), *map(str, firsts)]
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


def _examine_segment(folder: Path, first_seq: int) -> SegmentEnd:
    end = SegmentEnd(first_seq)
    try:
        environment = open_environment(segment_path(folder, first_seq))
        with environment.handle.begin(buffers=True) as transaction, transaction.cursor() as cursor:
            found = cursor.set_range(RECORDS)
            while found and bytes(cursor.key()[:1]) == RECORDS:
                end = _follow(end, bytes(cursor.key()), cursor.value())
                found = cursor.next()
        environment.close()
    except (JournalError, OSError) as error:
        return SegmentEnd(first_seq, str(error))
    return end


def _follow(before: SegmentEnd, key: bytes, value: memoryview) -> SegmentEnd:
    header = check_record(value)
    if key != record_key(header.first_seq) or header.first_seq != (before.next_seq or before.first_seq):
        raise EventLogDamaged(f"the record of block {header.index} is not where it belongs")
    return SegmentEnd(before.first_seq, None, header.index, header.next_seq, header.state_hash)


def main(folder: str, *firsts: str) -> None:
    """Prints one JSON line for each segment; ends after one that is not whole or does not follow the one before."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    next_seq = 0
    for first in map(int, firsts):
        end = _examine_segment(Path(folder), first)
        if next_seq and first != next_seq and not end.problem:
            end = SegmentEnd(first, f"the events of seq {next_seq} to {first - 1} are missing before it")
        print(json.dumps(asdict(end)), flush=True)
        if end.problem:
            return
        next_seq = end.next_seq


if __name__ == "__main__":
    main(*sys.argv[1:])
