"""Snapshots of the order as files: what a replica has come to after a block of a journal, so that nobody needs what
came before. `docs/SNAPSHOTS.md` has the bytes.
"""

import os
import stat
from pathlib import Path

from seriatim.errors import SnapshotRefused
from seriatim.journal import JournalReader
from seriatim.sequencer.overrides import proved_skips
from seriatim.sequencer.replica import Replica

MAGIC = b"SRTMREPL"
"""What the snapshot of a replica begins with."""
HEADER_BYTES = 24
LENGTH = slice(16, 24)
"""Of everything, in the header."""


def check_target(path: Path, journal: Path) -> None:
    """Raises SnapshotRefused unless nothing but an older snapshot is lost by writing a snapshot of the journal to the
    file `path`. Raises OSError if that cannot be seen, FileNotFoundError if the folder for it is not there.
    """
    if (path.parent.resolve() / path.name).is_relative_to(journal.resolve()):
        raise SnapshotRefused(f"{path} is in the journal's own folder; name a file elsewhere")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent} to write {path.name} in; make it, or name another")
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise SnapshotRefused(f"{path} is there and no regular file; name another")
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise SnapshotRefused(f"{path} is there and no snapshot: it is not overwritten; remove it or name another")


def save_snapshot(path: Path, replica: Replica, reader: JournalReader) -> int:
    """Writes the state of a replica of the reader's journal to a file, which is there as a whole or not at all, on disk
    when this returns. Gives the number of bytes. Raises OSError, which names the file, or SnapshotRefused as
    `check_target` does.
    """
    check_target(path, reader.folder)
    data = replica.save(reader.meta.cluster_id)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with unfinished.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        if error.filename is None:  # as of a write to a full disk
            error.filename = str(path)
        raise
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
        replica = Replica.load(_read(path), reader.meta.cluster_id, proved_skips(reader.meta, key))
    except SnapshotRefused as error:
        raise SnapshotRefused(f"{path} cannot be loaded for the journal in {reader.folder}: {error}") from None
    try:
        _seek_behind(path, reader, replica)
    except BaseException:
        replica.close()
        raise
    return replica


def _read(path: Path) -> bytes:
    """The bytes of a snapshot; no more than the header of a file whose header is not a snapshot's of its size: a load
    says what is wrong with it, and there may be more of it than there is memory.
    """
    # Without waiting for somebody to write into a FIFO.
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise SnapshotRefused("it is no regular file")
        header = file.read(HEADER_BYTES)
        if not header.startswith(MAGIC) or int.from_bytes(header[LENGTH], "little") != status.st_size:
            return header
        try:
            return header + file.read(status.st_size - len(header))
        except MemoryError:
            raise SnapshotRefused(f"there is no memory for its {status.st_size} bytes") from None


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
