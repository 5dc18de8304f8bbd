"""What follows a block, in the order of the schema: repeating groups, then data of any length."""

from collections.abc import Iterable, Iterator, Sequence
from struct import Struct
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from seriatim.schemas.errors import BadValueError, BlockTooShortError, CodecError, EncodeError, TruncatedError
from seriatim.schemas.fields import Member, Reader
from seriatim.schemas.wire import Primitive

if TYPE_CHECKING:
    from seriatim.schemas.flyweight import Block, Composite, GroupEntry

T = TypeVar("T")
E = TypeVar("E", bound="GroupEntry")
_EMPTY_ENTRIES_MAX = 65_534  # entries of no bytes cost nothing to send and something to read


class Part(Member[T]):
    """A group or var-data. Where it starts depends on what stands before it, so wrapping a block walks them all."""

    index: int

    def skip(self, block: "Block", start: int) -> int:
        """The end of the part that starts at `start`; `TruncatedError` or `BlockTooShortError` if the bytes lie."""
        raise NotImplementedError

    def pack(self, block: "type[Block]", value: Any, order: str) -> bytes:
        """The bytes for a value; `EncodeError` if there are none."""
        raise NotImplementedError


class Group(Sequence[E]):
    """The entries of one repeating group, each read in place."""

    def __init__(self, entry: type[E], block: "Block", name: str, starts: Sequence[int], block_length: int) -> None:
        self._entry = entry
        self._block = block
        self._name = name
        self._starts = starts
        self._block_length = block_length

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, index: int) -> E: ...
    @overload
    def __getitem__(self, index: slice) -> "Group[E]": ...
    def __getitem__(self, index: int | slice) -> "E | Group[E]":
        if isinstance(index, slice):
            return Group(self._entry, self._block, self._name, self._starts[index], self._block_length)
        place = index + len(self) if index < 0 else index
        parent = (self._block, f"{self._name}[{place}]")
        return self._entry._over(
            self._block._buffer, self._starts[index], self._block_length, self._block._version, parent
        )

    def __iter__(self) -> Iterator[E]:
        return (self[index] for index in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __repr__(self) -> str:
        return repr(list(self))


class GroupField(Part[Group[E]], Generic[E]):
    """A repeating group: its dimensions (block length and count), then that many entries."""

    def __init__(self, entry: type[E], dimensions: "type[Composite]", *, id: int, since: int = 0) -> None:  # noqa: A002
        super().__init__(id=id, since=since)
        self.entry = entry
        self.dimensions = dimensions

    def reader(self, order: str) -> Reader:  # noqa: ARG002
        return lambda block: self._read(block, block._tail[self.index])

    def bind(self, order: str) -> None:
        super().bind(order)
        if self.since:  # a version without the group reads as a group without entries
            read, since = self.reader(order), self.since
            empty = lambda block: Group(self.entry, block, self.name, (), 0)  # noqa: E731
            property.__init__(self, lambda block: empty(block) if block._version < since else read(block))

    def _dimensions(self, block: "Block", start: int) -> tuple[int, int]:
        """The block length of each entry, and how many there are."""
        size = self.dimensions.BLOCK_LENGTH
        if start + size > len(block._buffer):
            raise self._lie(TruncatedError, "the buffer ends within the dimensions of the group", block, start)
        dimensions: Any = self.dimensions._over(block._buffer, start, size, block._version, None)
        length, count = dimensions.block_length, dimensions.num_in_group
        required = self.entry._required(block._version)
        if count and length < required:
            reason = f"entries of {length} bytes where version {block._version} needs {required}"
            raise self._lie(BlockTooShortError, reason, block, start)
        return length, count

    def _lie(
        self, error: type[CodecError], reason: str, block: "Block", offset: int, index: int | None = None
    ) -> CodecError:
        message, field = block._place(self.name if index is None else f"{self.name}[{index}]")
        return error(reason, message=message, field=field, offset=offset)

    def _starts(self, block: "Block", start: int) -> tuple[Sequence[int], int, int]:
        """Where each entry starts, where the group ends, and the length of an entry's block."""
        length, count = self._dimensions(block, start)
        first = start + self.dimensions.BLOCK_LENGTH
        left = len(block._buffer) - first
        if count * length > left or (not length and count > _EMPTY_ENTRIES_MAX):
            reason = f"{count} entries of {length} bytes where {left} bytes are left"
            raise self._lie(TruncatedError, reason, block, start)
        if not self.entry._parts:
            starts = range(first, first + count * length, length) if length else (first,) * count
            return starts, first + count * length, length
        found, position = [], first
        for index in range(count):
            found.append(position)
            if position + length > len(block._buffer):
                raise self._lie(TruncatedError, "the buffer ends within this entry", block, position, index)
            parent = (block, f"{self.name}[{index}]")
            position = self.entry._over(block._buffer, position, length, block._version, parent)._end
        return found, position, length

    def _read(self, block: "Block", start: int) -> Group[E]:
        starts, _end, length = self._starts(block, start)
        return Group(self.entry, block, self.name, starts, length)

    def skip(self, block: "Block", start: int) -> int:
        return self._starts(block, start)[1]

    def pack(self, block: "type[Block]", value: Iterable[E], order: str) -> bytes:  # noqa: ARG002
        entries = []
        for entry in value:
            if not isinstance(entry, self.entry):
                raise EncodeError(
                    f"{entry!r} is not a {self.entry.__qualname__}", message=block.__qualname__, field=self.name
                )
            entries.append(entry._current())
        others = {
            field.name: 0 for field in self.dimensions._fields if field.name not in ("block_length", "num_in_group")
        }
        dimensions = self.dimensions(block_length=self.entry.BLOCK_LENGTH, num_in_group=len(entries), **others)
        return b"".join((bytes(dimensions), *entries))


class VarData(Part[T], Generic[T]):
    """A length, then that many bytes."""

    encoding: str | None = None

    def __init__(self, length: Primitive[int], *, id: int, since: int = 0) -> None:  # noqa: A002
        super().__init__(id=id, since=since)
        self.length = length
        self.size_max = 2 ** (8 * length.size) - 2  # the highest value stands for null

    def bind(self, order: str) -> None:
        self.struct = Struct(order + self.length.code)
        super().bind(order)

    def _bytes(self, block: "Block") -> bytes:
        start, end = block._tail[self.index], block._tail[self.index + 1]
        return bytes(block._buffer[start + self.struct.size : end])

    def skip(self, block: "Block", start: int) -> int:
        data, size = start + self.struct.size, len(block._buffer)
        length = self.struct.unpack_from(block._buffer, start)[0] if data <= size else 0
        if data + length > size:
            message, field = block._place(self.name)
            reason = f"{length} bytes of data where {size - data} are left" if length else "no room for its length"
            raise TruncatedError(reason, message=message, field=field, offset=start)
        return data + length

    def pack(self, block: "type[Block]", value: Any, order: str) -> bytes:  # noqa: ARG002
        try:
            data = bytes(memoryview(value)) if self.encoding is None else value.encode(self.encoding)
        except (TypeError, AttributeError, UnicodeEncodeError):
            data = None
        if data is None or len(data) > self.size_max:
            what = f"{self.encoding} text" if self.encoding else "bytes"
            reason = f"this is not {what} of at most {self.size_max} bytes"
            raise EncodeError(reason, message=block.__qualname__, field=self.name)
        return self.struct.pack(len(data)) + data


class VarBytes(VarData[T]):
    """Bytes of any length."""

    if TYPE_CHECKING:

        @overload
        def __init__(self: "VarBytes[bytes]", length: Primitive[int], *, id: int) -> None: ...
        @overload
        def __init__(self: "VarBytes[bytes | None]", length: Primitive[int], *, id: int, since: int) -> None: ...
        def __init__(self, length: Primitive[int], *, id: int, since: int = 0) -> None: ...  # noqa: A002

    def reader(self, order: str) -> Reader:  # noqa: ARG002
        return self._bytes


class VarText(VarData[T]):
    """Text of any length."""

    if TYPE_CHECKING:

        @overload
        def __init__(self: "VarText[str]", length: Primitive[int], encoding: str, *, id: int) -> None: ...
        @overload
        def __init__(
            self: "VarText[str | None]", length: Primitive[int], encoding: str, *, id: int, since: int
        ) -> None: ...

    def __init__(self, length: Primitive[int], encoding: str, *, id: int, since: int = 0) -> None:  # noqa: A002
        super().__init__(length, id=id, since=since)
        self.encoding = encoding

    def reader(self, order: str) -> Reader:  # noqa: ARG002
        encoding = self.encoding
        assert encoding is not None

        def read(block: "Block") -> str:
            try:
                return self._bytes(block).decode(encoding)
            except UnicodeDecodeError as error:
                message, field = block._place(self.name)
                offset = block._tail[self.index] + self.struct.size + error.start
                raise BadValueError(f"not {encoding} text", message=message, field=field, offset=offset) from None

        return read
