"""Ends long-running commands cleanly, and those that have not begun at once."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED = 130
"""The exit code after Ctrl-C."""


class Terminated(BaseException):
    """SIGTERM or SIGHUP; ends what runs as Ctrl-C does, so that everything removes what it has made."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


@contextmanager
def terminating_cleanly() -> Iterator[None]:
    """While inside, the first SIGTERM or SIGHUP raises Terminated; further ones do not disturb the cleaning up."""

    def terminate(number: int, _: object) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise Terminated(number)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, terminate)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """While inside, SIGINT, SIGTERM and SIGHUP (the terminal closes) set the event that this gives, and end nothing."""
    stopped = threading.Event()
    before = {number: signal.signal(number, lambda *_: stopped.set()) for number in ENDING}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def leaving_at_once() -> Iterator[None]:
    """While inside, Ctrl-C ends the process: for imports, which have nothing to undo and cannot be broken off."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
