"""Media drivers as this system wants them."""

import os
from collections.abc import Iterable

from seriatim.aeron import MediaDriver
from seriatim.config import IPC
from seriatim.limits import DRIVER_SETTINGS

CORES_FOR_A_SPINNING_DRIVER = 4


def start_driver(aeron_dir: str, spins: bool = False) -> MediaDriver:
    """Starts a driver in this process. It shares one thread for all its work, and naps when idle unless it `spins`."""
    return MediaDriver(aeron_dir, idle="spin" if spins else "backoff", **DRIVER_SETTINGS)


def needs_hot_driver(channels: Iterable[str]) -> bool:
    """Whether a driver that spins would help: IPC does not pass through it, and it must leave the node a core."""
    network = any(not channel.startswith(IPC) for channel in channels)
    return network and (os.cpu_count() or 1) >= CORES_FOR_A_SPINNING_DRIVER
