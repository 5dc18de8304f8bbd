"""A reader of the order: sessions and engine, advanced block by block. Replays, followers and nodes are replicas."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from seriatim._native import ffi, lib
from seriatim.engine import LEVEL
from seriatim.engine.engine import taken_bytes
from seriatim.errors import check

CLUSTER_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class State:
    """Where a replica stands."""

    seq: int
    """Of the last command."""
    time_ns: int
    """When that was stamped, in nanoseconds since the Unix epoch."""
    index: int
    """Of the last block."""
    epoch: int
    """Of the order; grows by one at each start of the node."""
    outcome_hash: int
    """Folds what happened, without time and seq."""
    state_hash: int
    """Folds seq, time, epoch, logic version and outcome of every command."""
    sessions: int
    """Ever opened."""
    logic_version: int
    """Of the rules that the order follows."""
    live_orders: int
    """In all books."""
    last_order_id: int
    """Orders ever accepted."""
    header_hash: bytes
    """SHA-256 of the last block's header."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON: hashes in hexadecimal."""
        hashes = {name: f"{getattr(self, name):016x}" for name in ("outcome_hash", "state_hash")}
        return {**asdict(self), **hashes, "header_hash": self.header_hash.hex()}


def read_state(native: Any) -> State:
    """The native struct as a value."""
    fields = {name: getattr(native, name) for name in State.__dataclass_fields__ if name != "header_hash"}
    return State(**fields, header_hash=bytes(ffi.buffer(native.header_hash)))


@dataclass(frozen=True, slots=True)
class Skip:
    """A command that is rejected instead of executed: its seq, and the CRC-32C of its frame without the stamp."""

    seq: int
    crc: int


class Replica:
    """See the module. A context manager; one thread at a time. `skips` are what `overrides` has proved."""

    def __init__(self, skips: Iterable[Skip] = ()) -> None:
        self._take(lib.seriatim_replica_new(), skips)

    def _take(self, native: Any, skips: Iterable[Skip]) -> None:
        self._native = ffi.gc(native, lib.seriatim_replica_free)
        for skip in skips:
            lib.seriatim_replica_skip(self._native, skip.seq, skip.crc)

    @classmethod
    def load(cls, snapshot: bytes | memoryview, cluster_id: bytes, skips: Iterable[Skip] = ()) -> Self:
        """A replica in the state that `save` gave, which executes what comes after. Raises SnapshotRefused if the bytes
        are no snapshot, or one of another cluster's log.
        """
        handle = ffi.new("seriatim_replica_t **")
        with ffi.from_buffer(snapshot) as data, ffi.from_buffer(cluster_id) as cluster:
            assert len(cluster) == CLUSTER_ID_BYTES, "the id in the journal's meta"
            check(lib.seriatim_replica_load(data, len(data), cluster, handle))
        replica = cls.__new__(cls)
        replica._take(handle[0], skips)
        return replica

    def save(self, cluster_id: bytes) -> bytes:
        """All that the order has come to after the last block applied, as bytes: the same whether by a replay or by a
        load. `docs/SNAPSHOTS.md` lists them.
        """
        handle = ffi.new("seriatim_bytes_t **")
        with ffi.from_buffer(cluster_id) as cluster:
            assert len(cluster) == CLUSTER_ID_BYTES, "the id in the journal's meta"
            check(lib.seriatim_replica_save(self._native, cluster, handle))
        return taken_bytes(handle[0])

    def apply(self, block: bytes | memoryview) -> int:
        """Executes the next block of the log; returns how many commands it held.

        Raises BadBlockError if it is not the next block or damaged, PoisonMessage if the engine fails on a command,
        OverrideRefused if an override means another command, UnknownLogic if it follows rules that we do not know.
        After any of them the replica is of no more use.
        """
        with ffi.from_buffer(block) as data:
            return check(lib.seriatim_replica_apply(self._native, data, len(data)))

    @property
    def state(self) -> State:
        """Where it stands."""
        native = ffi.new("seriatim_state_t *")
        lib.seriatim_replica_state(self._native, native)
        return read_state(native)

    def levels(self, instrument: int, side: int, depth: int = 10) -> np.ndarray:
        """Up to `depth` levels of a book as a LEVEL array, best first; `side` is 1 to buy, 2 to sell."""
        levels = np.zeros(depth, LEVEL)
        pointer = ffi.from_buffer("seriatim_level_t[]", levels)
        return levels[: lib.seriatim_replica_levels(self._native, instrument, side, pointer, depth)]

    def release(self) -> Any:
        """Gives the native replica away, to a node that continues the order from here."""
        native, self._native = self._native, ffi.NULL
        ffi.gc(native, None)  # from here on its new owner frees it
        return native

    def close(self) -> None:
        """Frees it."""
        if self._native:
            ffi.release(self._native)
            self._native = ffi.NULL

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
