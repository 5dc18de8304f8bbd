"""How fast Aeron is from Python, per message and in batches, beside native threads in the same run.

Run as `seriatim bench aeron`.
"""

import json as jsonlib
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.table import Table

from seriatim.aeron import Aeron, Channel, ExclusivePublication, MediaDriver, MessageBatch, Subscription, version
from seriatim.aeron._library import ffi, lib
from seriatim.tools.bench.machine import machine
from seriatim.tools.bench.percentiles import NAMES, percentiles_us
from seriatim.tools.figures import human
from seriatim.tools.output import console, plain_table, say

MESSAGE_BYTES = 96
_BURST = 500
_IPC_TERM_BYTES = 4 << 20
_UDP_TERM_BYTES = 16 << 20
_WARM_UP_MESSAGES = 500_000  # every page of three terms is touched before anything is timed
_ROUND_TRIPS_MAX = 200_000
_TRIPS = 500
SPINS = {"ipc": 2**32 - 1, "udp": 100}  # over IPC the driver is not needed, over UDP it wants a core
_CONNECTED_WITHIN_S = 10.0


@dataclass
class Stream:
    """A connected publication and subscription."""

    publication: ExclusivePublication
    subscription: Subscription


def open_stream(aeron: Aeron, channel: Channel, stream_id: int) -> Stream:
    subscription = aeron.add_subscription(channel, stream_id)
    publication = aeron.add_exclusive_publication(channel, stream_id)
    deadline_s = time.monotonic() + _CONNECTED_WITHIN_S
    while not (publication.is_connected and subscription.is_connected):
        if time.monotonic() > deadline_s:
            raise TimeoutError(f"{channel} did not connect within {_CONNECTED_WITHIN_S:g} s")
        time.sleep(0.001)
    return Stream(publication, subscription)


def _alternate(send: Callable[[], int], receive: Callable[[], int], seconds: float) -> dict[str, float]:
    """Sends a burst, receives it, and so on, in one thread: the cost of each side and both together.

    Receiving is timed only while something comes, so waiting for the wire is in the rate and not in the cost.
    """
    spent_ns = {"send": 0, "receive": 0}
    moved = 0
    start_ns = time.perf_counter_ns()
    end_ns = start_ns + int(seconds * 1e9)
    while time.perf_counter_ns() < end_ns:
        before_ns = time.perf_counter_ns()
        sent = send()
        spent_ns["send"] += time.perf_counter_ns() - before_ns
        received = 0
        while received < sent:
            before_ns = time.perf_counter_ns()
            count = receive()
            if count:
                spent_ns["receive"] += time.perf_counter_ns() - before_ns
            received += count
        moved += sent
    elapsed_s = (time.perf_counter_ns() - start_ns) / 1e9
    return {
        "messages_per_second": round(moved / elapsed_s),
        "send_ns": round(spent_ns["send"] / max(moved, 1), 1),
        "receive_ns": round(spent_ns["receive"] / max(moved, 1), 1),
    }


def _warm_up(stream: Stream) -> None:
    """Touches every page of the log buffers."""
    batch = MessageBatch()
    rows = np.zeros((_BURST, MESSAGE_BYTES), np.uint8)
    sent = received = 0
    while received < _WARM_UP_MESSAGES:
        if sent < _WARM_UP_MESSAGES:
            sent += stream.publication.offer_many(rows).sent
        received += stream.subscription.poll_batch(batch)


def python_per_message(stream: Stream, seconds: float) -> dict[str, float]:
    """``offer`` and ``poll`` with a callback, one message at a time."""
    message = bytes(MESSAGE_BYTES)
    offer, poll = stream.publication.offer, stream.subscription.poll

    def send() -> int:
        sent = 0
        for _ in range(_BURST):
            if offer(message) >= 0:
                sent += 1
        return sent

    return _alternate(send, lambda: poll(lambda fragment, header: None, _BURST), seconds)  # noqa: ARG005


def python_batched(stream: Stream, seconds: float) -> dict[str, float]:
    """``offer_many`` and ``poll_batch``, hundreds of messages a call."""
    batch = MessageBatch()
    rows = np.zeros((_BURST, MESSAGE_BYTES), np.uint8)
    offer_many, poll_batch = stream.publication.offer_many, stream.subscription.poll_batch
    return _alternate(lambda: offer_many(rows).sent, lambda: poll_batch(batch), seconds)


