"""The log of a node: what it says must never be what ends it, whoever reads it and however it is set up."""

from contextlib import suppress
from typing import Any

import structlog


class Log:
    """structlog's logger of this name; a line that cannot be written is lost."""

    def __init__(self, name: str) -> None:
        self._logger = structlog.get_logger(name)

    def info(self, event: str, **details: Any) -> None:
        """What a person may want to know."""
        with suppress(Exception):
            self._logger.info(event, **details)

    def error(self, event: str, **details: Any) -> None:
        """What a person must know."""
        with suppress(Exception):
            self._logger.error(event, **details)
