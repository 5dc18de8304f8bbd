"""What an operation of the engine costs as books grow: more resting orders, more instruments, mostly cancels."""

import statistics
import time
from collections.abc import Callable, Iterator
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from seriatim.engine import COMMAND, CommandKind, Engine, OrdType, Side, TimeInForce
from seriatim.tools.bench import engine_flow

RESTING = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
INSTRUMENTS = (1, 100, 10_000)
CANCEL_HEAVY = (10_000, 100_000, 1_000_000)
OPERATIONS = 500_000
RUNS = 5
ROOM = 1_000_000
"""Orders that a venue of many instruments has room for from its start."""
SETTLING = 100
"""Operations that each instrument has seen before the clock starts."""

Cost = Callable[[], float]
"""Measures once, with a new engine: nanoseconds for one operation."""


def opened(instruments: int = 1, room: int = 0) -> Engine:
    """An engine with instruments 1 to `instruments`, and room for so many orders."""
    engine = Engine(room=room)
    for instrument in range(1, instruments + 1):
        engine.define_instrument(instrument, "FLOW", tick_size=Decimal("0.01"), lot_size=Decimal(1))
    return engine


def curves(flow: NDArray[np.void], end: float, step: Callable[[], None]) -> dict[str, dict[str, float]]:
    """All curves, by name: nanoseconds for one operation at each point, medians of up to `RUNS` and of fewer as
    `end`, in monotonic seconds, comes near; and the same as ratios to the smallest point.
    """
    parts: list[tuple[str, int, Callable[[], Cost]]] = [
        *(("resting_orders", count, lambda count=count: resting(count)) for count in RESTING),
        *(("instruments", count, lambda count=count: instruments(flow, count)) for count in INSTRUMENTS),
        *(("cancel_heavy", count, lambda count=count: cancel_heavy(count)) for count in CANCEL_HEAVY),
    ]
    costs: dict[str, dict[str, float]] = {}
    for done, (name, count, prepare) in enumerate(parts):
        now = time.monotonic()
        until = now + (end - now) / (len(parts) - done)
        costs.setdefault(f"{name}_ns", {})[str(count)] = round(statistics.median(repeated(prepare(), until)), 1)
        step()
    ratios = {
        name.replace("_ns", "_ratio"): {
            count: round(cost / next(iter(curve.values())), 2) for count, cost in curve.items()
        }
        for name, curve in costs.items()
    }
    return costs | ratios


def repeated(cost: Cost, until: float) -> Iterator[float]:
    """One figure, and more, up to `RUNS`, while there is time for another."""
    for _ in range(RUNS):
        start = time.monotonic()
        yield cost()
        if 2 * time.monotonic() - start > until:
            return


def resting(count: int) -> Cost:
    """`count` orders rest on 2,000 levels; a random one is cancelled, a new one comes, and so on."""
    return _with_book(count, cancels=np.tile([True, False], OPERATIONS // 2))


def cancel_heavy(count: int) -> Cost:
    """`count` orders rest on 2,000 levels; then nine operations of ten cancel a random one, the tenth brings one.

    The book shrinks on the way, so there are at most as many operations as orders.
    """
    return _with_book(count, cancels=np.arange(min(count, OPERATIONS)) % 10 != 9)


def _with_book(count: int, cancels: NDArray[np.bool_]) -> Cost:
    rng = np.random.default_rng(count)
    orders = _passive(rng, count + int((~cancels).sum()))
    operations = np.zeros(len(cancels), COMMAND)
    operations["kind"], operations["session"] = CommandKind.CANCEL_ORDER, engine_flow.SESSION
    operations[~cancels] = orders[count:]
    live, newest, named = list(range(1, count + 1)), count, []
    draws = rng.random(len(cancels)).tolist()
    for cancel, draw in zip(cancels.tolist(), draws, strict=True):
        if cancel:
            place = int(draw * len(live))
            live[place], live[-1] = live[-1], live[place]
            named.append(live.pop())
        else:
            newest += 1
            live.append(newest)
    operations["orig_cl_ord_id"][cancels] = named

    def cost() -> float:
        engine = opened()
        engine.measure(orders[:count])
        return engine.measure(operations)[0] / len(operations)

    return cost


def _passive(rng: np.random.Generator, count: int) -> NDArray[np.void]:
    """Limit orders with ids from 1 that do not trade, on 1,000 levels of each side."""
    orders = np.zeros(count, COMMAND)
    orders["kind"], orders["ord_type"] = CommandKind.NEW_ORDER, OrdType.LIMIT
    orders["time_in_force"], orders["instrument"] = TimeInForce.GOOD_TILL_CANCEL, engine_flow.INSTRUMENT
    orders["session"], orders["cl_ord_id"] = engine_flow.SESSION, np.arange(1, count + 1)
    buys, away = rng.random(count) < 0.5, rng.integers(1, 1_001, count)
    orders["side"] = np.where(buys, Side.BUY, Side.SELL)
    orders["price"] = np.where(buys, 100_000 - away, 100_000 + away)
    orders["quantity"] = rng.integers(1, 101, count)
    return orders


def instruments(flow: NDArray[np.void], count: int) -> Cost:
    """The published flow from its start in each of `count` instruments, the next operation of a random one each time:
    no two that follow each other share a book, and together they have as many more orders.
    """
    timed = min(OPERATIONS // count, len(flow) - SETTLING)
    settling = dealt(flow[:SETTLING], np.repeat(np.arange(count), SETTLING))
    turns = np.random.default_rng(count).permutation(np.repeat(np.arange(count), timed))
    operations = dealt(flow[SETTLING : SETTLING + timed], turns)

    def cost() -> float:
        engine = opened(count, ROOM)
        engine.measure(settling)
        return engine.measure(operations)[0] / len(operations)

    return cost


def dealt(flow: NDArray[np.void], turns: NDArray[np.int64]) -> NDArray[np.void]:
    """The whole of `flow` for each instrument, counted from 0, that `turns` names as often as `flow` is long."""
    nth = np.empty(len(turns), np.int64)
    nth[np.argsort(turns, kind="stable")] = np.tile(np.arange(len(flow)), len(turns) // max(1, len(flow)))
    rows, apart = flow[nth], np.uint64(engine_flow.OPERATIONS)
    rows["instrument"] = turns + 1
    for name in ("cl_ord_id", "orig_cl_ord_id"):
        rows[name] += turns.astype(np.uint64) * apart
    return rows
