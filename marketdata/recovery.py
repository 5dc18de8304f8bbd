"""What a receiver does about what it has missed: it asks the publisher, or gives up and waits for snapshots."""

import os
import time
from typing import Any

from seriatim.aeron import Aeron, MessageBatch
from seriatim.config import IPC
from seriatim.marketdata.books import Books, Gap
from seriatim.marketdata.settings import MESSAGES_PER_REQUEST_MAX, PROTOCOL_VERSION, REQUEST_STREAM
from seriatim.schemas import MarketRequest, MarketRequestEnd, MarketRequestKind

STREAM_IDS = range(1_000, 2**31 - 1)
ASK_AGAIN_S = 0.1
"""When a gap is still there."""
GAPS_MAX = 32
"""Asked for at a time."""
GIVE_UP_S = 3.0
"""A gap that stays for so long is given up."""
SNAPSHOT_AGAIN_S = 1.0
ANSWER_SOURCE = 1


class Recovery:
    """Asks over a channel of its own; without one, gaps are given up at once. For one thread."""

    def __init__(self, aeron: Aeron, books: Books, requests: str | None, response: str | None) -> None:
        self._books = books
        self._publication: Any = None
        self.asked = 0
        """Requests that went out."""
        self._correlation_id = 0
        self._asked_at: dict[int, float] = {}  # by the number with which a gap begins
        self._snapshot_at = -SNAPSHOT_AGAIN_S
        self._stuck: tuple[int, float] = (0, 0.0)
        if requests is None:
            return
        stream = STREAM_IDS[int.from_bytes(os.urandom(8), "little") % len(STREAM_IDS)]
        response = response or (IPC if requests.startswith(IPC) else "aeron:udp?endpoint=127.0.0.1:0")
        self._subscription = aeron.add_subscription(response, stream)
        self._publication = aeron.add_exclusive_publication(requests, REQUEST_STREAM)
        self._response = self._subscription.resolved_channel or response
        self._stream = stream
        self._batch = MessageBatch()

    def turn(self) -> None:
        """Hears answers, and asks."""
        if self._publication is not None and self._subscription.poll_batch(self._batch):
            batch = self._batch
            self._books.take(batch.data, batch.offsets, batch.lengths, ANSWER_SOURCE)
        standing = self._books.standing
        if standing.gap is not None:
            self._mend(standing.gap)
        elif not standing.is_current and standing.next_number:
            self._ask_snapshot()

    def _mend(self, first: Gap) -> None:
        now = time.monotonic()
        if self._stuck[0] != first.from_number:
            self._stuck = first.from_number, now
        if self._publication is None or self._is_beyond_help(first, now):
            self._books.skip_gap()
            self._asked_at.clear()
            return
        gaps = self._books.gaps(GAPS_MAX)
        asked_at = self._asked_at
        self._asked_at = {gap.from_number: asked_at.get(gap.from_number, -ASK_AGAIN_S) for gap in gaps}
        for gap in gaps:
            if now - self._asked_at[gap.from_number] < ASK_AGAIN_S:
                continue
            if not self._ask(MarketRequestKind.MESSAGES, gap):
                break
            self._asked_at[gap.from_number] = now

    def _is_beyond_help(self, first: Gap, now: float) -> bool:
        reason = self._books.ended(self._correlation_id)
        refused = reason in (MarketRequestEnd.GONE, MarketRequestEnd.FAILED, MarketRequestEnd.UNSUPPORTED_VERSION)
        return refused or first.count > MESSAGES_PER_REQUEST_MAX or now - self._stuck[1] > GIVE_UP_S

    def _ask_snapshot(self) -> None:
        now = time.monotonic()
        if self._publication is not None and now - self._snapshot_at > SNAPSHOT_AGAIN_S:
            self._snapshot_at = now if self._ask(MarketRequestKind.SNAPSHOT, Gap(0, 0)) else self._snapshot_at

    def _ask(self, kind: MarketRequestKind, gap: Gap) -> bool:
        correlation_id = int.from_bytes(os.urandom(8), "little") >> 1
        request = MarketRequest(
            correlation_id=correlation_id,
            from_number=gap.from_number,
            count=gap.count,
            instrument=None,
            response_stream=self._stream,
            protocol_version=PROTOCOL_VERSION,
            kind=kind,
            response_channel=self._response,
        )
        if self._publication.offer(request.encode()) < 0:
            return False  # nobody takes requests at the moment
        self.asked += 1
        if kind is MarketRequestKind.MESSAGES:
            self._correlation_id = correlation_id
        return True

    def close(self) -> None:
        """Asks no more."""
        if self._publication is not None:
            self._publication.close()
            self._subscription.close()
            self._publication = None
