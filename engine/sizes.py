"""Tick and lot sizes as the two integers that the schema has for them."""

from decimal import Decimal

from seriatim.engine.errors import FieldOutOfRangeError

SIZE = 'a decimal.Decimal above 0 of at most 18 digits, with an exponent from -18 to 18, such as Decimal("0.01")'
"""What the engine takes."""


def size_parts(field: str, size: Decimal) -> tuple[int, int]:
    """Mantissa and exponent of a tick or lot size. Raises `FieldOutOfRangeError` if they do not fit 64 and 8 bits."""
    if not isinstance(size, Decimal):
        raise FieldOutOfRangeError(field, size, SIZE)
    sign, digits, exponent = size.as_tuple()
    if not isinstance(exponent, int) or not -128 <= exponent <= 127 or len(digits) > 19:
        raise FieldOutOfRangeError(field, size, SIZE)
    mantissa = int("".join(map(str, digits))) * (-1 if sign else 1)
    if not -(2**63) <= mantissa < 2**63:
        raise FieldOutOfRangeError(field, size, SIZE)
    return mantissa, exponent
