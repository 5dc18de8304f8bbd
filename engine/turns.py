"""Locks of engines: one call of an engine at a time, and none while the process forks. A child has of all threads the
one that forked: what another one was in the middle of would stay so there, and its lock held.
"""

import os
import weakref
from threading import RLock

_forking = RLock()
_locks: "weakref.WeakSet[RLock]" = weakref.WeakSet()
_held: "list[RLock]" = []


def new_lock() -> RLock:
    """The lock of an engine; a fork waits until nobody has it."""
    lock = RLock()
    with _forking:
        _locks.add(lock)
    return lock


def _before_fork() -> None:
    _forking.acquire()
    for lock in list(_locks):
        lock.acquire()
        _held.append(lock)


def _after_fork() -> None:
    while _held:
        _held.pop().release()
    _forking.release()


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)
