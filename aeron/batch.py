"""A reusable buffer for hundreds of messages, filled in one call."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from seriatim.aeron._library import ffi
from seriatim.aeron.errors import ConfigurationError


class MessageBatch:
    """What :meth:`Subscription.poll_batch` and :meth:`Image.poll_batch` fill. Make one, use it for every poll.

    Its arrays and views show the last poll and change with the next one: copy what must stay. Messages start at
    multiples of 8 bytes in `data`, so records with 8-byte fields can be read in place.
    """

    def __init__(self, capacity_bytes: int = 1 << 20, max_messages: int = 8192) -> None:
        if capacity_bytes < 1 or not 1 <= max_messages < 2**31:
            raise ConfigurationError(f"a batch needs room: {capacity_bytes} bytes, {max_messages} messages")
        # Whole words, so that a padded message is always inside.
        self._data = np.zeros((capacity_bytes + 7) // 8, np.uint64).view(np.uint8)
        self._offsets = np.zeros(max_messages, np.int64)
        self._lengths = np.zeros(max_messages, np.int64)
        self._positions = np.zeros(max_messages, np.int64)
        self._session_ids = np.zeros(max_messages, np.int32)
        self._reserved_values = np.zeros(max_messages, np.int64)
        self._struct: Any = ffi.new("seriatim_batch_t *")
        self._struct.data = ffi.cast("uint8_t *", self._data.ctypes.data)
        self._struct.capacity = len(self._data)
        self._struct.max_messages = max_messages
        for name in ("offsets", "lengths", "positions", "reserved_values"):
            setattr(self._struct, name, ffi.cast("int64_t *", getattr(self, f"_{name}").ctypes.data))
        self._struct.session_ids = ffi.cast("int32_t *", self._session_ids.ctypes.data)

    @property
    def capacity_bytes(self) -> int:
        """Room for message bytes, and so the longest message."""
        return len(self._data)

    @property
    def data(self) -> np.ndarray:
        """The bytes in use, uint8."""
        return self._data[: self._struct.used]

    @property
    def offsets(self) -> np.ndarray:
        """Where each message starts in `data`, int64 bytes."""
        return self._offsets[: self._struct.count]

    @property
    def lengths(self) -> np.ndarray:
        """Length of each message, int64 bytes."""
        return self._lengths[: self._struct.count]

    @property
    def positions(self) -> np.ndarray:
        """Position of its stream after each message, int64."""
        return self._positions[: self._struct.count]

    @property
    def session_ids(self) -> np.ndarray:
        """The publisher's session of each message, int32."""
        return self._session_ids[: self._struct.count]

    @property
    def reserved_values(self) -> np.ndarray:
        """The publisher's own eight bytes in the header of each message (of its last fragment), int64."""
        return self._reserved_values[: self._struct.count]

    def records(self, dtype: Any) -> np.ndarray:
        """All messages as one structured array without a copy; they must all have the dtype's length, a multiple of 8.

        Raises :class:`ConfigurationError` when they do not.
        """
        wanted = np.dtype(dtype)
        if wanted.itemsize % 8 or np.any(self.lengths != wanted.itemsize):
            raise ConfigurationError(f"not all messages have {wanted.itemsize} bytes (a multiple of 8)")
        return self.data.view(wanted)

    def __len__(self) -> int:
        return self._struct.count

    def __getitem__(self, index: int) -> memoryview:
        count: int = self._struct.count
        if not -count <= index < count:
            raise IndexError(f"message {index} of {count}")
        start = int(self._offsets[:count][index])
        return self._data.data[start : start + int(self._lengths[:count][index])]

    def __iter__(self) -> Iterator[memoryview]:
        view = self._data.data
        for start, length in zip(self.offsets.tolist(), self.lengths.tolist(), strict=True):
            yield view[start : start + length]
