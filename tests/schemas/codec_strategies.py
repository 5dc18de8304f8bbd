"""Hypothesis strategies for messages of any schema, made from the types of their fields."""

from enum import IntEnum, IntFlag
from typing import Any

from hypothesis import strategies as st

from seriatim.schemas import Message, Schema
from seriatim.schemas.fields import Field
from seriatim.schemas.flyweight import Block
from seriatim.schemas.parts import GroupField, VarText
from seriatim.schemas.wire import CHAR, Array, Bytes, Enumeration, Flags, Nested, Optional, Primitive, Text, WireType


def any_message(schema: Schema) -> st.SearchStrategy[Message]:
    """A message of any template with any values that it can hold."""
    return st.sampled_from(sorted(schema.templates)).flatmap(lambda template: blocks(schema.templates[template]))


def blocks(block: type[Block]) -> st.SearchStrategy[Any]:
    """A message, group entry or composite."""
    values: dict[str, st.SearchStrategy[Any]] = {field.name: _field(field) for field in block._fields}
    for part in block._parts:
        if isinstance(part, GroupField):
            values[part.name] = st.lists(blocks(part.entry), max_size=3)
        elif isinstance(part, VarText):
            text = st.characters(codec=part.encoding or "ascii")
            values[part.name] = st.text(text, max_size=20)
        else:
            values[part.name] = st.binary(max_size=20)
    return st.builds(block, **values)


def _field(field: Field[Any]) -> st.SearchStrategy[Any]:
    if isinstance(field.type, Optional):
        null = field.null.decode() if isinstance(field.null, bytes) else field.null
        return st.none() | _values(field.type.inner).filter(lambda value: value != null)
    return _values(field.type)


def _values(kind: WireType[Any]) -> st.SearchStrategy[Any]:  # noqa: PLR0911
    match kind:
        case Nested():
            return blocks(kind._class)
        case Enumeration():
            members: type[IntEnum] = kind.enum
            return st.sampled_from(list(members))
        case Flags():
            flags: type[IntFlag] = kind.flags
            return st.sets(st.sampled_from(list(flags))).map(lambda choices: flags(sum(choices)))
        case Bytes():
            return st.binary(min_size=kind.size, max_size=kind.size)
        case Text():
            text = st.text(st.characters(codec=kind.encoding, exclude_characters="\0"), max_size=kind.size)
            return text.filter(lambda value: len(value.encode(kind.encoding)) <= kind.size)
        case Array():
            return st.tuples(*[_values(kind.element)] * kind.length)
        case Primitive():
            return _primitive(kind)
    raise TypeError(kind)


def _primitive(kind: Primitive[Any]) -> st.SearchStrategy[Any]:
    if kind is CHAR:
        return st.characters(codec="ascii")
    if kind.code in "fd":
        return st.floats(width=32 if kind.code == "f" else 64, allow_nan=False)
    bits = 8 * kind.size
    low, high = (0, 2**bits - 1) if kind.name.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return st.integers(low, high)
