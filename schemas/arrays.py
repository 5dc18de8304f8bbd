"""Thousands of messages at once: numpy dtypes with the offsets of the schema, and arrays of whole frames.

Optional fields hold their null in the bytes; `NewOrder.price.null` says which it is. Enums and sets are plain
integers, text is `S<n>`, byte arrays are `u1` rows, composites are nested records. Constants take no bytes.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from seriatim.schemas.errors import CodecError, TruncatedError

if TYPE_CHECKING:
    from seriatim.schemas.flyweight import Block, Buffer
    from seriatim.schemas.schema import Message


def body_dtype(block: "type[Block]", version: int | None = None, block_length: int | None = None) -> np.dtype[Any]:
    """The fields of a block without header, as a writer of that version wrote them (our own by default)."""
    fields = [field for field in block._fields if version is None or field.since <= version]
    return _record(
        {field.name: (field.wire.dtype, field.offset) for field in fields},
        block.BLOCK_LENGTH if block_length is None else block_length,
    )


@lru_cache(maxsize=256)
def frame_dtype(
    message: "type[Message]", align_bytes: int = 1, version: int | None = None, block_length: int | None = None
) -> np.dtype[Any]:
    """A whole frame: `header`, then the fields; padded at its end to a multiple of `align_bytes`."""
    schema = message.SCHEMA
    body = body_dtype(message, version, block_length)
    fields: dict[str, tuple[Any, int]] = {"header": (schema.header_dtype, 0)}
    for name, (dtype, offset, *_) in (body.fields or {}).items():
        fields[name] = (dtype, offset + schema.header_length)
    size = schema.header_length + body.itemsize
    return _record(fields, -(-size // align_bytes) * align_bytes)


def _record(fields: dict[str, tuple[Any, int]], size: int) -> np.dtype[Any]:
    spec: Any = {
        "names": list(fields),
        "formats": [dtype for dtype, _ in fields.values()],
        "offsets": [offset for _, offset in fields.values()],
        "itemsize": size,
    }
    return np.dtype(spec)


def frames(message: "type[Message]", count: int, *, align_bytes: int = 1) -> np.ndarray:
    """`count` frames to be filled, shape `(count,)`: headers are written, optional fields null, all else zero.

    Its bytes are what goes onto a stream; `align_bytes=8` pads each frame to the next multiple of eight.
    """
    _refuse_parts(message)
    array = np.zeros(count, frame_dtype(message, align_bytes))
    for field, value in zip(message.SCHEMA.header._fields, message._lead, strict=True):
        array["header"][field.name] = value
    for field in message._fields:
        if field.null is not None:
            null = field.null
            array[field.name] = np.frombuffer(null, field.wire.dtype.base) if isinstance(null, bytes) else null
    return array


def view(
    message: "type[Message]", buffer: "Buffer", offset: int = 0, count: int | None = None, *, align_bytes: int = 1
) -> np.ndarray:
    """Frames of one template that lie one after the other, read in place; shape `(count,)`, as many as fit by default.

    Their version is that of the first; fields that it does not have are not in the array. Raises `CodecError` where a
    header differs from the first, or if the buffer does not hold `count` frames.
    """
    _refuse_parts(message)
    if count == 0 or (count is None and len(memoryview(buffer).cast("B")) == offset):
        return np.zeros(0, frame_dtype(message, align_bytes))
    first = message.wrap(buffer, offset)
    dtype = frame_dtype(message, align_bytes, first._version, first._block_length)
    room = len(first._buffer) - offset
    count = room // dtype.itemsize if count is None else count
    if count < 0 or count * dtype.itemsize > room:
        reason = f"{count} frames of {dtype.itemsize} bytes do not fit in {room}"
        raise TruncatedError(reason, message=message.__qualname__, offset=offset)
    array = np.frombuffer(first._buffer, dtype, count, offset)
    if not count:
        return array
    strange = np.flatnonzero(array["header"] != array["header"][0])
    if len(strange):
        place = offset + int(strange[0]) * dtype.itemsize
        raise CodecError("this frame is not as the first", message=message.__qualname__, field="header", offset=place)
    return array


def _refuse_parts(message: "type[Message]") -> None:
    if message._parts:
        reason = "frames of this message differ in length, so they make no array; decode them one by one"
        raise CodecError(reason, message=message.__qualname__, field=message._parts[0].name)
