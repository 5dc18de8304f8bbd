"""A replica that also gives the events of each block as rows, encoded natively: one call a block."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from seriatim._native import ffi, lib
from seriatim.engine import EVENT
from seriatim.errors import check
from seriatim.journal.event_log import TERMS, Events
from seriatim.sequencer.replica import Replica, Skip


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one block caused. The arrays are views, valid until the next block is recorded."""

    commands: int
    """Frames of the block."""
    events: Events
    sessions: list[tuple[int, int]]
    """Each session with a command in the block, and its first number there."""


class RecordingReplica(Replica):
    """See the module."""

    def __init__(self, skips: Iterable[Skip] = ()) -> None:
        super().__init__(skips)
        self._recording = ffi.gc(lib.seriatim_recording_new(), lib.seriatim_recording_free)
        self._recorded = ffi.new("seriatim_recorded_t *")
        self._hash = ffi.new("uint64_t *")

    def record(self, block: bytes | memoryview) -> Recorded:
        """Executes the next block of the log. Raises as `apply` does."""
        told = self._recorded
        with ffi.from_buffer(block) as data:
            check(lib.seriatim_recording_apply(self._recording, self._native, data, len(data), told))
        sessions = ffi.unpack(told.sessions, told.session_count) if told.session_count else []
        return Recorded(
            told.commands,
            Events(_rows(told.events, told.event_count, EVENT), _rows(told.terms, told.term_count, TERMS)),
            [(entry.session, entry.number) for entry in sessions],
        )

    def hash_at(self, seq: int) -> int | None:
        """The state hash right after `seq`, if that was recorded and is no longer ago than a million seqs."""
        return self._hash[0] if lib.seriatim_recording_hash(self._recording, seq, self._hash) else None


def _rows(pointer: Any, count: int, dtype: np.dtype) -> np.ndarray:
    return np.frombuffer(ffi.buffer(pointer, count * dtype.itemsize), dtype) if count else np.zeros(0, dtype)
