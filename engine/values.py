"""Whole numbers for the fields of commands and the arguments of calls: a value is taken as it is, or refused."""

import operator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seriatim.engine.errors import ArrayError, FieldOutOfRangeError

U8 = 0, 2**8 - 1
U32 = 0, 2**32 - 1
U64 = 0, 2**64 - 1
I64 = -(2**63), 2**63 - 1


def whole_number(name: str, value: Any, limits: tuple[int, int]) -> int:
    """The value as an int. Raises `FieldOutOfRangeError` for what is no whole number within the limits, such as 10.0
    and None: numpy and cffi would cut some of them to size in silence.
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or not limits[0] <= number <= limits[1]:
        raise FieldOutOfRangeError(name, value, f"a whole number from {limits[0]:,} to {limits[1]:,}")
    return number


def symbol_bytes(symbol: Any) -> bytes:
    """A symbol as bytes, perhaps of no ASCII: those reach the engine, which refuses them. Raises `FieldOutOfRangeError`
    for what no 16 bytes can say.
    """
    text = symbol if isinstance(symbol, str) else "\0"
    encoded = text.encode("latin-1", "ignore")
    if len(text) > 16 or len(encoded) < len(text) or 0 in encoded:
        raise FieldOutOfRangeError("symbol", symbol, "a str of 1 to 16 graphic ASCII characters")
    return encoded


def flag(name: str, value: Any) -> int:
    """0 or 1. Raises `FieldOutOfRangeError` for what is no bool: the truth of "no" is True, and that of None False."""
    if not isinstance(value, bool | np.bool_):
        raise FieldOutOfRangeError(name, value, "True or False")
    return int(value)


def check_rows(name: str, array: Any, row: str, dtype: np.dtype[Any]) -> None:
    """Raises `ArrayError` for what is no flat array of `dtype`, which this package calls `row`."""
    if not isinstance(array, np.ndarray) or array.dtype != dtype or array.ndim != 1:
        given = f"{array.dtype} of {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
        raise ArrayError(f"{name} must be a flat array of {row}, not {given}")


def is_room(array: NDArray[Any]) -> bool:
    """Whether the native side may write its elements one after the other."""
    return array.flags.c_contiguous and array.flags.writeable


def whole_bytes(name: str, value: Any) -> memoryview:
    """A view of what holds bytes in one piece. Raises TypeError for what does not."""
    try:
        return memoryview(value).cast("B")
    except TypeError:
        raise TypeError(f"{name} must be bytes in one piece, not {type(value).__name__}") from None
