"""A schema at run time, its messages, and the way from bytes to a message."""

from operator import itemgetter
from struct import Struct
from typing import Any, ClassVar, Self

import numpy as np

from seriatim.schemas.arrays import frame_dtype, frames, view
from seriatim.schemas.errors import (
    BlockTooShortError,
    CodecError,
    TruncatedError,
    UnknownTemplateError,
    WrongSchemaError,
)
from seriatim.schemas.flyweight import Block, Buffer, Composite

_NAMES = ("block_length", "template_id", "schema_id", "version")


class Schema:
    """A message schema; its messages add themselves as their classes are made."""

    def __init__(self, *, id: int, version: int, header: type[Composite], byte_order: str = "<") -> None:  # noqa: A002
        names = [field.name for field in header._fields]
        missing = [name for name in _NAMES if name not in names]
        if missing:
            raise CodecError(f"the message header has no {missing[0]}", message=header.__qualname__)
        self.id = id
        self.version = version
        self.header = header
        self.byte_order = byte_order
        self.templates: dict[int, type[Message]] = {}
        self._struct: Struct = header._struct
        self._pick = itemgetter(*(names.index(name) for name in _NAMES))
        self._names = names

    @property
    def header_length(self) -> int:
        """In bytes."""
        return self._struct.size

    @property
    def header_dtype(self) -> np.dtype[Any]:
        """The header in a numpy array of frames."""
        return self.header.DTYPE

    def lead(self, template_id: int, block_length: int) -> tuple[str, tuple[int, ...]]:
        """The header of a message that we write: its `struct` code, and its items."""
        known = {
            "block_length": block_length,
            "template_id": template_id,
            "schema_id": self.id,
            "version": self.version,
        }
        return self._struct.format.lstrip("<>"), tuple(known.get(name, 0) for name in self._names)

    def add(self, message: "type[Message]") -> None:
        """Decode that template with that class."""
        self.templates[message.TEMPLATE_ID] = message

    def decode(self, buffer: Buffer, offset: int = 0) -> "Message":
        """The message whose header is at `offset` of the buffer, read in place.

        Checked at once: that all of it is in the buffer, and that its block holds what its version has. Enum values and
        text are checked when they are read. Unknown fields of a newer version are skipped. Raises `CodecError`.
        """
        if not isinstance(buffer, bytes | bytearray):
            view = memoryview(buffer)
            buffer = view if view.format == "B" and view.ndim == 1 else view.cast("B")
        start = offset + self._struct.size
        if offset < 0 or start > len(buffer):
            reason = f"a header takes {self._struct.size} bytes, the buffer has {max(len(buffer) - offset, 0)}"
            raise TruncatedError(reason, message=self.header.__name__, offset=offset)
        block_length, template_id, schema_id, version = self._pick(self._struct.unpack_from(buffer, offset))
        message = self.templates.get(template_id)
        if schema_id != self.id or message is None:
            raise self._stranger(template_id, schema_id, offset)
        if start + block_length > len(buffer):
            reason = f"a block of {block_length} bytes where {len(buffer) - start} are left"
            raise TruncatedError(reason, message=message.__qualname__, field="block_length", offset=offset)
        if block_length < message._required(version):
            reason = f"a block of {block_length} bytes; version {version} needs {message._required(version)}"
            raise BlockTooShortError(reason, message=message.__qualname__, field="block_length", offset=offset)
        return message._over(buffer, start, block_length, version, None)

    def _stranger(self, template_id: int, schema_id: int, offset: int) -> CodecError:
        name = self.header.__name__
        if schema_id != self.id:
            reason = f"a message of schema {schema_id}; this is schema {self.id}"
            return WrongSchemaError(reason, message=name, field="schema_id", offset=offset)
        reason = f"schema {self.id} has no template {template_id}"
        return UnknownTemplateError(reason, message=name, field="template_id", offset=offset)


class Message(Block):
    """A whole message behind its header."""

    __slots__ = ()

    TEMPLATE_ID: ClassVar[int]
    SCHEMA: ClassVar[Schema]
    FRAME_DTYPE: ClassVar[np.dtype[Any]]

    def __init_subclass__(
        cls, *, schema: Schema | None = None, template_id: int = 0, block_length: int | None = None
    ) -> None:
        if schema is not None:
            cls.SCHEMA = schema
            cls.TEMPLATE_ID = template_id
            cls._order = schema.byte_order
            cls._version_written = schema.version
            cls._lead_code, cls._lead = schema.lead(template_id, block_length or 0)
            cls._lead_size = schema.header_length
        super().__init_subclass__(block_length=block_length)
        if schema is not None:
            cls.FRAME_DTYPE = frame_dtype(cls)
            schema.add(cls)

    @classmethod
    def wrap(cls, buffer: Buffer, offset: int = 0) -> Self:
        """Read the message whose header is at `offset`, in place; it must be of this template.

        The bytes must not change while the message is in use. Raises `CodecError`.
        """
        message = cls.SCHEMA.decode(buffer, offset)
        if not isinstance(message, cls):
            reason = f"template {message.TEMPLATE_ID} is {type(message).__qualname__}"
            raise UnknownTemplateError(reason, message=cls.__qualname__, field="template_id", offset=offset)
        return message

    def encode(self) -> bytes:
        """The message with its header."""
        return bytes(self)

    def encode_into(self, buffer: Buffer, offset: int = 0) -> int:
        """Copy the message with its header into a writable buffer; gives how many bytes it took."""
        data = bytes(self)
        target = memoryview(buffer).cast("B")
        if not 0 <= offset <= len(target) - len(data):
            reason = f"{len(data)} bytes do not fit at byte {offset} of a buffer of {len(target)}"
            raise TruncatedError(reason, message=type(self).__qualname__)
        target[offset : offset + len(data)] = data
        return len(data)

    @property
    def encoded_length(self) -> int:
        """In bytes, header included."""
        return self._end - self._offset + self._lead_size

    def __bytes__(self) -> bytes:
        return bytes(self._buffer[self._offset - self._lead_size : self._end])

    frames = classmethod(frames)
    view = classmethod(view)
