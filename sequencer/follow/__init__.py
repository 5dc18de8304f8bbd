"""Following the order: its commands or its events, from any position, into the live stream, here or elsewhere."""

from pathlib import Path
from typing import Literal

from seriatim.config import default_aeron_dir
from seriatim.errors import ConfigError
from seriatim.journal.event_log import EventLog
from seriatim.sequencer.follow.commands import COMMAND_PLACE, Commands, SequencedCommand
from seriatim.sequencer.follow.follow import Follow
from seriatim.sequencer.follow.remote import RemoteSource
from seriatim.sequencer.follow.settings import SEQ_MAX, check_connection, check_place, check_sources, check_whole
from seriatim.sequencer.follow.sources import LogSource, OrderSource, ReplicaSource, Source

__all__ = ["COMMAND_PLACE", "Commands", "Follow", "SequencedCommand", "follow"]


def follow(
    from_seq: int = 1,
    content: Literal["order", "events"] = "order",
    *,
    journal: Path | str | None = None,
    log: Path | str | None = None,
    channel: str | None = None,
    from_index: int = 0,
    epoch: int | None = None,
    behind_max: int | None = None,
    aeron_dir: str | None = None,
    response_channel: str | None = None,
    key: bytes = b"",
    user: str = "",
    timeout_s: float = 5.0,
    reconnect_s: float = 30.0,
) -> Follow:
    """Gives the order (`Commands`) or what came of it (`Events`) from `from_seq` on, and then as it grows.

    On the node's host name its `journal`, the event `log` of a recorder, or both: the order is read from the journal,
    events from the log if it is named, else from an engine of the follower's own. Elsewhere name the `channel` of a
    recorder's replay service. `key` is the venue's, or that of its `user` with the role `observe`: the service
    asks for it, and overrides in a journal are proved with the venue's.

    `from_index` is a place among the events of `from_seq`. `epoch`, if given, is that in which the follower has seen
    the seq before: it is told when a crash of a `relaxed` node has taken that back. `behind_max` is how many seqs it
    may be behind before it is told.

    Raises ConfigError, PositionGone, OrderRewound, NoAnswer, FollowRefused, and what journal and log raise; following
    raises them too, and FollowerBehind and Disconnected.
    """
    if content not in ("order", "events"):
        raise ConfigError(f"content is {content!r}; it is 'order' or 'events'")
    place = check_place(from_seq, from_index, epoch)
    if behind_max is not None:
        behind_max = check_whole("behind_max", behind_max, 0, SEQ_MAX)
    check_sources(journal, log, channel)
    check_connection({
        "channel": channel, "response_channel": response_channel, "aeron_dir": aeron_dir,
        "key": key, "user": user, "timeout_s": timeout_s, "reconnect_s": reconnect_s,
    })  # fmt: skip
    source: Source
    if channel is not None:
        where = str(aeron_dir or default_aeron_dir()), channel, response_channel
        source = RemoteSource(where, content, place, key, user, timeout_s=timeout_s, reconnect_s=reconnect_s)
    elif content == "order":
        if journal is None:
            raise ConfigError("name the journal to follow the order on this host, or a recorder's channel")
        source = OrderSource(Path(journal), *place)
    elif log is not None:
        source = LogSource(EventLog(Path(log)), *place, owned=True)
    elif journal is not None:
        source = ReplicaSource(Path(journal), *place, key=key)
    else:
        raise ConfigError("name an event log or a journal to follow events on this host, or a recorder's channel")
    return Follow(source, behind_max)
