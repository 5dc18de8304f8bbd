"""A receiver of a public stream: books that are exact whenever it says so, whatever was lost on the way."""

import time
from contextlib import ExitStack
from typing import Any, Self

import numpy as np

from seriatim.aeron import (
    Aeron,
    Channel,
    ClientTimeoutError,
    ConductorServiceTimeoutError,
    DriverTimeoutError,
    MessageBatch,
)
from seriatim.config import IPC, check_aeron_dir, default_aeron_dir
from seriatim.drivers import check_running
from seriatim.engine import Instrument
from seriatim.errors import FeedChanged, FeedLost, NoAnswer
from seriatim.limits import DRIVER_TIMEOUT_MS
from seriatim.marketdata.books import Books, Standing, Statistics
from seriatim.marketdata.recovery import Recovery
from seriatim.marketdata.settings import MARKET_STREAM, SNAPSHOT_STREAM
from seriatim.schemas import Side
from seriatim.trust import check_channel

SILENCE_S = 2.0
"""A publisher says something every tenth of a second. Books of which nothing was heard for so long may be old."""
POLLS_MAX = 16
IDLE_S = 2e-4
CYCLE_SOURCE = 0

_LOST = (DriverTimeoutError, ClientTimeoutError, ConductorServiceTimeoutError)


class Receiver:
    """See the module. Call `poll` often; between calls books stand still. A context manager, for one thread.

    `channel` is the publisher's, as a subscriber names it. `requests` is where the publisher takes requests, IPC by
    default for an IPC channel: missing messages are asked for there; without it, or unless it `asks`, a gap costs all
    books until the next snapshots. `aeron` is a client to use; it stays open. `books` takes what
    comes, if a subclass is to watch.

    Raises ConfigError, and what Aeron raises.
    """

    def __init__(
        self,
        channel: str = IPC,
        *,
        requests: str | None = None,
        response_channel: str | None = None,
        aeron_dir: str | None = None,
        asks: bool = True,
        aeron: Aeron | None = None,
        books: Books | None = None,
    ) -> None:
        check_channel("channel", channel)
        if requests is None and channel.startswith(IPC):
            requests = IPC
        if not asks:
            requests = None
        for name, text in (("requests", requests), ("response_channel", response_channel)):
            if text is not None:
                check_channel(name, text)
        self._stack = ExitStack()
        self.books = Books() if books is None else books
        """What was made of it so far; `Receiver` has the same methods."""
        try:
            client = aeron or self._connect(str(aeron_dir or default_aeron_dir()))
            uri = _untethered(channel)
            self._stream = self._stack.enter_context(client.add_subscription(uri, MARKET_STREAM))
            self._snapshots = self._stack.enter_context(client.add_subscription(uri, SNAPSHOT_STREAM))
            self._recovery = Recovery(client, self.books, requests, response_channel)
            self._stack.callback(self._recovery.close)
        except BaseException:
            self._stack.close()
            raise
        self._batch = MessageBatch()
        self._is_lost = False
        self._heard, self._heard_at, self._foreign = 0, time.monotonic(), 0

    def _connect(self, aeron_dir: str) -> Aeron:
        check_aeron_dir(aeron_dir)
        check_running(aeron_dir)
        return self._stack.enter_context(Aeron(aeron_dir, driver_timeout_ms=DRIVER_TIMEOUT_MS))

    def poll(self) -> np.ndarray:
        """Takes what has come, asks for what is missing, and gives what was applied as an UPDATE array; never waits.

        Raises FeedChanged if another venue's stream has taken the place of the one that was followed, and FeedLost,
        from then on each time, if the media driver is gone or has let this receiver go.
        """
        if self._is_lost:
            raise FeedLost(f"{self._stream.channel} was lost before; make a new receiver")
        try:
            return self._poll()
        except _LOST as error:
            self._is_lost = True
            raise FeedLost(
                f"{self._stream.channel} is lost; make a new receiver, once a driver runs: {error}"
            ) from error

    def _poll(self) -> np.ndarray:
        for _ in range(POLLS_MAX):
            if not self._stream.poll_batch(self._batch):
                break
            self.books.take(self._batch.data, self._batch.offsets, self._batch.lengths)
        needs_snapshot = not self.books.is_all_current
        while self._snapshots.poll_batch(self._batch):  # read in any case: who reads nothing is let go
            if needs_snapshot:
                self.books.take(self._batch.data, self._batch.offsets, self._batch.lengths, CYCLE_SOURCE)
        self._recovery.turn()
        self._listen()
        return self.books.updates()

    def _listen(self) -> None:
        heard, foreign = self.books.heard
        now = time.monotonic()
        if heard != self._heard:
            self._heard, self._heard_at, self._foreign = heard, now, foreign
        elif foreign > self._foreign and now - self._heard_at > SILENCE_S:
            raise FeedChanged(
                f"{self._stream.channel} carries another venue's stream than the one that was followed, which is "
                "silent; make a new receiver to follow that one"
            )

    @property
    def standing(self) -> Standing:
        """Where it stands."""
        return self.books.standing

    @property
    def asked(self) -> int:
        """Requests that it has sent."""
        return self._recovery.asked

    @property
    def is_silent(self) -> bool:
        """Whether nothing was heard for two seconds."""
        return time.monotonic() - self._heard_at > SILENCE_S

    @property
    def is_current(self) -> bool:
        """Whether every book is the venue's, as far as was heard, and something was heard of late."""
        return self.books.is_all_current and not self.is_silent and not self._is_lost

    def wait_until_current(self, timeout_s: float = 10.0) -> None:
        """Polls until it is current; what is applied meanwhile is not given. Raises NoAnswer."""
        until = time.monotonic() + timeout_s
        while not self.is_current:
            if time.monotonic() > until:
                raise NoAnswer(
                    f"no market data came over {self._stream.channel} that make books (waited {timeout_s} s)"
                )
            if not len(self.poll()):
                time.sleep(IDLE_S)

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
        """Lets go of its streams; books can still be read."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _untethered(uri: str) -> Channel:
    """The channel as a receiver opens it: if it does not read, it is let go and holds nobody."""
    channel = Channel.parse(uri)
    settings: dict[str, Any] = {"tether": False}
    return channel.replace(**{name: value for name, value in settings.items() if name not in channel.parameters})
