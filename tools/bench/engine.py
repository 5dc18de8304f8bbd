"""`seriatim bench engine`: how fast the matching engine is, alone, with every event produced and the hash kept."""

import json
import statistics
import sys
import time
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.progress import Progress

from seriatim.engine import COMMAND, EVENT, CommandKind, Engine, EventKind, OrdType, Side, TimeInForce
from seriatim.tools.bench import engine_flow
from seriatim.tools.bench.machine import machine
from seriatim.tools.output import emit, errors

RUNS = 5
ARRAY_LENGTH = 10_000
RESTING = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
CURVE_PAIRS = 250_000
CURVE_RUNS = 3


class WrongOutcomeError(Exception):
    """The engine's totals are not those that every correct engine gives, so its speed means nothing."""


def main(*, as_json: bool = False, operations: int = engine_flow.OPERATIONS) -> None:
    """Measures and prints: a table, or with `as_json` one JSON object. `operations` other than a million skip the
    check of the totals.
    """
    with Progress(console=errors, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("order flow", total=operations)
        commands = engine_flow.load(operations, lambda done: bar.update(task, completed=done))
        task = bar.add_task("engine", total=RUNS + 1 + len(RESTING))
        report = measure(commands, lambda: bar.advance(task))
        report["resting_orders_ns"] = {}
        for resting in RESTING:
            report["resting_orders_ns"][str(resting)] = cost_with(resting)
            bar.advance(task)
    report["machine"] = machine()
    print(json.dumps(report)) if as_json else show(report)


def measure(commands: NDArray[np.void], step: Any) -> dict[str, Any]:
    """Native loop and calls from Python in turn, so that both see the same machine; medians of `RUNS`."""
    native_ns, python_ns, events = [], [], 0
    for _ in range(RUNS):
        took_ns, events = opened().measure(commands)
        native_ns.append(took_ns)
        python_ns.append(through_arrays(commands))
        step()
    each_ns = np.empty(len(commands), np.uint32)
    each_total_ns, _ = opened().measure(commands, each_ns)
    step()
    totals = check_totals(commands)
    native, python = statistics.median(native_ns), statistics.median(python_ns)
    percentiles = np.percentile(each_ns, [50, 99, 99.9, 100], method="higher").astype(int).tolist()
    return {
        "operations": len(commands),
        "operations_per_second": round(len(commands) / native * 1e9),
        "operations_per_second_runs": [round(len(commands) / ns * 1e9) for ns in native_ns],
        "events": events,
        "events_per_second": round(events / native * 1e9),
        **totals,
        "operation_ns": dict(zip(("p50", "p99", "p999", "max"), percentiles, strict=True)),
        "clock_ns": round(max(0.0, (each_total_ns - native) / len(commands)), 1),
        "python": {
            "array_length": ARRAY_LENGTH,
            "operations_per_second": round(len(commands) / python * 1e9),
            "times_native": round(python / native, 3),
        },
    }


def opened() -> Engine:
    engine = Engine()
    engine.define_instrument(engine_flow.INSTRUMENT, "FLOW", tick_size=Decimal("0.01"), lot_size=Decimal(1))
    return engine


def through_arrays(commands: NDArray[np.void]) -> int:
    """Nanoseconds for all commands in arrays of `ARRAY_LENGTH`, every event given back as a row."""
    engine, out = opened(), np.zeros(ARRAY_LENGTH * 4, EVENT)
    start_ns = time.perf_counter_ns()
    for first in range(0, len(commands), ARRAY_LENGTH):
        engine.apply_array(commands[first : first + ARRAY_LENGTH], out)
    return time.perf_counter_ns() - start_ns


def check_totals(commands: NDArray[np.void]) -> dict[str, Any]:
    engine = opened()
    trades = int((engine.apply_array(commands)["kind"] == EventKind.FILLED).sum())
    published = len(commands) == engine_flow.OPERATIONS
    if published and (trades, engine.live_orders) != (engine_flow.TRADES, engine_flow.RESTING):
        raise WrongOutcomeError(
            f"{trades} trades and {engine.live_orders} resting orders instead of "
            f"{engine_flow.TRADES} and {engine_flow.RESTING}: run the tests of the engine"
        )
    return {"trades": trades, "live_orders": engine.live_orders, "outcome_hash": f"{engine.outcome_hash:016x}"}


def cost_with(resting: int) -> float:
    """Nanoseconds for one operation while `resting` orders rest on 2,000 levels: a random one is cancelled, a new one
    comes.
    """
    rng = np.random.default_rng(resting)
    total = resting + CURVE_PAIRS
    orders = np.zeros(total, COMMAND)
    orders["kind"], orders["ord_type"] = CommandKind.NEW_ORDER, OrdType.LIMIT
    orders["time_in_force"], orders["instrument"] = TimeInForce.GOOD_TILL_CANCEL, engine_flow.INSTRUMENT
    orders["session"], orders["cl_ord_id"] = engine_flow.SESSION, np.arange(1, total + 1)
    buys, away = rng.random(total) < 0.5, rng.integers(1, 1_001, total)
    orders["side"] = np.where(buys, Side.BUY, Side.SELL)
    orders["price"] = np.where(buys, 100_000 - away, 100_000 + away)
    orders["quantity"] = rng.integers(1, 101, total)
    live, pairs = np.arange(1, resting + 1), np.zeros(2 * CURVE_PAIRS, COMMAND)
    pairs["kind"], pairs["session"] = CommandKind.CANCEL_ORDER, engine_flow.SESSION
    pairs[1::2] = orders[resting:]
    cancelled = np.empty(CURVE_PAIRS, np.uint64)
    for pair, place in enumerate(rng.integers(0, resting, CURVE_PAIRS).tolist()):
        cancelled[pair], live[place] = live[place], resting + pair + 1
    pairs["orig_cl_ord_id"][0::2] = cancelled
    took_ns = []
    for _ in range(CURVE_RUNS):
        engine = opened()
        engine.measure(orders[:resting])
        took_ns.append(engine.measure(pairs)[0])
    return round(statistics.median(took_ns) / len(pairs), 1)


def show(report: dict[str, Any]) -> None:
    """Prints the report as a table, without the single runs."""
    figures = {name: value for name, value in report.items() if name != "operations_per_second_runs"}
    emit(figures, False, "the engine alone, on one core")
