"""Polling: what a subscription and one image of it have in common."""

from sys import getrefcount

from seriatim.aeron._gate import Gate
from seriatim.aeron._lending import ALONE, is_lent
from seriatim.aeron._library import ffi, lib
from seriatim.aeron._owned import Owned
from seriatim.aeron.batch import MessageBatch
from seriatim.aeron.errors import MessageTooLongError
from seriatim.aeron.header import Action, ControlledFragmentHandler, FragmentHandler, Header

_begin, _next, _commit, _end = (
    lib.seriatim_poller_begin,
    lib.seriatim_poller_next,
    lib.seriatim_poller_commit,
    lib.seriatim_poller_end,
)
_STOP = (Action.ABORT, Action.BREAK)


class Polled(Owned):
    """Where fragments are read from. One thread polls at a time.

    A position counts as consumed when the poll returns, or at a COMMIT of a controlled poll. An exception in a handler
    leaves the poll; its fragment counts as consumed (a controlled handler may return ABORT instead to see it again).
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._poller = ffi.gc(lib.seriatim_poller_new(gate.pointer), lib.seriatim_poller_free)
        self._block = ffi.new("seriatim_fragments_t *")
        self._spans = memoryview(ffi.buffer(ffi.addressof(self._block, "spans"))).cast("i")
        self._header = Header(self._block)

    def dispatch_image_events(self) -> int:
        """Calls the image handlers for what has happened since the last poll; polls do this themselves."""
        return 0

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
        self._retain_image(self._block.session_id)
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

    def _retain_image(self, session_id: int) -> None:
        """Keeps the image of a session for good; where the gate is the image's own, that it stays entered does."""
