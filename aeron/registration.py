"""Registration: what a client asks its driver for, and the wait for the answer."""

import time
from collections.abc import Callable
from typing import Any

from seriatim.aeron._gate import Gate
from seriatim.aeron._library import ffi, lib
from seriatim.aeron.channel import Channel
from seriatim.aeron.errors import (
    AeronError,
    ClosedError,
    ConfigurationError,
    DriverTimeoutError,
    RegistrationError,
    TemporarilyUnavailableError,
    check,
    last_error,
)

_CHANNEL_BYTES_MAX = 4095
_PAUSE_SHORTEST_S, _PAUSE_LONGEST_S = 50e-6, 1e-3


class Registrar:
    """Registers things with the driver of the client behind `gate`; `why_closed` tells what has ended that client.

    Raises :class:`RegistrationError` for a refusal, :class:`DriverTimeoutError` without an answer in `timeout_s`.
    """

    def __init__(
        self, gate: Gate, *, timeout_s: float, invoker: bool, why_closed: Callable[[], AeronError | None]
    ) -> None:
        self._gate = gate
        self._timeout_s = timeout_s
        self._invoker = invoker
        self._why_closed = why_closed

    def add(self, what: str, channel: str | Channel, stream_id: int, *handlers: Any) -> Any:
        """Registers a publication or subscription and waits for it; the caller holds the gate."""
        uri = _channel_bytes(channel)
        if not -(2**31) <= stream_id < 2**31:
            raise ConfigurationError(f"a stream id has 32 bits, got {stream_id}")
        context = f"{what.replace('_', ' ')} {channel} stream {stream_id}"
        deadline_s = time.monotonic() + self._timeout_s
        while True:
            try:
                return self._add(what, context, uri, stream_id, *handlers)
            except TemporarilyUnavailableError:
                # The driver still closes the socket of whoever had this channel before, a killed process perhaps.
                if time.monotonic() > deadline_s:
                    raise
                self._pause(_PAUSE_LONGEST_S)

    def _add(self, what: str, context: str, *arguments: Any) -> Any:
        poll = getattr(lib, f"aeron_async_add_{what}_poll")
        cancel = getattr(lib, f"aeron_async_add_{what}_cancel")
        pending = ffi.new(f"aeron_async_add_{what}_t **")
        made = ffi.new(f"aeron_{what}_t **")
        client = self._gate.resource
        if getattr(lib, f"aeron_async_add_{what}")(pending, client, *arguments) < 0:
            raise self._why_closed() or last_error(context)
        self._wait(lambda: poll(made, pending[0]), lambda: cancel(client, pending[0]), context)
        return made[0]

    def add_counter(self, type_id: int, label: bytes, key: bytes) -> Any:
        """Registers a counter and waits for it; the caller holds the gate."""
        context = f"counter {label.decode(errors='replace')!r}"
        client = self._gate.resource
        made = ffi.new("aeron_counter_t **")
        pending = ffi.new("aeron_async_add_counter_t **")
        check(lib.aeron_async_add_counter(pending, client, type_id, key, len(key), label, len(label)), context)
        self._wait(
            lambda: lib.aeron_async_add_counter_poll(made, pending[0]),
            lambda: lib.aeron_async_add_counter_cancel(client, pending[0]),
            context,
        )
        return made[0]

    def change_destination(self, what: str, gate: Gate, change: str, channel: str | Channel) -> None:
        """Adds or removes a destination of a publication or subscription."""
        uri = _channel_bytes(channel)
        context = f"{change} destination {channel} of {gate.name}"
        pending = ffi.new("aeron_async_destination_t **")
        poll = getattr(lib, f"aeron_{what}_async_destination_poll")
        with self._gate as client, gate as resource:
            if getattr(lib, f"aeron_{what}_async_{change}_destination")(pending, client, resource, uri) < 0:
                raise self._why_closed() or last_error(context)
            self._wait(lambda: poll(pending[0]), None, context)

    def _wait(self, poll: Callable[[], int], cancel: Callable[[], object] | None, context: str) -> None:
        """Polls a registration until the driver has answered; the caller holds the gate."""
        client = self._gate.resource
        deadline_s = time.monotonic() + self._timeout_s
        pause_s = _PAUSE_SHORTEST_S
        waiting = True
        try:
            while True:
                result = poll()
                waiting = result == 0
                if result > 0:
                    return
                if result < 0:
                    raise _registration_error(context)
                if lib.aeron_is_closed(client):
                    # The conductor has stopped: it will neither answer nor look at a cancellation.
                    waiting = False
                    raise self._why_closed() or ClosedError(f"{self._gate.name} is closed")
                if time.monotonic() > deadline_s:
                    raise DriverTimeoutError(f"{context}: no answer within {self._timeout_s:g} s")
                self._pause(pause_s)
                pause_s = min(2 * pause_s, _PAUSE_LONGEST_S)
        except BaseException:
            # What nobody waits for any more (an interrupt, say) is taken back.
            if waiting and cancel is not None:
                cancel()
            raise

    def _pause(self, pause_s: float) -> None:
        if self._invoker:
            lib.aeron_main_do_work(self._gate.resource)
        else:
            time.sleep(pause_s)


def _channel_bytes(channel: str | Channel) -> bytes:
    """The channel as Aeron takes it; raises :class:`ConfigurationError` for what C would cut short."""
    uri = str(channel).encode()
    if not uri or b"\0" in uri or len(uri) > _CHANNEL_BYTES_MAX:
        raise ConfigurationError(f"a channel has 1 to {_CHANNEL_BYTES_MAX} bytes and no NUL: {str(channel)[:80]!r}")
    return uri


def _registration_error(context: str) -> AeronError:
    """The driver's refusal; a code of the driver's operating system is a refusal like its own codes."""
    error = last_error(context)
    if isinstance(error, RegistrationError | DriverTimeoutError):
        return error
    return RegistrationError(str(error), error.code)
