"""Commands as the SBE messages that carry them, also with values that no message of the schema should hold: those are
the engine's to refuse.
"""

from dataclasses import fields
from functools import lru_cache
from typing import Any

import numpy as np

from seriatim import schemas as sbe
from seriatim.engine.commands import Command, Instrument, NewOrder, ReduceOrder
from seriatim.engine.sizes import size_parts
from seriatim.engine.values import U32, flag, symbol_bytes, whole_number
from seriatim.schemas.arrays import frames

_FIELDS = {
    "quantity": "order_qty",
    "stop_price": "stop_px",
    "display_quantity": "display_qty",
    "minimum_quantity": "min_qty",
    "expire_time_ns": "expire_time",
    "time_ns": "time",
    "interval_ns": "interval",
    "order_quantity_max": "max_order_qty",
    "order_value_max": "max_order_value",
    "position_max": "max_position",
    "rate_interval_ns": "rate_interval",
    "messages_max": "max_messages",
    "open_orders_max": "max_open_orders",
    "post_only": "instructions",
}
"""The names of the schema where ours differ."""

_FLAGS = {"post_only", "on", "engaged"}
assert sbe.ExecInst.POST_ONLY == 1, "the only instruction, so a flag says it"


def message_of(command: Command) -> type[sbe.Message]:
    """The message of the schema that carries the command. Raises `TypeError` for what is none."""
    if not isinstance(command, Command):
        what = command.__name__ if isinstance(command, type) else type(command).__name__
        raise TypeError(f"a command is an object of seriatim.engine, such as NewOrder(...), not {what}")
    match command:
        case NewOrder():
            return sbe.NewOrder if command.is_plain else sbe.NewOrderExtended
        case Instrument():
            return sbe.DefineInstrument
        case _:
            return getattr(sbe, type(command).__name__)


def template_of(command: Command) -> int:
    """The template id of that message."""
    return message_of(command).TEMPLATE_ID


def command_body(command: Command) -> bytes:
    """The SBE bytes of a command, header included. Raises `FieldOutOfRangeError` if a value does not fit its field."""
    message = message_of(command)
    frame = frames(message, 1)
    if isinstance(command, Instrument):
        for name, value in _terms(command).items():
            frame[name] = value
        return frame.tobytes()
    takes = _takes(message)
    for field in fields(command):
        name, value = field.name, getattr(command, field.name)
        ours = "reduce_qty" if isinstance(command, ReduceOrder) and name == "quantity" else _FIELDS.get(name, name)
        # A plain order has attributes that its message has no field for; all of them have their defaults.
        if ours in takes:
            limits, has_null = takes[ours]
            if value is not None or not has_null:
                frame[ours] = flag(name, value) if name in _FLAGS else whole_number(name, value, limits)
    return frame.tobytes()


@lru_cache(maxsize=64)
def _takes(message: type[sbe.Message]) -> dict[str, tuple[tuple[int, int], bool]]:
    """The limits of the message's whole numbers, by name, and whether None is a value of theirs."""
    takes = {}
    for field in message._fields:
        dtype = field.wire.dtype
        if dtype.kind in "iu" and not dtype.shape:
            limits = np.iinfo(dtype)
            takes[field.name] = (int(limits.min), int(limits.max)), field.null is not None
    return takes


def _terms(terms: Instrument) -> dict[str, Any]:
    sizes = {name: size_parts(name, getattr(terms, name)) for name in ("tick_size", "lot_size")}
    return {"instrument": whole_number("id", terms.id, U32), "symbol": symbol_bytes(terms.symbol), **sizes}
