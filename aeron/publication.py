"""Publications: the sending end of a stream."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from seriatim.aeron._addresses import local_addresses
from seriatim.aeron._gate import Gate
from seriatim.aeron._library import ffi, lib, text_of
from seriatim.aeron._owned import Owned
from seriatim.aeron.channel import Channel
from seriatim.aeron.errors import ConfigurationError, check
from seriatim.aeron.offer import BufferClaim, OfferedMany, refused

if TYPE_CHECKING:
    from seriatim.aeron.client import Aeron

_offer = lib.seriatim_offer
_from_buffer = ffi.from_buffer


class _Publication(Owned):
    """What both kinds share. Messages are bytes, or any contiguous buffer (memoryview, bytearray, numpy array)."""

    _what: ClassVar[str]

    def __init__(self, gate: Gate, client: "Aeron") -> None:
        self._gate = gate
        self._handle = gate.pointer
        self._client = client
        with gate as publication:
            self._constants = ffi.new("aeron_publication_constants_t *")
            check(getattr(lib, f"aeron_{self._what}_constants")(publication, self._constants), gate.name)
            self._channel = text_of(self._constants.channel)
        client._children.add(self)

    def offer(self, message: Any, reserved_value: int = 0) -> int:
        """Publishes one message: the stream's position after it, or a negative :class:`OfferResult` to try again.

        `reserved_value`, 64 bits with a sign, goes into the header of each of its frames.

        Raises :class:`ClosedError` (or what ended the client), :class:`MaxPositionExceededError`, and
        :class:`AeronError` for a message beyond :attr:`max_message_length`.
        """
        if type(message) is not bytes:
            message = _from_buffer("uint8_t[]", message)
        position: int = _offer(self._handle, message, len(message), reserved_value)
        return position if position >= 0 else refused(position, self._gate)

    def offer_parts(self, parts: Sequence[Any], reserved_value: int = 0) -> int:
        """Publishes the parts as one message, as :meth:`offer` does."""
        views = [_from_buffer("uint8_t[]", part) for part in parts]
        vector = ffi.new("aeron_iovec_t[]", [(ffi.cast("uint8_t *", view), len(view)) for view in views])
        position: int = lib.seriatim_offer_parts(self._handle, vector, len(views), reserved_value)
        return position if position >= 0 else refused(position, self._gate)

    def offer_many(
        self, messages: Any, lengths: Any = None, offsets: Any = None, *, reserved_value: int = 0
    ) -> OfferedMany:
        """Publishes many messages in one call, in order, until one is refused.

        Either `messages` is a numpy array whose first dimension counts messages (structured records, or rows of
        bytes), or a buffer with `lengths` in bytes; those lie back to back, or at `offsets`. All carry the same
        `reserved_value`.
        """
        if lengths is None:
            return self._offer_rows(messages, reserved_value)
        buffer = _from_buffer("uint8_t[]", messages)
        sizes = np.ascontiguousarray(lengths, dtype=np.int64)
        starts = None if offsets is None else np.ascontiguousarray(offsets, dtype=np.int64)
        _check_inside(sizes, starts, len(buffer))
        position = ffi.new("int64_t *")
        at = ffi.NULL if starts is None else _from_buffer("int64_t[]", starts)
        count = lib.seriatim_offer_lengths(
            self._handle, buffer, _from_buffer("int64_t[]", sizes), at, len(sizes), reserved_value, position
        )
        return self._offered(count, position[0], len(sizes))

    def _offer_rows(self, rows: Any, reserved_value: int) -> OfferedMany:
        if not isinstance(rows, np.ndarray) or rows.ndim == 0:
            raise ConfigurationError("offer_many takes a numpy array of messages, or a buffer with lengths")
        if rows.dtype.hasobject:
            raise ConfigurationError(f"messages cannot hold Python objects: {rows.dtype}")
        count = rows.shape[0]
        length = rows.nbytes // count if count else 0
        if count and (rows.strides[0] < length or not rows[:1].flags.c_contiguous):
            rows = np.ascontiguousarray(rows)
        position = ffi.new("int64_t *")
        start = ffi.cast("uint8_t *", rows.ctypes.data)
        stride = rows.strides[0]
        sent = lib.seriatim_offer_rows(self._handle, start, length, stride, count, reserved_value, position)
        return self._offered(sent, position[0], count)

    def _offered(self, count: int, position: int, wanted: int) -> OfferedMany:
        if position < 0:
            return OfferedMany(count, None, refused(position, self._gate))
        return OfferedMany(count, position if wanted else None, None)

    def try_claim(self, length: int) -> BufferClaim:
        """Claims space for a message of `length` bytes, at most :attr:`max_payload_length`, to write it in place."""
        if length < 0:
            raise ConfigurationError(f"a message cannot have {length} bytes")
        claim = ffi.new("aeron_buffer_claim_t *")
        return BufferClaim(self._gate, lib.seriatim_claim(self._handle, length, claim), claim)

    def add_destination(self, channel: str | Channel) -> None:
        """Sends to `channel` too; for publications with ``control-mode=manual``."""
        self._client._registrar.change_destination(self._what, self._gate, "add", channel)

    def remove_destination(self, channel: str | Channel) -> None:
        """Stops sending to `channel`."""
        self._client._registrar.change_destination(self._what, self._gate, "remove", channel)

    def _ask(self, question: str) -> Any:
        with self._gate as publication:
            return getattr(lib, f"aeron_{self._what}_{question}")(publication)

    @property
    def channel(self) -> str:
        """The channel as the driver knows it."""
        return self._channel

    @property
    def stream_id(self) -> int:
        """The stream within the channel."""
        return self._constants.stream_id

    @property
    def session_id(self) -> int:
        """This publisher's session on the stream."""
        return self._constants.session_id

    @property
    def registration_id(self) -> int:
        """The driver's name for this publication."""
        return self._constants.registration_id

    @property
    def original_registration_id(self) -> int:
        """The driver's name for the first publication of this session."""
        return self._constants.original_registration_id

    @property
    def max_payload_length(self) -> int:
        """Longest message that is one frame, in bytes; the limit of :meth:`try_claim`."""
        return self._constants.max_payload_length

    @property
    def max_message_length(self) -> int:
        """Longest message, sent in fragments, in bytes."""
        return self._constants.max_message_length

    @property
    def term_buffer_length(self) -> int:
        """Length of a term buffer in bytes."""
        return self._constants.term_buffer_length

    @property
    def initial_term_id(self) -> int:
        """Id of the first term."""
        return self._constants.initial_term_id

    @property
    def max_possible_position(self) -> int:
        """Where the stream must end."""
        return self._constants.max_possible_position

    @property
    def position(self) -> int:
        """Where the stream stands, in bytes."""
        return self._ask("position")

    @property
    def position_limit(self) -> int:
        """How far the receivers let it go."""
        return self._ask("position_limit")

    @property
    def is_connected(self) -> bool:
        """Whether there is a subscriber."""
        return self._ask("is_connected")

    @property
    def channel_status(self) -> int:
        """1 when the socket is open, -1 when it has failed; always -1 for ipc."""
        return self._ask("channel_status")

    @property
    def local_addresses(self) -> list[str]:
        """The socket addresses it sends from, as ``host:port``."""
        with self._gate as publication:
            return local_addresses(getattr(lib, f"aeron_{self._what}_local_sockaddrs"), publication)

    def __repr__(self) -> str:
        session = f"session_id={self.session_id}"
        return f"{type(self).__name__}({self._channel!r}, {self.stream_id}, {session}{', closed' * self.closed})"


class Publication(_Publication):
    """A publication that several threads may offer to."""

    _what = "publication"


class ExclusivePublication(_Publication):
    """A publication with a session of its own that one thread offers to."""

    _what = "exclusive_publication"


def _check_inside(sizes: np.ndarray, starts: np.ndarray | None, length: int) -> None:
    """Refuses lengths and offsets that point outside the buffer."""
    if starts is not None and starts.shape != sizes.shape:
        raise ConfigurationError(f"{len(starts)} offsets for {len(sizes)} lengths")
    if sizes.ndim != 1:
        raise ConfigurationError("lengths must be one-dimensional")
    if sizes.size == 0:
        return
    ends = np.cumsum(sizes) if starts is None else starts + sizes
    lowest = 0 if starts is None else int(starts.min())
    if int(sizes.min()) < 0 or lowest < 0 or int(ends.max()) > length or int(ends.min()) < 0:
        raise ConfigurationError(f"lengths and offsets reach beyond the buffer of {length} bytes")
