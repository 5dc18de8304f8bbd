"""How a value of each SBE type lies in the bytes: as one item of `struct`, and as one field of a numpy dtype."""

from collections.abc import Callable, Sequence
from enum import IntEnum, IntFlag
from struct import Struct
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import numpy as np

if TYPE_CHECKING:
    from seriatim.schemas.flyweight import Composite

T = TypeVar("T")
C = TypeVar("C", bound="Composite")
E = TypeVar("E", bound=IntEnum)
F = TypeVar("F", bound=IntFlag)
Converter = Callable[[Any], Any]


class Wire(NamedTuple):
    """A type in one byte order. A converter of None means that the value is the item."""

    code: str
    dtype: Any
    to_item: Converter | None = None
    from_item: Converter | None = None


class WireType(Generic[T]):
    """A type of a schema; `T` is what Python sees. `what` completes the sentence "7 is not …"."""

    size: int
    what: str
    null: Any = None
    composite: "type[Composite] | None" = None  # read in place, if it is one

    def wire(self, order: str) -> Wire:
        """The type in that byte order, `<` or `>`. Its converters raise ValueError, KeyError or TypeError."""
        raise NotImplementedError


class Primitive(WireType[T]):
    """A number: the item is the value."""

    def __init__(self, name: str, code: str, size: int) -> None:
        self.name = name
        self.code = code
        self.size = size
        self.what = f"a value of type {name}"

    def wire(self, order: str) -> Wire:
        return Wire(self.code, np.dtype(order + self.code))


class Char(Primitive[str]):
    """One ASCII character."""

    def wire(self, order: str) -> Wire:  # noqa: ARG002
        return Wire("c", np.dtype("S1"), lambda text: text.encode("ascii"), lambda item: item.decode("ascii"))


CHAR = Char("char", "c", 1)
INT8: Primitive[int] = Primitive("int8", "b", 1)
INT16: Primitive[int] = Primitive("int16", "h", 2)
INT32: Primitive[int] = Primitive("int32", "i", 4)
INT64: Primitive[int] = Primitive("int64", "q", 8)
UINT8: Primitive[int] = Primitive("uint8", "B", 1)
UINT16: Primitive[int] = Primitive("uint16", "H", 2)
UINT32: Primitive[int] = Primitive("uint32", "I", 4)
UINT64: Primitive[int] = Primitive("uint64", "Q", 8)
FLOAT: Primitive[float] = Primitive("float", "f", 4)
DOUBLE: Primitive[float] = Primitive("double", "d", 8)

PRIMITIVES: dict[str, Primitive[Any]] = {
    primitive.name: primitive
    for primitive in (CHAR, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FLOAT, DOUBLE)
}


class Optional(WireType[T | None]):
    """A type with one item that stands for "no value": Python sees None. A null of NaN means any NaN."""

    def __init__(self, inner: WireType[T], *, null: Any) -> None:
        self.inner = inner
        self.null = null
        self.size = inner.size
        self.what = f"{inner.what} or None"

    def wire(self, order: str) -> Wire:
        inner = self.inner.wire(order)
        null, to_inner, from_inner = self.null, inner.to_item, inner.from_item
        null_is_nan = null != null  # noqa: PLR0124

        def to_item(value: T | None) -> Any:
            if value is None:
                return null
            item = value if to_inner is None else to_inner(value)
            if item == null:
                raise ValueError("this value stands for null")
            return item

        def from_item(item: Any) -> T | None:
            if item == null or (null_is_nan and item != item):  # noqa: PLR0124
                return None
            return item if from_inner is None else from_inner(item)

        return Wire(inner.code, inner.dtype, to_item, from_item)


class Text(WireType[str]):
    """Text of at most `size` bytes; what is left is filled with zeros, and a reader stops at the first."""

    def __init__(self, size: int, encoding: str) -> None:
        self.size = size
        self.encoding = encoding
        self.what = f"{encoding} text of at most {size} bytes without a zero"

    def wire(self, order: str) -> Wire:  # noqa: ARG002
        size, encoding = self.size, self.encoding

        def to_item(text: str) -> bytes:
            item = text.encode(encoding)
            if len(item) > size or 0 in item:
                raise ValueError("too long, or with a zero")
            return item.ljust(size, b"\0")

        return Wire(f"{size}s", np.dtype(f"S{size}"), to_item, lambda item: item.split(b"\0", 1)[0].decode(encoding))


class Bytes(WireType[bytes]):
    """An array of `size` bytes."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.what = f"{size} bytes"

    def wire(self, order: str) -> Wire:  # noqa: ARG002
        def to_item(value: bytes) -> bytes:
            item = bytes(memoryview(value))
            if len(item) != self.size:
                raise ValueError("of another length")
            return item

        return Wire(f"{self.size}s", np.dtype((np.uint8, (self.size,))), to_item)


class Array(WireType[tuple[T, ...]]):
    """An array of `length` numbers; Python sees a tuple."""

    def __init__(self, element: Primitive[T], length: int) -> None:
        self.element = element
        self.length = length
        self.size = element.size * length
        self.what = f"{length} numbers of type {element.name}"

    def wire(self, order: str) -> Wire:
        numbers = Struct(f"{order}{self.length}{self.element.code}")

        def to_item(values: Sequence[T]) -> bytes:
            return numbers.pack(*values)

        dtype = np.dtype((order + self.element.code, (self.length,)))
        return Wire(f"{self.size}s", dtype, to_item, numbers.unpack)


class Enumeration(WireType[E]):
    """One of the values of an enum; any other is refused, read or written."""

    def __init__(self, enum: type[E], encoding: Primitive[Any]) -> None:
        self.enum = enum
        self.encoding = UINT8 if encoding is CHAR else encoding
        self.size = encoding.size
        self.what = f"a {enum.__name__}"

    def wire(self, order: str) -> Wire:
        members = {int(member): member for member in self.enum}
        code = self.encoding.code
        return Wire(code, np.dtype(order + code), members.__getitem__, members.__getitem__)


class Flags(WireType[F]):
    """A set of choices, one bit each. Bits that the schema does not name are kept."""

    def __init__(self, flags: type[F], encoding: Primitive[int]) -> None:
        self.flags = flags
        self.encoding = encoding
        self.size = encoding.size
        self.what = f"a set of {flags.__name__}"

    def wire(self, order: str) -> Wire:
        return Wire(self.encoding.code, np.dtype(order + self.encoding.code), None, self.flags)


class Nested(WireType[C]):
    """A composite within a block; read in place."""

    def __init__(self, composite: type[C]) -> None:
        self.composite = self._class = composite
        self.size = composite.BLOCK_LENGTH
        self.what = f"a {composite.__name__}"

    def wire(self, order: str) -> Wire:  # noqa: ARG002
        composite = self._class

        def to_item(value: "Composite") -> bytes:
            if not isinstance(value, composite):
                raise TypeError("another type")
            return bytes(value)

        return Wire(f"{self.size}s", composite.DTYPE, to_item)
