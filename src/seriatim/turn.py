"""One call at a time: what holds native memory is used by one thread at once, and by the process that made it."""

import os
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from seriatim.errors import ConcurrentUse, UsedAfterFork

P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")


class Turn:
    """`with turn:` is one call, and the calls inside it. Raises ConcurrentUse or UsedAfterFork; never waits."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._pid = os.getpid()
        self._lock = threading.RLock()

    @property
    def is_ours(self) -> bool:
        """Whether this process made it, and no parent."""
        return self._pid == os.getpid()

    def __enter__(self) -> None:
        if not self.is_ours:
            raise UsedAfterFork(f"{self._what} was made by process {self._pid}; a forked child makes its own")
        if not self._lock.acquire(blocking=False):
            raise ConcurrentUse(f"{self._what} is in a call of another thread; give each thread its own, or a lock")

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def alone(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """A method that takes the turn `self._turn` for its whole length."""

    @wraps(method)
    def call(self: S, /, *arguments: P.args, **named: P.kwargs) -> T:
        owner: Any = self
        with owner._turn:
            return method(self, *arguments, **named)

    return call
