"""A receiver of a public stream: books that are exact whenever it says so, whatever was lost on the way."""

import os
import time
from contextlib import ExitStack
from typing import Self

import numpy as np
import structlog

from seriatim.aeron import Aeron
from seriatim.config import IPC, check_aeron_dir, default_aeron_dir
from seriatim.drivers import check_running
from seriatim.engine import Instrument
from seriatim.errors import Disconnected, NoAnswer, UsedAfterFork
from seriatim.marketdata.books import Books, Standing, Statistics
from seriatim.marketdata.settings import Route, check_fixed
from seriatim.marketdata.streams import Streams
from seriatim.schemas import Side
from seriatim.sequencer.recorder.link import DriverLink
from seriatim.sequencer.recorder.opening import Opening

log = structlog.get_logger("seriatim.receiver")

IDLE_S = 2e-4


class Receiver:
    """See the module. Call `poll` often; between calls books stand still. A context manager, for one thread.

    Publisher and media driver may be killed and started again: what was missed meanwhile is asked for, and no number is
    left out or given twice unless it is missed for good, which a snapshot mends.

    `channel` is the publisher's, as a subscriber names it. `requests` is where the publisher takes requests, IPC by
    default for an IPC channel: missing messages are asked for there; without it, or unless it `asks`, a gap costs all
    books until the next snapshots. `books` takes what comes, if a subclass is to watch.

    Raises ConfigError, also if no media driver runs yet.
    """

    def __init__(
        self,
        channel: str = IPC,
        *,
        requests: str | None = None,
        response_channel: str | None = None,
        aeron_dir: str | None = None,
        asks: bool = True,
        books: Books | None = None,
    ) -> None:
        check_fixed("channel", channel)
        if requests is None and channel.startswith(IPC):
            requests = IPC
        self._route = Route(channel, requests if asks else None, response_channel)
        self._aeron_dir = str(aeron_dir or default_aeron_dir())
        check_aeron_dir(self._aeron_dir)
        check_running(self._aeron_dir)
        self.books = Books() if books is None else books
        """What was made of it so far."""
        self._opening = Opening(f"market data cannot be received over {channel}")
        self._link = DriverLink(self._aeron_dir, "receiver", self._open)
        self._streams: Streams | None = None
        self._is_closed = False
        self._pid = os.getpid()
        self._link.turn()

    def _open(self, aeron: Aeron, stack: ExitStack) -> Streams:
        del stack  # all of it goes with the client
        if self._opening.has_opened:
            log.info("receiver found the media driver again", aeron_dir=self._aeron_dir)
        with self._opening.attempt():
            self._streams = Streams(aeron, self.books, self._route, self.asked)
        return self._streams

    def poll(self) -> np.ndarray:
        """Takes what has come, asks for what is missing, and gives what was applied as an UPDATE array. Never waits,
        but for a new media driver to open what is received.

        Raises FeedChanged if another venue's stream has taken the place of the one that was followed, Disconnected
        after `close`, UsedAfterFork in a forked child.
        """
        self._check_own()
        if self._is_closed:
            raise Disconnected("this receiver is closed; make a new one")
        self._link.turn()
        return self.books.updates()

    def _check_own(self) -> None:
        if self._pid != os.getpid():
            raise UsedAfterFork(f"this receiver was made by process {self._pid}; a forked child makes its own")

    @property
    def standing(self) -> Standing:
        """Where it stands."""
        return self.books.standing

    @property
    def asked(self) -> int:
        """Requests that it has sent."""
        return 0 if self._streams is None else self._streams.asked

    @property
    def is_silent(self) -> bool:
        """Whether nothing was heard for two seconds, or not yet over this media driver."""
        self._check_own()
        return self._link.attempt(lambda streams: streams.is_silent, True)

    @property
    def is_current(self) -> bool:
        """Whether every book is the venue's, as far as was heard, and something was heard of late."""
        return self.books.is_all_current and not self.is_silent

    def wait_until_current(self, timeout_s: float = 10.0) -> None:
        """Polls until it is current, at least once; what is applied meanwhile is not given. Raises NoAnswer, and what
        `poll` raises.
        """
        until = time.monotonic() + timeout_s
        while True:
            updates = self.poll()
            if self.is_current:
                return
            if time.monotonic() > until:
                raise NoAnswer(f"{self._waits_for} (waited {timeout_s} s)")
            if not len(updates):
                time.sleep(IDLE_S)

    @property
    def _waits_for(self) -> str:
        if self._link.service is None:
            return f"no media driver runs in {self._aeron_dir}"
        return f"no market data came over {self._route.channel} that make books"

    @property
    def instruments(self) -> list[int]:
        """The ids of those that are listed."""
        return self.books.instruments

    def terms(self, instrument: int) -> Instrument | None:
        """Symbol, tick and lot; None if it is not listed."""
        return self.books.terms(instrument)

    def levels(self, instrument: int, side: Side, depth: int = 10) -> np.ndarray:
        """Up to `depth` levels as a LEVEL array (seriatim.engine), the best first."""
        return self.books.levels(instrument, side, depth)

    def orders(self, instrument: int, side: Side) -> np.ndarray:
        """All orders of one side as a RESTING array, in the order in which they would trade."""
        return self.books.orders(instrument, side)

    def statistics(self, instrument: int) -> Statistics | None:
        """Of the day; None if the instrument is not listed."""
        return self.books.statistics(instrument)

    def close(self) -> None:
        """Lets go of its streams, for good; books can still be read. In a forked child the streams are the parent's."""
        self._is_closed = True
        if self._pid == os.getpid():
            self._link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
