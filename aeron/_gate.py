"""The Python side of a gate: ``with gate as pointer`` is one call on an Aeron object that cannot vanish meanwhile."""

import atexit
import weakref
from enum import IntEnum
from typing import Any, Protocol

from seriatim.aeron._library import ffi, lib
from seriatim.aeron.errors import AeronError, BusyError, ClosedError, ForkedError


class Kind(IntEnum):
    """What a gate guards; numbered as in the header."""

    DRIVER = 1
    CLIENT = 2
    PUBLICATION = 3
    EXCLUSIVE_PUBLICATION = 4
    SUBSCRIPTION = 5
    COUNTER = 6
    IMAGE = 7


class _Client(Protocol):
    def _why_closed(self) -> AeronError | None: ...


class Gate:
    """Owns one Aeron object. Closing is safe in any order, from any thread and from inside callbacks."""

    __slots__ = ("__weakref__", "_client", "name", "pointer", "resource")

    def __init__(
        self,
        kind: Kind,
        resource: Any,
        name: str,
        *,
        context: Any = None,
        parent: "Gate | None" = None,
        inbox: Any = None,
        client: _Client | None = None,
    ) -> None:
        null = ffi.NULL
        raw = lib.seriatim_gate_new(
            kind, resource, context or null, parent.pointer if parent else null, inbox if inbox is not None else null
        )
        self.pointer = ffi.gc(raw, lib.seriatim_gate_free)
        self.resource = resource
        self.name = name
        self._client = client

    def __enter__(self) -> Any:
        result = lib.seriatim_gate_enter(self.pointer)
        if result < 0:
            raise self.refusal(result)
        return self.resource

    def __exit__(self, *_: object) -> None:
        lib.seriatim_gate_leave(self.pointer)

    @property
    def closed(self) -> bool:
        """Whether calls are refused."""
        if lib.seriatim_gate_enter(self.pointer) < 0:
            return True
        lib.seriatim_gate_leave(self.pointer)
        return False

    def close(self) -> int:
        """Refuses calls from now on; the object is released by the last call inside."""
        result: int = lib.seriatim_gate_close(self.pointer)
        return result

    def refusal(self, code: int) -> AeronError:
        """The exception for a refused call."""
        if code == lib.SERIATIM_FORKED:
            return ForkedError(f"{self.name} was opened before a fork; open it again in the child process")
        if code == lib.SERIATIM_BUSY:
            return BusyError(f"{self.name} is already being polled; one poll at a time")
        why = self._client._why_closed() if self._client is not None else None
        return why or ClosedError(f"{self.name} is closed")


class Closable(Protocol):
    """Something that is closed at interpreter exit."""

    def close(self) -> None: ...


_open_drivers: "weakref.WeakSet[Closable]" = weakref.WeakSet()
_open_clients: "weakref.WeakSet[Closable]" = weakref.WeakSet()


def close_at_exit(owner: Closable, *, driver: bool = False) -> None:
    """Closes `owner` before the interpreter goes, all clients before all drivers."""
    (_open_drivers if driver else _open_clients).add(owner)


@atexit.register
def _close_all() -> None:
    for owner in [*_open_clients, *_open_drivers]:
        owner.close()
