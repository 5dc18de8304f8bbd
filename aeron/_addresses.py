"""The socket addresses that Aeron has bound."""

from typing import Any

from seriatim.aeron._library import ffi, text_of
from seriatim.aeron.errors import check

_ADDRESS_BYTES = 64
_ADDRESSES_MAX = 32


def local_addresses(read: Any, resource: Any) -> list[str]:
    """Reads the bound addresses of a publication or subscription."""
    cells = [ffi.new("uint8_t[]", _ADDRESS_BYTES) for _ in range(_ADDRESSES_MAX)]
    vector = ffi.new("aeron_iovec_t[]", [(cell, _ADDRESS_BYTES) for cell in cells])
    count = check(read(resource, vector, _ADDRESSES_MAX), "local addresses")
    return [text_of(ffi.cast("char *", cell)) for cell in cells[:count]]
