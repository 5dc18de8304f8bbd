"""What the engine is asked to do: one object for each command, or rows of `COMMAND` for many at once.

Prices are in ticks, quantities in lots. Values may be out of every range that makes sense, as long as they fit their
field: the engine answers with a `Rejected` event. Numbers of kinds and enums are the template ids and values of the
SBE schema, so FIX's own where it has them.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from seriatim.engine.errors import FieldOutOfRangeError
from seriatim.schemas import OptionalSide, OrdType, TimeInForce

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
market order.
"""


@dataclass(frozen=True, slots=True)
class NewOrder:
    """FIX D. A limit order has a price, a market order has none; what a market, IOC or FOK order cannot fill at once
    is cancelled.
    """

    cl_ord_id: int
    instrument: int
    side: int
    quantity: int
    price: int | None = None
    ord_type: int = OrdType.LIMIT
    time_in_force: int = TimeInForce.GOOD_TILL_CANCEL
    account: int = 0


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
    """FIX q: cancels the session's own orders, the oldest first; `instrument` None means all of them."""

    instrument: int | None = None
    side: int = OptionalSide.BOTH


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


Command = NewOrder | CancelOrder | ReduceOrder | ReplaceOrder | MassCancel | Instrument


def _fields(command: Command) -> dict[str, int]:
    match command:
        case NewOrder():
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
        case MassCancel(instrument, side):
            named = ALL_INSTRUMENTS if instrument is None else instrument
            return {"kind": CommandKind.MASS_CANCEL, "instrument": named, "side": side}
        case _:
            raise TypeError(
                f"{command!r} does not fit a row: use NewOrder, CancelOrder, ReduceOrder, ReplaceOrder or MassCancel"
            )


def command_row(session: int, command: Command) -> NDArray[np.void]:
    """The command as an array of one row of `COMMAND`. An `Instrument` has no row.

    Raises `FieldOutOfRangeError` if a value does not fit its field.
    """
    row = np.zeros(1, COMMAND)
    for name, value in (_fields(command) | {"session": session}).items():
        try:
            row[name] = value
        except (OverflowError, TypeError, ValueError) as error:
            raise FieldOutOfRangeError(name, value) from error
    return row
