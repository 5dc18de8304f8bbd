"""Sends an array of commands through a client and gathers every event."""

import time
from collections.abc import Callable

import numpy as np

from seriatim.client import Client
from seriatim.errors import NoAnswer

CHUNK = 4_096
PATIENCE_S = 60.0


def run(client: Client, commands: np.ndarray, on_progress: Callable[[int], None] = lambda _: None) -> np.ndarray:
    """Sends `commands` in order, as fast as the window allows; returns all events once the last is answered.

    `on_progress(n)` hears how many are answered. Raises NoAnswer if nothing is answered for a minute.
    """
    first = client.next_number
    last = first + len(commands) - 1
    sent = 0
    batches = []
    deadline = time.monotonic() + PATIENCE_S
    while client.answered < last:
        if sent < len(commands):
            sent += client.send(commands[sent : sent + CHUNK])
        batch = client.poll()
        if len(batch):
            batches.append(batch)
            on_progress(client.answered - first + 1)
            deadline = time.monotonic() + PATIENCE_S
        elif time.monotonic() > deadline:
            raise NoAnswer(f"command {client.answered + 1} has had no answer for {PATIENCE_S:.0f} s")
    return np.concatenate(batches) if batches else client.poll()
