"""What came of an offer, and space claimed in a log buffer."""

from enum import IntEnum
from types import TracebackType
from typing import Any, NamedTuple

from seriatim.aeron._gate import Gate
from seriatim.aeron._lending import is_lent
from seriatim.aeron._library import ffi, lib
from seriatim.aeron.errors import AeronError, MaxPositionExceededError, NotOfferedError, last_error


class OfferResult(IntEnum):
    """Why an offer was refused for now. All are negative, positions are not; what no retry cures is raised instead."""

    NOT_CONNECTED = -1
    """No subscriber."""
    BACK_PRESSURED = -2
    """The slowest subscriber (or receiver) has no room."""
    ADMIN_ACTION = -3
    """The log buffer rotates; the next offer works."""


class OfferedMany(NamedTuple):
    """What came of several offers: how many went, where the stream stands, and why it stopped (None: all went)."""

    sent: int
    position: int | None
    stopped: OfferResult | None


_RESULTS: dict[int, OfferResult] = {int(result): result for result in OfferResult}
_MAX_POSITION_EXCEEDED = -5
_ERROR = -6
_RESERVED_VALUE_OFFSET = 24


def refused(code: int, gate: Gate) -> OfferResult:
    """The reason behind a negative result; raises for those that a retry cannot cure."""
    result = _RESULTS.get(code)
    if result is not None:
        return result
    raise refusal(code, gate)


def refusal(code: int, gate: Gate) -> AeronError:
    """The exception for a result that a retry cannot cure."""
    if code == _MAX_POSITION_EXCEEDED:
        return MaxPositionExceededError(f"{gate.name} has reached its last position; add a new publication", code)
    if code == _ERROR:
        return last_error(gate.name)
    return gate.refusal(code)


class BufferClaim:
    """Space in the log buffer, to be written in place: ``with publication.try_claim(96) as view: view[:] = ...``.

    The message goes out when the block ends, and is given back when it raises. A refused claim is false and its
    `result` an :class:`OfferResult`; entering it raises :class:`NotOfferedError`. A claim that is neither committed
    nor aborted blocks every subscriber, so one that is dropped aborts itself.
    """

    __slots__ = ("_buffer", "_claim", "_gate", "_view", "result")

    def __init__(self, gate: Gate, result: int, claim: Any) -> None:
        self._gate = gate
        self._claim = claim if result >= 0 else None
        self.result: int | OfferResult = result if result >= 0 else refused(result, gate)
        self._view: memoryview | None = None
        self._buffer: Any = None
        if result >= 0:
            self._buffer = ffi.buffer(claim.data, claim.length)
            self._view = memoryview(self._buffer)

    def __bool__(self) -> bool:
        return self.result >= 0

    @property
    def view(self) -> memoryview:
        """The writable bytes; released by :meth:`commit` and :meth:`abort`."""
        if self._view is None:
            raise NotOfferedError(f"{self._gate.name} has no claim: {self.result!r}")
        return self._view

    @property
    def reserved_value(self) -> int:
        """Eight bytes of our own in the frame's header; 0 unless set before :meth:`commit`."""
        return self._reserved[0]

    @reserved_value.setter
    def reserved_value(self, value: int) -> None:
        self._reserved[0] = value

    @property
    def _reserved(self) -> Any:
        if self._claim is None:
            raise NotOfferedError(f"{self._gate.name} has no claim: {self.result!r}")
        return ffi.cast("int64_t *", self._claim.frame_header + _RESERVED_VALUE_OFFSET)

    def commit(self) -> None:
        """Publishes the message."""
        self._finish(commit=1)

    def abort(self) -> None:
        """Gives the space back as padding."""
        self._finish(commit=0)

    def _finish(self, commit: int) -> None:
        view, claim, buffer = self.view, self._claim, self._buffer
        self._view = self._claim = self._buffer = None
        view.release()
        if is_lent(buffer):
            # Somebody still points into the log buffer: it stays mapped for good, and the message does not go out.
            lib.seriatim_gate_enter(self._gate.pointer)
            lib.seriatim_claim_finish(self._gate.pointer, claim, 0)
            raise BufferError(f"a view of the claim on {self._gate.name} is still in use; the claim was aborted")
        lib.seriatim_claim_finish(self._gate.pointer, claim, commit)

    def __enter__(self) -> memoryview:
        return self.view

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._view is not None:
            self._finish(commit=exc_type is None)

    def __del__(self) -> None:
        if getattr(self, "_view", None) is not None:
            self.abort()
