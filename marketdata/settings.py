"""How a publisher runs. What is wrong is said at once, by name."""

from dataclasses import dataclass, field
from pathlib import Path

from seriatim.aeron import Channel
from seriatim.config import IPC, check_aeron_dir, check_key, check_time, default_aeron_dir
from seriatim.errors import ConfigError
from seriatim.trust import check_channel, check_reach

MARKET_STREAM = 103
"""Stream id of public messages, on each of a publisher's channels."""
SNAPSHOT_STREAM = 104
"""Stream id of snapshots on a cycle, on the same channels."""
REQUEST_STREAM = 105
"""Stream id on which a publisher takes requests."""
PROTOCOL_VERSION = 1

MESSAGES_PER_REQUEST_MAX = 262_144
"""What one request is answered with at most; whoever misses more asks again, or takes a snapshot."""


def feed_of(cluster_id: bytes) -> int:
    """The number by which receivers know a journal's public stream."""
    return int.from_bytes(cluster_id[:8], "little")


def check_fixed(what: str, text: str) -> None:
    """Raises ConfigError for what is no channel, or one whose port the system would choose: nobody could find it."""
    check_channel(what, text)
    parameters = Channel.parse(text).parameters
    named = parameters.get("control", parameters.get("endpoint", ""))
    if named.endswith(":0"):
        raise ConfigError(
            f"{what} is {text!r}, whose port the system would choose anew each time, so that nobody on the other side "
            "could know it; name a port"
        )


@dataclass(frozen=True, slots=True)
class Route:
    """The channels of a receiver."""

    channel: str
    """The publisher's, as a subscriber names it."""
    requests: str | None = None
    """Where the publisher takes requests; None to ask for nothing."""
    response: str | None = None
    """Where it is answered; None for one of this host."""

    def __post_init__(self) -> None:
        check_fixed("channel", self.channel)
        if self.requests is not None:
            check_fixed("requests", self.requests)
        if self.response is not None:
            check_channel("response_channel", self.response)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherConfig:
    """Settings of one publisher."""

    journal: Path
    """Folder of the journal that it follows."""
    log: Path
    """Folder of the public log that it writes; made if it is not there."""
    aeron_dir: str = field(default_factory=default_aeron_dir)
    """Folder of the media driver; it may come and go."""
    channels: tuple[str, ...] = (IPC,)
    """Aeron channels on which it publishes: IPC, UDP to an endpoint, multicast, or UDP with a control address."""
    requests: tuple[str, ...] = (IPC,)
    """Aeron channels on which it takes requests; none for no such service."""
    snapshot_interval_s: float = 1.0
    """A cycle of snapshots begins so long after the last one began."""
    heartbeat_interval_s: float = 0.1
    """When nothing else was published for so long, the next number is said, so that the loss of the last message is
    noticed."""
    low_latency: bool = False
    """Spin when idle: the lowest latency, for one core."""
    key: bytes = field(default=b"", repr=False)
    """The operator's, by which overrides in the journal are proved. Receivers need none: the data are public."""
    listen_beyond_loopback: bool = False
    """Publish to, take requests on, and answer to addresses that are not this machine's own loopback."""
    requester_bytes_per_s: int = 16 << 20
    """What one requester is answered with at most."""
    requesters_max: int = 64
    """How many are answered at once."""
    segment_bytes: int = 256 << 20
    """Size of a segment of the public log."""

    def __post_init__(self) -> None:
        check_key(self.key)
        check_aeron_dir(self.aeron_dir)
        if not self.channels:
            raise ConfigError("channels (--channel) is empty; name at least one Aeron channel, such as aeron:ipc")
        for name, channels in (("channels (--channel)", self.channels), ("requests (--requests)", self.requests)):
            for channel in channels:
                check_fixed(name, channel)
            if len(set(channels)) < len(channels):
                raise ConfigError(f"{name} names a channel twice; name it once")
            check_reach(channels, self.listen_beyond_loopback)
        check_time("snapshot_interval_s (--snapshot-interval)", self.snapshot_interval_s)
        check_time("heartbeat_interval_s", self.heartbeat_interval_s)
        journal, log = Path(self.journal).resolve(), Path(self.log).resolve()
        if log == journal or journal in log.parents:
            raise ConfigError(f"the public log {self.log} lies in the journal's folder; give it a folder of its own")
        if self.requester_bytes_per_s < 1 << 16:
            raise ConfigError(f"requester_bytes_per_s is {self.requester_bytes_per_s}; at least {1 << 16}")
        if self.requesters_max < 1:
            raise ConfigError(f"requesters_max is {self.requesters_max}; at least 1, or no `requests`")
