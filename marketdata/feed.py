"""What a publisher has open while there is a media driver: its streams, the cycle of snapshots, and requests."""

import time
from collections.abc import Callable
from contextlib import ExitStack

import structlog

from seriatim.aeron import Aeron
from seriatim.errors import ServiceTaken
from seriatim.marketdata.cycle import SnapshotCycle
from seriatim.marketdata.market import Market, Packets
from seriatim.marketdata.outbox import Outbox
from seriatim.marketdata.requester import Past
from seriatim.marketdata.requests import RequestService
from seriatim.marketdata.settings import MARKET_STREAM, REQUEST_STREAM, SNAPSHOT_STREAM, PublisherConfig
from seriatim.sequencer.channel_lock import Use, take_channels
from seriatim.sequencer.recorder.opening import Opening

log = structlog.get_logger("seriatim.publisher")

MARKET_COUNTER_TYPE_ID = 5303
"""Aeron counters of this type are a publisher's; their labels say which, their keys of which journal."""
TAKEN = (
    "process {holder} publishes market data on {place} already, and receivers could not tell the two apart. Stop that "
    "publisher, or give this one another channel (--channel, --requests) or driver"
)
PUBLISHING = Use(MARKET_STREAM, "market", ServiceTaken, TAKEN)
ANSWERING = Use(REQUEST_STREAM, "market", ServiceTaken, TAKEN)
COUNTERS = ("public number", "public seq", "packets sent", "packets left out", "snapshot cycles", "requesters")


class Feed:
    """See the module."""

    def __init__(self, aeron: Aeron, config: PublisherConfig, cluster_id: bytes, market: Market, past: Past) -> None:
        self._market = market
        self._past = past
        self._outboxes = [Outbox(aeron, channel, MARKET_STREAM) for channel in config.channels]
        snapshots = [Outbox(aeron, channel, SNAPSHOT_STREAM) for channel in config.channels]
        self._all = self._outboxes + snapshots
        self._cycles = [SnapshotCycle(outbox, config.snapshot_interval_s) for outbox in snapshots]
        self._requests = RequestService(aeron, config)
        self._heartbeat_interval_s = config.heartbeat_interval_s
        self._said_at = 0.0
        self.is_behind = False
        """What happens is not told at present: without heartbeats, receivers know that their books may be old."""
        self._counters = [aeron.add_counter(MARKET_COUNTER_TYPE_ID, label, cluster_id) for label in COUNTERS]

    def send(self, packets: Packets) -> None:
        """Publishes the next packets."""
        self._said_at = time.monotonic()
        for outbox in self._outboxes:
            outbox.send(packets)

    def turn(self) -> bool:
        """Sends what waits, a heartbeat if it is quiet, snapshots and answers; True if there was anything to do."""
        worked = sum(outbox.turn() for outbox in self._all) > 0
        if not self.is_behind and time.monotonic() - self._said_at > self._heartbeat_interval_s:
            self.send(self._market.heartbeat())
        worked |= sum(cycle.turn(self._market) for cycle in self._cycles) > 0
        return self._requests.turn(self._past, self._market) or worked

    def publish(self, seq: int) -> dict[str, int]:
        """Writes the counters, and gives them."""
        sent, left_out = (sum(getattr(outbox, name) for outbox in self._all) for name in ("sent", "left_out"))
        cycles = min(cycle.done for cycle in self._cycles)
        values = (self._market.next_number - 1, seq, sent, left_out, cycles, self._requests.count)
        for counter, value in zip(self._counters, values, strict=True):
            counter.value = value
        return {"number": values[0], "sent": sent, "left_out": left_out, "requesters": self._requests.count}


class FeedOpener:
    """Opens that, at each new driver. Raises ServiceTaken if another publisher has one of its channels, ConfigError if
    one of them cannot be used."""

    def __init__(
        self, config: PublisherConfig, cluster_id: bytes, made_with: Callable[[], tuple[Market, Past]]
    ) -> None:
        self._config = config
        self._cluster_id = cluster_id
        self._made_with = made_with
        self._opening = Opening(f"market data cannot be published on {', '.join((*config.channels, *config.requests))}")

    def __call__(self, aeron: Aeron, stack: ExitStack) -> Feed:
        config = self._config
        take_channels(stack, PUBLISHING, config.aeron_dir, config.channels)
        take_channels(stack, ANSWERING, config.aeron_dir, config.requests)
        with self._opening.attempt():
            feed = Feed(aeron, config, self._cluster_id, *self._made_with())
        log.info("publisher found the media driver", aeron_dir=config.aeron_dir)
        return feed
