"""A client of a drill, in a process of its own: sends orders at a rate and writes down what it is told, and when.

python -m seriatim.tools.drill.trader SETTINGS      (JSON, see settings.py)

It goes on over any number of reconnects. On SIGTERM it stops sending, waits for its last answers and ends with code 0,
or with code 1 if they do not come.
"""

import json
import sys
import time
from pathlib import Path
from typing import BinaryIO

import numpy as np

from seriatim.client import Client
from seriatim.config import ClientConfig
from seriatim.engine import COMMAND
from seriatim.tools.drill.orders import orders
from seriatim.tools.drill.settings import Settings
from seriatim.tools.drill.told import TOLD
from seriatim.tools.parent import die_with_parent
from seriatim.tools.signals import stop_signals
from seriatim.trust import read_key

BATCHES_PER_S = 100
UNANSWERED_MAX = 4_000
FINISH_S = 60.0
RECONNECT_S = 120.0
PAUSE_S = 0.0005


class Trader:
    """Makes commands, sends them, and records every event of them."""

    def __init__(self, settings: Settings, client: Client, record: BinaryIO) -> None:
        self._rate = settings.rate
        self._client = client
        self._record = record
        self._rng = np.random.default_rng(settings.seed)
        self._next_id = 1
        self._left = np.zeros(0, COMMAND)

    def send(self) -> None:
        """Sends one batch, or what was left of the last one."""
        client = self._client
        if client.next_number - client.answered > UNANSWERED_MAX:
            return
        if not len(self._left):
            count = max(self._rate // BATCHES_PER_S, 1)
            self._left = orders(self._rng, count, self._next_id)
            self._next_id += count
        self._left = self._left[client.send(self._left) :]

    def receive(self) -> bool:
        """Writes down what has come; whether anything has."""
        events = self._client.poll()
        if not len(events):
            return False
        own = events[(events["session"] == self._client.session) & (events["number"] > 0)]
        rows = np.zeros(len(own), TOLD)
        for name in ("seq", "number", "order_id", "session", "index", "kind", "flags"):
            rows[name] = own[name]
        rows["time_ns"] = time.monotonic_ns()
        self._record.write(rows.tobytes())
        return True

    @property
    def waits(self) -> bool:
        """Whether an answer is still to come."""
        return self._client.answered < self._client.next_number - 1


def main(settings: Settings) -> int:
    """Trades until told to stop; gives the exit code."""
    die_with_parent(settings.parent_pid)
    config = ClientConfig(
        aeron_dir=settings.aeron_dir,
        ingress=settings.ingress,
        key=read_key(Path(settings.key_file)),
        timeout_s=10.0,
        reconnect_s=RECONNECT_S,
    )
    with stop_signals() as stopped, Client(config) as client, Path(settings.record).open("wb", buffering=0) as record:
        trader = Trader(settings, client, record)
        due = time.monotonic()
        while not stopped.is_set():
            if time.monotonic() >= due:
                trader.send()
                due = max(due + 1 / BATCHES_PER_S, time.monotonic() - 0.1)
            if not trader.receive():
                time.sleep(PAUSE_S)
        deadline = time.monotonic() + FINISH_S
        while trader.waits and time.monotonic() < deadline:
            if not trader.receive():
                time.sleep(PAUSE_S)
        return 1 if trader.waits else 0


if __name__ == "__main__":
    sys.exit(main(Settings(**json.loads(sys.argv[1]))))
