"""How a node runs. Every setting has a default that works on one machine; what is wrong is said at once, by name."""

import os
from dataclasses import dataclass, field
from numbers import Real
from pathlib import Path

from seriatim.errors import ConfigError
from seriatim.limits import CLIENT_TIMEOUT_S, NODE_SEGMENT_BYTES_MIN, ORDERS_MAX
from seriatim.trust import check_channel, check_listening
from seriatim.users import User, check_user_name, check_users

INGRESS_STREAM = 101
"""Stream id on which a node takes commands, on every one of its channels."""

FOLLOW_STREAM = 102
"""Stream id on which a recorder takes the requests of followers."""

IPC = "aeron:ipc"

DURABILITIES = {"relaxed": 1, "fsync": 2}
"""The schema's Durability; `quorum` comes with clusters."""

TICK_INTERVAL_NS_MIN = 1_000_000


def default_aeron_dir() -> str:
    """Where a driver lives when nobody says otherwise: in `AERON_DIR`, or else in memory, one for each user."""
    if named := os.environ.get("AERON_DIR"):
        return named
    base = "/dev/shm" if os.path.isdir("/dev/shm") else "/tmp"
    return f"{base}/seriatim-{os.getuid()}"


def check_key(key: bytes) -> None:
    """Raises ConfigError for a key that is text, which has no bytes before somebody encodes it."""
    if not isinstance(key, bytes):
        raise ConfigError(f"key is of type {type(key).__name__}; a key is bytes, such as text.encode()")


def check_time(name: str, time_s: float, *, positive: bool = True) -> None:
    """Raises ConfigError for what is no length of time."""
    if not isinstance(time_s, Real) or not (time_s > 0 if positive else time_s >= 0):
        raise ConfigError(f"{name} is {time_s!r}; it is a number of seconds{', more than 0' if positive else ''}")


