"""A log that strangers can write to: each event at most once in a while, with how many were left out."""

import time
from typing import Any

import structlog

INTERVAL_S = 10.0
TEXT_MAX = 200
"""Characters of a value, which a stranger may have chosen."""


class SeldomLog:
    """Warnings, each event of which is said at most once in `interval_s`."""

    def __init__(self, name: str, interval_s: float = INTERVAL_S) -> None:
        self._log = structlog.get_logger(name)
        self._interval_s = interval_s
        self._said_at: dict[str, float] = {}
        self._left_out: dict[str, int] = {}

    def warning(self, event: str, **values: Any) -> None:
        """Says it, or counts it for the next time."""
        now = time.monotonic()
        if now - self._said_at.get(event, -self._interval_s) < self._interval_s:
            self._left_out[event] = self._left_out.get(event, 0) + 1
            return
        self._said_at[event] = now
        if left_out := self._left_out.pop(event, 0):
            values["left_out"] = left_out
        self._log.warning(event, **{name: _short(value) for name, value in values.items()})


def _short(value: Any) -> Any:
    return value[:TEXT_MAX] if isinstance(value, str) else value
