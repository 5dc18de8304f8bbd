"""One process for each use of a channel of a driver: two nodes would both take in, and execute, every command; of two
recorders or publishers their readers would hear now the one, now the other.

A file in the driver's folder is locked. The kernel drops the lock when the process ends, however it ends, so a node
that was killed can start again at once; Aeron itself would show its dead client, like a live one, for five seconds.
A driver that starts anew empties its folder, and with it the locks of nodes that it has cut off.
"""

import fcntl
import hashlib
import os
import socket
import time
import weakref
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from seriatim.config import INGRESS_STREAM
from seriatim.errors import ConfigError, IngressTaken, SeriatimError
from seriatim.sequencer.log import Log

log = Log("seriatim.node")

PATIENCE_S = 1.0
"""A process that was killed holds its locks until the kernel has taken it apart; a disk that syncs delays that."""

RETRY_S = 0.01

_held: "weakref.WeakSet[ChannelLock]" = weakref.WeakSet()


@dataclass(frozen=True, slots=True)
class Use:
    """What one process at a time may use a channel for."""

    stream: int
    name: str
    """Of the lock's file, and in the log."""
    error: type[SeriatimError]
    """Raised if another process has it."""
    taken: str
    """What is said then; `{holder}` is that process, `{place}` the channel and the driver."""


INGRESS = Use(
    INGRESS_STREAM,
    "ingress",
    IngressTaken,
    "process {holder} takes commands on {place} already, and both would execute each. Stop that node, or give this one "
    "another ingress channel or driver",
)


class ChannelLock:
    """Holds one channel of the driver in `aeron_dir` for a use; a context manager. Raises the use's error if another
    process has it."""

    def __init__(self, use: Use, aeron_dir: str, channel: str) -> None:
        self._use = use
        name = hashlib.sha256(f"{address(channel)} {use.stream}".encode()).hexdigest()[:16]
        path = Path(aeron_dir) / f"seriatim-{use.name}-{name}.lock"
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise ConfigError(f"cannot write to the driver's folder {aeron_dir}: {error.strerror}") from error
        try:
            self._acquire(aeron_dir, channel)
        except BaseException:
            self.close()
            raise
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)
        _held.add(self)

    def _acquire(self, aeron_dir: str, channel: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        said = False
        while not self._try():
            holder = os.pread(self._fd, 64, 0).decode(errors="replace").strip() or "unknown"
            if not said:
                log.info(f"{self._use.name} is taken, waiting", channel=channel, holder=holder, patience_s=PATIENCE_S)
                said = True
            if time.monotonic() > deadline:
                place = f"{channel} of the driver in {aeron_dir}"
                raise self._use.error(self._use.taken.format(holder=holder, place=place))
            time.sleep(RETRY_S)

    def _try(self) -> bool:
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Lets another process have it."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _drop_in_child() -> None:
    # The lock belongs to the open file, which a forked child shares: it would outlive its process in the child.
    for lock in list(_held):
        lock.close()


os.register_at_fork(after_in_child=_drop_in_child)


def take_channels(stack: ExitStack, use: Use, aeron_dir: str, channels: Iterable[str]) -> None:
    """Holds those on which two processes could meet until the stack is closed. Raises the use's error."""
    for channel in filter(has_fixed_address, channels):
        stack.enter_context(ChannelLock(use, aeron_dir, channel))


def has_fixed_address(channel: str) -> bool:
    """Whether two processes could meet on it; with port 0 the system chooses a new one for each."""
    return not _parameters(channel).get("endpoint", "").endswith(":0")


def address(channel: str) -> str:
    """What is the same for two channels that take in the same messages: media, endpoint and control, as numbers."""
    named = _parameters(channel)
    places = [f"{name}={_resolved(named[name])}" for name in ("endpoint", "control") if name in named]
    return " ".join([channel.partition("?")[0], *places])


def _parameters(channel: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in channel.partition("?")[2].split("|"))
    return {name: value for name, _, value in pairs}


def _resolved(endpoint: str) -> str:
    host, _, port = endpoint.rpartition(":")
    try:
        found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_DGRAM)
    except (OSError, ValueError):
        return endpoint  # Aeron will say what is wrong with it
    return str(sorted((family, where[:2]) for family, _, _, _, where in found)[0])
