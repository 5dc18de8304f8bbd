"""What a client that behaves notices of its neighbours: the latency of its orders alone, and beside each kind of them.

Driver, node, neighbour and the measured client (this process, its loop native) are processes of their own. The client
keeps one order in flight. Before each neighbour it is measured alone, so that what the machine does meanwhile weighs
on both sides of a ratio.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from seriatim.aeron import CncFile
from seriatim.client import Client
from seriatim.errors import NoAnswer
from seriatim.limits import CLIENT_LIVENESS_NS
from seriatim.sequencer.node import COUNTER_TYPE_ID
from seriatim.tools.bench.load import NEIGHBOURS_INSTRUMENT, load, terms, trading
from seriatim.tools.bench.machine import machine
from seriatim.tools.bench.percentiles import NAMES, percentiles_us
from seriatim.tools.drill.driver import outside_driver
from seriatim.tools.figures import LEAVES, human
from seriatim.tools.output import console, plain_table, progress, say
from seriatim.tools.venue import Venue

GONE_WITHIN_S = 60.0
POLL_S = 0.02
WARM_UP_S = 0.5


@dataclass(frozen=True, slots=True)
class Kind:
    """A neighbour: what it is called, what `neighbour` runs, and what is done to it when it is in position."""

    name: str
    runs: str
    then: signal.Signals | None = None


KINDS = (
    Kind("a busy core", "spinning"),
    Kind("does not read", "deaf"),
    Kind("stopped", "trading", signal.SIGSTOP),
    Kind("killed in a claim", "claiming", signal.SIGKILL),
    Kind("1,000 connects", "connecting"),
    Kind("floods orders", "flooding"),
    Kind("floods garbage", "garbage"),
)


def measure(durability: str, seconds: float, idle_mode: str, folder: Path) -> dict[str, Any]:
    """Runs everything; `folder` is where the journal goes. Each neighbour is measured for `seconds`."""
    alone: list[np.ndarray] = []
    beside: dict[str, np.ndarray] = {}
    liveness_s = CLIENT_LIVENESS_NS / 1e9
    with (
        progress("measuring", len(KINDS)) as advance_to,
        outside_driver(liveness_s=liveness_s) as aeron_dir,
        Venue(folder / "journal", durability=durability, low_latency=idle_mode == "hot", aeron_dir=aeron_dir) as venue,
        Client(venue.client_config(timeout_s=30)) as client,
    ):
        define_instruments(client)
        flow = trading()
        load(client, 1, WARM_UP_S, flow)
        for done, kind in enumerate(KINDS):
            alone.append(load(client, 1, seconds / 2, flow).latencies_ns)
            with started(kind, aeron_dir):
                beside[kind.name] = load(client, 1, seconds, flow).latencies_ns
            await_gone(aeron_dir)
            advance_to(done + 1)
        state = venue.stop()
    return {
        "durability": durability,
        "idle_mode": idle_mode,
        "neighbours": rows(np.concatenate(alone), beside),
        "orders": state["seq"],
        "machine": machine(),
    }


def show(result: dict[str, Any], as_json: bool) -> None:
    """Prints a result: one line of JSON, or a table with a row for each neighbour."""
    if as_json:
        print(json.dumps(result))
        return
    say(f"one order in flight beside others, µs and × alone; {result['durability']}, node {result['idle_mode']}")
    shown = [(part, name) for part in ("latency_us", "over_alone") for name in NAMES[:3]]
    heads = [("× " if part == "over_alone" else "") + LEAVES.get(name, name) for part, name in shown]
    table = plain_table("beside", "orders", *heads)
    for row in result["neighbours"]:
        figures = [f"{row[part][name]:,.{0 if row[part][name] >= 100 else 1}f}" for part, name in shown]
        table.add_row(row["neighbour"], human(row["orders"]), *figures)
    console.print(table)


def rows(alone: np.ndarray, beside: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    """A row for each neighbour: how many orders, their percentiles in µs, and these over those of "alone"."""
    base = percentiles_us(alone)
    found = []
    for name, latencies_ns in {"alone": alone, **beside}.items():
        latency_us = percentiles_us(latencies_ns)
        over_alone = {part: round(latency_us[part] / base[part], 2) for part in latency_us}
        found.append(
            {"neighbour": name, "orders": len(latencies_ns), "latency_us": latency_us, "over_alone": over_alone}
        )
    return found


def define_instruments(client: Client) -> None:
    """One for the client that is measured, one for its neighbours."""
    client.call(terms())
    client.call(terms(NEIGHBOURS_INSTRUMENT))


@contextmanager
def started(kind: Kind, aeron_dir: str) -> Iterator[subprocess.Popen[str]]:
    """A neighbour in position, after what is done to it; killed at the end. Raises NoAnswer if it cannot get there."""
    command = [sys.executable, "-m", "seriatim.tools.bench.neighbour", kind.runs, aeron_dir]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise NoAnswer(f"a neighbour ({kind.name}) ended before it was in position, with code {process.wait()}")
        if kind.then is not None:
            os.kill(process.pid, kind.then)
        yield process
    finally:
        process.kill()
        process.communicate()


def await_gone(aeron_dir: str, others: int = 0) -> None:
    """Waits until the node knows of nobody but one client and `others`. Raises NoAnswer if that takes a minute."""
    deadline_s = time.monotonic() + GONE_WITHIN_S
    while connections(aeron_dir) > 1 + others:
        if time.monotonic() > deadline_s:
            raise NoAnswer(f"the node still sees {connections(aeron_dir)} connections; one is ours")
        time.sleep(POLL_S)


def connections(aeron_dir: str) -> int:
    """How many the node counts."""
    with CncFile(aeron_dir) as file:
        newest = max(
            (counter for counter in file.counters.find(COUNTER_TYPE_ID) if counter.label == "connections"),
            key=lambda counter: counter.registration_id,
        )
        return newest.value
