"""What a caller gives as a number, checked where it is given: it is taken as it is, or refused with a sentence."""

from typing import Any, SupportsIndex

U32_MAX = 2**32 - 1
U64_MAX = 2**64 - 1


def whole_number(value: Any, what: str, low: int, high: int) -> int:
    """The value as an int. Raises TypeError for what is no whole number, ValueError for one out of its bounds; both say
    what `what` may be.
    """
    takes = f"{what} is a whole number from {low:,} to {high:,}"
    if not isinstance(value, SupportsIndex):
        raise TypeError(f"{takes}, not {value!r}")
    number = value.__index__()
    if not low <= number <= high:
        raise ValueError(f"{takes}, not {number:,}")
    return number
