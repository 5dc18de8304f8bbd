"""What a field says when it says nothing."""

from dataclasses import fields, replace
from typing import Any

from seriatim.engine.commands import (
    ALL_INSTRUMENTS,
    NO_PRICE,
    Command,
    MassCancel,
    NewOrder,
    SetHalt,
    SetInstrumentRules,
    SetLimits,
    SetPhase,
)

NUMBERS = {"price", "stop_price", "display_quantity", "minimum_quantity", "expire_time_ns"}
NUMBERS |= {"band_low", "band_high", "collar", "reference_price", "order_quantity_max", "order_value_max"}
NUMBERS |= {"position_max"}
COUNTS = {"instrument", "account", "messages_max", "open_orders_max"}
WITH_NULLS = {
    NewOrder: NUMBERS,
    SetInstrumentRules: NUMBERS,
    SetLimits: NUMBERS | COUNTS,
    MassCancel: COUNTS,
    SetPhase: COUNTS,
    SetHalt: COUNTS,
}
"""The fields that may be null, by command."""


def given(name: str, value: Any) -> Any:
    """A field's value, None for null."""
    return None if value == (ALL_INSTRUMENTS if name in COUNTS else NO_PRICE) else value


def without_nulls(command: Command) -> Command:
    """The same command with None where it says null."""
    names = WITH_NULLS.get(type(command), set())
    values = {field.name: getattr(command, field.name) for field in fields(command) if field.name in names}
    changed = {name: None for name, value in values.items() if value is not None and given(name, value) is None}
    return replace(command, **changed) if changed else command
