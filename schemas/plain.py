"""Values as people and JSON see them."""

import math
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, Any

from seriatim.schemas.errors import CodecError

if TYPE_CHECKING:
    from seriatim.schemas.fields import Member
    from seriatim.schemas.flyweight import Block


def plain(value: Any) -> Any:
    """A value made of what JSON has: enums by name, flags as a list, bytes in hexadecimal, NaN and infinity as null."""
    match value:
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case IntFlag():
            return _choices(value)
        case IntEnum():
            return value.name
        case bytes():
            return value.hex()
        case _:
            return None if isinstance(value, float) and not math.isfinite(value) else value


def _choices(flags: IntFlag) -> list[str]:
    named = {int(choice): choice.name or "" for choice in type(flags)}
    bits = [1 << bit for bit in range(int(flags).bit_length()) if flags & (1 << bit)]
    if len(bits) > len(named) and _is_every_bit(int(flags)):
        return ["ALL"]
    return [named.get(bit, f"bit {bit.bit_length() - 1}") for bit in bits]


def _is_every_bit(value: int) -> bool:
    """Whether a set holds whatever its bytes can say: those that have a name, and those that may have one some day."""
    return value.bit_length() % 8 == 0 and (value + 1).bit_count() == 1


def shown(block: "Block", member: "Member[Any]") -> str:
    """A member's value in a `repr`, which must not raise: a value that lies is shown as such."""
    try:
        value = member.__get__(block)
    except CodecError as error:
        return f"<{error.reason}>"
    name = type(value).__name__
    if isinstance(value, IntEnum):
        return f"{name}.{value.name}"
    if isinstance(value, IntFlag):
        known = value and int(value) == sum(choice for choice in type(value) if choice in value)
        return " | ".join(f"{name}.{choice}" for choice in _choices(value)) if known else f"{name}({int(value)})"
    return repr(value)
