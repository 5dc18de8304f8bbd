"""The media driver: Aeron's part that owns sockets and shared memory. One serves every process on the machine."""

import errno
import os
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self, Unpack

from seriatim.aeron._gate import Gate, Kind, close_at_exit
from seriatim.aeron._library import ffi, lib
from seriatim.aeron.counters import CountersReader
from seriatim.aeron.driver_settings import AERON_NAMES, DriverSettings
from seriatim.aeron.errors import ConfigurationError, DriverActiveError, check, last_error
from seriatim.aeron.idle import idle_arguments
from seriatim.aeron.logs import CncFile, ErrorRecord, LossRecord

_AGENTS = ("conductor", "sender", "receiver", "sharednetwork", "shared")
LOW_IDLE = "backoff:10,20,1000,2000000"
"""Spins and yields first, then parks from 1 µs to 2 ms: quick while there is traffic, next to nothing when idle."""
_PATH_BYTES_MAX = 300  # Aeron builds file names below the directory in buffers of 384 bytes


class ThreadingMode(IntEnum):
    """How many threads the driver uses."""

    DEDICATED = 0
    """Three: conductor, sender, receiver. For four cores and more."""
    SHARED_NETWORK = 1
    """Two: conductor, and one for sender and receiver."""
    SHARED = 2
    """One for everything."""
    INVOKER = 3
    """None: the caller runs :meth:`MediaDriver.do_work`."""


def default_dir() -> str:
    """Where Aeron puts its files unless told otherwise: ``AERON_DIR``, or ``/dev/shm/aeron-<user>`` on Linux."""
    configured = os.environ.get("AERON_DIR")
    if configured:
        return configured
    path = ffi.new("char[]", 1024)
    check(lib.aeron_default_path(path, 1024), "default directory")
    return ffi.string(path).decode()


def is_driver_active(dir: str | os.PathLike[str] | None = None, timeout_ms: int = 10_000) -> bool:  # noqa: A002
    """Whether a driver has given a sign of life in this directory within `timeout_ms`, and its process exists."""
    path = os.fspath(dir) if dir is not None else default_dir()
    if not (Path(path) / "cnc.dat").exists():
        return False
    log = ffi.addressof(lib, "seriatim_log_nothing")
    return lib.aeron_is_driver_active(path.encode(), timeout_ms, log) and not _driver_process_is_gone(path)


def _driver_process_is_gone(path: str) -> bool:
    """A killed driver looks alive until the timeout; its process id says better."""
    with CncFile(path, timeout_ms=0) as cnc:
        pid = cnc.pid
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


