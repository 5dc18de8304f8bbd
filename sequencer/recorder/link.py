"""A recorder's client of the media driver, which comes and goes with the node: counters and followers hang on it."""

import os
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import structlog

from seriatim.aeron import (
    Aeron,
    AeronError,
    ConfigurationError,
    RegistrationError,
    StorageSpaceError,
    is_driver_active,
)
from seriatim.config import RecorderConfig
from seriatim.drivers import CNC_FILE
from seriatim.errors import ConfigError
from seriatim.limits import DRIVER_TIMEOUT_MS
from seriatim.sequencer.ingress_lock import has_fixed_address
from seriatim.sequencer.recorder.lag import Lag, LagCounters
from seriatim.sequencer.recorder.seldom import SeldomLog
from seriatim.sequencer.recorder.service import ReplayService
from seriatim.sequencer.recorder.service_lock import ServiceLock

log = structlog.get_logger("seriatim.recorder")

LOOK_INTERVAL_S = 0.5


class DriverLink:
    """Connects when there is a driver, and again when there is another one. A recorder needs none to record.

    Raises ServiceTaken if another recorder serves on one of its channels, ConfigError if one of them cannot be used.
    """

    def __init__(self, config: RecorderConfig, cluster_id: bytes) -> None:
        self._config = config
        self._cluster_id = cluster_id
        self._stack = ExitStack()
        self._looked_at = 0.0
        self._driver: int | None = None
        self._counters: LagCounters | None = None
        self._service: ReplayService | None = None
        self._has_served = False
        self._seldom = SeldomLog("seriatim.recorder")

    @property
    def followers(self) -> int:
        """How many are being served."""
        return self._service.count if self._service is not None else 0

    def turn(self) -> bool:
        """Serves followers; True if there was anything to do."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_INTERVAL_S:
            self._looked_at = now
            self._look()
        if self._service is None:
            return False
        try:
            return self._service.turn()
        except AeronError as error:
            self._lose(str(error))
            return False

    def publish(self, lag: Lag, agreed: int) -> None:
        """Writes the counters, if there is a driver."""
        try:
            if self._counters is not None:
                self._counters.publish(lag, agreed, self.followers)
        except AeronError as error:
            self._lose(str(error))

    def _look(self) -> None:
        """A driver that was started anew has another file, long before Aeron would tell that the old one is dead."""
        driver = _driver_file(self._config.aeron_dir)
        if self._driver is not None and driver != self._driver:
            self._lose("the media driver is gone")
        if self._driver is None and driver is not None and is_driver_active(self._config.aeron_dir):
            self._connect(driver)

    def _connect(self, driver: int) -> None:
        try:
            name, timeout_ms = "seriatim-recorder", DRIVER_TIMEOUT_MS
            aeron = self._stack.enter_context(Aeron(self._config.aeron_dir, name=name, driver_timeout_ms=timeout_ms))
            self._counters = LagCounters(aeron, self._cluster_id)
            if self._config.serve:
                self._serve(aeron)
        except AeronError as error:
            self._lose(str(error))
            return
        except BaseException:
            self._stack.close()
            raise
        self._driver = driver
        log.info("recorder found the media driver", aeron_dir=self._config.aeron_dir, serve=list(self._config.serve))

    def _serve(self, aeron: Aeron) -> None:
        for channel in filter(has_fixed_address, self._config.serve):
            self._stack.enter_context(ServiceLock(self._config.aeron_dir, channel))
        try:
            self._service = self._stack.enter_context(ReplayService(aeron, self._config, self._cluster_id))
        except (RegistrationError, ConfigurationError) as error:
            if self._has_served or isinstance(error, StorageSpaceError):
                raise  # what could be opened before can be opened again, sooner or later
            raise ConfigError(f"followers cannot be served on {', '.join(self._config.serve)}: {error}") from error
        self._has_served = True

    def _lose(self, why: str) -> None:
        self._seldom.warning("recorder has lost the media driver, and goes on without", error=why)
        self._driver = self._counters = self._service = None
        self._stack.close()

    def close(self) -> None:
        """Tells followers that this ends."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _driver_file(aeron_dir: str) -> int | None:
    try:
        return os.stat(Path(aeron_dir) / CNC_FILE).st_ino
    except OSError:
        return None