def check_aeron_dir(aeron_dir: str) -> None:
    """Raises ConfigError for no name at all, which a variable of a shell that is not set gives, and for one that is not
    UTF-8.
    """
    if not aeron_dir:
        raise ConfigError("aeron_dir (--aeron-dir) is empty; name the media driver's folder, or leave the option out")
    try:
        aeron_dir.encode()
    except UnicodeEncodeError:
        raise ConfigError(f"aeron_dir (--aeron-dir) is {aeron_dir!r}, which is not UTF-8; name another") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeConfig:
    """Settings of one node."""

    journal: Path
    """Folder of the journal; made if it is not there."""
    durability: str = "fsync"
    """`fsync`: events are told when their commands are on disk. `relaxed`: at once; a crash may lose the tail."""
    ingress: tuple[str, ...] = (IPC,)
    """Aeron channels on which commands are taken."""
    aeron_dir: str = field(default_factory=default_aeron_dir)
    """Folder of the media driver."""
    own_driver: bool = True
    """Start a driver there, which ends with the node; or else use the one that runs there already."""
    key: bytes = field(default=b"", repr=False)
    """The operator's, for logons that may do everything. A channel that is not IPC needs one."""
    users: tuple[User, ...] = ()
    """Who else may log on, each with a key and roles; `read_users` reads them from a file."""
    listen_beyond_loopback: bool = False
    """Take commands on, and answer to, addresses that are not this machine's own loopback."""
    low_latency: bool = False
    """Spin when idle: the lowest latency, for one core."""
    tick_interval_ns: int = 1_000_000_000
    """A tick is stamped when nothing else was for so long."""
    session_expiry_ns: int = 7 * 24 * 3_600 * 1_000_000_000
    """A session that has no orders in a book and that nobody was logged on to for so long is over; 0 for never."""
    park_max_ns: int = 1_000_000
    """The longest nap of an idle node that does not spin."""
    room_orders: int = 1 << 16
    """Memory for so many live orders, 64 bytes each, is taken before the first command. What more need is taken as they
    come, 2 MiB at a time, for which one command waits a quarter of a millisecond."""
    segment_bytes: int = 256 << 20
    """Size of a journal segment, at least 2 MiB: docs/JOURNAL.md says how much disk that makes."""
    logic_version: int | None = None
    """The rules that the engine follows from this start on, not older than the order's; without it the newest."""

    def __post_init__(self) -> None:
        check_key(self.key)
        if self.durability not in DURABILITIES:
            raise ConfigError(f"durability is {self.durability!r}; one node offers {' or '.join(DURABILITIES)}")
        check_aeron_dir(self.aeron_dir)
        if not self.ingress:
            raise ConfigError("ingress is empty; name at least one Aeron channel, such as aeron:ipc")
        check_users(self.users, self.key)
        check_listening(self.ingress, self.key, self.listen_beyond_loopback)
        if self.tick_interval_ns < TICK_INTERVAL_NS_MIN:
            raise ConfigError(f"tick_interval_ns is {self.tick_interval_ns}; at least {TICK_INTERVAL_NS_MIN}")
        if self.session_expiry_ns < 0:
            raise ConfigError(f"session_expiry_ns is {self.session_expiry_ns}; 0 for never, or a time")
        if not 0 <= self.room_orders <= ORDERS_MAX:
            raise ConfigError(f"room_orders is {self.room_orders}; 0 to {ORDERS_MAX}, the most that a venue holds")
        if self.park_max_ns < 1_000:
            raise ConfigError(f"park_max_ns is {self.park_max_ns}; at least 1000, or set low_latency")
        if self.segment_bytes < NODE_SEGMENT_BYTES_MIN:
            raise ConfigError(f"segment_bytes is {self.segment_bytes}; at least {NODE_SEGMENT_BYTES_MIN}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientConfig:
    """How a client reaches a node."""

    aeron_dir: str = field(default_factory=default_aeron_dir)
    """Folder of the media driver."""
    ingress: str = IPC
    """Aeron channel on which the node takes commands."""
    egress: str | None = None
    """Aeron channel on which this client wants answers; without it the same kind as ingress, on a free port."""
    key: bytes = field(default=b"", repr=False)
    """Shared with the node, for logons."""
    user: str = ""
    """Whose key that is; empty for the venue's own key, the operator's."""
    timeout_s: float = CLIENT_TIMEOUT_S
    """How long to wait for a connection, a logon or an answer."""
    reconnect_s: float = 30.0
    """How long to try to get back to a node that is gone."""

    def __post_init__(self) -> None:
        check_aeron_dir(self.aeron_dir)
        check_key(self.key)
        check_user_name(self.user)
        check_time("timeout_s", self.timeout_s)
        check_time("reconnect_s", self.reconnect_s, positive=False)
        for name, text in (("ingress", self.ingress), ("egress", self.egress or "")):
            if not isinstance(text, str):
                raise ConfigError(f"{name} is {text!r}; it is an Aeron channel, such as aeron:ipc")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderConfig:
    """Settings of one recorder."""

    journal: Path
    """Folder of the journal that it follows."""
    log: Path
    """Folder of the event log that it writes; made if it is not there."""
    aeron_dir: str = field(default_factory=default_aeron_dir)
    """Folder of the media driver that the node and followers use; it may come and go."""
    serve: tuple[str, ...] = (IPC,)
    """Aeron channels on which followers ask; none for no replay service."""
    key: bytes = field(default=b"", repr=False)
    """The operator's, shared with followers. A channel that is not IPC needs one."""
    users: tuple[User, ...] = ()
    """Who else may follow: those with the role `observe`."""
    listen_beyond_loopback: bool = False
    """Serve followers on, and answer to, addresses that are not this machine's own loopback."""
    follower_bytes_per_s: int = 64 << 20
    """What one follower is sent at most."""
    followers_max: int = 64
    """How many are served at once."""
    segment_bytes: int = 256 << 20
    """Size of a segment of the event log."""

    def __post_init__(self) -> None:
        check_key(self.key)
        check_aeron_dir(self.aeron_dir)
        check_users(self.users, self.key)
        for channel in self.serve:
            check_channel("serve (--serve)", channel)
        if len(set(self.serve)) < len(self.serve):
            raise ConfigError("serve (--serve) names a channel twice; name it once")
        check_listening(self.serve, self.key, self.listen_beyond_loopback)
        journal, log = Path(self.journal).resolve(), Path(self.log).resolve()
        if log != journal and journal in log.parents:
            raise ConfigError(f"the event log {self.log} lies in the journal's folder; give it a folder of its own")
        if self.follower_bytes_per_s < 1 << 20:
            raise ConfigError(f"follower_bytes_per_s is {self.follower_bytes_per_s}; at least {1 << 20}")
        if self.followers_max < 1:
            raise ConfigError(f"followers_max is {self.followers_max}; at least 1, or an empty `serve`")
