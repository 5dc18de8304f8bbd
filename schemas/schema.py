"""A schema at run time: its header, its templates, and the way from bytes to a message."""

from operator import itemgetter
from struct import Struct
from typing import TYPE_CHECKING, Any

from seriatim.schemas.errors import (
    BlockTooShortError,
    CodecError,
    TruncatedError,
    UnknownTemplateError,
    WrongSchemaError,
)
from seriatim.schemas.flyweight import Buffer, Composite, Message

if TYPE_CHECKING:
    import numpy as np

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
    def header_dtype(self) -> "np.dtype[Any]":
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

    def add(self, message: type[Message]) -> None:
        """Decode that template with that class."""
        self.templates[message.TEMPLATE_ID] = message

    def decode(self, buffer: Buffer, offset: int = 0) -> Message:
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
