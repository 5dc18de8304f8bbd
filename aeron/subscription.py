"""Subscriptions: the receiving end of a stream."""

import weakref
from typing import TYPE_CHECKING, Any

from seriatim.aeron._addresses import local_addresses
from seriatim.aeron._gate import Gate, Kind
from seriatim.aeron._library import ffi, lib, text_of
from seriatim.aeron.channel import Channel
from seriatim.aeron.errors import check
from seriatim.aeron.image import Image, ImageEvent, ImageHandler
from seriatim.aeron.polling import Polled

if TYPE_CHECKING:
    from seriatim.aeron.client import Aeron

_AVAILABLE = 2
_URI_BYTES = 4096


class Subscription(Polled):
    """All sessions that publish on one channel and stream; :class:`Polled` says how they are read."""

    def __init__(
        self,
        gate: Gate,
        client: "Aeron",
        inbox: Any,
        on_available_image: ImageHandler | None,
        on_unavailable_image: ImageHandler | None,
    ) -> None:
        super().__init__(gate)
        self._client = client
        self._inbox = inbox
        self._handlers = (on_available_image, on_unavailable_image)
        self._images: weakref.WeakSet[Image] = weakref.WeakSet()
        with gate as subscription:
            self._constants = ffi.new("aeron_subscription_constants_t *")
            check(lib.aeron_subscription_constants(subscription, self._constants), gate.name)
            self._channel = text_of(self._constants.channel)
        client._children.add(self)

    def dispatch_image_events(self) -> int:
        """Calls the image handlers for what has happened since the last poll; polls do this themselves."""
        event = ffi.new("seriatim_report_t *")
        count = 0
        while lib.seriatim_inbox_take(self._inbox, event):
            count += 1
            available = event.kind == _AVAILABLE
            if not available:
                lib.seriatim_poller_forget(self._poller, event.session_id)
            handler = self._handlers[0 if available else 1]
            if handler is not None:
                handler(ImageEvent(event.session_id, event.correlation_id, text_of(event.text), event.position))
        return count

    def _retain_image(self, session_id: int) -> None:
        lib.aeron_subscription_image_by_session_id(self._gate.resource, session_id)

    @property
    def images(self) -> list[Image]:
        """The sessions that are available now."""
        found: list[Image] = []
        with self._gate as subscription:
            for index in range(lib.aeron_subscription_image_count(subscription)):
                image = lib.aeron_subscription_image_at_index(subscription, index)
                if image != ffi.NULL:
                    found.append(self._image(image))
        return found

    def image(self, session_id: int) -> Image | None:
        """The session with this id, if it is available."""
        with self._gate as subscription:
            image = lib.aeron_subscription_image_by_session_id(subscription, session_id)
            return None if image == ffi.NULL else self._image(image)

    def _image(self, pointer: Any) -> Image:
        # Aeron must not let go of a subscription before its images: what it keeps of them points to it.
        gate = Gate(Kind.IMAGE, pointer, f"image of {self._gate.name}", parent=self._gate, client=self._client)
        image = Image(gate)
        self._images.add(image)
        return image

    def close(self) -> None:
        """Closes the subscription and its images; harmless when repeated, also inside a handler."""
        for image in list(self._images):
            image.close()
        super().close()

    def add_destination(self, channel: str | Channel) -> None:
        """Receives from `channel` too; for subscriptions with ``control-mode=manual``."""
        self._client._registrar.change_destination("subscription", self._gate, "add", channel)

    def remove_destination(self, channel: str | Channel) -> None:
        """Stops receiving from `channel`."""
        self._client._registrar.change_destination("subscription", self._gate, "remove", channel)

    @property
    def channel(self) -> str:
        """The channel as it was asked for."""
        return self._channel

    @property
    def stream_id(self) -> int:
        """The stream within the channel."""
        return self._constants.stream_id

    @property
    def registration_id(self) -> int:
        """The driver's name for this subscription."""
        return self._constants.registration_id

    @property
    def is_connected(self) -> bool:
        """Whether there is an open image."""
        with self._gate as subscription:
            return lib.aeron_subscription_is_connected(subscription)

    @property
    def image_count(self) -> int:
        """How many sessions are available."""
        with self._gate as subscription:
            return lib.aeron_subscription_image_count(subscription)

    @property
    def channel_status(self) -> int:
        """1 when the socket is open, -1 when it has failed; always -1 for ipc."""
        with self._gate as subscription:
            return lib.aeron_subscription_channel_status(subscription)

    @property
    def local_addresses(self) -> list[str]:
        """The socket addresses it receives on, as ``host:port``."""
        with self._gate as subscription:
            return local_addresses(lib.aeron_subscription_local_sockaddrs, subscription)

    @property
    def resolved_endpoint(self) -> str | None:
        """``host:port`` of the endpoint, with the port that the system chose for port 0; None until it is bound."""
        address = ffi.new("char[]", 128)
        with self._gate as subscription:
            count = check(
                lib.aeron_subscription_resolved_endpoint(subscription, address, 128), f"endpoint of {self._gate.name}"
            )
        return text_of(address) if count > 0 else None

    @property
    def resolved_channel(self) -> str | None:
        """The channel with the port that the system chose in place of port 0; None until it is bound."""
        uri = ffi.new("char[]", _URI_BYTES)
        with self._gate as subscription:
            count = check(
                lib.aeron_subscription_try_resolve_channel_endpoint_port(subscription, uri, _URI_BYTES),
                f"channel of {self._gate.name}",
            )
        return text_of(uri) if count > 0 else None

    def __repr__(self) -> str:
        return f"Subscription({self._channel!r}, {self.stream_id}{', closed' * self.closed})"
