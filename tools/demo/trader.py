"""One trader of the demo, in a process of its own: limits around a wandering mid, some immediate orders, some cancels.

python -m seriatim.tools.demo.trader SETTINGS      (JSON, see settings.py)
"""

import json
import os
import sys
import time
from collections import deque
from pathlib import Path

import numpy as np

from seriatim.client import Client
from seriatim.config import ClientConfig
from seriatim.engine import COMMAND, CommandKind, EventKind
from seriatim.schemas import OrdType, Side, TimeInForce
from seriatim.tools.demo import stats as demo_stats
from seriatim.tools.demo.settings import Settings
from seriatim.tools.signals import stop_signals

BATCHES_PER_S = 100
MID_TICKS, DEPTH_TICKS, THROUGH_TICKS = 10_000, 12, 3
CANCELS, IMMEDIATE = 0.35, 0.10
QUANTITY_MAX = 100
LIVE_MAX = 2_000


class Trader:
    """Makes commands, sends them at its rate, and counts what comes back."""

    def __init__(self, settings: Settings, client: Client, stats: np.ndarray) -> None:
        self._settings = settings
        self._client = client
        self._stats = stats
        self._rng = np.random.default_rng(settings.place)
        self._next_id = 1
        self._live: deque[int] = deque()
        self._gone: set[int] = set()
        self._in_flight: deque[tuple[int, int, float]] = deque()

    def turn(self) -> None:
        """Sends one batch and reads what has come."""
        room = self._client.window - (self._client.next_number - 1 - self._client.answered)
        count = min(max(self._settings.rate // BATCHES_PER_S, 1), room)
        if count:
            self._send(self._commands(count))
        self.receive()

    def receive(self) -> None:
        """Reads events, and counts commands that they answer."""
        self._count(self._client.poll())
        now, answered = time.perf_counter(), self._client.answered
        while self._in_flight and self._in_flight[0][0] <= answered:
            _, count, sent_at = self._in_flight.popleft()
            demo_stats.add_latencies(self._stats, (now - sent_at) * 1e9, count)
            self._stats["answered"] += count

    @property
    def waits(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._in_flight)

    def _send(self, commands: np.ndarray) -> None:
        sent_at = time.perf_counter()
        taken = self._client.send(commands)
        self._in_flight.append((self._client.next_number - 1, taken, sent_at))
        self._stats["sent"] += taken

    def _commands(self, count: int) -> np.ndarray:
        rng = self._rng
        commands = np.zeros(count, COMMAND)
        side = rng.integers(Side.BUY, Side.SELL, count, endpoint=True)
        away = rng.integers(-THROUGH_TICKS, DEPTH_TICKS, count)
        wander = round(40 * np.sin(time.time() / 7))
        commands["kind"] = CommandKind.NEW_ORDER
        commands["cl_ord_id"] = np.arange(self._next_id, self._next_id + count)
        commands["side"] = side
        commands["price"] = MID_TICKS + wander + np.where(side == Side.BUY, -away, away)
        commands["quantity"] = rng.integers(1, QUANTITY_MAX, count, endpoint=True)
        commands["instrument"] = rng.integers(1, self._settings.instruments, count, endpoint=True)
        commands["ord_type"] = OrdType.LIMIT
        immediate = rng.random(count) < IMMEDIATE
        commands["time_in_force"] = np.where(immediate, TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.GOOD_TILL_CANCEL)
        self._cancel_some(commands, np.flatnonzero(rng.random(count) < CANCELS))
        self._next_id += count
        return commands

    def _cancel_some(self, commands: np.ndarray, places: np.ndarray) -> None:
        """Turns some orders into cancels of the oldest that may still be live; more of them when there are many."""
        if len(self._live) > LIVE_MAX:
            places = np.arange(len(commands))
        for place in places.tolist():
            while self._live and self._live[0] in self._gone:
                self._gone.discard(self._live.popleft())
            if not self._live:
                return
            commands["kind"][place] = CommandKind.CANCEL_ORDER
            commands["orig_cl_ord_id"][place] = self._live.popleft()

    def _count(self, events: np.ndarray) -> None:
        kind = events["kind"]
        stats = self._stats
        stats["accepted"] += np.count_nonzero(kind == EventKind.ACCEPTED)
        stats["rejected"] += np.count_nonzero(kind == EventKind.REJECTED)
        stats["cancelled"] += np.count_nonzero(kind == EventKind.CANCELLED)
        stats["fills"] += np.count_nonzero(kind == EventKind.FILLED)
        resting = (kind == EventKind.ACCEPTED) & (events["time_in_force"] == TimeInForce.GOOD_TILL_CANCEL)
        self._live.extend(events["cl_ord_id"][resting].tolist())
        filled = (kind == EventKind.FILLED) & (events["leaves"] == 0)
        self._gone.update(events["cl_ord_id"][filled].tolist())


def main(settings: Settings) -> None:
    """Trades until told to stop, then waits for the last answers."""
    stats = demo_stats.attach(Path(settings.stats))[settings.place : settings.place + 1]
    config = ClientConfig(aeron_dir=settings.aeron_dir, ingress=settings.ingress, timeout_s=30)
    with stop_signals() as stopped, Client(config) as client:
        trader = Trader(settings, client, stats)
        due = time.perf_counter()
        while not stopped.is_set() and os.getppid() == settings.parent:
            trader.turn()
            due = max(due + 1 / BATCHES_PER_S, time.perf_counter() - 0.1)
            while (left := due - time.perf_counter()) > 0:
                time.sleep(min(left, 0.001))
                trader.receive()
        deadline = time.monotonic() + config.timeout_s
        while trader.waits and time.monotonic() < deadline:
            trader.receive()


if __name__ == "__main__":
    main(Settings(**json.loads(sys.argv[1])))
