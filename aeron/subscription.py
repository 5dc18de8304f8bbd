"""Subscriptions: the receiving end of a stream."""

from sys import getrefcount
from typing import TYPE_CHECKING, Any, Self

from seriatim.aeron._gate import Gate, Kind
from seriatim.aeron._lending import ALONE, is_lent
from seriatim.aeron._library import ffi, lib, text_of
from seriatim.aeron.batch import MessageBatch
from seriatim.aeron.channel import Channel
from seriatim.aeron.errors import MessageTooLongError, check
from seriatim.aeron.header import Action, ControlledFragmentHandler, FragmentHandler, Header
from seriatim.aeron.image import Image, ImageEvent, ImageHandler
from seriatim.aeron.publication import local_addresses

if TYPE_CHECKING:
    from seriatim.aeron.client import Aeron

_begin, _next, _commit, _end = (
    lib.seriatim_poller_begin,
    lib.seriatim_poller_next,
    lib.seriatim_poller_commit,
    lib.seriatim_poller_end,
)
_AVAILABLE = 2
_STOP = (Action.ABORT, Action.BREAK)
_URI_BYTES = 4096


class Subscription:
    """All sessions that publish on one channel and stream. One thread polls at a time.

    A position counts as consumed when the poll returns, or at a COMMIT of a controlled poll. An exception in a handler
    leaves the poll; its fragment counts as consumed (a controlled handler may return ABORT instead to see it again).
    """

    def __init__(
        self,
        gate: Gate,
        client: "Aeron",
        inbox: Any,
        on_available_image: ImageHandler | None,
        on_unavailable_image: ImageHandler | None,
    ) -> None:
        self._gate = gate
        self._client = client
        self._inbox = inbox
        self._handlers = (on_available_image, on_unavailable_image)
        with gate as subscription:
            self._constants = ffi.new("aeron_subscription_constants_t *")
            check(lib.aeron_subscription_constants(subscription, self._constants), gate.name)
            self._channel = text_of(self._constants.channel)
        self._poller = ffi.gc(lib.seriatim_poller_new(gate.pointer), lib.seriatim_poller_free)
        self._block = ffi.new("seriatim_fragments_t *")
        self._spans = memoryview(ffi.buffer(ffi.addressof(self._block, "spans"))).cast("i")
        self._header = Header(self._block)
        client._children.add(self)

    def poll(self, handler: FragmentHandler, limit: int = 10) -> int:
        """Calls ``handler(fragment, header)`` for at most `limit` fragments; returns how many.

        The fragment is a read-only view of Aeron's memory, released when the handler returns: copy what must stay.
        Wrap the handler in a :class:`FragmentAssembler` to get whole messages.
        """
        block = self._block
        count = _begin(self._poller, limit, block)
        if count <= 0:
            return self._nothing(count)
        total = 0
        try:
            if block.events:
                self.dispatch_image_events()
            while count > 0:
                self._deliver(handler, count)
                total += count
                count = _next(self._poller, limit - total, block) if total < limit else -1
        except BaseException:
            _end(self._poller)
            raise
        if count < 0:
            _end(self._poller)
        return total

    def _deliver(self, handler: FragmentHandler, count: int) -> None:
        block, header = self._block, self._header
        buffer = ffi.buffer(block.base, block.length)
        view = memoryview(buffer).toreadonly()
        spans = iter(self._spans[: 3 * count].tolist())
        consumed = block.position + block.length
        kept = False
        try:
            for index, (start, end, _) in enumerate(zip(spans, spans, spans, strict=False)):
                header._index = index
                fragment = view[start:end]
                try:
                    handler(fragment, header)
                except BaseException:
                    consumed = block.position + block.ends[index]
                    raise
                finally:
                    fragment.release()
                if getrefcount(fragment) > ALONE:
                    kept = True
        finally:
            _commit(self._poller, consumed)
        view.release()
        if kept or is_lent(buffer):
            self._keep_mapped()

    def controlled_poll(self, handler: ControlledFragmentHandler, limit: int = 10) -> int:
        """As :meth:`poll`, with a handler that returns an :class:`Action` (or None to continue)."""
        block = self._block
        count = _begin(self._poller, limit, block)
        if count <= 0:
            return self._nothing(count)
        total = 0
        try:
            if block.events:
                self.dispatch_image_events()
            while count > 0:
                delivered, stopped = self._deliver_controlled(handler, count)
                total += delivered
                count = -1 if stopped or total >= limit else _next(self._poller, limit - total, block)
        except BaseException:
            _end(self._poller)
            raise
        if count < 0:
            _end(self._poller)
        return total

    def _deliver_controlled(self, handler: ControlledFragmentHandler, count: int) -> tuple[int, bool]:
        """Delivers one block: how many fragments were consumed, and whether the handler stopped the poll."""
        block, header = self._block, self._header
        buffer = ffi.buffer(block.base, block.length)
        view = memoryview(buffer).toreadonly()
        consumed, index, action, kept = block.position, 0, None, False
        try:
            while index < count and action not in _STOP:
                header._index = index
                fragment = view[self._spans[3 * index] : self._spans[3 * index + 1]]
                action = None
                try:
                    action = handler(fragment, header)
                finally:
                    fragment.release()
                    if action != Action.ABORT:
                        consumed = block.position + block.ends[index]
                        index += 1
                kept = kept or getrefcount(fragment) > ALONE
                if action == Action.COMMIT:
                    _commit(self._poller, consumed)
        finally:
            _commit(self._poller, consumed)
        view.release()
        if kept or is_lent(buffer):
            self._keep_mapped()
        return index, action in _STOP

    def _keep_mapped(self) -> None:
        """A handler kept a view into Aeron's memory: it must never be unmapped, so that the view cannot crash."""
        lib.seriatim_gate_enter(self._gate.pointer)
        lib.aeron_subscription_image_by_session_id(self._gate.resource, self._block.session_id)
        raise BufferError(f"a handler of {self._gate.name} kept a fragment beyond its call; copy what must stay")

    def poll_batch(self, batch: MessageBatch, *, assemble: bool = True) -> int:
        """Fills the batch with messages in one call, the fast way; returns how many.

        With ``assemble=False`` every fragment is an entry. Raises :class:`MessageTooLongError` when the next message
        does not fit into the whole batch; it stays, to be polled with a bigger one.
        """
        struct = batch._struct
        count: int = lib.seriatim_poll_batch(self._poller, struct, assemble)
        if struct.events:
            self.dispatch_image_events()
        if count < 0:
            if count == lib.SERIATIM_TOO_LONG:
                raise MessageTooLongError(
                    f"a message of {struct.needed} bytes does not fit into a batch of {batch.capacity_bytes}"
                )
            raise self._gate.refusal(count)
        return count

    def _nothing(self, code: int) -> int:
        if code < 0:
            raise self._gate.refusal(code)
        if self._block.events:
            self.dispatch_image_events()
        return 0

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
        client = self._client
        with client._gate:
            name = f"image of {self._gate.name}"
            image = Image(Gate(Kind.IMAGE, pointer, name, parent=client._gate, client=client))
        client._children.add(image)
        return image

    def add_destination(self, channel: str | Channel) -> None:
        """Receives from `channel` too; for subscriptions with ``control-mode=manual``."""
        self._client.change_destination("subscription", self._gate, "add", channel)

    def remove_destination(self, channel: str | Channel) -> None:
        """Stops receiving from `channel`."""
        self._client.change_destination("subscription", self._gate, "remove", channel)

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

    @property
    def pointer(self) -> Any:
        """The ``aeron_subscription_t *``, for native code; valid until :meth:`close`."""
        with self._gate as subscription:
            return subscription

    @property
    def gate(self) -> Any:
        """The ``seriatim_gate_t *``, for native code that wants to hold the subscription open."""
        return self._gate.pointer

    @property
    def closed(self) -> bool:
        """Whether it was closed, here or with its client."""
        return self._gate.closed

    def close(self) -> None:
        """Closes the subscription; harmless when repeated, also inside a handler."""
        self._gate.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Subscription({self._channel!r}, {self.stream_id}{', closed' * self.closed})"