def native_throughput(stream: Stream, seconds: float) -> dict[str, float]:
    """One native thread offers, another polls."""
    rate = lib.seriatim_bench_throughput(
        stream.publication.gate, stream.subscription.gate, MESSAGE_BYTES, int(seconds * 1e9)
    )
    return {"messages_per_second": round(rate)}


def native_ping_pong(there: Stream, back: Stream, seconds: float, spins_before_yield: int) -> dict[str, float]:
    """Round trips in microseconds between two native threads that spin, one message in flight."""
    round_trips_ns = np.zeros(_ROUND_TRIPS_MAX, np.uint64)
    ends = (there.publication, there.subscription, back.publication, back.subscription)

    def exchange(first: int, count: int) -> int:
        cell = ffi.cast("uint64_t *", round_trips_ns[first:].ctypes.data)
        done: int = lib.seriatim_bench_ping_pong(
            *(end.gate for end in ends), MESSAGE_BYTES, spins_before_yield, count, cell
        )
        if done < count:
            raise TimeoutError(f"a round trip did not come back: {done} of {count}")
        return done

    exchange(0, _TRIPS)
    measured = exchange(0, _TRIPS)
    deadline_s = time.monotonic() + seconds
    while time.monotonic() < deadline_s and measured + _TRIPS <= _ROUND_TRIPS_MAX:
        measured += exchange(measured, _TRIPS)
    return {**percentiles_us(round_trips_ns[:measured]), "count": measured}


def measure(seconds: float = 10.0) -> dict[str, Any]:
    """Runs everything within about `seconds`; messages have 96 bytes, the driver and all threads share the machine."""
    part_s = seconds / 8
    result: dict[str, Any] = {
        "machine": machine(),
        "aeron": version(),
        "message_bytes": MESSAGE_BYTES,
        "idle_mode": "driver backoff, native threads spinning",
    }
    channels = {
        "ipc": Channel.ipc(term_length_bytes=_IPC_TERM_BYTES),
        "udp": Channel.udp("127.0.0.1:24325", term_length_bytes=_UDP_TERM_BYTES, mtu_bytes=8192),
    }
    with MediaDriver(receiver_window_bytes=1 << 21, socket_rcvbuf_bytes=1 << 21) as driver, Aeron(driver) as aeron:
        for media, channel in channels.items():
            stream = open_stream(aeron, channel, 1001)
            _warm_up(stream)
            result[media] = {
                "python_per_message": python_per_message(stream, part_s),
                "python_batched": python_batched(stream, part_s),
                "native": native_throughput(stream, part_s),
            }
            stream.publication.close()
            stream.subscription.close()
            there, back = open_stream(aeron, channel, 1002), open_stream(aeron, channel, 1003)
            result[media]["native_rtt_us"] = native_ping_pong(there, back, part_s, SPINS[media])
            for end in (there, back):
                end.publication.close()
                end.subscription.close()
    return result


def rates(result: dict[str, Any]) -> Table:
    """Messages per second and what each costs, for people."""
    rows = plain_table("", "messages/s", "of native", "send, ns", "receive, ns")
    names = {"python_per_message": "offer / poll", "python_batched": "offer_many / poll_batch", "native": "native"}
    for media in ("ipc", "udp"):
        limit = result[media]["native"]["messages_per_second"]
        for key, name in names.items():
            figures = result[media][key]
            rate = figures["messages_per_second"]
            costs = [f"{figures[side]:,.0f}" if side in figures else "" for side in ("send_ns", "receive_ns")]
            rows.add_row(f"{media} {name}", f"{rate:,}", f"{rate / max(limit, 1):.2f}", *costs)
    return rows


def round_trips(result: dict[str, Any]) -> Table:
    """Round trips, for people."""
    rows = plain_table("native round trip", "p50, µs", "p99, µs", "p99.9, µs", "max, µs")
    for media in ("ipc", "udp"):
        trip = result[media]["native_rtt_us"]
        rows.add_row(media, *(human(trip[name]) for name in NAMES))
    return rows


def main(seconds: float = 10.0, json: bool = False) -> None:
    """Measures and prints: two tables, or JSON for machines."""
    result = measure(seconds)
    if json:
        jsonlib.dump(result, sys.stdout)
        print()
    else:
        say(f"Aeron {result['aeron']}, {result['message_bytes']} bytes a message, {result['machine']['cores']} cores")
        console.print(rates(result), round_trips(result), sep="")
