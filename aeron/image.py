"""An image: one publisher's session as a subscription sees it."""

from collections.abc import Callable
from dataclasses import dataclass

from seriatim.aeron._gate import Gate
from seriatim.aeron._library import ffi, lib, text_of
from seriatim.aeron.errors import check
from seriatim.aeron.polling import Polled


@dataclass(frozen=True)
class ImageEvent:
    """An image came or went; `position` is where it stood then."""

    session_id: int
    correlation_id: int
    source_identity: str
    position: int


ImageHandler = Callable[[ImageEvent], None]


class Image(Polled):
    """A session of a subscription, from :meth:`Subscription.images`; :class:`Polled` says how it is read.

    Its polls and those of its subscription move the same position: use one or the other. One that is no longer
    available (:attr:`is_closed`) has nothing to read; one whose subscription was closed is closed with it. It keeps the
    session's log buffer mapped, so close it (or let go of it) when done.
    """

    def __init__(self, gate: Gate) -> None:
        super().__init__(gate)
        with gate as image:
            constants = ffi.new("aeron_image_constants_t *")
            check(lib.aeron_image_constants(image, constants), gate.name)
            self._source_identity = text_of(constants.source_identity)
        self._constants = constants

    @property
    def session_id(self) -> int:
        """The publisher's session."""
        return self._constants.session_id

    @property
    def source_identity(self) -> str:
        """Where it comes from: an address, or ``aeron:ipc``."""
        return self._source_identity

    @property
    def correlation_id(self) -> int:
        """The driver's name for the image."""
        return self._constants.correlation_id

    @property
    def join_position(self) -> int:
        """Position at which the subscription joined the stream."""
        return self._constants.join_position

    @property
    def initial_term_id(self) -> int:
        """Id of the stream's first term."""
        return self._constants.initial_term_id

    @property
    def term_length_bytes(self) -> int:
        """Length of a term buffer."""
        return self._constants.term_buffer_length

    @property
    def mtu_bytes(self) -> int:
        """The publisher's maximum frame length."""
        return self._constants.mtu_length

    @property
    def position(self) -> int:
        """How far the subscription has consumed it."""
        with self._gate as image:
            return lib.aeron_image_position(image)

    @property
    def is_closed(self) -> bool:
        """Whether the image is no longer available."""
        with self._gate as image:
            return lib.aeron_image_is_closed(image)

    @property
    def is_end_of_stream(self) -> bool:
        """Whether the publisher has closed and everything was consumed."""
        with self._gate as image:
            return lib.aeron_image_is_end_of_stream(image)

    @property
    def active_transport_count(self) -> int:
        """How many transports deliver it (multi-destination subscriptions)."""
        with self._gate as image:
            return lib.aeron_image_active_transport_count(image)

    def reject(self, reason: str) -> None:
        """Tells the driver to drop the image and its publisher why."""
        with self._gate as image:
            check(lib.aeron_image_reject(image, reason.encode()), f"rejecting {self._gate.name}")

    def __repr__(self) -> str:
        return f"Image(session_id={self.session_id}, source_identity={self._source_identity!r})"
