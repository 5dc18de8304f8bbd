"""One node for each ingress channel of a driver: two would both take in, and execute, every command.

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
from pathlib import Path
from typing import Self

from seriatim.config import INGRESS_STREAM
from seriatim.errors import ConfigError, IngressTaken, SeriatimError
from seriatim.sequencer.log import Log

log = Log("seriatim.node")

PATIENCE_S = 1.0
"""A process that was killed holds its locks until the kernel has taken it apart; a disk that syncs delays that."""

RETRY_S = 0.01

_held: "weakref.WeakSet[IngressLock]" = weakref.WeakSet()


class IngressLock:
    """Holds one channel of the driver in `aeron_dir`; a context manager. Raises IngressTaken if another node has it."""

    stream = INGRESS_STREAM
    what = "ingress"

    def __init__(self, aeron_dir: str, channel: str) -> None:
        name = hashlib.sha256(f"{address(channel)} {self.stream}".encode()).hexdigest()[:16]
        path = Path(aeron_dir) / f"seriatim-{self.what}-{name}.lock"
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
                log.info(f"{self.what} is taken, waiting", channel=channel, holder=holder, patience_s=PATIENCE_S)
                said = True
            if time.monotonic() > deadline:
                raise self.taken(f"{channel} of the driver in {aeron_dir}", holder)
            time.sleep(RETRY_S)

    @staticmethod
    def taken(place: str, holder: str) -> SeriatimError:
        """What is raised when process `holder` has the place."""
        return IngressTaken(
            f"process {holder} takes commands on {place} already, and both would execute each. Stop that node, or "
            "give this one another ingress channel or driver"
        )

    def _try(self) -> bool:
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Lets another node have it."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _drop_in_child() -> None:
    # The lock belongs to the open file, which a forked child shares: it would outlive the node in the child.
    for lock in list(_held):
        lock.close()


os.register_at_fork(after_in_child=_drop_in_child)


def has_fixed_address(channel: str) -> bool:
    """Whether two nodes could meet on it; with port 0 the system chooses a new one for each."""
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
