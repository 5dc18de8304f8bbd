"""A real node in a process of its own, for tests that do to it what life does."""

import resource
import signal
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from seriatim.client import Client
from seriatim.errors import NodeFailed
from seriatim.tools.drill.driver import outside_driver
from seriatim.tools.venue import Venue

LIVENESS_S = 2.0
OPTIONS = ("--segment-mib", "4")


class NodeProcess:
    """`seriatim node` on a journal in `folder`, over a media driver in a third process, which outlives it. A context
    manager: entering starts both.

    `kill()` and `start()` again is a crash and a recovery: clients that are connected reconnect by themselves.
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
        try:
            aeron_dir = self._stack.enter_context(outside_driver(liveness_s=LIVENESS_S))
            self.venue = Venue(self.journal, durability=self._durability, aeron_dir=aeron_dir, options=self._options)
            self._stack.callback(self.venue.close)
            self.venue.start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.resume()
        self._stack.close()

    def client(self, *, session: int = 0, **settings: Any) -> Client:
        """A client of it, not connected yet; `settings` are those of ClientConfig."""
        return Client(self._running().client_config(**settings), session=session)

    def start(self) -> None:
        """Starts it again on its journal, after `kill` or `stop`."""
        self._running().start()

    def stop(self) -> dict[str, Any]:
        """Ends it in good order; gives where the order stands."""
        return self._running().stop()

    def kill(self) -> None:
        """SIGKILL."""
        self._running().kill()

    def pause(self) -> None:
        """SIGSTOP: it is there and does nothing. Paused for more than 2 s it is cut off by Aeron, and ends."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    def fill_disk(self) -> None:
        """No write of it finds room from here on (its limit on the size of files is zero)."""
        self._limit_files(0)

    def free_disk(self) -> None:
        """There is room again; the node goes on by itself."""
        self._limit_files(resource.RLIM_INFINITY)

    def _running(self) -> Venue:
        if self.venue is None:
            raise NodeFailed("this node was not started; use it as a context manager")
        return self.venue

    def _signal(self, number: int) -> None:
        process = self._running().process
        if process is not None and process.poll() is None:
            process.send_signal(number)

    def _limit_files(self, size_bytes: int) -> None:
        process = self._running().process
        if process is None:
            raise NodeFailed("this node does not run")
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size_bytes, resource.RLIM_INFINITY))
