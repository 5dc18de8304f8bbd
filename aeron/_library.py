"""The native module: Aeron's C functions and ours, with their types left to the declarations in the two headers."""

import importlib
import os
from typing import Any

_native = importlib.import_module("seriatim._native")

ffi: Any = _native.ffi
lib: Any = _native.lib

# Aeron's threads do not exist in the child of a fork; its gates refuse every call from now on.
os.register_at_fork(after_in_child=lib.seriatim_gate_forked)


def version() -> str:
    """Aeron's version, for example ``1.54.0``."""
    text: str = ffi.string(lib.aeron_version_full()).decode()
    return text.partition("version=")[2].partition(" ")[0]


def text_of(pointer: Any, length: int | None = None) -> str:
    """The text behind a C string, or the given number of its bytes."""
    raw = ffi.string(pointer) if length is None else ffi.buffer(pointer, length)[:]
    return raw.decode(errors="replace")
