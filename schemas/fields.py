"""What a block is made of: fields and constants at fixed places."""

from collections.abc import Callable
from struct import Struct
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from seriatim.schemas.errors import BadValueError
from seriatim.schemas.wire import Wire, WireType

if TYPE_CHECKING:
    from seriatim.schemas.flyweight import Block

T = TypeVar("T")
V = TypeVar("V")
Reader = Callable[["Block"], Any]


class Member(property, Generic[T]):
    """A part of a block. On an object it reads the value, on the class it is itself: `NewOrder.price.offset`.

    It is a `property` so that CPython reads it without a Python call in between.
    """

    name: str
    id: int
    since: int

    def __init__(self, *, id: int, since: int) -> None:  # noqa: A002
        super().__init__()
        self.id = id
        self.since = since

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type | None = None, /) -> Self: ...
        @overload
        def __get__(self, instance: "Block", owner: type | None = None, /) -> T: ...
        def __get__(self, instance: Any, owner: type | None = None, /) -> Any: ...

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def bind(self, order: str) -> None:
        """Make the reader for a block of that byte order; called once, when the class is complete."""
        read, since = self.reader(order), self.since

        def read_if_present(block: "Block") -> Any:
            return None if block._version < since else read(block)

        super().__init__(read_if_present if since else read)

    def reader(self, order: str) -> Reader:
        """The function that reads the value from a block."""
        raise NotImplementedError


class Field(Member[T]):
    """A value at a fixed offset of its block. `id` is the FIX tag where one exists."""

    type: WireType[Any]
    offset: int
    wire: Wire

    if TYPE_CHECKING:

        @overload
        def __init__(self: "Field[V]", type: WireType[V], *, at: int, id: int = -1) -> None: ...
        @overload
        def __init__(self: "Field[V | None]", type: WireType[V], *, at: int, id: int = -1, since: int) -> None: ...

    def __init__(self, type: WireType[Any], *, at: int, id: int = -1, since: int = 0) -> None:  # noqa: A002
        super().__init__(id=id, since=since)
        self.type = type
        self.offset = at

    @property
    def null(self) -> Any:
        """What stands for None in the bytes and in numpy arrays; None if the field is required."""
        return self.type.null

    @property
    def end(self) -> int:
        """Of the field, in bytes from the start of the block."""
        return self.offset + self.type.size

    def bind(self, order: str) -> None:
        self.wire = self.type.wire(order)
        super().bind(order)

    def reader(self, order: str) -> Reader:
        offset, from_item, composite = self.offset, self.wire.from_item, self.type.composite
        unpack_from = Struct(order + self.wire.code).unpack_from

        def read_composite(block: "Block") -> Any:
            assert composite is not None
            return composite._over(
                block._buffer, block._offset + offset, composite.BLOCK_LENGTH, block._version, (block, self.name)
            )

        def read_item(block: "Block") -> Any:
            return unpack_from(block._buffer, block._offset + offset)[0]

        def read_converted(block: "Block") -> Any:
            item = unpack_from(block._buffer, block._offset + offset)[0]
            try:
                return from_item(item)  # pyright: ignore[reportOptionalCall]
            except (ValueError, KeyError):
                message, field = block._place(self.name)
                raise BadValueError(
                    f"{item!r} is not {self.type.what}", message=message, field=field, offset=block._offset + offset
                ) from None

        if composite is not None:
            return read_composite
        return read_item if from_item is None else read_converted


class Constant(Member[T]):
    """A value that the schema fixes; it takes no bytes."""

    value: T

    if TYPE_CHECKING:

        @overload
        def __init__(self: "Constant[V]", value: V, *, id: int = -1) -> None: ...
        @overload
        def __init__(self: "Constant[V | None]", value: V, *, id: int = -1, since: int) -> None: ...

    def __init__(self, value: Any, *, id: int = -1, since: int = 0) -> None:  # noqa: A002
        super().__init__(id=id, since=since)
        self.value = value

    def reader(self, order: str) -> Reader:  # noqa: ARG002
        value = self.value
        return lambda _block: value
