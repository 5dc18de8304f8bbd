"""`seriatim demo`: a node, traders, a table, and the proof that the journal holds it all."""

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.live import Live

from seriatim.config import DURABILITIES
from seriatim.journal import JournalReader
from seriatim.sequencer.recovery import replay
from seriatim.sequencer.replica import Replica
from seriatim.tools.demo.session import TradingSession
from seriatim.tools.demo.stats import percentiles_us
from seriatim.tools.demo.table import render
from seriatim.tools.output import console, emit, progress, say
from seriatim.tools.parameters import Named, Number, Whole
from seriatim.tools.scratch import scratch_folder
from seriatim.tools.signals import stop_signals
from seriatim.tools.venue import refuse_used

REFRESH_S = 0.25
PLAIN_REFRESH_S = 5.0
PLAIN_HEADER = f"{'s left':>7}{'orders':>14}{'orders/s':>12}{'executions':>14}{'p50, µs':>12}{'p99, µs':>12}"
RATED = ("sent", "answered", "accepted", "cancelled", "rejected", "fills")


@click.command("demo")
@click.option("--seconds", type=Number(1), default=20, show_default=True, help="How long to trade.")
@click.option("--sessions", type=Whole(1, 64), default=3, show_default=True, help="Traders, each a process.")
@click.option("--rate", type=Whole(100), default=10_000, show_default=True, help="Commands per second and trader.")
@click.option(
    "--durability",
    type=click.Choice(list(DURABILITIES)),
    default="fsync",
    show_default=True,
    help="When events are told: once on disk, or at once.",
)
@click.option(
    "--journal",
    type=Named(file_okay=False),
    help="Keep the journal in this new folder; without it, it is a temporary one that goes with the demo.",
)
@click.option("--json", "as_json", is_flag=True, help="The summary as one line of JSON, and no table.")
def command(*, seconds: float, sessions: int, rate: int, durability: str, journal: Path | None, as_json: bool) -> None:
    """Starts a node, lets traders trade on it, shows it live, and proves at the end that a replay agrees.

    The replay reads nothing but the journal. One that disagrees is exit code 1.

    \b
    Examples:
      seriatim demo
      seriatim demo --seconds 60 --sessions 4 --rate 50000 --durability relaxed
      seriatim demo --journal my-journal && seriatim journal state my-journal
    """
    refuse_used(journal)
    if not as_json:
        say(f"Starting a node with a journal, and {sessions} traders …")
    with ExitStack() as stack:
        scratch = stack.enter_context(scratch_folder("seriatim-demo-"))
        folder = journal or scratch / "journal"
        with TradingSession(folder, scratch / "stats", durability=durability, sessions=sessions, rate=rate) as session:
            watch(session, seconds, quiet=as_json)
            if not as_json:
                say("Stopping the traders and the node, then replaying the journal …")
            state = session.end()
            stats = np.array(session.stats)
            journal_bytes = session.journal_bytes()
        proof = prove(folder, state)
    latency = percentiles_us(stats)
    summary = {
        "orders_sent": int(stats["sent"].sum()),
        "acknowledged": int(stats["answered"].sum()),
        "executed": int(stats["fills"].sum()) // 2,
        "latency_us": latency,
        "journal_bytes": journal_bytes,
        "durability": durability,
        "seq": state["seq"],
        "outcome_hash": state["outcome_hash"],
        "state_hash": state["state_hash"],
        "replay": proof,
    }
    emit(summary, as_json, "the session, and the replay of its journal")
    if not as_json:
        same = "[bold green]the replay gives the same hashes[/]" if proof["same"] else "[bold red]the replay differs[/]"
        console.print(same)
    if not proof["same"]:
        sys.exit(1)


def watch(session: TradingSession, seconds: float, quiet: bool) -> None:
    """Shows the session until its time is over or somebody presses Ctrl-C."""
    end = time.monotonic() + seconds
    with stop_signals() as stopped, ExitStack() as stack:
        live = None
        if not quiet and console.is_terminal:
            live = stack.enter_context(Live(console=console, auto_refresh=False))
        elif not quiet:
            say(PLAIN_HEADER)
        before, before_at = np.array(session.stats), time.monotonic()
        next_line = before_at + PLAIN_REFRESH_S
        while (left_s := end - time.monotonic()) > 0 and not stopped.wait(min(REFRESH_S, left_s)):
            session.check()
            book, now = session.follow(), time.monotonic()
            stats = np.array(session.stats)
            rates = {name: float(stats[name].sum() - before[name].sum()) / (now - before_at) for name in RATED}
            before, before_at = stats, now
            if live is not None:
                size = session.journal_bytes()
                view = render(stats, rates, session.counters(), book=book, journal_bytes=size, left_s=left_s)
                live.update(view, refresh=True)
            elif not quiet and now >= next_line:
                next_line += PLAIN_REFRESH_S
                say_line(stats, rates, left_s)


def say_line(stats: np.ndarray, rates: dict[str, float], left_s: float) -> None:
    """The table in one line below PLAIN_HEADER, for pipes and logs."""
    latency = percentiles_us(stats)
    orders, executions = int(stats["sent"].sum()), int(stats["fills"].sum()) // 2
    say(
        f"{left_s:>7,.0f}{orders:>14,}{rates['sent']:>12,.0f}{executions:>14,}"
        f"{latency['p50']:>12,.0f}{latency['p99']:>12,.0f}"
    )


def prove(journal: Path, state: dict[str, Any]) -> dict[str, Any]:
    """Replays the journal from its start with nothing but what is in it, and compares."""
    watched = progress("replaying the journal", state["seq"])
    with Replica() as replica, JournalReader(journal) as reader, watched as advance_to:
        replayed = replay((block.data for block in reader), replica, lambda _, seq: advance_to(seq))
        again = replica.state.as_dict()
    names = ("seq", "outcome_hash", "state_hash")
    return {
        **{name: again[name] for name in names},
        "messages_per_second": round(replayed.messages_per_second),
        "same": all(again[name] == state[name] for name in names),
    }
