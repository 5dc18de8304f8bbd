"""A replica that also gives what everybody may know of each block, as packets made natively: one call a block."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from seriatim._native import ffi, lib
from seriatim.errors import check
from seriatim.sequencer.replica import Replica, Skip


@dataclass(frozen=True, slots=True)
class Packets:
    """Packets in one buffer. Views, valid until the next call on what made them; `copy` stays."""

    data: np.ndarray
    """All of them, uint8, each at a multiple of 8 bytes."""
    offsets: np.ndarray
    lengths: np.ndarray
    first_number: int
    """Of the first message in them."""
    next_number: int
    """After the last one."""

    def __len__(self) -> int:
        return len(self.offsets)

    @classmethod
    def of(cls, message: bytes) -> "Packets":
        """One message that has no number."""
        return cls(np.frombuffer(message, np.uint8), np.zeros(1, np.int64), np.array([len(message)]), 0, 0)

    def copy(self, begin: int = 0) -> "Packets":
        """Those from the place `begin` on, in memory of their own."""
        return Packets(
            self.data.copy(), self.offsets[begin:].copy(), self.lengths[begin:].copy(), self.first_number,
            self.next_number,
        )  # fmt: skip

    def after(self, begin: int) -> "Packets":
        """Those from the place `begin` on."""
        return Packets(self.data, self.offsets[begin:], self.lengths[begin:], self.first_number, self.next_number)


class Market(Replica):
    """See the module. `feed` is the number by which receivers tell one order's packets from another's."""

    def __init__(self, feed: int, skips: Iterable[Skip] = ()) -> None:
        super().__init__(skips)
        self._market = ffi.gc(lib.seriatim_market_new(feed), lib.seriatim_market_free)
        self._row = ffi.new("seriatim_packets_t *")
        self.next_number = 1
        """Of the message that comes next."""

    def tell(self, block: bytes | memoryview) -> Packets:
        """Executes the next block of the log; gives what everybody may know of it. Raises as `apply` does."""
        with ffi.from_buffer(block) as data:
            check(lib.seriatim_market_apply(self._market, self._native, data, len(data), self._row))
        self.next_number = self._row.next_number
        return self._packets()

    def heartbeat(self) -> Packets:
        """A packet without messages, which says what number comes next."""
        lib.seriatim_market_heartbeat(self._market, self._row)
        return self._packets()

    @property
    def listed(self) -> int:
        """How many instruments there are."""
        return lib.seriatim_market_listed(self._market)

    def snapshot(self, place: int) -> Packets:
        """The instrument at that place in the list, as it is now; nothing beyond its end."""
        if not check(lib.seriatim_market_snapshot(self._market, place, self._row)):
            empty = np.zeros(0, np.int64)
            return Packets(np.zeros(0, np.uint8), empty, empty, self.next_number, self.next_number)
        return self._packets()

    def place_of(self, instrument: int) -> int | None:
        """Where an instrument stands in the list."""
        place = lib.seriatim_market_place(self._market, instrument)
        return place if place >= 0 else None

    def _packets(self) -> Packets:
        row = self._row
        return Packets(
            _array(row.bytes, row.length, np.uint8),
            _array(row.offsets, row.count, np.int64),
            _array(row.lengths, row.count, np.int64),
            row.first_number,
            row.next_number,
        )


def find_packets(data: np.ndarray, from_number: int, to_number: int) -> Packets:
    """Of packets that lie one behind the other, those with messages of `from_number` up to before `to_number`."""
    capacity = len(data) // 32 + 1
    offsets, lengths = np.zeros(capacity, np.int64), np.zeros(capacity, np.int64)
    count = lib.seriatim_market_find(
        ffi.from_buffer("uint8_t[]", data), len(data), from_number, to_number,
        ffi.from_buffer("int64_t[]", offsets), ffi.from_buffer("int64_t[]", lengths), capacity,
    )  # fmt: skip
    return Packets(data, offsets[:count], lengths[:count], from_number, to_number)


def _array(pointer: Any, count: int, kind: Any) -> np.ndarray:
    size = np.dtype(kind).itemsize
    return np.frombuffer(ffi.buffer(pointer, count * size), kind) if count else np.zeros(0, kind)
