"""The values in front of a fragment, and what a controlled handler may answer."""

from collections.abc import Callable
from enum import IntEnum
from typing import Any, NamedTuple

BEGIN_FRAGMENT = 0x80
END_FRAGMENT = 0x40
UNFRAGMENTED = BEGIN_FRAGMENT | END_FRAGMENT
_HEADER_BYTES = 32


class Action(IntEnum):
    """What to do after a fragment in a controlled poll; a handler that returns None continues."""

    ABORT = 1
    """Stop, and deliver this fragment again."""
    BREAK = 2
    """Stop after this fragment."""
    COMMIT = 3
    """Publish the position up to here (the publisher may go on) and continue."""
    CONTINUE = 4
    """Continue; the position is published at the end of the poll."""


class HeaderValues(NamedTuple):
    """A copy of a header that outlives its callback."""

    position: int
    session_id: int
    stream_id: int
    term_id: int
    term_offset: int
    initial_term_id: int
    frame_length: int
    flags: int
    reserved_value: int


class Header:
    """The header of the fragment being delivered; one object is used for all, so it is valid inside the callback only.

    For an assembled message it is the header of the last fragment.
    """

    __slots__ = ("_block", "_index")

    def __init__(self, block: Any) -> None:
        self._block = block
        self._index = 0

    @property
    def position(self) -> int:
        """The stream's position after this fragment."""
        return self._block.position + self._block.ends[self._index]

    @property
    def session_id(self) -> int:
        """The publisher's session."""
        return self._block.session_id

    @property
    def stream_id(self) -> int:
        """The stream within the channel."""
        return self._block.stream_id

    @property
    def term_id(self) -> int:
        """The term that the fragment lies in."""
        return self._block.term_id

    @property
    def term_offset(self) -> int:
        """Offset of the fragment's frame in its term."""
        return self._block.term_offset + self._block.spans[3 * self._index] - _HEADER_BYTES

    @property
    def initial_term_id(self) -> int:
        """Id of the stream's first term."""
        return self._block.initial_term_id

    @property
    def frame_length(self) -> int:
        """Length of the fragment with its header, in bytes."""
        start, end = self._block.spans[3 * self._index], self._block.spans[3 * self._index + 1]
        return end - start + _HEADER_BYTES

    @property
    def flags(self) -> int:
        """``BEGIN_FRAGMENT`` and ``END_FRAGMENT``."""
        return self._block.spans[3 * self._index + 2]

    @property
    def reserved_value(self) -> int:
        """Eight bytes of the publisher's own."""
        return self._block.reserved_values[self._index]

    def values(self) -> HeaderValues:
        """A copy to keep."""
        return HeaderValues(*(getattr(self, field) for field in HeaderValues._fields))


FragmentHandler = Callable[[memoryview, Header], object]
ControlledFragmentHandler = Callable[[memoryview, Header], Action | None]
