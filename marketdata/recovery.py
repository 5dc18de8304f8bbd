"""What a receiver does about what it has missed: it asks the publisher, or gives up and waits for snapshots."""

import os
import time
from typing import NamedTuple

from seriatim.aeron import Aeron, Channel, ExclusivePublication, MessageBatch
from seriatim.config import IPC
from seriatim.marketdata.books import Books, Gap
from seriatim.marketdata.settings import MESSAGES_PER_REQUEST_MAX, PROTOCOL_VERSION, REQUEST_STREAM, Route
from seriatim.schemas import MarketRequest, MarketRequestEnd, MarketRequestKind

STREAM_IDS = range(1_000, 2**31 - 1)
ASK_AGAIN_S = 0.1
"""When nothing of a gap was filled."""
GAPS_MAX = 32
"""Asked for at a time."""
GIVE_UP_S = 3.0
"""A gap that stays for so long is given up."""
SNAPSHOT_AGAIN_S = 1.0
"""When nothing was answered for so long."""
TERM_BYTES = 64 << 10
"""Of the stream of requests, which are few and small."""
ANSWER_SOURCE = 1


class Asked(NamedTuple):
    """How far a gap had been filled, and when that was."""

    from_number: int
    at: float


class Recovery:
    """Asks over a channel of its own; without one, gaps are given up at once. For one thread."""

    def __init__(self, aeron: Aeron, books: Books, route: Route, asked: int) -> None:
        self._books = books
        self._publication: ExclusivePublication | None = None
        self.asked = asked
        """Requests that went out, those before this among them."""
        self._correlation_id = 0
        self._gaps: dict[int, Asked] = {}  # by the number behind a gap: an answer fills it from its front
        self._snapshot_at = self._heard_at = -SNAPSHOT_AGAIN_S
        self._stuck = Asked(0, 0.0)
        if route.requests is None:
            return
        self._stream = STREAM_IDS[int.from_bytes(os.urandom(8), "little") % len(STREAM_IDS)]
        response = route.response or (IPC if route.requests.startswith(IPC) else "aeron:udp?endpoint=127.0.0.1:0")
        self._subscription = aeron.add_subscription(response, self._stream)
        channel = Channel.parse(route.requests).with_defaults(term_length_bytes=TERM_BYTES)
        self._publication = aeron.add_exclusive_publication(channel, REQUEST_STREAM)
        self._response = self._subscription.resolved_channel or response
        self._batch = MessageBatch()

    def turn(self) -> None:
        """Hears answers, and asks."""
        if self._publication is not None and self._subscription.poll_batch(self._batch):
            batch = self._batch
            self._heard_at = time.monotonic()
            self._books.take(batch.data, batch.offsets, batch.lengths, ANSWER_SOURCE)
        standing = self._books.standing
        if standing.gap is not None:
            self._mend(standing.gap)
        elif not standing.is_current and standing.next_number:
            self._ask_snapshot()

    def _mend(self, first: Gap) -> None:
        now = time.monotonic()
        if self._stuck.from_number != first.from_number:
            self._stuck = Asked(first.from_number, now)
        if self._publication is None or self._is_beyond_help(first, now):
            self._books.skip_gap()
            self._gaps.clear()
            return
        gaps = {gap.from_number + gap.count: gap for gap in self._books.gaps(GAPS_MAX)}
        self._gaps = {behind: asked for behind, asked in self._gaps.items() if behind in gaps}
        for behind, gap in gaps.items():
            if not self._is_being_filled(behind, gap, now):
                if not self._ask(MarketRequestKind.MESSAGES, gap):
                    break
                self._gaps[behind] = Asked(gap.from_number, now)

    def _is_being_filled(self, behind: int, gap: Gap, now: float) -> bool:
        asked = self._gaps.get(behind)
        if asked is None:
            return False
        if asked.from_number < gap.from_number:
            self._gaps[behind] = Asked(gap.from_number, now)
            return True
        return now - asked.at < ASK_AGAIN_S

    def _is_beyond_help(self, first: Gap, now: float) -> bool:
        reason = self._books.ended(self._correlation_id)
        refused = reason in (MarketRequestEnd.GONE, MarketRequestEnd.FAILED, MarketRequestEnd.UNSUPPORTED_VERSION)
        return refused or first.count > MESSAGES_PER_REQUEST_MAX or now - self._stuck.at > GIVE_UP_S

    def _ask_snapshot(self) -> None:
        """Unless one is on its way."""
        now = time.monotonic()
        is_quiet = now - max(self._snapshot_at, self._heard_at) > SNAPSHOT_AGAIN_S
        if is_quiet and self._ask(MarketRequestKind.SNAPSHOT, Gap(0, 0)):
            self._snapshot_at = now

    def _ask(self, kind: MarketRequestKind, gap: Gap) -> bool:
        if self._publication is None:
            return False
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
