"""The child process of `examine`: reads segments record by record and prints one JSON line for each.

LMDB does not check its pages, so a flipped bit may kill the process that reads it. This one may die.
Usage: python -m seriatim.journal.event_log.examiner FOLDER ROW_BYTES FIRST_SEQ...
"""

import json
import signal
import sys
from dataclasses import asdict
from pathlib import Path

import lmdb

from seriatim.journal.environment import open_environment
from seriatim.journal.errors import EventLogDamaged, JournalError
from seriatim.journal.event_log.examine import SegmentEnd
from seriatim.journal.event_log.layout import RECORDS, record_key, row_bytes
from seriatim.journal.event_log.record import check_record
from seriatim.journal.layout import segment_path


def examine_segment(folder: Path, first_seq: int, row: int) -> SegmentEnd:
    """Reads all of one segment."""
    end = SegmentEnd(first_seq)
    try:
        environment = open_environment(segment_path(folder, first_seq))
        with environment.handle.begin(buffers=True) as transaction, transaction.cursor() as cursor:
            found = cursor.set_range(RECORDS)
            while found and bytes(cursor.key()[:1]) == RECORDS:
                end = _follow(end, bytes(cursor.key()), cursor.value(), row)
                found = cursor.next()
        environment.close()
    except (JournalError, OSError, lmdb.Error) as error:
        return SegmentEnd(first_seq, str(error))
    return end


def _follow(before: SegmentEnd, key: bytes, value: memoryview, row: int) -> SegmentEnd:
    header = check_record(value, row)
    if key != record_key(header.first_seq) or header.first_seq != (before.next_seq or before.first_seq):
        raise EventLogDamaged(f"the record of block {header.index} is not where it belongs")
    return SegmentEnd(before.first_seq, None, header.index, header.next_seq, header.state_hash)


def main(folder: str, otherwise: str, *firsts: str) -> None:
    """Prints one JSON line for each segment; ends after one that is not whole or does not follow the one before."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    row, next_seq = row_bytes(Path(folder), int(otherwise)), 0
    for first in map(int, firsts):
        end = examine_segment(Path(folder), first, row)
        if next_seq and first != next_seq and not end.problem:
            end = SegmentEnd(first, f"the events of seq {next_seq} to {first - 1} are missing before it")
        print(json.dumps(asdict(end)), flush=True)
        if end.problem:
            return
        next_seq = end.next_seq


if __name__ == "__main__":
    main(*sys.argv[1:])
