"""How fast the whole path is: client → node → journal → engine → client, beside what it stands on, in one run.

The node is a process of its own, and so is the client (this one), whose hot loop is native. Throughput: as many
commands unanswered as the window allows, for as long as asked. Round trip: one command in flight. A latency counts from
when a command was handed to the client until its last event was read.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lmdb
import numpy as np

from seriatim.aeron import Aeron, Channel, MediaDriver
from seriatim.client import Client
from seriatim.journal.layout import scan
from seriatim.journal.writer import SEGMENT_BYTES, SPARES
from seriatim.limits import DRIVER_SETTINGS
from seriatim.tools.bench import aeron as aeron_bench
from seriatim.tools.bench.journal import measure_sustained
from seriatim.tools.bench.load import load, resting_orders, terms, trading, turnover
from seriatim.tools.bench.machine import machine
from seriatim.tools.bench.percentiles import percentiles_us
from seriatim.tools.output import progress
from seriatim.tools.venue import Venue

COMMITS = 400
BATCH = 4_096
LIMIT_SECONDS = 1.0
JOURNAL_BLOCK_MESSAGES = 8_192
PREPARED_WITHIN_S = 20.0
MESSAGE_BYTES = 120
"""What one order takes in a block: stamp, command header, `NewOrder`, padding."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is measured."""

    durability: str
    idle_mode: str
    seconds: float
    window: int
    resting: int
    """So many orders in the book, cancelled while others are entered; with none, orders trade with each other."""


def measure(setting: Setting, folder: Path) -> dict[str, Any]:
    """Runs everything; `folder` is where the journal goes, and decides which disk is measured."""
    durability, seconds, resting = setting.durability, setting.seconds, setting.resting
    with progress("measuring", 2.5 * seconds) as advance_to:
        commit_us = measure_commit(folder)
        ipc = measure_ipc()
        advance_to(seconds / 2)
        with Venue(folder / "journal", durability=durability, low_latency=setting.idle_mode == "hot") as venue:
            with Client(venue.client_config(timeout_s=30)) as client:
                client.call(terms())
                wait_prepared(venue.journal)
                flow = turnover(enter(client, resting)) if resting else trading()
                load(client, 1, 0.2, flow)
                rtt_us = percentiles_us(load(client, 1, seconds / 2, flow).latencies_ns)
                advance_to(seconds)
                throughput = load(client, setting.window, seconds, flow)
                advance_to(2 * seconds)
            state = venue.stop()
        journal = measure_sustained(folder, JOURNAL_BLOCK_MESSAGES, seconds / 2, SEGMENT_BYTES, SPARES)
    orders_per_second = throughput.commands / throughput.seconds
    limit_us = commit_us if durability == "fsync" else ipc["rtt_us"]
    return {
        "durability": durability,
        "idle_mode": setting.idle_mode,
        "window": setting.window,
        "resting_orders": resting,
        "orders_per_second": round(orders_per_second),
        "executions_per_second": round(throughput.fills / 2 / throughput.seconds),
        "rtt_us": rtt_us,
        "loaded_latency_us": percentiles_us(throughput.latencies_ns),
        "lmdb_commit_us": commit_us,
        "journal_messages_per_second": journal["messages_per_second"],
        "aeron_ipc_rtt_us": ipc["rtt_us"],
        "aeron_ipc_messages_per_second": ipc["messages_per_second"],
        "throughput_over_journal": round(orders_per_second / journal["messages_per_second"], 2),
        "rtt_over_limit": round(rtt_us["p50"] / limit_us["p50"], 2),
        "orders": state["seq"],
        "outcome_hash": state["outcome_hash"],
        "machine": machine(),
    }


def enter(client: Client, count: int) -> np.ndarray:
    """Has so many orders rest in the book; gives them."""
    orders = resting_orders(count)
    sent = 0
    while client.answered < client.next_number - 1 or sent < count:
        sent += client.send(orders[sent : sent + BATCH])
        client.poll()
    return orders


def wait_prepared(journal: Path) -> None:
    """Waits until the node has its segments ready: a start is not what is measured."""
    deadline_s = time.monotonic() + PREPARED_WITHIN_S
    while len(scan(journal).spares) < SPARES and time.monotonic() < deadline_s:
        time.sleep(0.05)


def measure_commit(folder: Path) -> dict[str, float]:
    """One plain py-lmdb commit of one message: what no durable path on this disk can beat."""
    path = folder / "commit.mdb"
    folder.mkdir(parents=True, exist_ok=True)
    samples_ns = np.zeros(COMMITS, np.uint64)
    with lmdb.open(str(path), subdir=False, map_size=64 << 20) as environment:
        for place in range(COMMITS):
            start_ns = time.perf_counter_ns()
            with environment.begin(write=True) as transaction:
                transaction.put(place.to_bytes(8, "big"), bytes(MESSAGE_BYTES), append=True)
            samples_ns[place] = time.perf_counter_ns() - start_ns
    path.unlink()
    path.with_name(path.name + "-lock").unlink(missing_ok=True)
    return percentiles_us(samples_ns)


def measure_ipc() -> dict[str, Any]:
    """Raw Aeron over IPC between two native threads: a round trip, and messages per second."""
    channel = Channel.ipc()
    with MediaDriver(**DRIVER_SETTINGS) as driver, Aeron(driver) as aeron:
        there, back = aeron_bench.open_stream(aeron, channel, 1), aeron_bench.open_stream(aeron, channel, 2)
        rtt_us = aeron_bench.native_ping_pong(there, back, LIMIT_SECONDS, aeron_bench.SPINS["ipc"])
        rate = aeron_bench.native_throughput(there, LIMIT_SECONDS)
    return {"rtt_us": {name: rtt_us[name] for name in ("p50", "p99", "p999")}, **rate}
