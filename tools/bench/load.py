"""The load of the benchmarks: orders that trade with each other, sent by the native loop of a client."""

from dataclasses import dataclass

import numpy as np

from seriatim._native import ffi, lib
from seriatim.client import Client
from seriatim.engine import COMMAND, CommandKind
from seriatim.errors import check
from seriatim.schemas import Decimal, DefineInstrument, OrdType, Side, TimeInForce

INSTRUMENT = 1
NEIGHBOURS_INSTRUMENT = 2
"""For those beside the client that is measured: they trade with nobody else."""

LOAD_ORDERS = 100_000
PRICES, MID_TICKS = 50, 10_000
LATENCIES_MAX = 1 << 22


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a load."""

    commands: int
    fills: int
    seconds: float
    latencies_ns: np.ndarray
    """Of the last commands, 4 million at most; each from when it was handed to the client until its last event."""


def terms(instrument: int = INSTRUMENT) -> DefineInstrument:
    """The instrument that is traded."""
    one = Decimal(mantissa=1, exponent=0)
    return DefineInstrument(instrument=instrument, symbol=f"BENCH{instrument}", tick_size=one, lot_size=one)


def load_rows(instrument: int = INSTRUMENT) -> np.ndarray:
    """Orders of which every second one trades with the one before, so that the book stays small."""
    rows = np.zeros(LOAD_ORDERS, COMMAND)
    place = np.arange(LOAD_ORDERS)
    rows["kind"] = CommandKind.NEW_ORDER
    rows["cl_ord_id"] = place + 1
    rows["side"] = np.where(place % 2, Side.SELL, Side.BUY)
    rows["price"] = MID_TICKS + place // 2 % PRICES
    rows["quantity"] = 10
    rows["instrument"] = instrument
    rows["ord_type"] = OrdType.LIMIT
    rows["time_in_force"] = TimeInForce.GOOD_TILL_CANCEL
    return rows


def load(client: Client, window: int, seconds: float, instrument: int = INSTRUMENT) -> Loaded:
    """Puts the load on a node for so long with so many commands unanswered."""
    rows = load_rows(instrument)
    latencies_ns = np.zeros(LATENCIES_MAX, np.uint32)
    result = ffi.new("seriatim_load_result_t *")
    check(
        lib.seriatim_session_load(
            client.native_session,
            ffi.from_buffer("seriatim_command_row_t[]", rows),
            len(rows),
            len(rows),
            window,
            int(seconds * 1e9),
            ffi.from_buffer("uint32_t[]", latencies_ns),
            len(latencies_ns),
            result,
        )
    )
    measured = latencies_ns[: min(result.latencies, len(latencies_ns))]
    return Loaded(result.commands, result.fills, result.elapsed_ns / 1e9, measured)
