"""The order flow of drills: limits around a mid, a tenth of them immediate, a fifth cancels of earlier ones."""

import numpy as np

from seriatim.engine import COMMAND, CommandKind
from seriatim.schemas import OrdType, Side, TimeInForce

MID_TICKS = 10_000


def orders(rng: np.random.Generator, count: int, first_id: int) -> np.ndarray:
    """`count` commands for instrument 1 as a COMMAND array, with client order ids from `first_id` on."""
    commands = np.zeros(count, COMMAND)
    side = rng.integers(Side.BUY, Side.SELL, count, endpoint=True)
    away = rng.integers(-3, 12, count)
    commands["kind"] = CommandKind.NEW_ORDER
    commands["cl_ord_id"] = np.arange(first_id, first_id + count)
    commands["instrument"] = 1
    commands["side"] = side
    commands["price"] = MID_TICKS + np.where(side == Side.BUY, -away, away)
    commands["quantity"] = rng.integers(1, 100, count, endpoint=True)
    commands["ord_type"] = OrdType.LIMIT
    immediate = rng.random(count) < 0.1
    commands["time_in_force"] = np.where(immediate, TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.GOOD_TILL_CANCEL)
    cancels = np.flatnonzero(rng.random(count) < 0.2)
    commands["kind"][cancels] = CommandKind.CANCEL_ORDER
    commands["orig_cl_ord_id"][cancels] = np.maximum(commands["cl_ord_id"][cancels] - 5, 1)
    return commands
