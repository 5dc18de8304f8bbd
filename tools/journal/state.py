"""What a replay of a journal gives."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from seriatim.journal import JournalReader
from seriatim.journal.complete import missing_end, missing_newest, missing_start, refuse
from seriatim.journal.layout import scan
from seriatim.sequencer.overrides import check_reached, recovered_replica
from seriatim.sequencer.recovery import Replayed, blocks_from_start, replay
from seriatim.sequencer.replica import Replica
from seriatim.sequencer.snapshots import load_snapshot


@contextmanager
def replayed_journal(
    folder: Path,
    on_progress: Callable[[int, int], None] | None = None,
    key: bytes = b"",
    snapshot: Path | None = None,
) -> Iterator[tuple[Replica, Replayed]]:
    """Replays a journal from its start, or from a snapshot, up to the commit position, and gives the replica that has
    read it. `on_progress(index, seq)` hears of it now and then; `key` proves its overrides.

    Raises `JournalError`, BadBlockError, PoisonMessage, OverrideRefused, UnknownLogic, SnapshotRefused or OSError.
    """
    with JournalReader(folder) as reader, _beginning(reader, key, snapshot) as replica:
        newest, committed = reader.meta.newest_segment, reader.meta.committed()
        segments = scan(folder).segments
        refuse(missing_start(folder, segments) if snapshot is None else None)
        refuse(missing_newest(folder, segments, newest))
        blocks = blocks_from_start(reader) if snapshot is None else (block.data for block in reader)
        replayed = replay(blocks, replica, on_progress)
        refuse(missing_end(folder, replica.state.index, committed.index))
        check_reached(reader, replica)
        yield replica, replayed


def journal_state(
    folder: Path,
    on_progress: Callable[[int, int], None] | None = None,
    key: bytes = b"",
    snapshot: Path | None = None,
) -> dict[str, Any]:
    """Where a replay ends, and how fast it was; takes and raises what `replayed_journal` does."""
    with replayed_journal(folder, on_progress, key, snapshot) as (replica, replayed):
        state = replica.state.as_dict()
    return {
        "seq": state.pop("seq"),
        "outcome_hash": state.pop("outcome_hash"),
        "state_hash": state.pop("state_hash"),
        "messages_per_second": round(replayed.messages_per_second),
        "messages": replayed.messages,
        "blocks": replayed.blocks,
        "bytes": replayed.bytes,
        "seconds": round(replayed.elapsed_s, 3),
        **state,
    }


def _beginning(reader: JournalReader, key: bytes, snapshot: Path | None) -> Replica:
    return recovered_replica(reader, key) if snapshot is None else load_snapshot(snapshot, reader, key)
