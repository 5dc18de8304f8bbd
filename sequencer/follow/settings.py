"""What a follower may ask for: every argument of `follow` is looked at before anything is opened."""

import operator
from pathlib import Path
from typing import Any

from seriatim.config import check_aeron_dir, check_key, check_time
from seriatim.errors import ConfigError
from seriatim.trust import check_channel
from seriatim.users import check_user_name

SEQ_MAX, INDEX_MAX, EPOCH_MAX = 2**64 - 2, 2**32 - 2, 2**32 - 2
"""The greatest that the schema's types hold."""


def check_whole(name: str, value: Any, least: int, most: int) -> int:
    """A whole number within bounds. Raises ConfigError."""
    try:
        number = operator.index(value)
    except TypeError:
        raise ConfigError(f"{name} is {value!r}; it is a whole number, from {least} on") from None
    if not least <= number <= most:
        raise ConfigError(f"{name} is {number}; it is a number from {least} to {most}")
    return number


def check_place(from_seq: Any, from_index: Any, epoch: Any) -> tuple[int, int, int | None]:
    """Where to begin, as plain numbers. Raises ConfigError."""
    return (
        check_whole("from_seq", from_seq, 1, SEQ_MAX),
        check_whole("from_index", from_index, 0, INDEX_MAX),
        None if epoch is None else check_whole("epoch", epoch, 1, EPOCH_MAX),
    )


def check_sources(journal: Any, log: Any, channel: Any) -> None:
    """Raises ConfigError for what names no folder, or both this host and elsewhere."""
    for name, folder in (("journal", journal), ("log", log)):
        if folder is not None and (not isinstance(folder, str | Path) or not str(folder)):
            raise ConfigError(f"{name} is {folder!r}; it is the name of a folder")
    if channel is not None and (journal is not None or log is not None):
        raise ConfigError("channel is for following from elsewhere, journal and log for here: name one or the other")


def check_connection(settings: dict[str, Any]) -> None:
    """Raises ConfigError for a channel, folder, key, user or time that makes no sense."""
    for name in ("channel", "response_channel"):
        if settings[name] is not None:
            check_channel(name, settings[name])
    if settings["aeron_dir"] is not None:
        if not isinstance(settings["aeron_dir"], str | Path):
            raise ConfigError(f"aeron_dir is {settings['aeron_dir']!r}; it is the name of a folder")
        check_aeron_dir(str(settings["aeron_dir"]))
    check_key(settings["key"])
    check_user_name(settings["user"])
    check_time("timeout_s", settings["timeout_s"])
    check_time("reconnect_s", settings["reconnect_s"], positive=False)
