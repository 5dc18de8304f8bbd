"""What a client is given, checked: commands in every form, as the bytes that it sends, and how much it is to read."""

from typing import Any

import numpy as np

from seriatim._native import ffi, lib
from seriatim.engine import (
    COMMAND,
    Command,
    CommandKind,
    command_body,
    command_row,
    fits_row,
)
from seriatim.schemas import Message
from seriatim.values import U64_MAX, whole_number

BODY_BYTES_MAX = 128
"""More than the body of any command."""

POLL_LIMIT_MAX = 1 << 20
"""More than comes between two polls, and not yet 150 MB: `poll` has room for as many as it is told."""


def check_rows(commands: np.ndarray) -> None:
    """Raises TypeError for what is no row of COMMAND, ValueError for a kind that is no command of a trader."""
    if not isinstance(commands, np.ndarray) or commands.dtype != COMMAND or commands.ndim != 1:
        shape = getattr(commands, "shape", ())
        kind = getattr(commands, "dtype", type(commands).__name__)
        raise TypeError(f"send takes a one-dimensional array of seriatim.engine.COMMAND, not {kind} of shape {shape}")
    kinds = commands["kind"]
    strange = np.flatnonzero((kinds < CommandKind.NEW_ORDER) | (kinds > CommandKind.MASS_CANCEL))
    if len(strange):
        raise ValueError(f"row {strange[0]} has kind {kinds[strange[0]]}, which is no CommandKind")


def body_of(message: Any) -> bytes:
    """The SBE bytes of a command in any of the forms that `Client.submit` takes."""
    if not isinstance(message, Command):
        if not isinstance(message, Message | bytes | bytearray | memoryview):
            raise TypeError(
                f"a command is a message of seriatim.schemas or seriatim.engine, not {type(message).__name__}"
            )
        return bytes(message)
    return body_of_row(command_row(0, message)) if fits_row(message) else command_body(message)


def body_of_row(row: Any) -> bytes:
    """The SBE bytes of one COMMAND row."""
    body = ffi.new("uint8_t[]", BODY_BYTES_MAX)
    length = lib.seriatim_command_encode(ffi.from_buffer("seriatim_command_row_t[]", row), body)
    return bytes(ffi.buffer(body, length))


def command_number(number: int) -> int:
    """The number of a command. Raises TypeError or ValueError for what no command can have."""
    return whole_number(number, "the number of a command", 0, U64_MAX)


def poll_limit(limit: int) -> int:
    """How many events one poll may give. Raises TypeError or ValueError."""
    return whole_number(limit, "the limit of a poll", 1, POLL_LIMIT_MAX)
