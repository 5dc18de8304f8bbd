"""How fast market data are: what the builder adds to a replay, what a receiver takes, and how long after a client's
event an order is public, in one run.

Builder: blocks of a journal are executed by a plain replica, and by one that makes public packets too; the difference
is the builder's. Receiver: all of these packets at once. Latency: one order in flight in `fsync`; the client's event
and the receiver's update of the same seq are awaited in one process, and what is measured is from the one to the other.
A client is told when its order is on disk, so that is from persisted to published, less the client's way.
"""

import time
from pathlib import Path
from typing import Any

import numpy as np

from seriatim._native import ffi, lib
from seriatim.client import Client
from seriatim.engine import EventKind
from seriatim.journal import JournalReader
from seriatim.marketdata import Books, Market, Receiver
from seriatim.sequencer.replica import Replica
from seriatim.tools.bench import engine_flow
from seriatim.tools.bench.machine import machine
from seriatim.tools.bench.percentiles import percentiles_us
from seriatim.tools.drill.driver import outside_driver
from seriatim.tools.drill.publisher import PublisherProcess
from seriatim.tools.flow.run import run
from seriatim.tools.venue import Venue

PASSES = 3
PATIENCE_S = 5.0
LIVENESS_S = 5.0
QUIET = {EventKind.ACCEPTED, EventKind.REJECTED, EventKind.CANCELLED}


def measure(operations: int, orders: int, idle_mode: str, folder: Path) -> dict[str, Any]:
    """Runs everything; `folder` is where journals go."""
    commands = engine_flow.load(operations, lambda _: None)
    return {
        "idle_mode": idle_mode,
        **measure_cores(commands, folder / "cores"),
        "added_latency_us": percentiles_us(measure_latency(commands[:orders], idle_mode, folder / "latency")),
        "machine": machine(),
    }


def measure_cores(commands: np.ndarray, journal: Path) -> dict[str, Any]:
    """Messages a second of the builder and of a receiver, both native, the best of some passes."""
    with Venue(journal, durability="relaxed") as venue:
        with Client(venue.client_config()) as client:
            client.call(engine_flow.TERMS)
            run(client, commands)
        venue.stop()
    with JournalReader(journal) as reader:
        blocks = [bytes(block.data) for block in reader]
    plain_s = min(timed(Replica(), blocks) for _ in range(PASSES))
    told_s, packets, messages = min((tell(blocks) for _ in range(PASSES)), key=lambda pass_: pass_[0])
    taken_ns = min(take(packets) for _ in range(PASSES))
    return {
        "operations": len(commands),
        "messages_public": messages,
        "packets": len(packets[1]),
        "packet_bytes": int(packets[2].sum()),
        "replay_commands_per_second": round(len(commands) / plain_s),
        "publishing_commands_per_second": round(len(commands) / told_s),
        "builder_messages_per_second": round(messages / max(told_s - plain_s, 1e-9)),
        "receiver_messages_per_second": round(messages / taken_ns * 1e9),
    }


def timed(replica: Replica, blocks: list[bytes]) -> float:
    """Seconds to execute all of them."""
    begun = time.perf_counter()
    for block in blocks:
        replica.apply(block)
    return time.perf_counter() - begun


def tell(blocks: list[bytes]) -> tuple[float, tuple[np.ndarray, np.ndarray, np.ndarray], int]:
    """Seconds to execute all of them and make their packets; these packets; how many messages they hold."""
    data, offsets, lengths, spent, end = [], [], [], 0.0, 0
    with Market(1) as market:
        for block in blocks:
            begun = time.perf_counter()
            packets = market.tell(block)
            spent += time.perf_counter() - begun
            room = np.zeros(-len(packets.data) % 8, np.uint8)
            data += [packets.data.copy(), room]
            offsets.append(packets.offsets + end)
            lengths.append(packets.lengths.copy())
            end += len(packets.data) + len(room)
        return spent, (np.concatenate(data), np.concatenate(offsets), np.concatenate(lengths)), market.next_number - 1


def take(packets: tuple[np.ndarray, np.ndarray, np.ndarray]) -> int:
    """Nanoseconds in which a receiver takes them."""
    data, offsets, lengths = packets
    books = Books()
    data_at, offsets_at = ffi.from_buffer("uint8_t[]", data), ffi.from_buffer("int64_t[]", offsets)
    taken = lib.seriatim_receiver_measure(
        books._native, data_at, offsets_at, ffi.from_buffer("int64_t[]", lengths), len(offsets)
    )
    assert books.standing.is_current
    return taken


def measure_latency(commands: np.ndarray, idle_mode: str, folder: Path) -> list[int]:
    """From the client's event of each order to its update, in ns; orders that tell the public nothing are left out."""
    samples = []
    folder.mkdir()
    with outside_driver(liveness_s=LIVENESS_S) as aeron_dir, Venue(folder / "journal", aeron_dir=aeron_dir) as venue:
        flags = ("--low-latency",) if idle_mode == "hot" else ()
        publisher = PublisherProcess(venue.journal, folder / "public", aeron_dir, *flags)
        with Client(venue.client_config()) as client, publisher, Receiver(aeron_dir=aeron_dir) as receiver:
            client.call(engine_flow.TERMS)
            receiver.wait_until_current()
            for place in range(len(commands)):
                samples += one_order(client, receiver, commands[place : place + 1])
    return samples


def one_order(client: Client, receiver: Receiver, command: np.ndarray) -> list[int]:
    """At most one sample."""
    assert client.send(command) == 1
    events = client.poll()
    while not len(events):
        events = client.poll()
    told_ns, seq = time.perf_counter_ns(), int(events["seq"].max())
    while client.answered < client.next_number - 1:
        client.poll()
    until = time.monotonic() + (PATIENCE_S if is_public(events) else 0.0)
    while time.monotonic() < until:
        updates = receiver.poll()
        if len(updates) and int(updates["seq"].max()) >= seq:
            return [max(0, time.perf_counter_ns() - told_ns)]
    return []


def is_public(events: np.ndarray) -> bool:
    """Whether the book changes: all but rejects, and immediate orders that found nobody."""
    kinds = set(events["kind"].tolist())
    return not kinds <= QUIET or (len(kinds) == 1 and EventKind.REJECTED not in kinds)
