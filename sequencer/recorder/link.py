"""A client of the media driver that comes and goes with the driver: what a process serves hangs on it."""

import math
import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Generic, Protocol, Self, TypeVar

from seriatim.aeron import Aeron, AeronError
from seriatim.drivers import CNC_FILE, driver_runs
from seriatim.limits import DRIVER_TIMEOUT_MS
from seriatim.sequencer.recorder.seldom import SeldomLog

LOOK_INTERVAL_S = 0.5


class Service(Protocol):
    """What is served while there is a driver."""

    def turn(self) -> bool:
        """Serves for a moment; True if there was anything to do."""
        ...


S = TypeVar("S", bound=Service)
T = TypeVar("T")


class DriverLink(Generic[S]):
    """Connects when there is a driver, and again when there is another one. The work of `who` needs none.

    `open_service(aeron, stack)` opens what is served; what it enters into the stack is closed with the driver. Raises
    what that raises, unless it is an AeronError. Once closed it serves no more.
    """

    def __init__(self, aeron_dir: str, who: str, open_service: Callable[[Aeron, ExitStack], S]) -> None:
        self._aeron_dir = aeron_dir
        self._who = who
        self._open_service = open_service
        self._stack = ExitStack()
        self._looked_at = 0.0
        self._driver: int | None = None
        self._seldom = SeldomLog(f"seriatim.{who}")
        self.service: S | None = None
        """What is served; None without a driver."""

    def turn(self) -> bool:
        """Serves; True if there was anything to do."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_INTERVAL_S:
            self._looked_at = now
            self._look()
        return self.attempt(lambda service: service.turn(), False)

    def attempt(self, work: Callable[[S], T], otherwise: T) -> T:
        """Does something with the service; `otherwise`, if there is none, or its driver fails."""
        if self.service is None:
            return otherwise
        try:
            return work(self.service)
        except AeronError as error:
            self._lose(str(error))
            return otherwise

    def _look(self) -> None:
        """A driver that was started anew has another file, long before Aeron would tell that the old one is dead."""
        driver = _driver_file(self._aeron_dir)
        if self._driver is not None and driver != self._driver:
            self._lose("the media driver is gone")
        if self._driver is None and driver is not None and driver_runs(self._aeron_dir):
            self._connect(driver)

    def _connect(self, driver: int) -> None:
        try:
            name, timeout_ms = f"seriatim-{self._who}", DRIVER_TIMEOUT_MS
            aeron = self._stack.enter_context(Aeron(self._aeron_dir, name=name, driver_timeout_ms=timeout_ms))
            self.service = self._open_service(aeron, self._stack)
        except AeronError as error:
            self._lose(str(error))
            return
        except BaseException:
            self._stack.close()
            raise
        self._driver = driver

    def _lose(self, why: str) -> None:
        self._seldom.warning(f"{self._who} has lost the media driver, and goes on without", error=why)
        self._driver = self.service = None
        self._stack.close()

    def close(self) -> None:
        """Ends what is served, for good."""
        self._looked_at = math.inf
        self.service = None
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _driver_file(aeron_dir: str) -> int | None:
    try:
        return os.stat(Path(aeron_dir) / CNC_FILE).st_ino
    except OSError:
        return None
