"""What the tests of the bus share: bounded waits, instruments and orders, a node's counters, what a journal holds."""

import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from seriatim.aeron import CncFile, MediaDriver
from seriatim.client import Client
from seriatim.engine import COMMAND, CommandKind
from seriatim.journal import JournalReader
from seriatim.limits import DRIVER_SETTINGS
from seriatim.schemas import Command, Decimal, DefineInstrument, NewOrder, OrdType, Side, TimeInForce
from seriatim.sequencer.node import COUNTER_TYPE_ID
from seriatim.sequencer.recovery import replay
from seriatim.sequencer.replica import Replica, State

T = TypeVar("T")

SMALL_SEGMENTS = ("--segment-mib", "2")
MID_TICKS = 10_000


def wait_for(condition: Callable[[], T | None], bound_s: float = 20.0) -> T:
    """The first true value of `condition`; fails after `bound_s`."""
    deadline_s = time.monotonic() + bound_s
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline_s, f"waited {bound_s} s in vain"
        time.sleep(0.001)


def free_udp_port() -> int:
    """A port on the loopback that nobody uses at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def outside_driver(**settings: Any) -> Iterator[str]:
    """A driver that outlives nodes, in this process; gives its folder. It notices the dead after 3.5 s instead of 5."""
    folder = tempfile.mkdtemp(prefix="seriatim-test-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
    quick = {**DRIVER_SETTINGS, "client_liveness_timeout_ns": 3_500_000_000, "timer_interval_ns": 100_000_000}
    try:
        with MediaDriver(f"{folder}/driver", idle="backoff", **{**quick, **settings}):
            yield f"{folder}/driver"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def instrument(number: int = 1, symbol: str = "OAK") -> DefineInstrument:
    """The command that defines an instrument."""
    return DefineInstrument(
        instrument=number,
        symbol=symbol,
        tick_size=Decimal(mantissa=1, exponent=-2),
        lot_size=Decimal(mantissa=1, exponent=0),
    )


def order(cl_ord_id: int, side: Side = Side.BUY, price: int = MID_TICKS, quantity: int = 10, **fields: Any) -> NewOrder:
    """A limit order for instrument 1."""
    defaults: dict[str, Any] = {
        "instrument": 1,
        "account": 0,
        "ord_type": OrdType.LIMIT,
        "time_in_force": TimeInForce.GOOD_TILL_CANCEL,
    }
    return NewOrder(cl_ord_id=cl_ord_id, side=side, price=price, order_qty=quantity, **{**defaults, **fields})


def flow(seed: int, count: int, first_id: int = 1, instruments: int = 1) -> np.ndarray:
    """A COMMAND array that trades: limits around a mid, a fifth of them cancels of earlier ones."""
    rng = np.random.default_rng(seed)
    commands = np.zeros(count, COMMAND)
    side = rng.integers(Side.BUY, Side.SELL, count, endpoint=True)
    away = rng.integers(-3, 12, count)
    commands["kind"] = CommandKind.NEW_ORDER
    commands["cl_ord_id"] = np.arange(first_id, first_id + count)
    commands["instrument"] = rng.integers(1, instruments, count, endpoint=True)
    commands["side"] = side
    commands["price"] = MID_TICKS + np.where(side == Side.BUY, -away, away)
    commands["quantity"] = rng.integers(1, 100, count, endpoint=True)
    commands["ord_type"] = OrdType.LIMIT
    commands["time_in_force"] = TimeInForce.GOOD_TILL_CANCEL
    cancels = np.flatnonzero(rng.random(count) < 0.2)
    commands["kind"][cancels] = CommandKind.CANCEL_ORDER
    commands["orig_cl_ord_id"][cancels] = np.maximum(commands["cl_ord_id"][cancels] - 5, 1)
    return commands


def send_all(client: Client, commands: np.ndarray, bound_s: float = 30.0) -> np.ndarray:
    """Sends everything and waits for every answer; gives all events that came."""
    last = client.next_number + len(commands) - 1
    deadline_s = time.monotonic() + bound_s
    sent, batches = 0, []
    while client.answered < last:
        sent += client.send(commands[sent : sent + 4_096])
        batches.append(client.poll())
        assert time.monotonic() < deadline_s, f"command {client.answered + 1} of {last} has had no answer"
    return np.concatenate(batches)


def counters(aeron_dir: str) -> dict[str, int]:
    """A node's counters by label. Those of a node that was killed stay for a while; the newest ones count."""
    with CncFile(aeron_dir) as file:
        found = file.counters.find(COUNTER_TYPE_ID)
    return {counter.label: counter.value for counter in sorted(found, key=lambda counter: counter.registration_id)}


def replayed(journal: Path) -> State:
    """Where the order stands after a replay of nothing but the journal."""
    with Replica() as replica, JournalReader(journal) as reader:
        replay((block.data for block in reader), replica)
        return replica.state


@dataclass(frozen=True, slots=True)
class Stamped:
    """One command of a session as the journal holds it."""

    seq: int
    session: int
    number: int
    body: bytes


def stamped(journal: Path) -> list[Stamped]:
    """The commands of sessions that a journal holds, in their order."""
    found = []
    with JournalReader(journal) as reader:
        for block in reader:
            for frame in block.frames():
                body = bytes(frame.body)
                header = Command.wrap(body)
                if header.session:
                    found.append(Stamped(frame.seq, header.session, header.number, body[header.encoded_length :]))
    return found


def opened_epochs(journal: Path) -> list[int]:
    """The epochs that a journal holds, in the order in which they were opened."""
    with JournalReader(journal) as reader:
        frames = [frame for block in reader for frame in block.frames()]
    return list(dict.fromkeys(frame.epoch for frame in frames))


def numbers_by_session(commands: list[Stamped]) -> dict[int, list[int]]:
    """The numbers of each session, in the order in which they were stamped."""
    numbers: dict[int, list[int]] = {}
    for command in commands:
        numbers.setdefault(command.session, []).append(command.number)
    return numbers
