"""The drill `kill`: SIGKILL to a node under load, again and again, and what its clients were told held against its log.

The driver, the clients and the node are processes of their own. Half of the clients come over IPC, half over UDP that
loses packets. Most kills come at a moment under full load, some while the node still starts or its clients reconnect.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from socket import AF_INET, SOCK_DGRAM, socket
from typing import Any

import numpy as np

from seriatim.client import Client
from seriatim.config import IPC
from seriatim.errors import NodeFailed
from seriatim.schemas import Decimal, DefineInstrument
from seriatim.tools.drill.driver import outside_driver
from seriatim.tools.drill.judge import History, judge, read_history
from seriatim.tools.drill.settings import Settings
from seriatim.tools.drill.told import REPEATED_FLAG, TOLD, read_told
from seriatim.tools.journal.state import journal_state
from seriatim.tools.venue import UDP_INGRESS, Venue

EARLY_KILLS = 0.2
"""The share of kills that do not wait until every client has been answered again."""
EARLY_S_MAX = 2.5
UNDER_LOAD_S_MAX = 0.3
ANSWER_TIMEOUT_S = 60.0
FINISH_TIMEOUT_S = 120.0
POLL_S = 0.005
SEGMENT_MIB = 4


@dataclass(frozen=True, slots=True)
class Options:
    """How a drill is run."""

    times: int
    seed: int
    clients: int = 4
    rate: int = 1_000
    """Commands a second of each client."""
    loss: float = 0.02
    """Share of what arrives over UDP that is lost."""
    liveness_s: float = 2.0
    """After so long a dead node is noticed."""


@dataclass(slots=True)
class Run:
    """What is under way."""

    venue: Venue
    records: list[Path]
    traders: list["subprocess.Popen[bytes]"]
    kills: list[tuple[int, int]] = field(default_factory=list)
    """When each kill was: wall clock and monotonic clock, in ns."""


def kill_drill(options: Options, folder: Path, on_progress: Callable[[int], None] = lambda _: None) -> dict[str, Any]:
    """Runs the drill in `folder`, which must be empty, and judges it. Raises NodeFailed if it cannot go on."""
    ipc_and_udp = (IPC, UDP_INGRESS.format(port=_free_port()))
    with ExitStack() as stack:
        driver = outside_driver(liveness_s=options.liveness_s, loss=options.loss, seed=options.seed)
        aeron_dir = stack.enter_context(driver)
        flags = ("--ingress", ipc_and_udp[1], "--segment-mib", str(SEGMENT_MIB))
        venue = stack.enter_context(Venue(folder / "journal", aeron_dir=aeron_dir, options=flags))
        _define_instrument(venue)
        run = Run(venue, *_start_traders(stack, options, folder, venue, ipc_and_udp))
        _await_answers(run, time.monotonic_ns())
        _kill_all(run, options, on_progress)
        _finish(run.traders)
        state = venue.stop()
    told = [read_told(record) for record in run.records]
    return _judged(options, run, state, np.concatenate(told))


def _define_instrument(venue: Venue) -> None:
    with Client(venue.client_config(timeout_s=30.0)) as client:
        one = Decimal(mantissa=1, exponent=0)
        client.call(DefineInstrument(instrument=1, symbol="OAK", tick_size=one, lot_size=one))


def _start_traders(
    stack: ExitStack, options: Options, folder: Path, venue: Venue, channels: Sequence[str]
) -> tuple[list[Path], list["subprocess.Popen[bytes]"]]:
    records, traders = [], []
    for place in range(options.clients):
        record = folder / f"told-{place}"
        record.touch()
        ingress = channels[place % len(channels)]
        settings = Settings(
            venue.aeron_dir,
            ingress,
            str(venue.key_file),
            str(record),
            options.seed + place,
            options.rate,
            parent_pid=os.getpid(),
        )
        command = [sys.executable, "-m", "seriatim.tools.drill.trader", settings.as_json()]
        trader = subprocess.Popen(command, start_new_session=True)
        stack.callback(_end, trader)
        records.append(record)
        traders.append(trader)
    return records, traders


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()


def _kill_all(run: Run, options: Options, on_progress: Callable[[int], None]) -> None:
    moments = random.Random(options.seed)
    for number in range(options.times):
        if moments.random() < EARLY_KILLS:
            time.sleep(moments.uniform(0, EARLY_S_MAX))
        else:
            _await_answers(run, time.monotonic_ns())
            time.sleep(moments.uniform(0, UNDER_LOAD_S_MAX))
        run.kills.append((time.time_ns(), time.monotonic_ns()))
        run.venue.kill()
        run.venue.start()
        on_progress(number + 1)


def _await_answers(run: Run, since_ns: int) -> None:
    """Waits until every client has been told something after `since_ns`."""
    deadline = time.monotonic() + ANSWER_TIMEOUT_S
    waiting = list(zip(run.records, run.traders, strict=True))
    while waiting := [(record, trader) for record, trader in waiting if _last_told_ns(record) <= since_ns]:
        for record, trader in waiting:
            if trader.poll() is not None:
                raise NodeFailed(f"the client of {record.name} has ended with code {trader.returncode}")
        if time.monotonic() > deadline:
            raise NodeFailed(f"{waiting[0][0].name}: no answer within {ANSWER_TIMEOUT_S} s; {run.venue.last_words()}")
        time.sleep(POLL_S)


def _last_told_ns(record: Path) -> int:
    """When the last event was written down, 0 if none was."""
    rows = record.stat().st_size // TOLD.itemsize
    return int(np.fromfile(record, TOLD, 1, offset=(rows - 1) * TOLD.itemsize)["time_ns"][0]) if rows else 0


def _finish(traders: "list[subprocess.Popen[bytes]]") -> None:
    for trader in traders:
        trader.send_signal(signal.SIGTERM)
    for trader in traders:
        if trader.wait(FINISH_TIMEOUT_S):
            raise NodeFailed(f"a client ended with code {trader.returncode}: its last commands have no answer")


def _judged(options: Options, run: Run, state: dict[str, Any], told: np.ndarray) -> dict[str, Any]:
    history = read_history(run.venue.journal)
    verdict = judge(history, told)
    replayed = journal_state(run.venue.journal)
    agree = all(replayed[name] == state[name] for name in ("outcome_hash", "state_hash"))
    agree = agree and int(state["outcome_hash"], 16) == history.outcome_hash
    recovered = recovery_ms(history, told, run.kills)
    return {
        "kills": len(run.kills),
        "acknowledged": verdict.acknowledged,
        "lost": verdict.lost,
        "differing": verdict.differing,
        "repeated": verdict.repeated,
        "hashes_agree": agree,
        "recovery_ms": {
            "p50": round(float(np.percentile(recovered, 50))) if recovered else None,
            "p99": round(float(np.percentile(recovered, 99))) if recovered else None,
        },
        "recoveries": len(recovered),
        "answered_again": verdict.answered_again,
        "clients": options.clients,
        "udp_loss": options.loss,
        "seed": options.seed,
        "passed": agree and not (verdict.lost or verdict.differing or verdict.repeated),
    }


def recovery_ms(history: History, told: np.ndarray, kills: list[tuple[int, int]]) -> list[float]:
    """From each kill to the first answer of the node that came after, in ms; kills too close to the next give none.

    What a client reads late from the dead node is older than the epoch that its successor opened.
    """
    told = np.sort(told, order="time_ns")
    found = []
    ends = [monotonic_ns for _, monotonic_ns in kills[1:]] + [int(told["time_ns"][-1]) + 1]
    for (wall_ns, monotonic_ns), end_ns in zip(kills, ends, strict=True):
        opened = [seq for time_ns, seq in history.epochs if time_ns >= wall_ns]
        if not opened:
            continue
        span = told[(told["time_ns"] > monotonic_ns) & (told["time_ns"] < end_ns)]
        fresh = span[(span["seq"] >= opened[0]) | (span["flags"] & REPEATED_FLAG > 0)]
        if len(fresh):
            found.append((int(fresh["time_ns"][0]) - monotonic_ns) / 1e6)
    return found


def _free_port() -> int:
    with socket(AF_INET, SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
