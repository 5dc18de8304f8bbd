"""Writes a journal with a real node, and keeps what the node said of it when it stopped."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from seriatim.client import Client
from seriatim.engine import COMMAND, CommandKind
from seriatim.schemas import Decimal, DefineInstrument, OrdType, Side, TimeInForce
from seriatim.tools.venue import Venue


@dataclass(frozen=True)
class Written:
    """Where the journal is, and the state in which its node ended."""

    folder: Path
    state: dict[str, Any]


def write_journal(folder: Path) -> Written:
    """One instrument, 100 sells at 100 ticks, one buy that fills 50 of them."""
    with Venue(folder, options=("--segment-mib", "16")) as venue:
        with Client(venue.client_config(timeout_s=30)) as client:
            one = Decimal(mantissa=1, exponent=0)
            client.call(DefineInstrument(instrument=1, symbol="OAK", tick_size=one, lot_size=one))
            client.send(orders(100, Side.SELL, quantity=1, first_id=1))
            client.send(orders(1, Side.BUY, quantity=50, first_id=1_000))
            client.wait_all()
        state = venue.stop()
    return Written(folder, state)


def orders(count: int, side: Side, quantity: int, first_id: int) -> np.ndarray:
    """Limit orders at 100 ticks."""
    rows = np.zeros(count, COMMAND)
    rows["kind"] = CommandKind.NEW_ORDER
    rows["cl_ord_id"] = first_id + np.arange(count)
    rows["side"] = side
    rows["price"] = 100
    rows["quantity"] = quantity
    rows["instrument"] = 1
    rows["ord_type"] = OrdType.LIMIT
    rows["time_in_force"] = TimeInForce.GOOD_TILL_CANCEL
    return rows
