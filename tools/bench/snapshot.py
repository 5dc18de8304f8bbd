"""Snapshots of an engine with many resting orders: how long one takes, and a load of it."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from seriatim.engine import COMMAND, CommandKind, Engine, OrdType, Side, TimeInForce
from seriatim.journal.block import crc32c
from seriatim.tools.bench.engine_curves import opened

T = TypeVar("T")

LEVELS = 1_000
"""On each side."""
SESSIONS = 1_000
RUNS = 3
MID_PRICE = 10_000


class WrongBytesError(Exception):
    """A loaded engine does not save as the bytes that it was loaded from."""


def measure(orders: int) -> dict[str, Any]:
    """The best of `RUNS`, beside a copy of the same bytes and a checksum over them. Raises `WrongBytesError`."""
    engine = with_resting_orders(orders)
    (snapshot_s, snapshot_cpu_s), saved = fastest(engine.snapshot)
    (load_s, load_cpu_s), loaded = fastest(lambda: Engine.load(saved))
    again = loaded.snapshot()
    if again != saved or loaded.outcome_hash != engine.outcome_hash or loaded.live_orders != orders:
        raise WrongBytesError("a loaded engine differs from the one that was saved; report this")
    (copy_s, _), _ = fastest(lambda: bytearray(saved))
    (checksum_s, _), _ = fastest(lambda: crc32c(0, saved))
    return {
        "resting_orders": orders,
        "snapshot_s": round(snapshot_s, 4),
        "load_s": round(load_s, 4),
        "snapshot_cpu_s": round(snapshot_cpu_s, 4),
        "load_cpu_s": round(load_cpu_s, 4),
        "snapshot_bytes": len(saved),
        "same_bytes_again": again == saved,
        "copy_of_the_bytes_s": round(copy_s, 4),
        "checksum_of_the_bytes_s": round(checksum_s, 4),
    }


def with_resting_orders(count: int) -> Engine:
    """An engine in which `count` orders of many sessions rest at prices in no order, a third of them in slots that were
    used before.
    """
    engine = opened()
    random = np.random.default_rng(5)
    extra = count // 3
    rows = np.zeros(count + extra, COMMAND)
    rows["kind"] = CommandKind.NEW_ORDER
    rows["ord_type"], rows["time_in_force"] = OrdType.LIMIT, TimeInForce.GOOD_TILL_CANCEL
    rows["instrument"] = 1
    rows["cl_ord_id"] = np.arange(1, len(rows) + 1)
    rows["session"] = 1 + random.integers(0, SESSIONS, len(rows))
    rows["account"] = rows["session"] % 50
    sells = random.integers(0, 2, len(rows)).astype(bool)
    away = 1 + random.integers(0, LEVELS, len(rows))
    rows["side"] = np.where(sells, Side.SELL, Side.BUY)
    rows["price"] = MID_PRICE + np.where(sells, away, -away)
    rows["quantity"] = 1 + random.integers(0, 100, len(rows))
    engine.apply_array(rows[:count])
    gone = random.choice(count, extra, replace=False)
    cancels = rows[gone]
    cancels["kind"] = CommandKind.CANCEL_ORDER
    cancels["orig_cl_ord_id"] = cancels["cl_ord_id"]
    engine.apply_array(cancels)
    engine.apply_array(rows[count:])
    return engine


def fastest(call: Callable[[], T]) -> tuple[tuple[float, float], T]:
    """The shortest of `RUNS`, in seconds that passed and in seconds of a core; and what the last gave."""
    took = [timed(call) for _ in range(RUNS)]
    return (min(one[0] for one in took), min(one[1] for one in took)), took[-1][2]


def timed(call: Callable[[], T]) -> tuple[float, float, T]:
    """Seconds that passed, seconds of a core, and what the call gave."""
    start_s, start_cpu_s = time.perf_counter(), time.process_time()
    result = call()
    return time.perf_counter() - start_s, time.process_time() - start_cpu_s, result
