"""One requester: what it has asked for, and how much more it may be sent now."""

import time
from collections import deque
from collections.abc import Iterator
from typing import Protocol

import structlog

from seriatim.aeron import AeronError, ExclusivePublication, OfferResult
from seriatim.errors import SeriatimError
from seriatim.journal import JournalError
from seriatim.marketdata.market import Market, Packets
from seriatim.marketdata.settings import MESSAGES_PER_REQUEST_MAX, PROTOCOL_VERSION
from seriatim.schemas import MarketRequest, MarketRequestEnd, MarketRequestEnded, MarketRequestKind

log = structlog.get_logger("seriatim.publisher")

REQUESTS_WAITING_MAX = 64
TURN_S = 0.001
"""How long one requester is sent something before the next one has its turn."""
BURST_S = 0.25
STALLED_S = 5.0
"""One that takes nothing for so long while something waits for it is cut."""
IDLE_S = 60.0
"""One that has asked nothing for so long is let go; it may come again."""


class Past(Protocol):
    """Where packets are found again."""

    @property
    def next_number(self) -> int:
        """Of the public message that comes next."""
        ...

    def packets(self, from_number: int, to_number: int) -> Packets:
        """Some of them, the first ones; none if there are none."""
        ...


class Requester:
    """Sends without ever waiting. `ended` is true when there is no more to do."""

    def __init__(self, publication: ExclusivePublication, bytes_per_s: int) -> None:
        self.publication = publication
        self.ended = self.cut = False
        self._bytes_per_s = bytes_per_s
        self._allowance = 0.0
        self._asked: deque[MarketRequest] = deque()
        self._answer: Iterator[Packets] | None = None
        self._waiting: Packets | None = None
        self._refilled_at = self._moved_at = time.monotonic()
        self._was_connected = False

    def ask(self, request: MarketRequest) -> None:
        """Takes a request; one too many is left out, and asked again when no answer comes."""
        self._moved_at = time.monotonic()
        if len(self._asked) < REQUESTS_WAITING_MAX:
            self._asked.append(request)

    @property
    def is_idle(self) -> bool:
        """Whether everything that it asked for was answered."""
        return self._waiting is None and self._answer is None and not self._asked

    def turn(self, past: Past, market: Market) -> bool:
        """Sends what may be sent now; True if anything went."""
        now = time.monotonic()
        most = self._bytes_per_s * BURST_S
        self._allowance = min(most, self._allowance + (now - self._refilled_at) * self._bytes_per_s)
        self._refilled_at = now
        try:
            sent = self._send(past, market)
        except AeronError:
            self.ended = True
            return False
        if sent:
            self._moved_at = now
        self._judge(now)
        return sent > 0

    def _send(self, past: Past, market: Market) -> int:
        sent, until = 0, time.monotonic() + TURN_S
        while self._allowance > 0 and time.monotonic() < until:
            waiting = self._next(past, market) if self._waiting is None else self._waiting
            if waiting is None:
                break
            went = self._offer(waiting)
            sent += went
            self._allowance -= went
            if self._waiting is not None:
                break
        return sent

    def _next(self, past: Past, market: Market) -> Packets | None:
        """What comes next of the answer at hand, or of the next one."""
        while True:
            if self._answer is None:
                if not self._asked:
                    return None
                self._answer = answer(self._asked.popleft(), past, market)
            packets = next(self._answer, None)
            if packets is not None:
                return packets
            self._answer = None

    def _offer(self, packets: Packets) -> int:
        """Bytes that went; the rest waits."""
        offered = self.publication.offer_many(packets.data, packets.lengths, packets.offsets)
        if offered.stopped == OfferResult.NOT_CONNECTED and self._was_connected:
            self.ended = True
        self._was_connected |= offered.sent > 0
        self._waiting = packets.after(offered.sent) if offered.sent < len(packets) else None
        return int(packets.lengths[: offered.sent].sum())

    def _judge(self, now: float) -> None:
        if self._waiting is not None and self._allowance > 0 and now - self._moved_at > STALLED_S:
            self.ended = self.cut = True
        elif self.is_idle:
            self.ended |= now - self._moved_at > IDLE_S or (self._was_connected and not self.publication.is_connected)

    def close(self) -> None:
        """Ends its stream; what was sent can still be read."""
        self.publication.close()


def answer(request: MarketRequest, past: Past, market: Market) -> Iterator[Packets]:
    """What a request is answered with, in pieces, and how it ends."""
    number, reason = request.from_number, MarketRequestEnd.DONE
    try:
        if request.protocol_version != PROTOCOL_VERSION:
            number, reason = 0, MarketRequestEnd.UNSUPPORTED_VERSION
        elif request.kind is MarketRequestKind.SNAPSHOT:
            number = market.next_number
            yield from snapshots(request, market)
        elif not request.count or number < 1 or number >= past.next_number:
            reason = MarketRequestEnd.NOT_YET if number >= past.next_number else MarketRequestEnd.TOO_MUCH
        else:
            to_number = min(number + min(request.count, MESSAGES_PER_REQUEST_MAX), past.next_number)
            while number < to_number:
                packets = past.packets(number, to_number)
                if not len(packets):
                    reason = MarketRequestEnd.NOT_YET
                    break
                number = packets.next_number
                yield packets
    except (SeriatimError, JournalError, OSError) as error:
        log.error("a request cannot be answered because the public log cannot be read", error=str(error))
        reason = MarketRequestEnd.FAILED
    ended = MarketRequestEnded(correlation_id=request.correlation_id, number=number, reason=reason)
    yield Packets.of(ended.encode())


def snapshots(request: MarketRequest, market: Market) -> Iterator[Packets]:
    """Of one instrument or of all, each as it is when its turn comes, in memory of its own."""
    if request.instrument is not None:
        place = market.place_of(request.instrument)
        if place is not None:
            yield market.snapshot(place).copy()
        return
    place = 0
    while place < market.listed:
        yield market.snapshot(place).copy()
        place += 1
