"""Overrides: what an operator has decided that the order does not say. There is one kind, to skip a poison command.

An override lies in the journal's `meta`, under the seq that it is for. It names the command by the CRC of its frame,
and proves with the venue's key who made it: HMAC-SHA-256 over the cluster's id, the seq and that CRC. Who changes the
key makes the overrides again.
"""

import hashlib
import hmac
import struct
from dataclasses import dataclass
from pathlib import Path

from seriatim.errors import OverrideRefused, PoisonMessage
from seriatim.journal import JournalReader, Meta
from seriatim.journal.block import crc32c
from seriatim.journal.lock import WriterLock
from seriatim.sequencer.recovery import blocks_from_start, replay
from seriatim.sequencer.replica import Replica, Skip

_PURPOSE = b"seriatim skip 1"
_SKIP = struct.Struct("<I32s")


@dataclass(frozen=True, slots=True)
class Override:
    """An override as the journal holds it, not proved yet."""

    seq: int
    crc: int
    proof: bytes


def read_overrides(meta: Meta) -> list[Override]:
    """Every override of a journal by seq, as it lies there. Raises `OverrideRefused` for what is none."""
    found = []
    for seq, value in meta.skips().items():
        if len(value) != _SKIP.size:
            raise OverrideRefused(f"the override for seq {seq} in {meta.path} has {len(value)} bytes, not {_SKIP.size}")
        found.append(Override(seq, *_SKIP.unpack(value)))
    return found


def proved_skips(meta: Meta, key: bytes) -> list[Skip]:
    """The commands to skip. Raises `OverrideRefused` if one was made without the key, or for another place."""
    overrides = read_overrides(meta)
    for override in overrides:
        if not hmac.compare_digest(override.proof, _proof(key, meta.cluster_id, override.seq, override.crc)):
            raise OverrideRefused(
                f"the override for seq {override.seq} in {meta.path} was not made for this journal with this key; "
                "name the right key file, or find out who wrote it"
            )
    return [Skip(override.seq, override.crc) for override in overrides]


def recovered_replica(reader: JournalReader, key: bytes) -> Replica:
    """An empty replica that honours the overrides of the reader's journal. Raises `OverrideRefused`."""
    return Replica(proved_skips(reader.meta, key))


def check_reached(reader: JournalReader, replica: Replica) -> None:
    """After a replay. Raises `OverrideRefused` if an override waits for a command that the journal does not hold."""
    for override in read_overrides(reader.meta):
        if override.seq > replica.state.seq:
            raise OverrideRefused(
                f"the override for seq {override.seq} in {reader.meta.path} is ahead of the order, which ends with seq "
                f"{replica.state.seq}: the journal has lost its tail, or is not the one that it was made for"
            )


def skip_poison(folder: Path, seq: int, key: bytes) -> None:
    """Writes the override that skips `seq`, which must be the command on which a replay of the journal fails.

    Raises `OverrideRefused` if it is another one or none, `NotAJournal` for a folder without one, `JournalLocked`
    while a node runs on the journal.
    """
    with Meta(folder):
        pass  # a folder without a journal gets no lock
    lock = WriterLock(folder)
    try:
        with JournalReader(folder) as reader:
            _check_poison(reader, seq, key)
            crc = _frame_crc(reader, seq)
            reader.meta.put_skip(seq, seal(key, reader.meta.cluster_id, seq, crc))
    finally:
        lock.close()


def seal(key: bytes, cluster_id: bytes, seq: int, crc: int) -> bytes:
    """An override as it lies in the journal."""
    return _SKIP.pack(crc, _proof(key, cluster_id, seq, crc))


def _check_poison(reader: JournalReader, seq: int, key: bytes) -> None:
    """Nothing that was executed and told may be taken back: only what cannot be executed can be skipped."""
    with recovered_replica(reader, key) as replica:
        try:
            replay(blocks_from_start(reader), replica)
        except PoisonMessage as poison:
            if poison.seq != seq:
                raise OverrideRefused(f"seq {poison.seq} is the command that cannot be executed, not {seq}") from poison
            return
        end_seq = replica.state.seq
    if seq > end_seq:
        raise OverrideRefused(f"there is no seq {seq} in {reader.folder}: its order ends with seq {end_seq}")
    raise OverrideRefused(f"every command of {reader.folder} can be executed; there is nothing to skip")


def _frame_crc(reader: JournalReader, seq: int) -> int:
    reader.seek_seq(seq)
    block = reader.step()
    assert block is not None, "a replay has just read it"
    frame = next(frame for frame in block.frames() if frame.seq == seq)
    return crc32c(0, bytes(frame.body))


def _proof(key: bytes, cluster_id: bytes, seq: int, crc: int) -> bytes:
    return hmac.digest(key, _PURPOSE + cluster_id + struct.pack("<QI", seq, crc), hashlib.sha256)
