"""Media drivers as this system wants them."""

import os
from collections.abc import Iterable
from pathlib import Path

from seriatim.aeron import AeronError, DriverActiveError, MediaDriver, is_driver_active
from seriatim.config import IPC, check_aeron_dir
from seriatim.errors import ConfigError
from seriatim.limits import DRIVER_SETTINGS

CNC_FILE = "cnc.dat"
"""The file by which a driver's folder is known."""

CORES_FOR_A_SPINNING_DRIVER = 4
LIVENESS_SETTINGS = ("client_liveness_timeout_ns", "image_liveness_timeout_ns")


def start_driver(aeron_dir: str, spins: bool = False, liveness_s: float | None = None) -> MediaDriver:
    """Starts a driver in this process. It shares one thread for all its work, and naps when idle unless it `spins`.

    `liveness_s`: a client or an image that gave no sign of life for so long is gone; see `limits` for the default.
    """
    check_startable(aeron_dir)
    settings = dict(DRIVER_SETTINGS)
    if liveness_s is not None:
        settings |= dict.fromkeys(LIVENESS_SETTINGS, round(liveness_s * 1e9))
    return MediaDriver(aeron_dir, idle="spin" if spins else "backoff", **settings)


def check_startable(aeron_dir: str) -> None:
    """Raises ConfigError or DriverActiveError if no driver can be started there, before anything is made for it."""
    check_aeron_dir(aeron_dir)
    refuse_strangers(aeron_dir)
    if is_driver_active(aeron_dir):
        raise DriverActiveError(
            f"a media driver is running in {aeron_dir}: use it (seriatim node --outside-driver), or name another folder"
        )


def driver_runs(aeron_dir: str) -> bool:
    """Whether a driver lives there. One that begins or ends just now has a file that cannot be read: it does not."""
    try:
        return is_driver_active(aeron_dir)
    except (AeronError, OSError):
        return False


def check_running(aeron_dir: str) -> None:
    """Raises ConfigError if no driver runs there."""
    if not driver_runs(aeron_dir):
        raise ConfigError(
            f"no media driver runs in {aeron_dir}; start one with `seriatim driver --aeron-dir {aeron_dir}`"
        )


def refuse_strangers(aeron_dir: str) -> None:
    """Aeron deletes the folder that a driver is given. Raises ConfigError unless it is new, empty, or a driver's."""
    folder = Path(aeron_dir)
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / CNC_FILE).exists())):
        raise ConfigError(
            f"{aeron_dir} holds something else than a media driver, which would delete it; name a new folder"
        )


def needs_hot_driver(channels: Iterable[str]) -> bool:
    """Whether a driver that spins would help: IPC does not pass through it, and it must leave the node a core."""
    network = any(not channel.startswith(IPC) for channel in channels)
    return network and (os.cpu_count() or 1) >= CORES_FOR_A_SPINNING_DRIVER
