"""Tells SbeJava.java how to encode a message that Python has, and how sbe-tool's JSON of a message must look."""

import json
from collections.abc import Iterator
from enum import IntEnum, IntFlag
from itertools import takewhile
from typing import Any

from seriatim.schemas import Message
from seriatim.schemas.fields import Field, Member
from seriatim.schemas.flyweight import Block
from seriatim.schemas.parts import Group, GroupField, VarBytes
from seriatim.schemas.wire import CHAR, Array, Bytes, Enumeration, Flags, Optional, Text, WireType


def encode_script(package: str, message: Message) -> str:
    """The lines that make SbeJava print the message's bytes."""
    return "\n".join((f"message {package}.{type(message).__name__}", *_block(message), "end", ""))


def camel(name: str) -> str:
    """`cl_ord_id` → `clOrdId`."""
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _block(block: Block) -> Iterator[str]:
    for field in block._fields:
        yield from _field(field, getattr(block, field.name))
    for part in block._parts:
        value = getattr(block, part.name)
        if isinstance(part, GroupField):
            yield f"group {camel(part.name)}Count {len(value)}"
            for entry in value:
                yield "next"
                yield from _block(entry)
            yield "out"
        else:
            data = value if isinstance(part, VarBytes) else value.encode()
            name = camel(part.name)
            yield f"bytes put{name[0].upper()}{name[1:]} {data.hex()}"


def _field(field: Field[Any], value: Any) -> Iterator[str]:
    name = camel(field.name)
    kind: WireType[Any] = field.type.inner if isinstance(field.type, Optional) else field.type
    if value is None:
        yield f"value {name} null"
    elif isinstance(value, Block):
        yield f"in {name}"
        yield from _block(value)
        yield "out"
    elif isinstance(kind, Text):
        yield f"text {name} {value.encode().hex()}"
    elif isinstance(kind, Bytes | Array):
        yield from (f"item {name} {index} {_number(item)}" for index, item in enumerate(value))
    elif isinstance(kind, Flags):
        flags: type[IntFlag] = kind.flags
        yield from (f"choice {name} {camel(str(choice.name).lower())}" for choice in flags if choice in value)
    elif kind is CHAR:
        yield f"value {name} {ord(value)}"
    else:
        yield f"value {name} {_number(value)}"


def _number(value: float) -> str:
    return value.hex().replace("inf", "Infinity") if isinstance(value, float) else str(int(value))


def printed(block: Block) -> dict[str, Any]:
    """What sbe-tool's JsonPrinter makes of a block, with names as `normal` spells them.

    It prints a null as the value that stands for it, and every 64-bit number as signed.
    """
    shown = {plain_name(member.name): _printed(member, getattr(block, member.name)) for member in block._members}
    return json.loads(json.dumps(shown))


def plain_name(name: str) -> str:
    """`sunRoof`, `sun_roof` and `SUN_ROOF` → `sunroof`."""
    return name.replace("_", "").lower()


def normal(value: Any) -> Any:
    """What JsonPrinter printed, with names spelled the same everywhere."""
    if isinstance(value, dict):
        return {plain_name(key): normal(item) for key, item in value.items()}
    return [normal(item) for item in value] if isinstance(value, list) else value


def _printed(member: Member[Any], value: Any) -> Any:  # noqa: PLR0911
    kind = member.type if isinstance(member, Field) else None
    match value:
        case Block():
            return printed(value)
        case Group():
            return [printed(entry) for entry in value]
        case None:
            return _printed_null(member)
        case IntFlag():
            return {plain_name(choice.name or ""): choice in value for choice in type(value)}
        case IntEnum():
            return (value.name or "").title().replace("_", "")
        case int():
            return value - 2**64 if value >= 2**63 else value
        case bytes():
            return list(value) if kind else value.hex()
        case str() if isinstance(kind, Text):  # it stops at what is not ASCII, whatever the encoding
            return "".join(takewhile(str.isascii, value))
    return value


def _printed_null(member: Member[Any]) -> Any:
    null = getattr(member, "null", None)
    if isinstance(null, bytes):
        return null.decode()
    if isinstance(null, float):
        return "0/0"
    kind = getattr(member, "type", None)
    if isinstance(kind, Optional) and isinstance(kind.inner, Enumeration):
        return "null"
    return null - 2**64 if null is not None and null >= 2**63 else null
