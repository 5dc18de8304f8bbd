"""What a recorder has open while there is a media driver: its counters, and its replay service."""

from contextlib import ExitStack

import structlog

from seriatim.aeron import Aeron
from seriatim.config import FOLLOW_STREAM, RecorderConfig
from seriatim.errors import ServiceTaken
from seriatim.sequencer.channel_lock import Use, take_channels
from seriatim.sequencer.recorder.lag import Lag, LagCounters
from seriatim.sequencer.recorder.opening import Opening
from seriatim.sequencer.recorder.service import ReplayService

log = structlog.get_logger("seriatim.recorder")

FOLLOWERS = Use(
    FOLLOW_STREAM,
    "service",
    ServiceTaken,
    "process {holder} serves followers on {place} already, and a follower could not tell the two apart. Stop that "
    "recorder, or give this one another channel (--serve) or driver",
)


class Served:
    """Counters and followers of one connection to a driver."""

    def __init__(self, counters: LagCounters, replay: ReplayService | None) -> None:
        self._counters = counters
        self._replay = replay

    @property
    def followers(self) -> int:
        """How many are being served."""
        return self._replay.count if self._replay is not None else 0

    def turn(self) -> bool:
        """Serves followers; True if there was anything to do."""
        return self._replay is not None and self._replay.turn()

    def publish(self, lag: Lag, agreed: int) -> None:
        """Writes the counters."""
        self._counters.publish(lag, agreed, self.followers)


class Opener:
    """Opens that, at each new driver. Raises ServiceTaken if another recorder serves on one of its channels,
    ConfigError if one of them cannot be used."""

    def __init__(self, config: RecorderConfig, cluster_id: bytes) -> None:
        self._config = config
        self._cluster_id = cluster_id
        self._opening = Opening(f"followers cannot be served on {', '.join(config.serve)}")

    def __call__(self, aeron: Aeron, stack: ExitStack) -> Served:
        counters = LagCounters(aeron, self._cluster_id)
        served = Served(counters, self._serve(aeron, stack) if self._config.serve else None)
        log.info("recorder found the media driver", aeron_dir=aeron.dir)
        return served

    def _serve(self, aeron: Aeron, stack: ExitStack) -> ReplayService:
        take_channels(stack, FOLLOWERS, self._config.aeron_dir, self._config.serve)
        with self._opening.attempt():
            return stack.enter_context(ReplayService(aeron, self._config, self._cluster_id))
