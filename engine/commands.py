"""What the engine is asked to do: one object for each command, or rows of `COMMAND` for many plain orders at once.

Prices are in ticks, quantities in lots. Values may be out of every range that makes sense, as long as they fit their
field: the engine answers with a `Rejected` event. Numbers of kinds and enums are the template ids and values of the
SBE schema, so FIX's own where it has them.
"""

import struct
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from seriatim.engine.values import I64, U8, U32, U64, whole_number
from seriatim.schemas import CancelOn, OptionalSide, OrdType, SelfTradePrevention, TimeInForce

NO_PRICE = -(2**63)
"""The price in a row of an order that has none."""
ALL_INSTRUMENTS = 2**32 - 1
"""The instrument in a row of a mass cancel for all."""


class CommandKind(IntEnum):
    """Template ids of the commands that fit a row."""

    NEW_ORDER = 10
    CANCEL_ORDER = 11
    REDUCE_ORDER = 12
    REPLACE_ORDER = 13
    MASS_CANCEL = 14


COMMAND = np.dtype(
    [
        ("kind", "u1"),
        ("side", "u1"),
        ("ord_type", "u1"),
        ("time_in_force", "u1"),
        ("instrument", "<u4"),
        ("account", "<u4"),
        ("session", "<u4"),
        ("cl_ord_id", "<u8"),
        ("orig_cl_ord_id", "<u8"),
        ("price", "<i8"),
        ("quantity", "<i8"),
    ]
)
"""One command, 48 bytes. Which fields count depends on `kind`, see the command classes; `price` is `NO_PRICE` for a
market order. A new order in a row is a plain one, and a mass cancel is for all accounts.
"""

_ROW = struct.Struct("<4B3I2Q2q")
_LIMITS = {"|u1": U8, "<u4": U32, "<u8": U64, "<i8": I64}
_FIELD_LIMITS = {name: _LIMITS[COMMAND[name].str] for name in COMMAND.names or ()}
_EMPTY = dict.fromkeys(_FIELD_LIMITS, 0)


@dataclass(frozen=True, slots=True)
class NewOrder:
    """FIX D. A limit order has a price, a market order has none; what a market, IOC or FOK order cannot fill at once
    is cancelled.

    `stop_price` makes a stop order wait, `display_quantity` is what an iceberg shows at a time, `minimum_quantity` must
    trade on arrival, and a GTD order lives until the order's clock reaches `expire_time_ns`. A `post_only` order is
    refused rather than traded at once. Self-trade prevention is between orders of one group if `self_trade_group` is
    not 0, else of one account if that is not 0, else of one session.
    """

    cl_ord_id: int
    instrument: int
    side: int
    quantity: int
    price: int | None = None
    ord_type: int = OrdType.LIMIT
    time_in_force: int = TimeInForce.GOOD_TILL_CANCEL
    account: int = 0
    stop_price: int | None = None
    display_quantity: int | None = None
    minimum_quantity: int | None = None
    expire_time_ns: int | None = None
    self_trade_group: int = 0
    post_only: bool = False
    self_trade_prevention: int = SelfTradePrevention.NONE

    @property
    def is_plain(self) -> bool:
        """Whether the short message, and a row, can say it: every attribute beyond `account` has its default."""
        # Not whether they are false: None and "" are no defaults, and are refused with the message that has them.
        return (
            self.stop_price is None
            and self.display_quantity is None
            and self.minimum_quantity is None
            and self.expire_time_ns is None
            and self.self_trade_group == 0
            and self.post_only == False  # noqa: E712  numpy's False too
            and self.self_trade_prevention == SelfTradePrevention.NONE
        )


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """FIX F: takes the session's live order `orig_cl_ord_id` off the book."""

    orig_cl_ord_id: int


@dataclass(frozen=True, slots=True)
class ReduceOrder:
    """Takes `quantity` lots off what is left of a live order, which keeps its priority; all that is left, or more,
    cancels it.
    """

    orig_cl_ord_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class ReplaceOrder:
    """FIX G: a new price and a new total quantity, what is filled included. Priority stays only if the price does and
    the quantity does not rise.
    """

    cl_ord_id: int
    orig_cl_ord_id: int
    price: int
    quantity: int


@dataclass(frozen=True, slots=True)
class MassCancel:
    """FIX q: cancels the session's own orders, the oldest first; `instrument` and `account` None mean all of them."""

    instrument: int | None = None
    side: int = OptionalSide.BOTH
    account: int | None = None


@dataclass(frozen=True, slots=True)
class ConfigureSession:
    """When all orders of the sending session are cancelled."""

    cancel_on: int = CancelOn(0)


@dataclass(frozen=True, slots=True)
class DropCopy:
    """Asks for a copy of every event that another session is told, or for no more. The bus answers it: an engine
    without one refuses.
    """

    session: int
    on: bool = True


