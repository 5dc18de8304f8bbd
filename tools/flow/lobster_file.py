"""Reads a LOBSTER message file line by line; what cannot be a message is named by file, line and field.

Columns (lobsterdata.com): seconds after midnight, type, order id, size, price × 10,000, direction of the resting order
(1 buy, -1 sell). Types: 1 new limit order, 2 partial cancel, 3 delete, 4 execution of a visible order, 5 of a hidden
one, 6 cross trade, 7 halt. Of the last three only time and type are read: they say nothing about a visible order.
"""

import gzip
import math
import zlib
from pathlib import Path
from typing import TextIO, cast

import numpy as np

from seriatim.errors import ConfigError

NEW, REDUCE, DELETE, EXECUTE = 1, 2, 3, 4
TYPES = range(1, 8)
FIELDS = ("time", "type", "order id", "size", "price", "direction")
ORDER_IDS = range(1, 1 << 48)
AMOUNTS = range(1, 1 << 63)
SHOWN = 40
"""Characters of a bad field that a message repeats."""

LOBSTER_ROW = np.dtype([("type", "i8"), ("order", "i8"), ("size", "i8"), ("price", "i8"), ("direction", "i8")])
"""A message of types 1 to 4."""


class BadField(ValueError):
    """What is wrong with a line, without its place."""


def read_rows(path: Path) -> tuple[np.ndarray, int]:
    """The messages of types 1 to 4 as a LOBSTER_ROW array, and how many messages of any type the file has.

    Raises ConfigError if the file is no LOBSTER message file, plain or gzipped, or not whole.
    """
    rows, messages, earliest = [], 0, 0.0
    try:
        with open_text(path) as file:
            for number, line in enumerate(file, 1):
                if not line.isspace():
                    messages += 1
                    place = f"{path} is not a LOBSTER message file: line {number}"
                    earliest, row = row_of(line, place, earliest)
                    if row is not None:
                        rows.append(row)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ConfigError(f"{path} is not a whole gzip file: {error}") from error
    if not messages:
        raise ConfigError(f"{path} is not a LOBSTER message file: it has no lines")
    return np.array(rows, LOBSTER_ROW), messages


def open_text(path: Path) -> TextIO:
    """The file's lines; a name that ends in .gz is unpacked. What is no text fails as a field that is no number."""
    if path.suffix == ".gz":
        return cast("TextIO", gzip.open(path, "rt", encoding="ascii", errors="replace"))
    return path.open(encoding="ascii", errors="replace")


def row_of(line: str, place: str, earliest: float) -> tuple[float, tuple[int, int, int, int, int] | None]:
    """The time, not before `earliest`, and the values of a LOBSTER_ROW, or None for a message that is not sent.

    Raises ConfigError with the place.
    """
    fields = line.split(",")
    try:
        if len(fields) != len(FIELDS):
            raise BadField(f"columns: {len(fields)} where a message has {len(FIELDS)}")
        return time_of(fields[0], earliest), values_of(fields)
    except BadField as error:
        raise ConfigError(f"{place}, {error}") from error


def values_of(fields: list[str]) -> tuple[int, int, int, int, int] | None:
    """See `row_of`. Raises BadField."""
    kind = whole(fields, 1, TYPES, "1 to 7")
    if kind > EXECUTE:
        return None
    order = whole(fields, 2, ORDER_IDS, "1 to 2^48 - 1")
    size = whole(fields, 3, AMOUNTS, "1 to 2^63 - 1")
    price = whole(fields, 4, AMOUNTS, "1 to 2^63 - 1")
    return kind, order, size, price, direction(fields)


def time_of(text: str, earliest: float) -> float:
    """Seconds after midnight. Raises BadField unless it is a time of a day, and not before `earliest`."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise BadField(f"{FIELDS[0]}: {text.strip()[:SHOWN]!r} is not seconds after midnight")
    if seconds < earliest:
        raise BadField(
            f"{FIELDS[0]}: {text.strip()[:SHOWN]!r} is before {earliest!r}, the time of the message before it"
        )
    return seconds


def direction(fields: list[str]) -> int:
    """Of the resting order. Raises BadField."""
    text = fields[5].strip()
    if text not in ("1", "-1"):
        raise BadField(f"{FIELDS[5]} is 1 or -1, not {text[:SHOWN] if text.isalnum() else repr(text[:SHOWN])}")
    return int(text)


def whole(fields: list[str], place: int, allowed: range, said: str) -> int:
    """A field as a whole number. Raises BadField for what is none, or none of those allowed."""
    try:
        value = int(fields[place])
    except ValueError:
        value = None
    if value is None or value not in allowed:
        raise BadField(f"{FIELDS[place]}: {fields[place].strip()[:SHOWN]!r} is not a whole number from {said}")
    return value
