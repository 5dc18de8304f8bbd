"""Blocks of fields as views of bytes: messages, group entries and composites.

A flyweight holds a buffer and a place in it, and reads a field when it is asked for. Making one from values encodes
them at once; from then on there is no difference between a message that was made and one that was received.
The classes themselves are generated (`messages.py`) or built from an IR (`dynamic.py`).
"""

from struct import Struct
from struct import error as StructError  # noqa: N812
from typing import Any, ClassVar, Self

import numpy as np

from seriatim.schemas.arrays import body_dtype
from seriatim.schemas.errors import CodecError, EncodeError
from seriatim.schemas.fields import Constant, Field, Member
from seriatim.schemas.parts import Group, Part
from seriatim.schemas.plain import plain, shown

Buffer = Any  # whatever has the buffer protocol: bytes, bytearray, memoryview, mmap, numpy and cffi buffers
_REFUSALS = (StructError, ValueError, TypeError, KeyError, AttributeError, OverflowError)


class Block:
    """A block of fields, with groups and var-data behind it if the schema says so."""

    __slots__ = ("_block_length", "_buffer", "_offset", "_parent", "_tail", "_version")

    BLOCK_LENGTH: ClassVar[int]
    DTYPE: ClassVar[np.dtype[Any]]
    _order: ClassVar[str] = "<"
    _version_written: ClassVar[int] = 0
    _members: ClassVar[tuple[Member[Any], ...]] = ()
    _fields: ClassVar[tuple[Field[Any], ...]] = ()
    _parts: ClassVar[tuple[Part[Any], ...]] = ()
    _struct: ClassVar[Struct]
    _lead: ClassVar[tuple[Any, ...]] = ()
    _lead_code: ClassVar[str] = ""
    _lead_size: ClassVar[int] = 0
    _conversions: ClassVar[tuple[tuple[int, Any], ...]]
    _required_since: ClassVar[tuple[tuple[int, int], ...]]

    def __init_subclass__(cls, *, block_length: int | None = None, byte_order: str | None = None) -> None:
        if byte_order is not None:
            cls._order = byte_order
        if block_length is None:  # Message, GroupEntry and Composite themselves
            return
        members = [member for member in vars(cls).values() if isinstance(member, Member)]
        for member in members:
            member.bind(cls._order)
        cls.BLOCK_LENGTH = block_length
        cls._members = tuple(members)
        cls._fields = tuple(member for member in members if isinstance(member, Field))
        cls._parts = tuple(member for member in members if isinstance(member, Part))
        for index, part in enumerate(cls._parts):
            part.index = index
        cls._required_since = tuple(
            (since, max(field.end for field in cls._fields if field.since <= since))
            for since in sorted({field.since for field in cls._fields}, reverse=True)
        )
        cls._conversions = tuple(
            (index, field.wire.to_item) for index, field in enumerate(cls._fields) if field.wire.to_item is not None
        )
        cls._struct = Struct(cls._order + cls._lead_code + _block_code(cls, block_length))
        cls.DTYPE = body_dtype(cls)

    def __init__(self, **values: Any) -> None:
        names = [member.name for member in (*self._fields, *self._parts)]
        unknown = [name for name in values if name not in names]
        if unknown:
            raise TypeError(f"{type(self).__qualname__} has no field {unknown[0]!r}")
        self._build(*(values.get(name) for name in names))

    def _build(self, *values: Any) -> None:
        """Encode the values of all fields, then of all parts, in the order of the schema."""
        cls = type(self)
        items = list(values[: len(cls._fields)])
        try:
            for index, to_item in cls._conversions:
                items[index] = to_item(items[index])
            data = cls._struct.pack(*cls._lead, *items)
        except _REFUSALS:
            raise cls._refusal(values) from None
        if cls._parts:
            parts = zip(cls._parts, values[len(cls._fields) :], strict=True)
            data = b"".join((data, *(part.pack(cls, value, cls._order) for part, value in parts)))
        self._buffer = data
        self._offset = cls._lead_size
        self._block_length = cls.BLOCK_LENGTH
        self._version = cls._version_written
        self._parent = None
        self._tail = self._walk() if cls._parts else ()

    @classmethod
    def _refusal(cls, values: tuple[Any, ...]) -> CodecError:
        """Which field it was that could not be encoded."""
        for field, value in zip(cls._fields, values, strict=False):
            try:
                item = value if field.wire.to_item is None else field.wire.to_item(value)
                Struct(cls._order + field.wire.code).pack(item)
            except _REFUSALS:
                reason = f"{value!r} is not {field.type.what}"
                if value is not None and field.null is not None and value == field.null:
                    reason = f"{value!r} stands for null; write None"
                return EncodeError(reason, message=cls.__qualname__, field=field.name)
        return EncodeError("these values cannot be encoded", message=cls.__qualname__)

    @classmethod
    def _over(
        cls, buffer: Buffer, offset: int, block_length: int, version: int, parent: "tuple[Block, str] | None"
    ) -> Self:
        """A view of the block at `offset`, which the caller has checked to be within the buffer."""
        self = cls.__new__(cls)
        self._buffer = buffer
        self._offset = offset
        self._block_length = block_length
        self._version = version
        self._parent = parent
        self._tail = self._walk() if cls._parts else ()
        return self

    def _walk(self) -> tuple[int, ...]:
        """Where each group and var-data starts, and where the last one ends; checks that all are in the buffer."""
        position, tail = self._offset + self._block_length, []
        for part in self._parts:
            tail.append(position)
            if part.since <= self._version:
                position = part.skip(self, position)
        return (*tail, position)

    @classmethod
    def _required(cls, version: int) -> int:
        """How long the block must be at least, in bytes, when a writer of that version wrote it."""
        for since, length in cls._required_since:
            if since <= version:
                return length
        return 0

    def _place(self, name: str) -> tuple[str, str]:
        """The message, and the path from there to a field of this block: for errors."""
        block: Block = self
        while block._parent is not None:
            block, member = block._parent
            name = f"{member}.{name}"
        return type(block).__qualname__, name

    @property
    def _end(self) -> int:
        return self._tail[-1] if self._tail else self._offset + self._block_length

    @property
    def acting_version(self) -> int:
        """The version of the schema that wrote these bytes; newer fields read as None."""
        return self._version

    def as_dict(self) -> dict[str, Any]:
        """All values by name, in the order of the schema; composites are dicts, groups lists of dicts."""
        return {member.name: _tree(member.__get__(self)) for member in self._members}

    def as_json(self) -> dict[str, Any]:
        """As `as_dict`, made of what JSON has: enums and flags by name, bytes in hexadecimal, NaN as null. A set that
        has every bit is `["ALL"]`.
        """
        return plain(self.as_dict())

    def __bytes__(self) -> bytes:
        return bytes(self._buffer[self._offset : self._end])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Block) or type(other) is not type(self):
            return NotImplemented
        if self._version == other._version and bytes(self) == bytes(other):
            return True
        return self.as_dict() == other.as_dict()

    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __repr__(self) -> str:
        members = (member for member in self._members if not isinstance(member, Constant))
        return f"{type(self).__qualname__}({', '.join(f'{member.name}={shown(self, member)}' for member in members)})"


class Composite(Block):
    """Fields that belong together, of fixed size: a value within a block."""

    __slots__ = ()


class GroupEntry(Block):
    """One entry of a repeating group."""

    __slots__ = ()

    def _current(self) -> bytes:
        """The entry as this version of the schema writes it."""
        if self._block_length == self.BLOCK_LENGTH and self._version == self._version_written:
            return bytes(self)
        values = (member.__get__(self) for member in (*self._fields, *self._parts))
        renewed = type(self).__new__(type(self))
        renewed._build(*values)
        return bytes(renewed)


def _tree(value: Any) -> Any:
    """Blocks as dicts, groups as lists, anything else as it is."""
    if isinstance(value, Block):
        return value.as_dict()
    if isinstance(value, Group):
        return [entry.as_dict() for entry in value]
    return value


def _block_code(block: type[Block], block_length: int) -> str:
    """The fields as one struct, with padding where the schema leaves room."""
    code, position = "", 0
    for field in block._fields:
        gap = field.offset - position
        if gap < 0 or field.end > block_length:
            raise CodecError("its place is not within the block", message=block.__qualname__, field=field.name)
        code += (f"{gap}x" if gap else "") + field.wire.code
        position = field.end
    return code + (f"{block_length - position}x" if block_length > position else "")
