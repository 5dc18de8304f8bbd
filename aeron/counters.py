"""Counters: numbers in shared memory that any process can read while their owner writes them."""

import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from seriatim.aeron._gate import Gate
from seriatim.aeron._library import ffi, lib
from seriatim.aeron._owned import Owned

KEY_BYTES_MAX = 112
LABEL_BYTES_MAX = 380

# aeron_counter_metadata_descriptor_t and aeron_counter_value_descriptor_t.
_METADATA = np.dtype(
    [
        ("state", "<i4"),
        ("type_id", "<i4"),
        ("free_for_reuse_deadline_ms", "<i8"),
        ("key", "u1", (KEY_BYTES_MAX,)),
        ("label_length", "<i4"),
        ("label", "u1", (LABEL_BYTES_MAX,)),
    ]
)
_VALUE = np.dtype(
    {
        "names": ["value", "registration_id", "owner_id", "reference_id"],
        "formats": ["<i8"] * 4,
        "offsets": [0, 8, 16, 24],
        "itemsize": 128,
    }
)


class CounterState(IntEnum):
    """What a counter's slot holds."""

    RECLAIMED = -1
    UNUSED = 0
    ALLOCATED = 1


@dataclass(frozen=True)
class CounterInfo:
    """One counter at the moment of reading."""

    id: int
    type_id: int
    value: int
    state: CounterState
    label: str
    key: bytes
    registration_id: int
    owner_id: int
    reference_id: int


class CountersReader:
    """Reads every counter of a driver. Each read copies, so nothing dangles when the driver or client goes away."""

    def __init__(
        self, reader: Callable[[], Any], guard: Callable[[], AbstractContextManager[Any]] = nullcontext
    ) -> None:
        self._reader = reader
        self._guard = guard

    def _records(self) -> tuple[np.ndarray, np.ndarray]:
        """Copies of the slots in use: metadata and values."""
        with self._guard():
            buffers = ffi.new("aeron_counters_reader_buffers_t *")
            lib.aeron_counters_reader_get_buffers(self._reader(), buffers)
            metadata = np.frombuffer(ffi.buffer(buffers.metadata, buffers.metadata_length), _METADATA)
            # Slots are handed out in order: the first unused one ends the table.
            unused = np.flatnonzero(metadata["state"] == CounterState.UNUSED)
            slots = int(unused[0]) if unused.size else len(metadata)
            values = np.frombuffer(ffi.buffer(buffers.values, slots * _VALUE.itemsize), _VALUE)
            return metadata[:slots].copy(), values.copy()

    def __iter__(self) -> Iterator[CounterInfo]:
        """The allocated counters, by id."""
        metadata, values = self._records()
        for counter_id in np.flatnonzero(metadata["state"] == CounterState.ALLOCATED).tolist():
            yield _info(counter_id, metadata[counter_id], values[counter_id])

    def __getitem__(self, counter_id: int) -> CounterInfo:
        """One slot, allocated or reclaimed; raises :class:`KeyError` when it was never used."""
        metadata, values = self._records()
        if not 0 <= counter_id < len(metadata):
            raise KeyError(counter_id)
        return _info(counter_id, metadata[counter_id], values[counter_id])

    def value(self, counter_id: int) -> int:
        """The value of one counter."""
        return self[counter_id].value

    def find(self, type_id: int | None = None, registration_id: int | None = None) -> list[CounterInfo]:
        """The allocated counters with this type and registration."""
        return [
            counter
            for counter in self
            if type_id in (None, counter.type_id) and registration_id in (None, counter.registration_id)
        ]


def _info(counter_id: int, metadata: Any, values: Any) -> CounterInfo:
    length = min(max(int(metadata["label_length"]), 0), LABEL_BYTES_MAX)
    return CounterInfo(
        id=counter_id,
        type_id=int(metadata["type_id"]),
        value=int(values["value"]),
        state=CounterState(int(metadata["state"])),
        label=metadata["label"][:length].tobytes().decode(errors="replace"),
        key=metadata["key"].tobytes(),
        registration_id=int(values["registration_id"]),
        owner_id=int(values["owner_id"]),
        reference_id=int(values["reference_id"]),
    )


class Counter(Owned):
    """A counter of our own, made by :meth:`Aeron.add_counter`; it lives as long as this object and its client."""

    def __init__(self, gate: Gate, children: "weakref.WeakSet[Any]") -> None:
        self._gate = gate
        with gate as counter:
            constants = ffi.new("aeron_counter_constants_t *")
            lib.aeron_counter_constants(counter, constants)
        self._registration_id: int = constants.registration_id
        self._id: int = constants.counter_id
        children.add(self)

    @property
    def id(self) -> int:
        """Its number among the driver's counters."""
        return self._id

    @property
    def registration_id(self) -> int:
        """The driver's name for it."""
        return self._registration_id

    @property
    def address(self) -> int:
        """Address of the 64-bit value, for native code; valid until :meth:`close`."""
        with self._gate as counter:
            return int(ffi.cast("uintptr_t", lib.aeron_counter_addr(counter)))

    def _apply(self, operation: int, value: int) -> int:
        cell = ffi.new("int64_t *", value)
        result = lib.seriatim_counter_apply(self._gate.pointer, operation, cell)
        if result < 0:
            raise self._gate.refusal(result)
        return cell[0]

    @property
    def value(self) -> int:
        """The number; assigning stores it with release order."""
        return self._apply(0, 0)

    @value.setter
    def value(self, value: int) -> None:
        self._apply(1, value)

    def add(self, delta: int = 1) -> int:
        """Adds atomically; returns the value before."""
        return self._apply(2, delta)
