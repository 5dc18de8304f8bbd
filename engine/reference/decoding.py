"""From SBE bytes to commands, with layouts of its own."""

import struct
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from seriatim.engine.commands import (
    BustTrade,
    CancelOrder,
    ClearSchedule,
    Command,
    ConfigureSession,
    Instrument,
    MassCancel,
    NewOrder,
    ReduceOrder,
    ReplaceOrder,
    SchedulePhase,
    SetHalt,
    SetInstrumentRules,
    SetKillSwitch,
    SetLimits,
    SetPhase,
    SetPosition,
)
from seriatim.engine.reference.nulls import without_nulls
from seriatim.engine.reference.refused import check
from seriatim.schemas import RejectReason

SCHEMA_ID = 5301
NEW_ORDER = 10
MASS_CANCEL = 14
EXTENDED = 15
DEFINE_INSTRUMENT = 60
OLD_LAYOUTS = {
    NEW_ORDER: "<QqqIIBBB",
    11: "<Q",
    12: "<Qq",
    13: "<QQqq",
    MASS_CANCEL: "<IB",
    DEFINE_INSTRUMENT: "<I16sqbqb",
}
LAYOUTS_OF_3 = OLD_LAYOUTS | {
    EXTENDED: "<QqqqqqqIIIBBBBB",
    16: "<B",
    61: "<Iqqqqqq",
    62: "<IB",
    63: "<IqqB",
    64: "<I",
    65: "<Q",
    66: "<BIqqqqIIB",
    67: "<BIIq",
    68: "<BIB",
}
LAYOUTS_OF_4 = LAYOUTS_OF_3 | {69: "<IB"}


def instrument(number: int, symbol: bytes, *sizes: int) -> Instrument:
    """A zero inside the text stays, and is refused with it."""
    tick, lot = (Decimal(mantissa).scaleb(exponent) for mantissa, exponent in (sizes[:2], sizes[2:]))
    return Instrument(number, symbol.rstrip(b"\0").decode("latin-1"), tick, lot)


def rules(number: int, *values: int) -> SetInstrumentRules:
    """All of them."""
    names = "band_low", "band_high", "collar", "reference_price", "order_quantity_max", "order_value_max"
    return SetInstrumentRules(instrument=number, **dict(zip(names, values, strict=True)))


def new_order(*fields: int) -> NewOrder:
    """A plain one."""
    cl_ord_id, price, quantity, number, account, side, ord_type, time_in_force = fields
    return NewOrder(cl_ord_id, number, side, quantity, price, ord_type, time_in_force, account)


def extended(*fields: Any) -> NewOrder:
    """Instructions that nobody knows stay, in `post_only`, and are refused with it."""
    cl_ord_id, price, stop, quantity, display, minimum, expire = fields[:7]
    number, account, group, side, ord_type, time_in_force, instructions, prevention = fields[7:]
    return NewOrder(
        cl_ord_id,
        number,
        side,
        quantity,
        price,
        ord_type,
        time_in_force,
        account,
        stop_price=stop,
        display_quantity=display,
        minimum_quantity=minimum,
        expire_time_ns=expire,
        self_trade_group=group,
        post_only=instructions,
        self_trade_prevention=prevention,
    )


MAKERS: dict[int, Callable[..., Command]] = {
    NEW_ORDER: new_order,
    11: CancelOrder,
    12: ReduceOrder,
    13: ReplaceOrder,
    MASS_CANCEL: MassCancel,
    EXTENDED: extended,
    16: ConfigureSession,
    DEFINE_INSTRUMENT: instrument,
    61: rules,
    62: lambda number, phase: SetPhase(phase, number),
    63: lambda number, time_ns, interval_ns, phase: SchedulePhase(number, phase, time_ns, interval_ns),
    64: ClearSchedule,
    65: BustTrade,
    66: SetLimits,
    67: SetPosition,
    68: SetKillSwitch,
    69: SetHalt,
}
"""What makes a command of its message's fields, in the order of the message."""


def layouts(logic_version: int) -> dict[int, str]:
    """Of the commands that there are under these rules, by template."""
    if logic_version < 3:
        return OLD_LAYOUTS
    return LAYOUTS_OF_3 if logic_version < 4 else LAYOUTS_OF_4


def decode(body: bytes, logic_version: int = 4) -> Command:
    """The command that an SBE message holds. Raises `Refused` if it holds none."""
    check(len(body) >= 8, RejectReason.MALFORMED)
    block, template, schema, _version = struct.unpack_from("<HHHH", body)
    check(schema == SCHEMA_ID, RejectReason.MALFORMED)
    known = layouts(logic_version)
    check(template in known, RejectReason.UNKNOWN_COMMAND)
    layout = known[template]
    check(struct.calcsize(layout) <= block <= len(body) - 8, RejectReason.MALFORMED)
    if template == MASS_CANCEL and block >= 9:
        layout = "<IBI"
    return without_nulls(MAKERS[template](*struct.unpack_from(layout, body, 8)))
