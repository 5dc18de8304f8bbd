"""The client: one connection of this process to a media driver."""

import logging
import os
import threading
import warnings
import weakref
from collections import deque
from types import TracebackType
from typing import Any, Self

from seriatim.aeron._gate import Gate, Kind, close_at_exit
from seriatim.aeron._library import ffi, lib, text_of
from seriatim.aeron.channel import Channel
from seriatim.aeron.counters import KEY_BYTES_MAX, LABEL_BYTES_MAX, Counter, CountersReader
from seriatim.aeron.driver import MediaDriver, default_dir
from seriatim.aeron.errors import FATAL, AeronError, ConfigurationError, check, error_of, last_error
from seriatim.aeron.idle import idle_arguments
from seriatim.aeron.image import ImageHandler
from seriatim.aeron.publication import ExclusivePublication, Publication
from seriatim.aeron.registration import Registrar
from seriatim.aeron.subscription import Subscription

_log = logging.getLogger("seriatim.aeron")
_ERRORS_KEPT = 1024
_NAME_BYTES_MAX = 100


class Aeron:
    """A client of the driver in `dir` (a path, a :class:`MediaDriver`, or None for Aeron's default directory).

    Aeron's conductor runs in a native thread, which `idle` slows down as it does a driver's agents, or in
    :meth:`do_work` with ``invoker=True``. Errors that it meets are collected: one that ends the client (driver or
    client time-out) is raised by every later call on it and on its publications, subscriptions and counters; the
    others wait in :meth:`take_errors`, and are logged at close if nobody took them.

    Raises :class:`DriverTimeoutError` when no driver answers within `driver_timeout_ms`.
    """

    def __init__(
        self,
        dir: "str | os.PathLike[str] | MediaDriver | None" = None,  # noqa: A002
        *,
        name: str = "",
        driver_timeout_ms: int = 10_000,
        keepalive_interval_ms: int | None = None,
        idle: str = "sleeping:4000000",
        resource_linger_ns: int | None = None,
        pre_touch_mapped_memory: bool = False,
        invoker: bool = False,
    ) -> None:
        path = dir.dir if isinstance(dir, MediaDriver) else os.fspath(dir) if dir is not None else default_dir()
        if len(name.encode()) > _NAME_BYTES_MAX:
            raise ConfigurationError(f"the client's name may have {_NAME_BYTES_MAX} bytes, got {len(name.encode())}")
        self._dir = path
        self._invoker = invoker
        self._errors: deque[AeronError] = deque(maxlen=_ERRORS_KEPT)
        self._fatal: AeronError | None = None
        self._fatal_was_raised = False
        self._children: weakref.WeakSet[Any] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._inbox = ffi.gc(lib.seriatim_inbox_new(), lib.seriatim_inbox_free)
        strategy, arguments = idle_arguments(idle)
        settings: dict[str, int | bool | bytes | None] = {
            "dir": path.encode(),
            "client_name": name.encode() or None,
            "driver_timeout_ms": driver_timeout_ms,
            "keepalive_interval_ns": None if keepalive_interval_ms is None else keepalive_interval_ms * 1_000_000,
            # The arguments go first: Aeron reads them when the strategy is set.
            "idle_strategy_init_args": arguments.encode() if arguments is not None else None,
            "idle_strategy": strategy.encode(),
            "resource_linger_duration_ns": resource_linger_ns,
            "pre_touch_mapped_memory": pre_touch_mapped_memory,
            "use_conductor_agent_invoker": invoker,
        }
        self._gate = self._connect(settings)
        # The driver itself has as long; the second more is for its answer to come.
        timeout_s = driver_timeout_ms / 1e3 + 1
        self._registrar = Registrar(self._gate, timeout_s=timeout_s, invoker=invoker, why_closed=self._why_closed)
        close_at_exit(self)

    def _connect(self, settings: dict[str, int | bool | bytes | None]) -> Gate:
        context = ffi.new("aeron_context_t **")
        check(lib.aeron_context_init(context), "client context")
        client = ffi.new("aeron_t **")
        # Aeron's own handler ends the process, so ours is always set; the client holds a reference to its inbox.
        inbox = lib.seriatim_inbox_share(self._inbox)
        try:
            lib.aeron_context_set_error_handler(context[0], ffi.addressof(lib, "seriatim_on_error"), inbox)
            for setting, value in settings.items():
                if value is not None:
                    check(getattr(lib, f"aeron_context_set_{setting}")(context[0], value), setting)
            check(lib.aeron_init(client, context[0]), f"connecting to the media driver in {self._dir}")
            try:
                check(lib.aeron_start(client[0]), "starting the client")
            except BaseException:
                lib.aeron_close(client[0])
                raise
        except BaseException:
            lib.aeron_context_close(context[0])
            lib.seriatim_inbox_free(inbox)
            raise
        name = f"Aeron client of {self._dir}"
        return Gate(Kind.CLIENT, client[0], name, context=context[0], inbox=inbox, client=self)

    def _why_closed(self) -> AeronError | None:
        """The error that ended the client, fresh for each raise."""
        self._collect()
        fatal = self._fatal
        self._fatal_was_raised = fatal is not None
        return type(fatal)(str(fatal), fatal.code) if fatal is not None else None

    def _collect(self) -> None:
        if lib.seriatim_inbox_pending(self._inbox) == 0:
            return
        event = ffi.new("seriatim_report_t *")
        with self._lock:
            while lib.seriatim_inbox_take(self._inbox, event):
                error = error_of(event.code, text_of(event.text))
                self._errors.append(error)
                if self._fatal is None and isinstance(error, FATAL):
                    self._fatal = error

    def take_errors(self) -> list[AeronError]:
        """The errors that the conductor has reported since the last call, oldest first (at most 1,024 are kept)."""
        self._collect()
        with self._lock:
            errors = list(self._errors)
            self._errors.clear()
        return errors

    @property
    def dir(self) -> str:
        """The driver's directory."""
        return self._dir

    @property
    def client_id(self) -> int:
        """The driver's name for this client."""
        with self._gate as client:
            return lib.aeron_client_id(client)

    @property
    def closed(self) -> bool:
        """Whether the client was closed, or has ended by an error."""
        try:
            with self._gate as client:
                return lib.aeron_is_closed(client)
        except AeronError:
            return True

    @property
    def pointer(self) -> Any:
        """The ``aeron_t *``, for native code; valid until :meth:`close`."""
        with self._gate as client:
            return client

    @property
    def gate(self) -> Any:
        """The ``seriatim_gate_t *``, for native code that wants to hold the client open."""
        return self._gate.pointer

    def do_work(self) -> int:
        """Runs the conductor once, with ``invoker=True``; returns how much was done."""
        with self._gate as client:
            if not self._invoker:
                raise ConfigurationError("do_work is for clients made with invoker=True")
            done = lib.aeron_main_do_work(client)
            if done < 0:
                raise self._why_closed() or last_error("conductor")
            return done

    @property
    def counters(self) -> CountersReader:
        """The driver's counters."""
        return CountersReader(lambda: lib.aeron_counters_reader(self._gate.resource), lambda: self._gate)

    def add_publication(self, channel: str | Channel, stream_id: int) -> Publication:
        """A publication that threads may share. Publications of a client on one channel and stream are one session."""
        with self._gate:
            made = self._registrar.add("publication", channel, stream_id)
            return Publication(self._child(Kind.PUBLICATION, made, channel, stream_id), self)

    def add_exclusive_publication(self, channel: str | Channel, stream_id: int) -> ExclusivePublication:
        """A publication of its own session, for one thread; the faster one."""
        with self._gate:
            made = self._registrar.add("exclusive_publication", channel, stream_id)
            return ExclusivePublication(self._child(Kind.EXCLUSIVE_PUBLICATION, made, channel, stream_id), self)

    def add_subscription(
        self,
        channel: str | Channel,
        stream_id: int,
        *,
        on_available_image: ImageHandler | None = None,
        on_unavailable_image: ImageHandler | None = None,
    ) -> Subscription:
        """A subscription. The handlers run in the thread that polls, before the next fragment is delivered."""
        inbox = ffi.gc(lib.seriatim_inbox_new(), lib.seriatim_inbox_free)
        available = ffi.addressof(lib, "seriatim_on_available_image")
        unavailable = ffi.addressof(lib, "seriatim_on_unavailable_image")
        with self._gate:
            # The conductor's own reference, which it gives back when it has let go of the subscription.
            held = lib.seriatim_inbox_share(inbox)
            made = self._registrar.add("subscription", channel, stream_id, available, held, unavailable, held)
            gate = self._child(Kind.SUBSCRIPTION, made, channel, stream_id, held)
            return Subscription(gate, self, inbox, on_available_image, on_unavailable_image)

    def add_counter(self, type_id: int, label: str, key: bytes = b"") -> Counter:
        """A counter; types from 1,000 on are free for applications. Labels are cut to 380 bytes."""
        text = label.encode()[:LABEL_BYTES_MAX]
        if len(key) > KEY_BYTES_MAX:
            raise ConfigurationError(f"a counter's key may have {KEY_BYTES_MAX} bytes, got {len(key)}")
        with self._gate:
            made = self._registrar.add_counter(type_id, text, key)
            gate = Gate(Kind.COUNTER, made, f"counter {label!r}", parent=self._gate, client=self)
        return Counter(gate, self._children)

    def _child(self, kind: Kind, made: Any, channel: str | Channel, stream_id: int, inbox: Any = None) -> Gate:
        name = f"{kind.name.lower().replace('_', ' ')} {channel} stream {stream_id}"
        return Gate(kind, made, name, parent=self._gate, inbox=inbox, client=self)

    def close(self) -> None:
        """Closes the client and everything made by it; harmless when repeated, safe in any order and thread.

        A call that is inside another thread (or further up the stack) finishes first and then releases the client.
        """
        if self._gate.closed:
            return
        for child in list(self._children):
            child.close()
        check(self._gate.close(), f"closing the {self._gate.name}")
        for error in self.take_errors():
            if error is self._fatal and self._fatal_was_raised:
                continue
            _log.warning("%s: %s", self._gate.name, error)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self, _warn: Any = warnings.warn) -> None:
        gate = getattr(self, "_gate", None)
        if gate is not None and not gate.closed:
            _warn(f"unclosed {gate.name}", ResourceWarning, source=self)
            self.close()

    def __repr__(self) -> str:
        return f"Aeron(dir={self._dir!r}{', closed' if self.closed else ''})"
