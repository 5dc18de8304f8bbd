"""Writes what a journal has come to as a snapshot."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from seriatim.errors import SnapshotRefused
from seriatim.journal import JournalReader
from seriatim.sequencer.overrides import recovered_replica
from seriatim.sequencer.recovery import blocks_from_start, replay
from seriatim.sequencer.snapshots import check_target, save_snapshot


def write_snapshot(
    folder: Path,
    path: Path,
    at_seq: int | None = None,
    key: bytes = b"",
    on_progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Replays a journal up to the block that holds `at_seq`, or to its commit position, and writes the file `path`.

    Raises `JournalError`, BadBlockError, PoisonMessage, OverrideRefused, UnknownLogic, OSError, or SnapshotRefused if
    the order ends before `at_seq` or the file would replace what is no snapshot.
    """
    check_target(path, folder)  # before a replay that may take long, and once more when the file is written
    with JournalReader(folder) as reader, recovered_replica(reader, key) as replica:
        wanted = (lambda: True) if at_seq is None else (lambda: replica.state.seq < at_seq)
        replay(_while(wanted, blocks_from_start(reader)), replica, on_progress)
        state = replica.state
        if at_seq is not None and state.seq < at_seq:
            raise SnapshotRefused(f"there is no seq {at_seq} in {folder}: its order ends with seq {state.seq}")
        written = save_snapshot(path, replica, reader)
    hashes = {name: f"{getattr(state, name):016x}" for name in ("outcome_hash", "state_hash")}
    return {"snapshot": str(path), "seq": state.seq, "index": state.index, **hashes, "snapshot_bytes": written}


def _while(wanted: Callable[[], bool], blocks: Iterator[memoryview]) -> Iterator[memoryview]:
    """Blocks as long as one more is wanted; whoever takes one has executed those before."""
    while wanted() and (block := next(blocks, None)) is not None:
        yield block
