"""What a recorder has open while there is a media driver: its counters, and its replay service."""

from contextlib import ExitStack

from seriatim.aeron import Aeron, ConfigurationError, RegistrationError, StorageSpaceError
from seriatim.config import RecorderConfig
from seriatim.errors import ConfigError
from seriatim.sequencer.ingress_lock import has_fixed_address
from seriatim.sequencer.recorder.lag import Lag, LagCounters
from seriatim.sequencer.recorder.service import ReplayService
from seriatim.sequencer.recorder.service_lock import ServiceLock


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
        self._has_served = False

    def __call__(self, aeron: Aeron, stack: ExitStack) -> Served:
        counters = LagCounters(aeron, self._cluster_id)
        return Served(counters, self._serve(aeron, stack) if self._config.serve else None)

    def _serve(self, aeron: Aeron, stack: ExitStack) -> ReplayService:
        for channel in filter(has_fixed_address, self._config.serve):
            stack.enter_context(ServiceLock(self._config.aeron_dir, channel))
        try:
            service = stack.enter_context(ReplayService(aeron, self._config, self._cluster_id))
        except (RegistrationError, ConfigurationError) as error:
            if self._has_served or isinstance(error, StorageSpaceError):
                raise  # what could be opened before can be opened again, sooner or later
            raise ConfigError(f"followers cannot be served on {', '.join(self._config.serve)}: {error}") from error
        self._has_served = True
        return service
