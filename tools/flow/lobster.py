"""A LOBSTER message file as commands: what happened in the top of a real book, sent through ours.

Columns (lobsterdata.com): seconds after midnight, type, order id, size, price × 10,000, direction of the resting order
(1 buy, -1 sell). Types: 1 new limit order, 2 partial cancel, 3 delete, 4 execution of a visible order, 5 of a hidden
one, 7 halt.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seriatim.engine import COMMAND, CommandKind, EventKind
from seriatim.errors import ConfigError
from seriatim.schemas import OrdType, Side, TimeInForce

NEW, REDUCE, DELETE, EXECUTE = 1, 2, 3, 4
INSTRUMENT = 1
TAKER_IDS = 1 << 48
"""Our own ids of the incoming orders, which LOBSTER does not name, start here: far above its own."""
COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Flow:
    """`commands` to send, and by command the order that the exchange filled (0 where it filled none)."""

    commands: np.ndarray
    filled_by_exchange: np.ndarray
    rows: int


def read(path: Path) -> Flow:
    """The file's commands, in its order. Raises ConfigError if it is no LOBSTER message file."""
    try:
        table = np.loadtxt(path, delimiter=",", dtype=np.float64, ndmin=2)
    except ValueError as error:
        raise ConfigError(f"{path} is not a LOBSTER message file: {error}") from error
    if table.shape[1] != COLUMNS:
        raise ConfigError(f"{path} has {table.shape[1]} columns; a LOBSTER message file has {COLUMNS}")
    kinds = table[:, 1].astype(np.int64)
    kept = table[(kinds >= NEW) & (kinds <= EXECUTE)]
    kind, order, size, price, direction = kept[:, 1:].astype(np.int64).T
    commands = np.zeros(len(kept), COMMAND)
    commands["instrument"] = INSTRUMENT
    commands["quantity"] = size
    commands["price"] = price
    resting_side = np.where(direction > 0, Side.BUY, Side.SELL)
    _new_orders(commands, kind == NEW, order, resting_side, TimeInForce.GOOD_TILL_CANCEL)
    takers = TAKER_IDS + np.arange(len(kept))
    _new_orders(commands, kind == EXECUTE, takers, 3 - resting_side, TimeInForce.IMMEDIATE_OR_CANCEL)
    for lobster, ours in ((REDUCE, CommandKind.REDUCE_ORDER), (DELETE, CommandKind.CANCEL_ORDER)):
        commands["kind"][kind == lobster] = ours
        commands["orig_cl_ord_id"][kind == lobster] = order[kind == lobster]
    return Flow(commands, np.where(kind == EXECUTE, order, 0), len(table))


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
