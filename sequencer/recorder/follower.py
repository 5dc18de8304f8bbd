"""One follower of the replay service: what it has been sent, and how much more it may be sent now."""

import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import structlog

from seriatim.aeron import AeronError, ExclusivePublication, OfferResult
from seriatim.engine import EVENT
from seriatim.errors import OrderRewound, PositionGone, SeriatimError
from seriatim.journal import JournalError
from seriatim.journal.event_log import EventLog
from seriatim.schemas import FollowContent, FollowEnd, FollowEnded, FollowPosition, FollowRequest
from seriatim.sequencer.follow.sources import LogSource, OrderSource, ServedSource

log = structlog.get_logger("seriatim.recorder")

TURN_BYTES = 2 << 20
"""Sent to one follower before the next one's turn; at least one message."""
BURST_S = 0.25
"""A follower that was idle may be sent so many seconds' worth at once."""
POSITION_INTERVAL_S = 1.0
STALLED_S = 10.0
"""A follower that takes nothing for so long while something waits for it is cut; it goes on from the log when it
reads again."""
CONNECT_TIMEOUT_S = 5.0
PIECE_ROWS = 256 * 1024 // EVENT.itemsize
UNREADABLE = (SeriatimError, JournalError, OSError)


class Follower:
    """Sends without ever waiting. `ended` is true when there is no more to do."""

    def __init__(self, publication: ExclusivePublication, correlation_id: int, nonce: bytes, bytes_per_s: int) -> None:
        self.publication = publication
        self.correlation_id = correlation_id
        self.nonce = nonce
        self.ended = False
        self.cut = False
        self._bytes_per_s = bytes_per_s
        self._allowance = 0.0
        self._source: ServedSource | None = None
        self._waiting: deque[bytes] = deque()
        self._begun_at = self._refilled_at = self._moved_at = time.monotonic()
        self._position_at = 0.0
        self._was_connected = False
        self._read_seq = 0  # what was read for it so far; where it wants to begin may lie beyond the end
        self._ending = False

    @property
    def is_following(self) -> bool:
        """Whether it has proved that it may, and said what it wants."""
        return self._source is not None

    @property
    def next_seq(self) -> int:
        """Where it stands."""
        return self._source.next_seq if self._source is not None else 0

    def say(self, message: bytes) -> None:
        """Sends this next."""
        self._waiting.append(message)

    def begin(self, request: FollowRequest, journal: Path, event_log: EventLog, cluster_id: bytes) -> None:
        """Sends what it asks for from now on."""
        self._cluster_id = cluster_id
        place = request.from_seq, request.from_index, request.epoch or None
        try:
            if request.content is FollowContent.EVENTS:
                self._source = LogSource(event_log, *place)
            else:
                self._source = OrderSource(journal, *place)
        except UNREADABLE as error:
            self._end_with(error)

    def end(self, reason: FollowEnd, seq: int = 0) -> None:
        """Says why, after what waits already, and ends."""
        self.say(FollowEnded(correlation_id=self.correlation_id, seq=seq, reason=reason).encode())
        self._ending = True

    def turn(self, end_seq: int) -> bool:
        """Sends what it may be sent now; true if anything went. `end_seq` is how far order and log go."""
        now = time.monotonic()
        self._refill(now)
        try:
            self._tell_position(now, end_seq)
            sent = sum(self._offers())
        except AeronError:
            self.ended = True
            return False
        if self._source is not None:
            self._source.pause()
        self._judge(now, sent)
        return sent > 0

    def _refill(self, now: float) -> None:
        most = self._bytes_per_s * BURST_S
        self._allowance = min(most, self._allowance + (now - self._refilled_at) * self._bytes_per_s)
        self._refilled_at = now

    def _tell_position(self, now: float, end_seq: int) -> None:
        if self._source is None or self._waiting or now - self._position_at < POSITION_INTERVAL_S:
            return
        self._position_at = now
        position = FollowPosition(
            next_seq=self._source.next_seq,
            end_seq=max(end_seq, self._read_seq),
            time=time.time_ns(),
            cluster=self._cluster_id,
        )
        self.say(position.encode())

    def _offers(self) -> Iterator[int]:
        """The lengths of what went."""
        sent = 0
        while self._allowance > 0 and sent < TURN_BYTES and (self._waiting or self._read()):
            message = self._waiting[0]
            result = self.publication.offer(message)
            if result == OfferResult.NOT_CONNECTED and self._was_connected:
                self.ended = True
            if result < 0:
                return
            self._was_connected = True
            self._waiting.popleft()
            self._allowance -= len(message)
            sent += len(message)
            yield len(message)

    def _read(self) -> bool:
        """Takes what comes next from the source; false if there is nothing."""
        if self._source is None or self._ending:
            return False
        try:
            if messages := self._source.messages(PIECE_ROWS):
                self._waiting.extend(messages)
                self._read_seq = self._source.next_seq - 1
        except UNREADABLE as error:
            self._end_with(error)
        return bool(self._waiting)

    def _end_with(self, error: Exception) -> None:
        match error:
            case PositionGone(seq=seq):
                self.end(FollowEnd.GONE, seq)
            case OrderRewound(seq=seq):
                self.end(FollowEnd.REWOUND, seq)
            case _:
                log.error("a follower was ended because log or journal cannot be read", error=str(error),
                          next_seq=self.next_seq)  # fmt: skip
                self.end(FollowEnd.FAILED)

    def _judge(self, now: float, sent: int) -> None:
        if sent or not self._waiting:
            self._moved_at = now
        if (self._ending and not self._waiting) or (not self.is_following and now - self._begun_at > CONNECT_TIMEOUT_S):
            self.ended = True
        elif self._waiting and self._allowance > 0 and now - self._moved_at > STALLED_S:
            self.ended = self.cut = True

    def close(self) -> None:
        """Ends its stream; what was sent can still be read."""
        if self._source is not None:
            self._source.close()
        self.publication.close()
