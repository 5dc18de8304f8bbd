"""Reads sbe-tool's intermediate representation (IR): a schema as a flat list of tokens, itself encoded with SBE.

The layout is that of `sbe-ir.xml` in the sbe-tool jar (schema 1, version 0), written without message headers: one
frame, then one token after the other. The first tokens describe the message header; then each message follows, from
its BEGIN_MESSAGE to its END_MESSAGE. `seriatim.schemas.model` makes a tree of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from struct import Struct
from typing import NamedTuple

from seriatim.schemas.errors import CodecError, TruncatedError

_FRAME = Struct("<iii")  # irId, irVersion, schemaVersion
_TOKEN = Struct("<iiiiiBBBBi")  # as the first ten fields of Token
_LENGTH = Struct("<H")


class Signal(IntEnum):
    """What a token begins, ends or is."""

    BEGIN_MESSAGE = 1
    END_MESSAGE = 2
    BEGIN_COMPOSITE = 3
    END_COMPOSITE = 4
    BEGIN_FIELD = 5
    END_FIELD = 6
    BEGIN_GROUP = 7
    END_GROUP = 8
    BEGIN_ENUM = 9
    VALID_VALUE = 10
    END_ENUM = 11
    BEGIN_SET = 12
    CHOICE = 13
    END_SET = 14
    BEGIN_VAR_DATA = 15
    END_VAR_DATA = 16
    ENCODING = 17


class Presence(IntEnum):
    """Whether a value must be there, may be null, or is fixed by the schema and takes no bytes."""

    REQUIRED = 0
    OPTIONAL = 1
    CONSTANT = 2


PRIMITIVES = (
    "none",
    "char",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float",
    "double",
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token. The five values are raw bytes of `primitive`, little-endian, empty where the schema gives none."""

    offset: int
    size: int
    id: int
    version: int
    token_count: int
    signal: Signal
    primitive: str
    byte_order: str
    presence: Presence
    name: str
    const_value: bytes
    min_value: bytes
    max_value: bytes
    null_value: bytes
    character_encoding: str
    semantic_type: str
    description: str
    referenced_name: str


class Ir(NamedTuple):
    """A schema as sbe-tool wrote it."""

    id: int
    schema_version: int
    package: str
    namespace: str
    semantic_version: str
    header: list[Token]
    messages: list[list[Token]]


def read_ir(data: bytes) -> Ir:
    """Decode the bytes of an `.sbeir` file; `CodecError` says where they stop making sense."""
    reader = _Reader(data)
    ir_id, ir_version, schema_version = _FRAME.unpack(reader.take(_FRAME.size, "frame"))
    if ir_version != 0:
        raise CodecError(f"the IR is of version {ir_version}; this reader knows version 0", message="Frame", offset=4)
    package, namespace, semantic_version = (reader.text() for _ in range(3))
    tokens = list(_tokens(reader))
    header_end = _end_of(tokens, 0, Signal.BEGIN_COMPOSITE)
    messages, start = [], header_end
    while start < len(tokens):
        end = _end_of(tokens, start, Signal.BEGIN_MESSAGE)
        messages.append(tokens[start:end])
        start = end
    return Ir(ir_id, schema_version, package, namespace, semantic_version, tokens[:header_end], messages)


def _end_of(tokens: list[Token], start: int, begin: Signal) -> int:
    if start >= len(tokens) or tokens[start].signal is not begin:
        raise CodecError(f"the IR has no {begin.name} at token {start}", message="Token")
    end = start + tokens[start].token_count
    if not start < end <= len(tokens):
        raise CodecError(f"token {start} of the IR says it spans {end - start} tokens", message="Token")
    return end


def _tokens(reader: "_Reader") -> Iterator[Token]:
    while reader.position < len(reader.data):
        start = reader.position
        fixed = _TOKEN.unpack(reader.take(_TOKEN.size, "token"))
        offset, size, id_, version, count, signal, primitive, order, presence, _deprecated = fixed
        name, const, low, high, null = reader.text(), *(reader.raw() for _ in range(4))
        encoding, _epoch, _unit, semantic, description, referenced, _package = (reader.text() for _ in range(7))
        try:
            kind, present, type_name = Signal(signal), Presence(presence), PRIMITIVES[primitive]
        except (ValueError, IndexError):
            raise CodecError("the IR holds a token of an unknown kind", message="Token", offset=start) from None
        yield Token(
            offset=offset,
            size=size,
            id=id_,
            version=version,
            token_count=count,
            signal=kind,
            primitive=type_name,
            byte_order="<>"[order & 1],
            presence=present,
            name=name,
            const_value=const,
            min_value=low,
            max_value=high,
            null_value=null,
            character_encoding=encoding,
            semantic_type=semantic,
            description=description,
            referenced_name=referenced,
        )


class _Reader:
    """Goes through the bytes of the IR from one end to the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def take(self, length: int, what: str) -> bytes:
        end = self.position + length
        if end > len(self.data):
            raise TruncatedError(f"the IR ends within its {what}", message="IR", field=what, offset=self.position)
        taken = self.data[self.position : end]
        self.position = end
        return taken

    def raw(self) -> bytes:
        (length,) = _LENGTH.unpack(self.take(_LENGTH.size, "length"))
        return self.take(length, "data")

    def text(self) -> str:
        start = self.position
        try:
            return self.raw().decode()
        except UnicodeDecodeError:
            raise CodecError("the IR holds text that is not UTF-8", message="IR", offset=start) from None