class MediaDriver:
    """A driver inside this process; it stops with :meth:`close`, the ``with`` block or the process.

    Without `dir` it gets a fresh directory of its own in shared memory, removed at close. Idle strategies are named
    ``noop``, ``spin``, ``yield``, ``sleeping``, ``backoff``, or ``backoff:spins,yields,min_ns,max_ns`` and
    ``sleeping:ns``; the default backs off to a park of 2 ms, under 2 % of a core when idle. `idle` sets all agents,
    the others one each. `settings` are those of :class:`DriverSettings`.

    Raises :class:`DriverActiveError` when a driver runs in `dir`, :class:`ConfigurationError` for a setting that
    cannot work, :class:`AeronError` with Aeron's text for the rest. A directory left by a dead driver is replaced;
    ``dir_delete_on_start=False`` first saves its error log beside it.
    """

    def __init__(
        self,
        dir: str | os.PathLike[str] | None = None,  # noqa: A002
        *,
        threading_mode: ThreadingMode = ThreadingMode.SHARED,
        idle: str = LOW_IDLE,
        conductor_idle: str | None = None,
        sender_idle: str | None = None,
        receiver_idle: str | None = None,
        shared_network_idle: str | None = None,
        shared_idle: str | None = None,
        driver_timeout_ms: int = 10_000,
        dir_delete_on_start: bool = True,
        dir_delete_on_shutdown: bool = True,
        **settings: Unpack[DriverSettings],
    ) -> None:
        idles = dict(
            zip(_AGENTS, (conductor_idle, sender_idle, receiver_idle, shared_network_idle, shared_idle), strict=True)
        )
        strategies = {agent: idle_arguments(strategy or idle) for agent, strategy in idles.items()}
        known: dict[str, Any] = {
            "dir_delete_on_start": dir_delete_on_start,
            "dir_delete_on_shutdown": dir_delete_on_shutdown,
            "dir_warn_if_exists": False,
            "driver_timeout_ms": driver_timeout_ms,
            **settings,
        }
        self._own_dir = dir is None
        self._invoker = threading_mode is ThreadingMode.INVOKER
        self._dir = _fresh_dir() if dir is None else os.fspath(dir)
        _check_dir(self._dir, driver_timeout_ms)
        self._gate = self._launch(ThreadingMode(threading_mode), strategies, known)
        close_at_exit(self, driver=True)

    def _launch(
        self, mode: ThreadingMode, strategies: dict[str, tuple[str, str | None]], settings: dict[str, Any]
    ) -> Gate:
        context = ffi.new("aeron_driver_context_t **")
        check(lib.aeron_driver_context_init(context), "driver context")
        driver = ffi.new("aeron_driver_t **")
        try:
            _apply(context[0], self._dir, mode, strategies, settings)
            if lib.aeron_driver_init(driver, context[0]) < 0:
                error = last_error(f"media driver in {self._dir}")
                raise DriverActiveError(str(error), error.code) if error.code == errno.EBUSY else error
            try:
                check(lib.aeron_driver_start(driver[0], self._invoker), f"media driver in {self._dir}")
            except BaseException:
                lib.aeron_driver_close(driver[0])
                raise
        except BaseException:
            lib.aeron_driver_context_close(context[0])
            raise
        return Gate(Kind.DRIVER, driver[0], f"media driver in {self._dir}", context=context[0])

    @property
    def dir(self) -> str:
        """The directory that clients connect to."""
        return self._dir

    @property
    def closed(self) -> bool:
        """Whether :meth:`close` was called."""
        return self._gate.closed

    def do_work(self) -> int:
        """Runs the driver once, in mode ``INVOKER``; returns how much was done."""
        with self._gate as driver:
            if not self._invoker:
                raise ConfigurationError("do_work is for threading_mode=ThreadingMode.INVOKER")
            return check(lib.aeron_driver_main_do_work(driver), "media driver")

    def errors(self) -> Sequence[ErrorRecord]:
        """The distinct errors that the driver has logged."""
        with CncFile(self._dir) as cnc:
            return cnc.errors()

    def losses(self) -> Sequence[LossRecord]:
        """The gaps that receivers have seen."""
        with CncFile(self._dir) as cnc:
            return cnc.losses()

    def counters(self) -> CountersReader:
        """The driver's counters, live as long as the reader is open."""
        return CncFile(self._dir).counters

    def close(self) -> None:
        """Stops the driver; harmless when repeated. Clients that are still connected find it gone."""
        if not self._gate.closed:
            check(self._gate.close(), f"closing the media driver in {self._dir}")
            if self._own_dir:
                shutil.rmtree(self._dir, ignore_errors=True)

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
        return f"MediaDriver(dir={self._dir!r}{', closed' if self.closed else ''})"


def _fresh_dir() -> str:
    parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir()
    return tempfile.mkdtemp(prefix="aeron-seriatim-", dir=parent)


def _check_dir(path: str, driver_timeout_ms: int) -> None:
    if not path or "\0" in path or len(path.encode()) > _PATH_BYTES_MAX:
        raise ConfigurationError(f"the directory must have 1 to {_PATH_BYTES_MAX} bytes and no NUL: {path!r}")
    if Path(path).exists() and not Path(path).is_dir():
        raise ConfigurationError(f"{path} is not a directory")
    if is_driver_active(path, driver_timeout_ms):
        raise DriverActiveError(f"a media driver is running in {path}: connect to it, or choose another directory")


def _apply(
    context: Any,
    path: str,
    mode: ThreadingMode,
    strategies: dict[str, tuple[str, str | None]],
    settings: dict[str, Any],
) -> None:
    prefix = "aeron_driver_context_set_"
    check(lib.aeron_driver_context_set_dir(context, path.encode()), "dir")
    check(lib.aeron_driver_context_set_threading_mode(context, mode), "threading_mode")
    for agent, (name, arguments) in strategies.items():
        # The arguments go first: Aeron reads them when the strategy is set.
        if arguments is not None:
            check(getattr(lib, f"{prefix}{agent}_idle_strategy_init_args")(context, arguments.encode()), agent)
        check(getattr(lib, f"{prefix}{agent}_idle_strategy")(context, name.encode()), agent)
    for name, value in settings.items():
        if value is None:
            continue
        if name not in AERON_NAMES:
            raise ConfigurationError(f"a media driver has no setting {name!r}")
        try:
            result = getattr(lib, prefix + AERON_NAMES[name])(context, value)
        except (OverflowError, TypeError) as error:
            raise ConfigurationError(f"{name}: {value!r} cannot be used: {error}") from error
        check(result, name)
