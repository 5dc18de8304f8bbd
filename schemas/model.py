"""A schema as a tree, made from the flat tokens of its IR, with the names that Python uses."""

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from seriatim.schemas.errors import CodecError
from seriatim.schemas.ir import Ir, Presence, Signal, Token, read_ir
from seriatim.schemas.names import pascal, snake, upper
from seriatim.schemas.wire import PRIMITIVES

_BLOCK_LENGTH_MAX = 65_535
_NULLS = {"char": 0, "float": float("nan"), "double": float("nan")}


@dataclass(frozen=True, slots=True)
class Choices:
    """An enum (`values` are its numbers) or a set (`values` are its masks)."""

    name: str
    primitive: str
    is_set: bool
    values: tuple[tuple[str, int, str], ...]
    null: int
    description: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A composite."""

    name: str
    size: int
    members: tuple["Placed", ...]
    description: str


@dataclass(frozen=True, slots=True)
class Simple:
    """A number, a character, or an array of them."""

    primitive: str
    length: int
    encoding: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A field of a block or a member of a composite. `null` and `constant` are None where there is none."""

    name: str
    id: int
    offset: int
    since: int
    type: Simple | Choices | Composed
    null: Any
    constant: Any
    description: str


@dataclass(frozen=True, slots=True)
class Data:
    """Var-data. `encoding` is empty for bytes."""

    name: str
    id: int
    since: int
    length: str
    encoding: str
    description: str


@dataclass(frozen=True, slots=True)
class Node:
    """A message, or a repeating group (which has dimensions)."""

    name: str
    id: int
    since: int
    block_length: int
    fields: tuple[Placed, ...]
    groups: tuple["Node", ...]
    data: tuple[Data, ...]
    description: str
    semantic_type: str
    dimensions: Composed | None = None


@dataclass(slots=True)
class Model:
    """A schema. `types` are the enums, sets and composites by Python name, each after those that it uses."""

    id: int
    version: int
    package: str
    byte_order: str
    header: Composed
    types: dict[str, Choices | Composed] = field(default_factory=dict)
    messages: list[Node] = field(default_factory=list)


def read_model(data: bytes) -> Model:
    """The tree of an IR. Raises `CodecError` for bytes that are no IR, or one that cannot be told in Python."""
    return _Builder(read_ir(data)).model


class _Builder:
    def __init__(self, ir: Ir) -> None:
        self.types: dict[str, Choices | Composed] = {}
        header = self._composite(ir.header)
        orders = {token.byte_order for tokens in ir.messages for token in tokens}
        self.model = Model(ir.id, ir.schema_version, ir.package, min(orders, default="<"), header, self.types)
        self.model.messages = [self._node(tokens) for tokens in ir.messages]
        _refuse_doubles("the schema", [*self.types, *(message.name for message in self.model.messages)])

    def _register(self, made: Choices | Composed) -> Any:
        known = self.types.setdefault(made.name, made)
        if known != made:
            raise CodecError(f"the schema has two types that are named {made.name} in Python")
        return known

    def _node(self, tokens: list[Token]) -> Node:
        first, rest = tokens[0], tokens[1:-1]
        dimensions = None
        if first.signal is Signal.BEGIN_GROUP:
            dimensions = self._composite(rest[: rest[0].token_count])
            rest = rest[rest[0].token_count :]
        fields, groups, data = [], [], []
        for part in _children(rest):
            match part[0].signal:
                case Signal.BEGIN_FIELD:
                    fields.append(self._field(part))
                case Signal.BEGIN_GROUP:
                    groups.append(self._node(part))
                case Signal.BEGIN_VAR_DATA:
                    data.append(_data(part))
        _refuse_doubles(first.name, [member.name for member in (*fields, *groups, *data)])
        name = pascal(first.name) if dimensions is None else snake(first.name)
        since = max(first.version, 0)
        return Node(
            name, first.id, since, first.size, tuple(fields), tuple(groups), tuple(data), first.description,
            first.semantic_type, dimensions,
        )  # fmt: skip

    def _field(self, tokens: list[Token]) -> Placed:
        begin, inner = tokens[0], tokens[1:-1]
        placed = self._typed(begin.name, inner, begin.presence, begin.const_value, 0)
        description = begin.description or placed.description
        return Placed(
            placed.name, begin.id, begin.offset, begin.version, placed.type, placed.null, placed.constant, description
        )

    def _typed(self, name: str, tokens: list[Token], presence: Presence, constant: bytes, since: int) -> Placed:
        """A field or a member of the type that the tokens describe."""
        first = tokens[0]
        null = value = None
        made: Simple | Choices | Composed
        if first.signal is Signal.BEGIN_COMPOSITE:
            made = self._composite(tokens)
        elif first.signal in (Signal.BEGIN_ENUM, Signal.BEGIN_SET):
            made = self._choices(tokens)
            if presence is Presence.CONSTANT:
                choice = constant.decode().rpartition(".")[2]
                value = f"{made.name}.{upper(choice)}"
            elif presence is Presence.OPTIONAL and not made.is_set:
                null = made.null
        else:
            made = _simple(first)
            if Presence.CONSTANT in (presence, first.presence):
                value = _constant(first)
            elif Presence.OPTIONAL in (presence, first.presence):
                null = _null(first, made)
        description = first.description if isinstance(made, Simple) else ""
        return Placed(snake(name), first.id, first.offset, since, made, null, value, description)

    def _composite(self, tokens: list[Token]) -> Composed:
        first = tokens[0]
        members = []
        for part in _children(tokens[1:-1]):
            since = part[0].version if part[0].version > first.version else 0
            members.append(self._typed(part[0].name, part, part[0].presence, part[0].const_value, since))
        name = pascal(first.referenced_name or first.name)
        _refuse_doubles(name, [member.name for member in members])
        return self._register(Composed(name, first.size, tuple(members), first.description))

    def _choices(self, tokens: list[Token]) -> Choices:
        first = tokens[0]
        is_set = first.signal is Signal.BEGIN_SET
        values = []
        for token in tokens[1:-1]:
            number = int(_number(token.const_value, "uint8" if token.primitive == "char" else token.primitive))
            values.append((upper(token.name), 1 << number if is_set else number, token.description))
        kind = "uint8" if first.primitive == "char" else first.primitive
        null = int(_number(first.null_value, kind)) if first.null_value else int(_default_null(first.primitive))
        name = pascal(first.referenced_name or first.name)
        _refuse_doubles(name, [value[0] for value in values])
        return self._register(Choices(name, first.primitive, is_set, tuple(values), null, first.description))


