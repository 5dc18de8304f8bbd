"""Ends long-running commands cleanly."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


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
