"""The child process of `verify`: walks segments block by block and prints one JSON line for each.

LMDB does not check its pages, so a flipped bit may kill the process that reads it. This one may die; the parent then
knows which segment did it. Usage: python -m seriatim.journal.checker FOLDER FIRST_INDEX:END_INDEX... (or meta.lmdb)
"""

import json
import signal
import sys
from pathlib import Path
from typing import Any

from seriatim.journal.block import Block
from seriatim.journal.environment import used_bytes
from seriatim.journal.errors import JournalDamaged, JournalError, OutOfOrder, UnknownFormat
from seriatim.journal.layout import META_NAME
from seriatim.journal.meta import Meta
from seriatim.journal.position import Position
from seriatim.journal.segment import Segment


def check_meta(folder: Path) -> dict[str, Any]:
    """What `meta` says should be there; the keys are those of `MetaReport`."""
    try:
        with Meta(folder) as meta:
            return {"newest_segment": meta.newest_segment, "committed_index": meta.committed().index}
    except UnknownFormat as error:
        return {"unknown_format": str(error)}
    except JournalDamaged as error:
        return {"problem": error.detail}
    except (JournalError, OSError) as error:
        return {"problem": str(error)}


def check_segment(folder: Path, first_index: int, end_index: int) -> dict[str, Any]:
    """Checks the blocks from `first_index` up to `end_index` (0: no end); the keys are those of `SegmentReport`."""
    report: dict[str, Any] = {"first_index": first_index, "blocks": 0, "messages": 0, "problem": None, "beyond": 0}
    try:
        with Segment(folder, first_index) as segment:
            report |= {"file_bytes": segment.path.stat().st_size, "used_bytes": used_bytes(segment.path)}
            _walk(segment, end_index, report)
    except (JournalDamaged, OutOfOrder) as error:
        report["problem"] = getattr(error, "detail", str(error))
    except (JournalError, OSError) as error:
        report["problem"] = str(error)
    return report


def _walk(segment: Segment, end_index: int, report: dict[str, Any]) -> None:
    position: Position | None = None
    with segment.environment.handle.begin(buffers=True) as transaction, transaction.cursor() as cursor:
        records = iter(cursor)
        for key, value in records:
            try:
                block = segment.decode(key, value)
                if end_index and block.index >= end_index:
                    break
                if position is None:
                    _note_first(block, segment.first_index, report)
                else:
                    position.check_next(block)
                check_frames(block)
            except (JournalDamaged, OutOfOrder):
                report["beyond"] = sum(1 for _ in records)
                raise
            position = Position.after(block)
            _note(block, position, report)


def check_frames(block: Block) -> None:
    """Raises `JournalDamaged` unless frames are numbered without a gap and their times do not go back."""
    table = block.frame_table()
    if len(table.seq) == 0:
        return
    if table.seq[0] != block.first_seq or (table.seq[1:] - table.seq[:-1] != 1).any():
        raise JournalDamaged(
            f"block {block.index}: its frames are not numbered from {block.first_seq} on", None, block.index
        )
    if (table.time_ns[1:] < table.time_ns[:-1]).any() or table.time_ns[-1] != block.time_ns:
        raise JournalDamaged(f"block {block.index}: the times of its frames go back", None, block.index)


def _note_first(block: Block, first_index: int, report: dict[str, Any]) -> None:
    if block.index != first_index:
        raise OutOfOrder(f"the segment is named {first_index} and starts with block {block.index}")
    report |= {"previous_hash": block.previous_hash.hex(), "first_seq": block.first_seq, "first_term": block.term}


def _note(block: Block, position: Position, report: dict[str, Any]) -> None:
    report["blocks"] += 1
    report["messages"] += block.count
    report |= {
        "last_index": position.index,
        "last_hash": position.hash.hex(),
        "next_seq": position.next_seq,
        "last_term": position.term,
        "last_time_ns": position.time_ns,
    }


def main(folder: str, *ranges: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    for entry in ranges:
        print(json.dumps(check(Path(folder), entry)), flush=True)


def check(folder: Path, entry: str) -> dict[str, Any]:
    if entry == META_NAME:
        return check_meta(folder)
    first, end = map(int, entry.split(":"))
    return check_segment(folder, first, end)


if __name__ == "__main__":
    main(*sys.argv[1:])
