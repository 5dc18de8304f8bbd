"""What a receiver has open while there is a media driver: public messages, snapshots, and what it asks for."""

import time

from seriatim.aeron import Aeron, Channel, MessageBatch
from seriatim.errors import FeedChanged
from seriatim.marketdata.books import Books
from seriatim.marketdata.recovery import Recovery
from seriatim.marketdata.settings import MARKET_STREAM, SNAPSHOT_STREAM, Route

SILENCE_S = 2.0
"""A publisher says something every tenth of a second. Books of which nothing was heard for so long may be old."""
POLLS_MAX = 16
"""Batches of one stream that one turn takes: who reads slowly still gives others a turn."""
CYCLE_SOURCE = 0


class Streams:
    """See the module. `asked` is how many requests were sent before. Raises what Aeron raises."""

    def __init__(self, aeron: Aeron, books: Books, route: Route, asked: int) -> None:
        # Untethered, if it does not read it is let go and holds nobody.
        channel = Channel.parse(route.channel).with_defaults(tether=False)
        self._books = books
        self._messages = aeron.add_subscription(channel, MARKET_STREAM)
        self._snapshots = aeron.add_subscription(channel, SNAPSHOT_STREAM)
        self._recovery = Recovery(aeron, books, route, asked)
        self._batch = MessageBatch()
        self._heard, self._foreign = books.heard
        self._heard_at = time.monotonic()
        self._has_heard = False

    @property
    def asked(self) -> int:
        """Requests that were sent."""
        return self._recovery.asked

    @property
    def is_silent(self) -> bool:
        """Whether nothing was heard for a while, or nothing at all here."""
        return not self._has_heard or time.monotonic() - self._heard_at > SILENCE_S

    def turn(self) -> bool:
        """Takes what has come and asks for what is missing; True if anything was heard. Raises FeedChanged."""
        for _ in range(POLLS_MAX):
            if not self._messages.poll_batch(self._batch):
                break
            self._books.take(self._batch.data, self._batch.offsets, self._batch.lengths)
        needs_snapshot = not self._books.is_all_current
        for _ in range(POLLS_MAX):
            if not self._snapshots.poll_batch(self._batch):  # read in any case: who reads nothing is let go
                break
            if needs_snapshot:
                self._books.take(self._batch.data, self._batch.offsets, self._batch.lengths, CYCLE_SOURCE)
        self._recovery.turn()
        return self._listen()

    def _listen(self) -> bool:
        heard, foreign = self._books.heard
        now = time.monotonic()
        if heard != self._heard:
            self._heard, self._foreign, self._heard_at, self._has_heard = heard, foreign, now, True
            return True
        if foreign > self._foreign and now - self._heard_at > SILENCE_S:
            raise FeedChanged(
                f"{self._messages.channel} carries another venue's stream than the one that was followed, which is "
                "silent; make a new receiver to follow that one"
            )
        return False
