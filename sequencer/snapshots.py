"""Snapshots of the order as files: what a replica has come to after a block of a journal, so that nobody needs what
came before. `docs/SNAPSHOTS.md` has the bytes.
"""

import os
from pathlib import Path

from seriatim.errors import SnapshotRefused
from seriatim.journal import JournalReader
from seriatim.sequencer.overrides import proved_skips
from seriatim.sequencer.replica import Replica


def save_snapshot(path: Path, replica: Replica, cluster_id: bytes) -> int:
    """Writes a replica's state to a file, which is there as a whole or not at all, on disk when this returns. Gives the
    number of bytes. Raises OSError.
    """
    data = replica.save(cluster_id)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with unfinished.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return len(data)


def load_snapshot(path: Path, reader: JournalReader, key: bytes) -> Replica:
    """The replica of a file, with the overrides of the reader's journal; the reader stands at the block that is next.

    Raises SnapshotRefused if the file is no snapshot, a damaged one, or not of this journal, OSError if it cannot be
    read, OverrideRefused, and HistoryGone if the next block is not there any more.
    """
    try:
        replica = Replica.load(path.read_bytes(), reader.meta.cluster_id, proved_skips(reader.meta, key))
    except SnapshotRefused as error:
        raise SnapshotRefused(f"{path} cannot be loaded for the journal in {reader.folder}: {error}") from None
    try:
        _seek_behind(path, reader, replica)
    except BaseException:
        replica.close()
        raise
    return replica


def _seek_behind(path: Path, reader: JournalReader, replica: Replica) -> None:
    """The journal must hold the very block after which the snapshot was made, unless its next block is its first."""
    state = replica.state
    if state.index >= reader.first_index:
        reader.seek(state.index)
        block = reader.step()
        if block is None or block.hash() != state.header_hash:
            raise SnapshotRefused(
                f"{path} was made after block {state.index} of this order, and the journal in {reader.folder} "
                + ("ends before it" if block is None else "has another block there")
                + ": the journal has lost its tail, and perhaps written another; make a snapshot anew"
            )
    reader.seek(state.index + 1)
