"""What the commands log, and how: one line per event, on standard error, never on the order path."""

import errno
import os
import sys
from collections.abc import Callable
from typing import TextIO, cast

import structlog

GONE = (errno.EPIPE, errno.EIO, errno.EBADF)
"""Nobody will ever read what is written there: the pipe's reader has ended, the terminal is closed."""


class LogStream:
    """A stream that never fails: a line that cannot be written is lost, and all of them once the reader is gone."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Writes, or loses the text."""
        self._keep_going(lambda: self._file.write(text))

    def flush(self) -> None:
        """Writes what is buffered, or loses it."""
        self._keep_going(self._file.flush)

    def _keep_going(self, do: Callable[[], object]) -> None:
        try:
            do()
        except ValueError:
            pass  # somebody has closed the file
        except OSError as error:
            if error.errno in GONE:
                self._drop()

    def _drop(self) -> None:
        # At its end Python writes once more what its buffer holds, and a failure there would be the exit code.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._file.fileno())
        os.close(nowhere)


def set_up_logs(as_json: bool) -> None:
    """JSON for machines, coloured text on a terminal, plain text elsewhere."""
    stream = sys.stderr or open(os.devnull, "w")  # noqa: SIM115 - None when it was closed before we began
    renderer: structlog.typing.Processor
    if as_json:
        renderer = structlog.processors.JSONRenderer()
        time_format = "iso"
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=stream.isatty(), pad_event_to=0, sort_keys=False)
        time_format = "%Y-%m-%d %H:%M:%S"
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt=time_format, utc=True),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, LogStream(stream))),
    )
