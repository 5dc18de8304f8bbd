"""A real node in a process of its own, for tests that do to it what life does."""

import resource
import signal
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from seriatim.client import Client
from seriatim.errors import ConfigError, NodeFailed
from seriatim.tools.drill.driver import outside_driver
from seriatim.tools.venue import Venue

LIVENESS_S = 2.0
OPTIONS = ("--segment-mib", "4")


class NodeProcess:
    """`seriatim node` on a journal in `folder`, over a media driver in a third process, which outlives it. A context
    manager: entering starts both.

    `kill()` and `start()` again is a crash and a recovery: clients that are connected reconnect by themselves. What is
    done to a node that does not run raises NodeFailed, but for `start` and `kill`.
    """

    def __init__(self, folder: Path, *, durability: str = "fsync", options: tuple[str, ...] = OPTIONS) -> None:
        self.folder = folder
        self._durability, self._options = durability, options
        self._stack = ExitStack()
        self.venue: Venue | None = None

    @property
    def journal(self) -> Path:
        """The folder of its journal."""
        return self.folder / "journal"

    def __enter__(self) -> Self:
        if self.venue is not None:
            raise ConfigError("this node was entered already; `kill` or `stop` it, then `start` it again")
        try:
            aeron_dir = self._stack.enter_context(outside_driver(liveness_s=LIVENESS_S))
            self.venue = Venue(self.journal, durability=self._durability, aeron_dir=aeron_dir, options=self._options)
            self._stack.callback(self.venue.close)
            self.venue.start()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.venue is not None and self.venue.is_running:
            self.resume()
        self._close()

    def client(self, *, session: int = 0, **settings: Any) -> Client:
        """A client of it, not connected yet; `settings` are those of ClientConfig. Raises ConfigError for others."""
        return Client(self._entered().client_config(**settings), session=session)

    def start(self) -> None:
        """Starts it again on its journal, after `kill` or `stop`. Raises ConfigError while it runs, NodeFailed if it
        does not start."""
        self._entered().start()

    def stop(self) -> dict[str, Any]:
        """Ends it in good order; gives where the order stands. Raises NodeFailed if it has ended already."""
        return self._entered().stop()

    def kill(self) -> None:
        """SIGKILL. It may have ended already."""
        self._entered().kill()

    def pause(self) -> None:
        """SIGSTOP: it is there and does nothing. Paused for more than 2 s it is cut off by Aeron, and ends."""
        self._process().send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT."""
        self._process().send_signal(signal.SIGCONT)

    def fill_disk(self) -> None:
        """No write of it finds room from here on (its limit on the size of files is zero)."""
        self._limit_files(0)

    def free_disk(self) -> None:
        """There is room again; the node goes on by itself."""
        self._limit_files(resource.RLIM_INFINITY)

    def _entered(self) -> Venue:
        if self.venue is None:
            raise NodeFailed("this node was not started; use it as a context manager")
        return self.venue

    def _process(self) -> subprocess.Popen[str]:
        venue = self._entered()
        if venue.process is None or not venue.is_running:
            raise NodeFailed("this node does not run; start it again")
        return venue.process

    def _limit_files(self, size_bytes: int) -> None:
        resource.prlimit(self._process().pid, resource.RLIMIT_FSIZE, (size_bytes, resource.RLIM_INFINITY))

    def _close(self) -> None:
        self._stack.close()
        self.venue = None
