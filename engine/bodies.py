"""Commands as the SBE messages that carry them, also with values that no message of the schema should hold: those are
the engine's to refuse.
"""

from dataclasses import fields
from typing import Any

from seriatim import schemas as sbe
from seriatim.engine.commands import Command, Instrument, NewOrder, ReduceOrder
from seriatim.engine.errors import FieldOutOfRangeError
from seriatim.engine.sizes import size_parts
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
}
"""The names of the schema where ours differ."""


def message_of(command: Command) -> type[sbe.Message]:
    """The message of the schema that carries the command."""
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
    frame = frames(message_of(command), 1)
    known = frame.dtype.names or ()
    for name, value in _values(command).items():
        # A plain order has attributes that its message has no field for; all of them have their defaults.
        if value is not None and name in known:
            _put(frame, name, value)
    return frame.tobytes()


def _values(command: Command) -> dict[str, Any]:
    if isinstance(command, Instrument):
        return _terms(command)
    values = {_FIELDS.get(field.name, field.name): getattr(command, field.name) for field in fields(command)}
    if isinstance(command, ReduceOrder):
        values["reduce_qty"] = command.quantity
    if isinstance(command, NewOrder):
        values["instructions"] = sbe.ExecInst.POST_ONLY if command.post_only else 0
    return values


def _put(frame: Any, name: str, value: Any) -> None:
    try:
        frame[name] = value
    except (OverflowError, TypeError, ValueError) as error:
        raise FieldOutOfRangeError(name, value) from error


def _terms(terms: Instrument) -> dict[str, Any]:
    symbol = terms.symbol.encode("latin-1", "ignore")
    if len(terms.symbol) > 16 or len(symbol) < len(terms.symbol) or 0 in symbol:
        raise FieldOutOfRangeError("symbol", terms.symbol)
    sizes = {name: size_parts(name, getattr(terms, name)) for name in ("tick_size", "lot_size")}
    return {"instrument": terms.id, "symbol": symbol, **sizes}
