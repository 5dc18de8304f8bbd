"""What a driver leaves in its directory: counters, the error log and the loss report, whether it lives or not."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from seriatim.aeron._library import ffi, lib, text_of
from seriatim.aeron.counters import CountersReader
from seriatim.aeron.errors import ClosedError, check


@dataclass(frozen=True)
class ErrorRecord:
    """One distinct error. Times are milliseconds since the epoch, by the driver's clock."""

    observations: int
    first_observed_ms: int
    last_observed_ms: int
    text: str


@dataclass(frozen=True)
class LossRecord:
    """One stretch of loss on a stream. Times are milliseconds since the epoch, by the driver's clock."""

    observations: int
    bytes_lost: int
    first_observed_ms: int
    last_observed_ms: int
    session_id: int
    stream_id: int
    channel: str
    source: str


@ffi.def_extern()
def seriatim_on_error_record(  # noqa: PLR0917 - Aeron's signature
    observations: int, first_ms: int, last_ms: int, error: Any, length: int, sink: Any
) -> None:
    record = ErrorRecord(observations, first_ms, last_ms, text_of(error, length))
    ffi.from_handle(sink)(record)


@ffi.def_extern()
def seriatim_on_loss_record(  # noqa: PLR0917 - Aeron's signature
    sink: Any,
    observations: int,
    bytes_lost: int,
    first_ms: int,
    last_ms: int,
    session_id: int,
    stream_id: int,
    channel: Any,
    channel_length: int,
    source: Any,
    source_length: int,
) -> None:
    record = LossRecord(
        observations,
        bytes_lost,
        first_ms,
        last_ms,
        session_id,
        stream_id,
        text_of(channel, channel_length),
        text_of(source, source_length),
    )
    ffi.from_handle(sink)(record)


class CncFile:
    """The command-and-control file of the driver in `dir`, mapped read-only until :meth:`close`.

    Raises :class:`DriverTimeoutError` when there is no usable file within `timeout_ms`, and :class:`AeronError` when
    it is of another version of Aeron.
    """

    def __init__(self, dir: str | os.PathLike[str], timeout_ms: int = 0) -> None:  # noqa: A002
        self._dir = os.fspath(dir)
        cnc = ffi.new("aeron_cnc_t **")
        check(lib.aeron_cnc_init(cnc, self._dir.encode(), timeout_ms), f"CnC file in {self._dir}")
        self._cnc: Any = ffi.gc(cnc[0], lib.aeron_cnc_close)
        self._constants = ffi.new("aeron_cnc_constants_t *")
        check(lib.aeron_cnc_constants(self._cnc, self._constants), "CnC constants")

    def _open(self) -> Any:
        if self._cnc is None:
            raise ClosedError(f"the CnC file in {self._dir} is closed")
        return self._cnc

    @property
    def pid(self) -> int:
        """Process id of the driver that made the file."""
        return self._constants.pid

    @property
    def started_ms(self) -> int:
        """When the driver started, in milliseconds since the epoch."""
        return self._constants.start_timestamp

    @property
    def heartbeat_ms(self) -> int:
        """The driver's last sign of life, in milliseconds since the epoch; -1 after a clean stop."""
        return lib.aeron_cnc_to_driver_heartbeat(self._open())

    @property
    def counters(self) -> CountersReader:
        """The counters in the file, live while the driver lives."""
        return CountersReader(lambda: lib.aeron_cnc_counters_reader(self._open()))

    def errors(self, since_ms: int = 0) -> list[ErrorRecord]:
        """The distinct errors seen since `since_ms` (milliseconds since the epoch)."""
        records: list[ErrorRecord] = []
        _collect(
            records.append,
            lambda sink: lib.aeron_cnc_error_log_read(self._open(), lib.seriatim_on_error_record, sink, since_ms),
        )
        return records

    def losses(self) -> list[LossRecord]:
        """The loss report, oldest first; empty when the driver wrote none."""
        records: list[LossRecord] = []
        cnc = self._open()
        if (Path(self._dir) / "loss-report.dat").exists():
            read = lib.aeron_cnc_loss_reporter_read
            _collect(records.append, lambda sink: check(read(cnc, lib.seriatim_on_loss_record, sink), "loss report"))
        return records

    def close(self) -> None:
        """Unmaps the file; harmless when repeated. Counters read through it are closed with it."""
        if self._cnc is not None:
            ffi.release(self._cnc)
            self._cnc = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _collect(append: Callable[[Any], None], read: Callable[[Any], object]) -> None:
    """Runs a C reader that calls back with records."""
    sink = ffi.new_handle(append)
    read(sink)
