"""Decodes messages by their IR alone: a journal that carries its schemas can be read without generated code."""

from enum import IntEnum, IntFlag
from importlib.resources import files
from struct import error as StructError  # noqa: N812
from typing import Any

from seriatim.schemas.errors import CodecError
from seriatim.schemas.fields import Constant, Field, Member
from seriatim.schemas.flyweight import Composite, GroupEntry
from seriatim.schemas.model import Choices, Composed, Data, Model, Node, Placed, Simple, read_model
from seriatim.schemas.names import pascal
from seriatim.schemas.parts import GroupField, VarBytes, VarText
from seriatim.schemas.schema import Message, Schema
from seriatim.schemas.wire import CHAR, PRIMITIVES, Array, Bytes, Enumeration, Flags, Nested, Optional, Text, WireType


def load(ir: bytes) -> Schema:
    """The schema of an IR, with message classes as generated code has them.

    `load(ir).decode(buffer, offset).as_dict()` tells any message of the schema. Raises `CodecError` if the bytes are no
    IR. `load(ir).templates` are the classes by template id.
    """
    try:
        return _Loader(read_model(ir)).schema
    except CodecError:
        raise
    except (StructError, ValueError, TypeError, LookupError, OverflowError, MemoryError) as error:
        # A damaged IR can name any type at any place; what Python then says is of no more use than this.
        raise CodecError(f"the IR describes no schema that can be read: {error}", message="IR") from error


class _Loader:
    """Makes the classes that `codegen` writes down."""

    def __init__(self, model: Model) -> None:
        self.order = model.byte_order
        self.made: dict[str, Any] = {}
        for made in model.types.values():
            self.made[made.name] = _choices(made) if isinstance(made, Choices) else self._composite(made)
        header = self.made[model.header.name]
        self.schema = Schema(id=model.id, version=model.version, header=header, byte_order=model.byte_order)
        for message in model.messages:
            keywords = {"schema": self.schema, "template_id": message.id, "block_length": message.block_length}
            self._block(message, Message, message.name, keywords)

    def _composite(self, made: Composed) -> type[Composite]:
        node = Node(made.name, -1, 0, made.size, made.members, (), (), made.description, "")
        keywords = {"block_length": max(made.size, 0), "byte_order": self.order}
        return self._block(node, Composite, made.name, keywords)

    def _block(self, node: Node, base: type, qualname: str, keywords: dict[str, Any]) -> Any:
        members: dict[str, Any] = {"__doc__": node.description, "__qualname__": qualname, "__slots__": ()}
        for placed in node.fields:
            members[placed.name] = self._field(placed)
        for group in node.groups:
            members[group.name] = self._group(group, qualname)
        for data in node.data:
            members[data.name] = _data(data)
        return type(base)(qualname.rpartition(".")[2], (base,), members, **keywords)

    def _field(self, placed: Placed) -> Member[Any]:
        if placed.constant is not None:
            value = placed.constant
            if isinstance(placed.type, Choices):
                value = self.made[placed.type.name][value.rpartition(".")[2]]
            return Constant(value, id=placed.id, since=placed.since)
        wire = self._wire(placed.type)
        if placed.null is not None:
            wire = Optional(wire, null=placed.null)
        return Field(wire, at=placed.offset, id=placed.id, since=placed.since)

    def _wire(self, made: Simple | Choices | Composed) -> WireType[Any]:
        if isinstance(made, Composed):
            return Nested(self.made[made.name])
        primitive = PRIMITIVES[made.primitive]
        if isinstance(made, Choices):
            return (Flags if made.is_set else Enumeration)(self.made[made.name], primitive)
        if made.length == 1:
            return primitive
        if primitive is CHAR:
            return Text(made.length, made.encoding)
        return Bytes(made.length) if made.primitive == "uint8" else Array(primitive, made.length)

    def _group(self, group: Node, owner: str) -> GroupField[Any]:
        assert group.dimensions is not None
        keywords = {"block_length": group.block_length, "byte_order": self.order}
        entry = self._block(group, GroupEntry, f"{owner}.{pascal(group.name)}", keywords)
        return GroupField(entry, self.made[group.dimensions.name], id=group.id, since=group.since)


def _choices(made: Choices) -> Any:
    members = {name: value for name, value, _ in made.values}
    return IntFlag(made.name, members) if made.is_set else IntEnum(made.name, members)


def _data(data: Data) -> VarText[Any] | VarBytes[Any]:
    length = PRIMITIVES[data.length]
    if data.encoding:
        return VarText(length, data.encoding, id=data.id, since=data.since)
    return VarBytes(length, id=data.id, since=data.since)


def bundled_ir() -> bytes:
    """The IR of this package's own schema: what a journal stores to be readable later."""
    return (files("seriatim.schemas") / "seriatim.sbeir").read_bytes()
