"""A LOBSTER message file as commands: what happened in the top of a real book, sent through ours."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seriatim.engine import COMMAND, CommandKind, EventKind
from seriatim.schemas import Decimal, DefineInstrument, OrdType, Side, TimeInForce
from seriatim.tools.flow.lobster_file import DELETE, EXECUTE, NEW, ORDER_IDS, REDUCE, read_rows

INSTRUMENT = 1
TAKER_IDS = ORDER_IDS.stop
"""Our own ids of the incoming orders, which LOBSTER does not name, start above those that it may use."""


@dataclass(frozen=True, slots=True)
class Flow:
    """`commands` to send, and by command the order that the exchange filled (0 where it filled none)."""

    commands: np.ndarray
    filled_by_exchange: np.ndarray
    rows: int


def read(path: Path) -> Flow:
    """The file's commands, in its order. Raises ConfigError if it is no LOBSTER message file."""
    kept, messages = read_rows(path)
    kind, order = kept["type"], kept["order"]
    commands = np.zeros(len(kept), COMMAND)
    commands["instrument"] = INSTRUMENT
    commands["quantity"] = kept["size"]
    commands["price"] = kept["price"]
    resting_side = np.where(kept["direction"] > 0, Side.BUY, Side.SELL)
    _new_orders(commands, kind == NEW, order, resting_side, TimeInForce.GOOD_TILL_CANCEL)
    takers = TAKER_IDS + np.arange(len(kept))
    _new_orders(commands, kind == EXECUTE, takers, 3 - resting_side, TimeInForce.IMMEDIATE_OR_CANCEL)
    for lobster, ours in ((REDUCE, CommandKind.REDUCE_ORDER), (DELETE, CommandKind.CANCEL_ORDER)):
        commands["kind"][kind == lobster] = ours
        commands["orig_cl_ord_id"][kind == lobster] = order[kind == lobster]
    return Flow(commands, np.where(kind == EXECUTE, order, 0), messages)


def terms(path: Path) -> DefineInstrument:
    """The instrument of a file, by its name."""
    return DefineInstrument(
        instrument=INSTRUMENT,
        symbol=path.name.split("_")[0].split("-")[0].split(".")[0].upper()[:16] or "LOBSTER",
        tick_size=Decimal(mantissa=1, exponent=-4),
        lot_size=Decimal(mantissa=1, exponent=0),
    )


def same_order_as_exchange(flow: Flow, events: np.ndarray, first_number: int) -> int:
    """For how many executions our engine filled exactly and only the order that the exchange filled."""
    fills = events[events["kind"] == EventKind.FILLED]
    own, theirs = fills[fills["number"] > 0], fills[fills["number"] == 0]
    seq_of_taker = np.zeros(len(flow.commands), np.uint64)
    seq_of_taker[own["number"] - first_number] = own["seq"]
    makers_by_seq: dict[int, set[int]] = {}
    for seq, maker in zip(theirs["seq"].tolist(), theirs["cl_ord_id"].tolist(), strict=True):
        makers_by_seq.setdefault(seq, set()).add(maker)
    executions = flow.filled_by_exchange > 0
    pairs = zip(seq_of_taker[executions].tolist(), flow.filled_by_exchange[executions].tolist(), strict=True)
    return sum(makers_by_seq.get(seq) == {order} for seq, order in pairs)


def _new_orders(commands: np.ndarray, where: np.ndarray, ids: np.ndarray, side: np.ndarray, lives: TimeInForce) -> None:
    commands["kind"][where] = CommandKind.NEW_ORDER
    commands["cl_ord_id"][where] = ids[where]
    commands["side"][where] = side[where]
    commands["ord_type"][where] = OrdType.LIMIT
    commands["time_in_force"][where] = lives
