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
RESTING_PRICES = 1_000
LATENCIES_MAX = 1 << 22
SEED = 20260101


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


@dataclass(slots=True)
class Flow:
    """Rows to send again and again, the ids in them raised by `id_stride` each time, over all loads."""

    rows: np.ndarray
    id_stride: int
    sent: int = 0

    def rest(self) -> np.ndarray:
        """The rows from the next one on, and behind them those before it, as of the next time."""
        rounds, place = divmod(self.sent, len(self.rows))
        rows = np.roll(self.rows, -place)
        times = np.full(len(rows), rounds)
        times[len(rows) - place :] += 1
        for field in ("cl_ord_id", "orig_cl_ord_id"):
            ids = rows[field]
            ids[ids > 0] += (times[ids > 0] * self.id_stride).astype(ids.dtype)
        return rows


def orders(count: int, instrument: int = INSTRUMENT) -> np.ndarray:
    """Orders of which every second one trades with the one before, so that the book stays small."""
    rows = np.zeros(count, COMMAND)
    place = np.arange(count)
    rows["kind"] = CommandKind.NEW_ORDER
    rows["cl_ord_id"] = place + 1
    rows["side"] = np.where(place % 2, Side.SELL, Side.BUY)
    rows["price"] = MID_TICKS + place // 2 % PRICES
    rows["quantity"] = 10
    rows["instrument"] = instrument
    rows["ord_type"] = OrdType.LIMIT
    rows["time_in_force"] = TimeInForce.GOOD_TILL_CANCEL
    return rows


def trading(instrument: int = INSTRUMENT) -> Flow:
    """Orders that trade with each other."""
    return Flow(orders(LOAD_ORDERS, instrument), LOAD_ORDERS)


def resting_orders(count: int) -> np.ndarray:
    """Orders that rest, each at one of a thousand prices of its side."""
    rows = orders(count)
    away = np.random.default_rng(SEED).integers(1, RESTING_PRICES, count, endpoint=True)
    rows["price"] = MID_TICKS + np.where(rows["side"] == Side.BUY, -away, away)
    return rows


def turnover(resting: np.ndarray) -> Flow:
    """Cancels of these orders in random order, each followed by another one like them."""
    rows = np.zeros(2 * len(resting), COMMAND)
    rows["kind"][::2] = CommandKind.CANCEL_ORDER
    rows["orig_cl_ord_id"][::2] = np.random.default_rng(SEED).permutation(resting["cl_ord_id"])
    rows[1::2] = resting
    rows["cl_ord_id"][1::2] += len(resting)
    return Flow(rows, len(resting))


def load(client: Client, window: int, seconds: float, flow: Flow) -> Loaded:
    """Puts the flow on a node for so long with so many commands unanswered."""
    rows = flow.rest()
    latencies_ns = np.zeros(LATENCIES_MAX, np.uint32)
    result = ffi.new("seriatim_load_result_t *")
    check(
        lib.seriatim_session_load(
            client.native_session,
            ffi.from_buffer("seriatim_command_row_t[]", rows),
            len(rows),
            flow.id_stride,
            window,
            int(seconds * 1e9),
            ffi.from_buffer("uint32_t[]", latencies_ns),
            len(latencies_ns),
            result,
        )
    )
    flow.sent += result.commands
    measured = latencies_ns[: min(result.latencies, len(latencies_ns))]
    return Loaded(result.commands, result.fills, result.elapsed_ns / 1e9, measured)
