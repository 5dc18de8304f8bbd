"""Snapshots on a cycle: one instrument after the other, each as it is when its turn comes."""

import time

from seriatim.marketdata.market import Market
from seriatim.marketdata.outbox import Outbox

TURN_S = 0.001
"""How long instruments are sent, at least one, before public messages have their turn."""


class SnapshotCycle:
    """That of one channel, as fast as it has room: none waits for another one."""

    def __init__(self, outbox: Outbox, interval_s: float) -> None:
        self._outbox = outbox
        self._interval_s = interval_s
        self._begun_at = 0.0
        self._place: int | None = None
        self.done = 0
        """How many cycles are complete."""

    def turn(self, market: Market) -> bool:
        """Sends the next instruments; True if there was one."""
        now = time.monotonic()
        if self._place is None:
            if now - self._begun_at < self._interval_s:
                return False
            self._begun_at, self._place = now, 0
        sent = 0
        while self._place < market.listed and not self._outbox.is_busy and time.monotonic() < now + TURN_S:
            self._outbox.send(market.snapshot(self._place))
            self._place += 1
            sent += 1
        if self._place >= market.listed:
            self._place = None
            self.done += 1
        return sent > 0
