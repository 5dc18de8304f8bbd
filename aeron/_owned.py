"""What everything that a client makes has in common."""

from typing import Any, Self

from seriatim.aeron._gate import Gate


class Owned:
    """Behind a gate: a publication, subscription, image or counter. A context manager: leaving it closes."""

    _gate: Gate

    @property
    def pointer(self) -> Any:
        """Aeron's own pointer, for native code; valid until :meth:`close`."""
        with self._gate as resource:
            return resource

    @property
    def gate(self) -> Any:
        """The ``seriatim_gate_t *``, for native code that wants to hold the object open."""
        return self._gate.pointer

    @property
    def closed(self) -> bool:
        """Whether it was closed, here or with its client."""
        return self._gate.closed

    def close(self) -> None:
        """Closes it; harmless when repeated, also inside a handler."""
        self._gate.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
