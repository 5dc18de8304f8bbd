"""What a publisher has open while there is a media driver: its streams, the cycle of snapshots, and requests."""

import time
from collections.abc import Callable
from contextlib import ExitStack

from seriatim.aeron import Aeron, ConfigurationError, RegistrationError, StorageSpaceError
from seriatim.errors import ConfigError, ServiceTaken
from seriatim.marketdata.cycle import SnapshotCycle
from seriatim.marketdata.market import Market, Packets
from seriatim.marketdata.outbox import Outbox
from seriatim.marketdata.requester import Past
from seriatim.marketdata.requests import RequestService
from seriatim.marketdata.settings import MARKET_STREAM, REQUEST_STREAM, SNAPSHOT_STREAM, PublisherConfig
from seriatim.sequencer.ingress_lock import IngressLock, has_fixed_address

MARKET_COUNTER_TYPE_ID = 5303
"""Aeron counters of this type are a publisher's; their labels say which, their keys of which journal."""
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


class FeedLock(IngressLock):
    """One publisher for each channel of a driver: receivers could not tell two apart. Raises ServiceTaken."""

    stream = MARKET_STREAM
    what = "market"

    @staticmethod
    def taken(place: str, holder: str) -> ServiceTaken:
        """What is raised when process `holder` has the place."""
        return ServiceTaken(
            f"process {holder} publishes market data on {place} already. Stop that publisher, or give this one another "
            "channel (--channel, --requests) or driver"
        )


class RequestLock(FeedLock):
    """The same for requests."""

    stream = REQUEST_STREAM


class FeedOpener:
    """Opens that, at each new driver. Raises ServiceTaken if another publisher has one of its channels, ConfigError if
    one of them cannot be used."""

    def __init__(
        self, config: PublisherConfig, cluster_id: bytes, made_with: Callable[[], tuple[Market, Past]]
    ) -> None:
        self._config = config
        self._cluster_id = cluster_id
        self._made_with = made_with
        self._has_served = False

    def __call__(self, aeron: Aeron, stack: ExitStack) -> Feed:
        config = self._config
        for lock, channels in ((FeedLock, config.channels), (RequestLock, config.requests)):
            for channel in filter(has_fixed_address, channels):
                stack.enter_context(lock(config.aeron_dir, channel))
        try:
            feed = Feed(aeron, config, self._cluster_id, *self._made_with())
        except (RegistrationError, ConfigurationError) as error:
            if self._has_served or isinstance(error, StorageSpaceError):
                raise  # what could be opened before can be opened again, sooner or later
            channels = ", ".join((*config.channels, *config.requests))
            raise ConfigError(f"market data cannot be published on {channels}: {error}") from error
        self._has_served = True
        return feed