@dataclass(frozen=True, slots=True)
class Instrument:
    """Opens a book. `symbol` has 1 to 16 graphic ASCII characters; sizes are what one tick and one lot are worth.

    The same terms again are fine, other terms for the same id are rejected. The exponents of sizes count: 0.10 is not
    0.1.
    """

    id: int
    symbol: str
    tick_size: Decimal
    lot_size: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SetInstrumentRules:
    """Replaces all rules of an instrument; None is no rule. Prices are in ticks, `order_value_max` in ticks × lots."""

    instrument: int
    band_low: int | None = None
    band_high: int | None = None
    collar: int | None = None
    reference_price: int | None = None
    order_quantity_max: int | None = None
    order_value_max: int | None = None


@dataclass(frozen=True, slots=True)
class SetPhase:
    """Changes the trading phase of an instrument; `instrument` None means all of them."""

    phase: int
    instrument: int | None = None


@dataclass(frozen=True, slots=True)
class SetHalt:
    """Halts an instrument whatever its phase, or ends that: it goes on in the phase that was set or scheduled last.
    `instrument` None means all of them.
    """

    instrument: int | None = None
    on: bool = True


@dataclass(frozen=True, slots=True)
class SchedulePhase:
    """Has an instrument's phase set at a time of the order's clock, and again every `interval_ns` unless that is 0."""

    instrument: int
    phase: int
    time_ns: int
    interval_ns: int = 0


@dataclass(frozen=True, slots=True)
class ClearSchedule:
    """No phase of the instrument is scheduled any more."""

    instrument: int


@dataclass(frozen=True, slots=True)
class BustTrade:
    """Voids a trade. Books and orders stay as they are."""

    trade_id: int


@dataclass(frozen=True, slots=True)
class SetLimits:
    """Replaces all limits of a session or an account; None is no limit. The rate has both an interval and a number of
    messages, or neither.
    """

    scope: int
    id: int
    order_quantity_max: int | None = None
    order_value_max: int | None = None
    position_max: int | None = None
    rate_interval_ns: int = 0
    messages_max: int | None = None
    open_orders_max: int | None = None
    cancel_on: int = CancelOn(0)


@dataclass(frozen=True, slots=True)
class SetPosition:
    """Says where the position of a session or an account stands in an instrument: lots bought less lots sold."""

    scope: int
    id: int
    instrument: int
    position: int


@dataclass(frozen=True, slots=True)
class SetKillSwitch:
    """Engaged: all orders of the session or the account are cancelled, and no new one is taken until it is released."""

    scope: int
    id: int
    engaged: bool = True


Command = (
    NewOrder
    | CancelOrder
    | ReduceOrder
    | ReplaceOrder
    | MassCancel
    | ConfigureSession
    | DropCopy
    | Instrument
    | SetInstrumentRules
    | SetPhase
    | SetHalt
    | SchedulePhase
    | ClearSchedule
    | BustTrade
    | SetLimits
    | SetPosition
    | SetKillSwitch
)


def fits_row(command: Command) -> bool:
    """Whether a row of `COMMAND` can say it."""
    match command:
        case NewOrder():
            return command.is_plain
        case MassCancel():
            return command.account is None
        case _:
            return isinstance(command, CancelOrder | ReduceOrder | ReplaceOrder)


def _fields(command: Command) -> dict[str, int]:
    match command:
        case NewOrder() if command.is_plain:
            return {
                "kind": CommandKind.NEW_ORDER,
                "side": command.side,
                "ord_type": command.ord_type,
                "time_in_force": command.time_in_force,
                "instrument": command.instrument,
                "account": command.account,
                "cl_ord_id": command.cl_ord_id,
                "price": NO_PRICE if command.price is None else command.price,
                "quantity": command.quantity,
            }
        case CancelOrder():
            return {"kind": CommandKind.CANCEL_ORDER, "orig_cl_ord_id": command.orig_cl_ord_id}
        case ReduceOrder(orig_cl_ord_id, quantity):
            return {"kind": CommandKind.REDUCE_ORDER, "orig_cl_ord_id": orig_cl_ord_id, "quantity": quantity}
        case ReplaceOrder():
            return {
                "kind": CommandKind.REPLACE_ORDER,
                "cl_ord_id": command.cl_ord_id,
                "orig_cl_ord_id": command.orig_cl_ord_id,
                "price": command.price,
                "quantity": command.quantity,
            }
        case MassCancel(instrument, side, None):
            named = ALL_INSTRUMENTS if instrument is None else instrument
            return {"kind": CommandKind.MASS_CANCEL, "instrument": named, "side": side}
        case _:
            raise TypeError(
                f"{command!r} does not fit a row; see seriatim.engine.fits_row, and command_body for its bytes"
            )


def command_row(session: int, command: Command) -> NDArray[np.void]:
    """The command as an array of one row of `COMMAND`.

    Raises `TypeError` for a command that fits none (`fits_row`), `FieldOutOfRangeError` if a value does not fit its
    field.
    """
    values = _EMPTY | _fields(command)
    values["session"] = session
    row = bytearray(_ROW.size)
    try:
        # Unlike numpy, which cuts 100.9 and wraps its own integers in silence, this takes whole numbers in range only.
        _ROW.pack_into(row, 0, *values.values())
    except struct.error:
        numbers = [whole_number(name, value, _FIELD_LIMITS[name]) for name, value in values.items()]
        _ROW.pack_into(row, 0, *numbers)
    return np.frombuffer(row, COMMAND)