def _children(tokens: list[Token]) -> Iterator[list[Token]]:
    start = 0
    while start < len(tokens):
        end = start + max(tokens[start].token_count, 1)
        yield tokens[start:end]
        start = end


def _data(tokens: list[Token]) -> Data:
    first, length, content = tokens[0], tokens[2], tokens[3]
    encoding = codecs.lookup(content.character_encoding).name if content.character_encoding else ""
    return Data(snake(first.name), first.id, max(first.version, 0), length.primitive, encoding, first.description)


def _simple(token: Token) -> Simple:
    if token.presence is Presence.CONSTANT:
        return Simple(token.primitive, 1, token.character_encoding)
    if not 0 <= token.size <= _BLOCK_LENGTH_MAX:
        raise CodecError(f"the IR has a field of {token.size} bytes", message="Token", field=token.name)
    encoding = codecs.lookup(token.character_encoding or "ascii").name if token.primitive == "char" else ""
    return Simple(token.primitive, token.size // PRIMITIVES[token.primitive].size, encoding)


def _constant(token: Token) -> Any:
    if token.primitive == "char":
        return token.const_value.decode(codecs.lookup(token.character_encoding or "ascii").name)
    size = PRIMITIVES[token.primitive].size
    parts = [token.const_value[start : start + size] for start in range(0, len(token.const_value), size)]
    numbers = tuple(_number(part, token.primitive) for part in parts)
    return numbers[0] if len(numbers) == 1 else numbers


def _null(token: Token, made: Simple) -> Any:
    """The null of an optional type as an item: a number, or the bytes of a character or an array."""
    primitive = PRIMITIVES[token.primitive]
    number = _number(token.null_value, token.primitive) if token.null_value else _default_null(token.primitive)
    if made.length == 1 and made.primitive != "char":
        return number
    code = "B" if made.primitive == "char" else primitive.code
    return struct.pack(token.byte_order + code, number) * made.length


def _default_null(primitive: str) -> Any:
    if primitive in _NULLS:
        return _NULLS[primitive]
    bits = 8 * PRIMITIVES[primitive].size
    return 2**bits - 1 if primitive.startswith("u") else -(2 ** (bits - 1))


def _number(raw: bytes, primitive: str) -> Any:
    """A value that the IR holds; always little-endian there."""
    if primitive == "char":
        return raw[0]
    return struct.unpack("<" + PRIMITIVES[primitive].code, raw)[0]


def _refuse_doubles(where: str, names: list[str]) -> None:
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise CodecError(f"{where} has two members that are named {doubles[0]} in Python")
