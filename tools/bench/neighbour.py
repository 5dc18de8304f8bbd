"""A neighbour of a client that behaves, in a process of its own: it gets into position, says so, does what it does.

python -m seriatim.tools.bench.neighbour KIND AERON_DIR

It prints `ready` once, and runs until it is killed or has nothing more to do. What happens to it then (SIGSTOP,
SIGKILL) is up to whoever started it.
"""

import sys
import time

import numpy as np

from seriatim.aeron import Aeron, ExclusivePublication
from seriatim.client import Client
from seriatim.config import INGRESS_STREAM, IPC, ClientConfig
from seriatim.connection import PROTOCOL_VERSION
from seriatim.schemas import Command, Connect
from seriatim.tools.bench import load
from seriatim.tools.bench.load import LOAD_ORDERS
from seriatim.tools.bench.load import NEIGHBOURS_INSTRUMENT as INSTRUMENT

FOREVER_S = 3_600.0
FLOOD_WINDOW = 65_536
TRADES_PER_S, TRADES_IN_A_BATCH = 10_000, 100
CLAIM_BYTES = 1_024
GARBAGE_FRAMES, GARBAGE_BYTES_MAX = 4_096, 512
ANSWER_STREAM = 77
CONNECTS = 1_000
SEED = 5301


def ready() -> None:
    """Tells whoever started this that it is in position."""
    print("ready", flush=True)


def spinning(_config: ClientConfig) -> None:
    """Knows nothing of the node: what this costs others is the processor's share of what any busy neighbour costs."""
    ready()
    while True:
        pass


def deaf(config: ClientConfig) -> None:
    """Fills its window with orders and never reads what became of them."""
    with Client(config) as client:
        rows = load.orders(LOAD_ORDERS, INSTRUMENT)
        sent = 0
        while sent < client.window:
            sent += client.send(rows[sent:])
        ready()
        time.sleep(FOREVER_S)


def trading(config: ClientConfig) -> None:
    """Trades at a moderate rate and reads its answers, until something happens to it."""
    with Client(config) as client:
        rows = load.orders(LOAD_ORDERS, INSTRUMENT)
        ready()
        for first in range(0, len(rows) * 1_000, TRADES_IN_A_BATCH):
            place = first % len(rows)
            batch = rows[place : place + TRADES_IN_A_BATCH].copy()
            batch["cl_ord_id"] += first - place
            client.send(batch)
            client.poll()
            time.sleep(TRADES_IN_A_BATCH / TRADES_PER_S)


def claiming(config: ClientConfig) -> None:
    """Connects and stops in the middle of a claim on its ingress publication."""
    with Aeron(config.aeron_dir) as aeron:
        publication = connected(aeron)
        publication.offer(connect_message())
        claim = publication.try_claim(CLAIM_BYTES)
        claim.view[: CLAIM_BYTES // 2] = bytes(CLAIM_BYTES // 2)
        ready()
        time.sleep(FOREVER_S)


def flooding(config: ClientConfig) -> None:
    """Sends orders as fast as the node takes them, with as many unanswered as a session may have."""
    with Client(config) as client:
        ready()
        load.load(client, FLOOD_WINDOW, FOREVER_S, load.trading(INSTRUMENT))


def garbage(config: ClientConfig) -> None:
    """Sends bytes that are no frames as fast as it can; half of them are refused, and it reads no refusal."""
    rng = np.random.default_rng(SEED)
    lengths = rng.integers(1, GARBAGE_BYTES_MAX, GARBAGE_FRAMES)
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    frames = bytearray(rng.bytes(int(lengths.sum())))
    header = Command(
        number=1, acked_through=0, session=1, session_epoch=1, crc=0, body_length=GARBAGE_BYTES_MAX
    ).encode()
    for start, length in zip(starts[::2], lengths[::2], strict=True):
        begin = header[:length]
        frames[start : start + len(begin)] = begin
    with Aeron(config.aeron_dir) as aeron:
        publication = connected(aeron)
        answers = aeron.add_subscription(IPC, ANSWER_STREAM)  # and never polled
        publication.offer(connect_message())
        ready()
        sent = 0
        while not answers.closed:
            sent = (sent + publication.offer_many(frames, lengths[sent:], starts[sent:]).sent) % GARBAGE_FRAMES


def connecting(config: ClientConfig) -> None:
    """Connects, logs on and goes away, over and over; says how often."""
    ready()
    for _ in range(CONNECTS):
        with Client(config):
            pass
    print(CONNECTS, flush=True)


def connect_message() -> bytes:
    """A Connect that wants its answers where nobody reads them."""
    fields = {"correlation_id": 1, "protocol_version": PROTOCOL_VERSION}
    return Connect(**fields, response_stream=ANSWER_STREAM, response_channel=IPC).encode()


def connected(aeron: Aeron) -> ExclusivePublication:
    """A publication of its own onto the ingress."""
    publication = aeron.add_exclusive_publication(IPC, INGRESS_STREAM)
    while not publication.is_connected:
        time.sleep(0.001)
    return publication


KINDS = {run.__name__: run for run in (spinning, deaf, trading, claiming, flooding, garbage, connecting)}


if __name__ == "__main__":
    KINDS[sys.argv[1]](ClientConfig(aeron_dir=sys.argv[2], timeout_s=60.0))
