"""One stream of packets: sent at once where there is room, kept a moment where there is none, then left out.

Receivers ask again for what was left out, or take a snapshot. So a subscriber that does not read delays the others on
its channel for a moment and no longer: Aeron lets go of it, because it is not tethered.
"""

import time
from collections import deque

from seriatim.aeron import Aeron, Channel, ExclusivePublication, OfferResult
from seriatim.marketdata.market import Packets

WAITING_BYTES_MAX = 8 << 20
WAITING_S_MAX = 2.0
"""Longer than a driver takes to let go of a subscriber that does not read."""
LET_GO_NS = 200_000_000
"""After so long without reading, an untethered subscriber is let go, at the driver's next look at its timers."""
REST_NS = 1_000_000_000
"""After so long it may come back."""


def publishing(uri: str) -> Channel:
    """The channel as a publisher opens it: nobody on it is waited for."""
    channel = Channel.parse(uri).with_defaults(
        untethered_window_limit_timeout_ns=LET_GO_NS, untethered_resting_timeout_ns=REST_NS
    )
    many = channel.media == "udp" and (is_multicast(channel) or "control" in channel.parameters)
    return channel.with_defaults(flow_control="max") if many else channel


def is_multicast(channel: Channel) -> bool:
    """Whether its endpoint is a group."""
    host = channel.parameters.get("endpoint", "").rpartition(":")[0].strip("[]")
    first = host.partition(".")[0]
    return (first.isdigit() and 224 <= int(first) <= 239) or host.lower().startswith("ff")


class Outbox:
    """See the module. Raises what Aeron raises."""

    def __init__(self, aeron: Aeron, uri: str, stream: int) -> None:
        self._publication: ExclusivePublication = aeron.add_exclusive_publication(publishing(uri), stream)
        self._waiting: deque[Packets] = deque()
        self._waiting_bytes = 0
        self._stuck_at = 0.0
        self.sent = 0
        """Packets that went."""
        self.left_out = 0
        """Packets that did not."""

    @property
    def is_busy(self) -> bool:
        """Whether something waits for room."""
        return bool(self._waiting)

    def send(self, packets: Packets) -> None:
        """Sends them, now or in a moment."""
        if self._waiting:
            self._keep(packets, 0)
            return
        went = self._offer(packets)
        if went < len(packets):
            self._stuck_at = time.monotonic()
            self._keep(packets, went)

    def turn(self) -> bool:
        """Sends what waits; True if anything went."""
        worked = False
        while self._waiting:
            packets = self._waiting[0]
            went = self._offer(packets)
            worked |= went > 0
            if went:
                self._stuck_at = time.monotonic()
            if went < len(packets):
                self._waiting[0] = packets.after(went)
                break
            self._waiting.popleft()
            self._waiting_bytes -= len(packets.data)
        if self._waiting and time.monotonic() - self._stuck_at > WAITING_S_MAX:
            self._leave_out()
        return worked

    def _offer(self, packets: Packets) -> int:
        """How many are done with: sent, or nobody is there."""
        if not len(packets):
            return 0
        offered = self._publication.offer_many(packets.data, packets.lengths, packets.offsets)
        self.sent += offered.sent
        if offered.stopped == OfferResult.NOT_CONNECTED:
            return len(packets)
        return offered.sent

    def _keep(self, packets: Packets, begin: int) -> None:
        if self._waiting_bytes + len(packets.data) > WAITING_BYTES_MAX:
            self._leave_out()
        self._waiting.append(packets.copy(begin))
        self._waiting_bytes += len(packets.data)

    def _leave_out(self) -> None:
        self.left_out += sum(map(len, self._waiting))
        self._waiting.clear()
        self._waiting_bytes = 0
        self._stuck_at = time.monotonic()
