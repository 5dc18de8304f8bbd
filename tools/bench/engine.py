"""`seriatim bench engine`: how fast the matching engine is, alone, with every event produced and the hash kept."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.progress import Progress

from seriatim._native import ffi, lib
from seriatim.engine import EVENT, EventKind
from seriatim.tools.bench import engine_curves, engine_flow, peers
from seriatim.tools.bench.engine_curves import opened
from seriatim.tools.bench.machine import machine
from seriatim.tools.output import emit, errors

RUNS = 5
TIMED_PASSES = 3
ARRAY_LENGTH = 10_000
FLOW_SHARE = 0.4
"""Of the time, for the published flow; the curves have the rest."""
ROOM = 65_536
"""Orders that a node has room for from its start."""
CLOCK_READINGS = 200_000


class WrongOutcomeError(Exception):
    """The engine's totals are not those that every correct engine gives, so its speed means nothing."""


def main(
    *,
    as_json: bool = False,
    operations: int = engine_flow.OPERATIONS,
    seconds: float = 15.0,
    with_peers: bool = False,
) -> None:
    """Measures and prints: tables, or with `as_json` one JSON object. `operations` other than a million skip the
    check of the totals. `seconds` is about how long it takes, but for the first flow and for the making of peers;
    each part is measured at least once.
    """
    with Progress(console=errors, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("order flow", total=operations)
        commands = engine_flow.load(operations, lambda done: bar.update(task, completed=done))
        making = bar.add_task("other engines", total=len(peers.PEERS) + 1, visible=with_peers)
        with peers.made(commands, with_peers, lambda: bar.advance(making)) as others:
            task, start = bar.add_task("engine", total=None), time.monotonic()
            report = measure(commands, others, start + seconds * FLOW_SHARE, lambda: bar.advance(task))
            report |= engine_curves.curves(commands, start + seconds, lambda: bar.advance(task))
    report["machine"] = machine()
    print(json.dumps(report)) if as_json else show(report)


def measure(commands: NDArray[np.void], others: peers.Made, until: float, step: Callable[[], None]) -> dict[str, Any]:
    """The published flow: native loop, arrays natively, arrays from Python and other engines in turn, so that all see
    the same machine; medians of up to `RUNS`, fewer if `until` has come.
    """
    native_ns, arrays_ns, python_ns, events = [], [], [], 0
    out = np.zeros(ARRAY_LENGTH * 4, EVENT)
    while not native_ns or (len(native_ns) < RUNS and time.monotonic() < until):
        took_ns, events = opened().measure(commands)
        native_ns.append(took_ns)
        arrays_ns.append(opened().measure_arrays(commands, ARRAY_LENGTH, out))
        python_ns.append(through_arrays(commands, out))
        others.run_once()
        step()
    native, arrays, python = (statistics.median(took) for took in (native_ns, arrays_ns, python_ns))
    report = {
        "operations": len(commands),
        "operations_per_second": round(len(commands) / native * 1e9),
        "operations_per_second_runs": [round(len(commands) / ns * 1e9) for ns in native_ns],
        "events": events,
        "events_per_second": round(events / native * 1e9),
        **check_totals(commands),
        **one_by_one(commands),
        "python": {
            "array_length": ARRAY_LENGTH,
            "operations_per_second": round(len(commands) / python * 1e9),
            "times_native_call": round(python / arrays, 3),
            "times_native": round(python / native, 3),
        },
    }
    return report | others.report(report)


def through_arrays(commands: NDArray[np.void], out: NDArray[np.void]) -> int:
    """Nanoseconds for all commands in arrays of `ARRAY_LENGTH`, every event given back as a row."""
    engine = opened()
    start_ns = time.perf_counter_ns()
    for first in range(0, len(commands), ARRAY_LENGTH):
        engine.apply_array(commands[first : first + ARRAY_LENGTH], out)
    return time.perf_counter_ns() - start_ns


def one_by_one(commands: NDArray[np.void]) -> dict[str, dict[str, int]]:
    """Percentiles of single operations: `operation_ns` of one pass, which has what interrupted it; and
    `operation_least_ns`, each operation's least of `TIMED_PASSES`, which the engine itself needed. `clock_ns` is what
    the same measurement says of nothing: it is in both.
    """
    passes = np.ones((TIMED_PASSES, len(commands)), np.uint32)  # written to: a page that comes late is not the engine's
    for each_ns in passes:
        opened(room=ROOM).measure(commands, each_ns)
    clock_ns = np.ones(CLOCK_READINGS, np.uint32)
    lib.seriatim_measure_clock(ffi.from_buffer("uint32_t[]", clock_ns), len(clock_ns))
    samples = {"operation_ns": passes[0], "operation_least_ns": passes.min(axis=0), "clock_ns": clock_ns}
    return {name: percentiles_ns(values) for name, values in samples.items()}


def percentiles_ns(samples_ns: NDArray[np.uint32]) -> dict[str, int]:
    values = np.percentile(samples_ns, [50, 99, 99.9, 100], method="higher").astype(int).tolist()
    return dict(zip(("p50", "p99", "p999", "max"), values, strict=True))


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


def show(report: dict[str, Any]) -> None:
    """Prints the report as tables, without the single runs."""
    apart = ("operations_per_second_runs", "peers")
    figures = {name: value for name, value in report.items() if name not in apart}
    emit(figures, False, "the engine alone, on one core")
    if "peers" in report:
        peers.show(report["peers"])
