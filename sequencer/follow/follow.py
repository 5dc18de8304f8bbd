"""What a follower holds: batches as they come, or objects one by one."""

import time
from collections.abc import Iterator
from itertools import chain
from typing import Self

from seriatim.errors import FollowerBehind
from seriatim.journal import JournalClosed
from seriatim.journal.event_log import SequencedEvent
from seriatim.sequencer.follow.commands import SequencedCommand
from seriatim.sequencer.follow.sources import Batch, Source

POLL_BOUND_S = 0.01
BEHIND_INTERVAL_S = 1.0
IDLE_MIN_S, IDLE_MAX_S = 2e-5, 1e-3


class Follow:
    """See `follow`. An iterator over batches that never ends by itself, and a context manager. For one thread."""

    def __init__(self, source: Source, behind_max: int | None = None) -> None:
        self._source = source
        self._behind_max = behind_max
        self._behind_at = 0.0
        self._stopped = self._closed = False

    @property
    def next_seq(self) -> int:
        """The seq after the last one that was given."""
        return self._source.next_seq

    @property
    def end_seq(self) -> int:
        """The last seq that there is, as far as this follower knows."""
        return self._source.end_seq

    def poll(self) -> Batch | None:
        """The next batch; None if nothing has come, or nothing within some milliseconds of looking.

        Raises `JournalClosed` after `close`.
        """
        if self._closed:
            raise JournalClosed("this follower is closed")
        self._tell_if_behind()
        until = time.monotonic() + POLL_BOUND_S
        while (batch := self._source.poll()) is not None:
            if len(batch):
                return batch
            if time.monotonic() > until:
                break
        self._source.pause()
        return None

    def __iter__(self) -> Iterator[Batch]:
        """Batches as they come, until `stop` is called."""
        idle_s = IDLE_MIN_S
        while not self._stopped:
            before = self.next_seq
            batch = self.poll()
            if batch is not None:
                yield batch
            if batch is not None or self.next_seq != before:
                idle_s = IDLE_MIN_S
            else:
                time.sleep(idle_s)
                idle_s = min(2 * idle_s, IDLE_MAX_S)

    def objects(self) -> Iterator[SequencedCommand | SequencedEvent]:
        """The same one by one."""
        return chain.from_iterable(batch.objects() for batch in self)

    def stop(self) -> None:
        """Ends the iteration, from any thread, after the batch at hand."""
        self._stopped = True

    def _tell_if_behind(self) -> None:
        now = time.monotonic()
        if self._behind_max is None or now - self._behind_at < BEHIND_INTERVAL_S:
            return
        self._behind_at = now
        end_seq = self.end_seq
        if end_seq - self.next_seq >= self._behind_max:
            raise FollowerBehind(self.next_seq, end_seq)

    def close(self) -> None:
        """Lets go of everything; harmless when repeated."""
        self._closed = True
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
