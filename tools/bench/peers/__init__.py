"""Engines that others wrote, on the same flow in the same run.

They are no part of this package: pinned versions are installed from PyPI into a temporary folder, with the C++ driver
that feeds them through their native face, and are gone afterwards. Which cannot be installed says why.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seriatim.engine import CommandKind, Side, TimeInForce
from seriatim.tools.figures import human
from seriatim.tools.output import console, plain_table, say

INSTALL_S, RUN_S = 180, 60
LIMIT, CANCEL, IMMEDIATE = 0, 1, 2
SOURCE = Path(__file__).with_name("driver.cpp")


@dataclass(frozen=True, slots=True)
class Peer:
    """`fills` says whether it tells of them; `library` is its native one in the folder of packages, none if it comes as
    headers.
    """

    name: str
    version: str
    fills: str
    library: str | None = None


PEERS = (
    Peer("liquibook", "2.0.1", "told"),
    Peer("limit-order-book", "2.0.0", "not told", "limit_order_book/lib_limit_order_book*.so"),
    Peer("obook", "0.1.0", "if asked", "obook/libobook.so"),
)


class NotMadeError(Exception):
    """A peer cannot be measured here; the text says why."""


@dataclass(slots=True)
class Made:
    """The peers that can run, each with its command line, and why others cannot."""

    commands: dict[str, list[str]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    runs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def run_once(self) -> None:
        """Each of them once over the flow, in a process of its own."""
        for name, command in list(self.commands.items()):
            try:
                self.runs.setdefault(name, []).append(json.loads(_output(command, RUN_S)))
            except (NotMadeError, ValueError) as error:
                self.reasons[name] = str(error)
                del self.commands[name]

    def report(self, own: dict[str, Any]) -> dict[str, Any]:
        """`peers` by name, if there are any: medians beside the engine's `own` report."""
        rows = {}
        for peer in PEERS:
            if peer.name in self.reasons:
                rows[peer.name] = {"version": peer.version, "not_measured": self.reasons[peer.name]}
            elif self.runs.get(peer.name):
                rows[peer.name] = _figures(peer, self.runs[peer.name], own)
        return {"peers": rows} if rows else {}


def _figures(peer: Peer, runs: list[dict[str, Any]], own: dict[str, Any]) -> dict[str, Any]:
    speeds = [round(own["operations"] / run["took_ns"][0] * 1e9) for run in runs]
    speed, trades, live = round(statistics.median(speeds)), runs[-1]["trades"], runs[-1]["resting"]
    return {
        "version": peer.version,
        "fills": peer.fills,
        "trades": None if trades < 0 else trades,
        "live_orders": live,
        "same_totals": trades in (-1, own["trades"]) and live == own["live_orders"],
        "operations_per_second": speed,
        "operations_per_second_runs": speeds,
        "own_times_faster": round(own["operations_per_second"] / speed, 2),
    }


@contextmanager
def made(flow: NDArray[np.void], wanted: bool, step: Callable[[], None]) -> Iterator[Made]:
    """The peers, if they are wanted, in a temporary folder that goes with the context."""
    if not wanted:
        yield Made()
        return
    with tempfile.TemporaryDirectory(prefix="seriatim-peers-") as folder:
        yield _make(Path(folder), flow, step)


def _make(folder: Path, flow: NDArray[np.void], step: Callable[[], None]) -> Made:
    peers = Made()
    packages, driver, rows = folder / "packages", folder / "driver", folder / "flow"
    published(flow).tofile(rows)
    for peer in PEERS:
        try:
            command = [str(driver), peer.name, str(rows), "1"]
            peers.commands[peer.name] = command + _install(peer, packages)
        except NotMadeError as error:
            peers.reasons[peer.name] = str(error)
        step()
    try:
        _compile(driver, packages)
    except NotMadeError as error:
        peers.reasons |= dict.fromkeys(peers.commands, str(error))
        peers.commands.clear()
    step()
    return peers


def _install(peer: Peer, packages: Path) -> list[str]:
    """Installs a peer. Returns what its command line has besides: its library."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    _output([*pip, "--target", str(packages), f"{peer.name}=={peer.version}"], INSTALL_S)
    if peer.library is None:
        return []
    found = next(packages.glob(peer.library), None)
    if found is None:
        raise NotMadeError(f"{peer.name} {peer.version} has no {peer.library}")
    return [str(found)]


def _compile(driver: Path, packages: Path) -> None:
    compiler = shutil.which(os.environ.get("CXX", "c++"))
    if compiler is None:
        raise NotMadeError("there is no C++ compiler; CXX names one")
    headers = packages / "include" / "liquibook"
    options = ["-O3", "-march=native", "-std=c++17", "-isystem", str(headers)]
    _output([compiler, *options, str(SOURCE), "-o", str(driver), "-ldl"], INSTALL_S)


def _output(command: list[str], seconds: float) -> str:
    """What a program prints. Raises NotMadeError with the last line of what it complains of, or the bound."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise NotMadeError(f"{Path(command[0]).name} took more than {seconds} s") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"{Path(command[0]).name} ended with {done.returncode}"]
        raise NotMadeError(lines[-1])
    return done.stdout


def published(flow: NDArray[np.void]) -> NDArray[np.int32]:
    """Rows of `COMMAND` as the published flow has them: an array (n, 5) of op, id, side, price and quantity."""
    cancels = flow["kind"] == CommandKind.CANCEL_ORDER
    immediate = flow["time_in_force"] == TimeInForce.IMMEDIATE_OR_CANCEL
    rows = np.empty((len(flow), 5), "<i4")
    rows[:, 0] = np.where(cancels, CANCEL, np.where(immediate, IMMEDIATE, LIMIT))
    rows[:, 1] = np.where(cancels, flow["orig_cl_ord_id"], flow["cl_ord_id"])
    rows[:, 2] = flow["side"] == Side.SELL
    rows[:, 3], rows[:, 4] = flow["price"], flow["quantity"]
    return rows


def show(peers: dict[str, dict[str, Any]]) -> None:
    """Prints the table of the peers, and below it why some are not in it."""
    table = plain_table("engine", "version", "operations/s", "ours/its", "fills")
    for name, row in peers.items():
        if "not_measured" not in row:
            figures = (row[key] for key in ("operations_per_second", "own_times_faster"))
            table.add_row(name, row["version"], *map(human, figures), row["fills"])
    say("the same operations, natively, in the same run")
    console.print(table)
    for name, row in peers.items():
        if "not_measured" in row:
            say(f"{name} {row['version']} was not measured: {row['not_measured']}")
        elif not row["same_totals"]:
            say(f"{name} {row['version']} came to other totals than ours: its speed says nothing")
