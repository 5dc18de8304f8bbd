"""`seriatim flow`: order flow from a file or a generator, through the real bus, from session to execution event."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import numpy as np

from seriatim.client import Client
from seriatim.config import DURABILITIES, IPC
from seriatim.engine import EventKind
from seriatim.errors import NodeFailed, SeriatimError
from seriatim.schemas import DefineInstrument
from seriatim.tools.bench import engine_flow
from seriatim.tools.flow import lobster
from seriatim.tools.flow.run import run
from seriatim.tools.output import emit, progress
from seriatim.tools.parameters import Named, Whole
from seriatim.tools.venue import UDP_INGRESS, Venue, refuse_used

CHANNELS = ("ipc", "udp")


def options(command: Callable[..., None]) -> Callable[..., None]:
    """What all flows have in common."""
    decorators = (
        click.option("--durability", type=click.Choice(list(DURABILITIES)), default="fsync", show_default=True,
                     help="When events are told: once on disk, or at once."),
        click.option("--channel", type=click.Choice(CHANNELS), default="ipc", show_default=True,
                     help="How the client reaches the node: shared memory, or UDP on the loopback."),
        click.option("--udp-port", type=Whole(1024, 65535), default=9_301, show_default=True,
                     help="Port of the node's ingress with --channel udp."),
        click.option("--journal", type=Named(file_okay=False),
                     help="Keep the journal here; without it, it goes with the run."),
        click.option("--json", "as_json", is_flag=True, help="The result as one line of JSON."),
    )  # fmt: skip
    for decorator in reversed(decorators):
        command = decorator(command)
    return command


@click.group("flow")
def command() -> None:
    """Sends order flow through a node that it starts, and says what came of it.

    The same flow gives the same outcome_hash in every run, over either channel and in each durability.

    \b
    Examples:
      seriatim flow synthetic --operations 100000
      seriatim flow lobster AAPL_2012-06-21_message_50.csv.gz --json
    """


@command.command("lobster", short_help="A real hour of trading from a LOBSTER file.")
@click.argument("file", type=Named(exists=True, dir_okay=False))
@options
def lobster_command(file: Path, as_json: bool, **settings: Any) -> None:
    """Replays a real hour of trading: a LOBSTER message file, plain or gzipped.

    New orders, cancels and reductions are sent as they were; each execution becomes an immediate-or-cancel order of the
    other side. The result says for how many executions our engine filled exactly and only the order that the exchange
    filled.

    \b
    Examples:
      seriatim flow lobster AAPL_2012-06-21_message_50.csv.gz
      seriatim flow lobster FILE --durability relaxed --channel udp --json
    """
    flow = lobster.read(file)

    def judge(events: np.ndarray, first_number: int) -> dict[str, Any]:
        return {
            "executions": int(np.count_nonzero(flow.filled_by_exchange)),
            "same_order_as_exchange": lobster.same_order_as_exchange(flow, events, first_number),
        }

    result = through_the_bus(flow.commands, lobster.terms(file), flow.rows, judge, **settings)
    emit(result, as_json, f"{file.name} through the bus")


@command.command("synthetic", short_help="The synthetic flow on which engines are compared.")
@click.option("--operations", type=Whole(1), default=1_000_000, show_default=True, help="How many commands.")
@options
def synthetic_command(operations: int, as_json: bool, **settings: Any) -> None:
    """Sends the synthetic flow on which engines are compared: limits around a wandering mid, cancels, immediate orders.

    \b
    Examples:
      seriatim flow synthetic
      seriatim flow synthetic --operations 100000 --durability relaxed --json
      seriatim flow synthetic --journal my-journal
    """
    with progress("making the flow", operations) as advance_to:
        commands = engine_flow.load(operations, advance_to)
    result = through_the_bus(commands, engine_flow.TERMS, operations, lambda *_: {}, **settings)
    emit(result, as_json, "synthetic flow through the bus")


def through_the_bus(
    commands: np.ndarray,
    terms: DefineInstrument,
    messages: int,
    judge: Callable[[np.ndarray, int], dict[str, Any]],
    *,
    durability: str,
    channel: str,
    udp_port: int,
    journal: Path | None,
) -> dict[str, Any]:
    """Starts a node, defines the instrument, sends everything and stops the node; the result is what both sides say."""
    refuse_used(journal)
    ingress = IPC if channel == "ipc" else UDP_INGRESS.format(port=udp_port)
    with Venue(journal, durability=durability, ingress=ingress) as venue, told_by(venue):
        with Client(venue.client_config()) as client:
            client.call(terms)
            first_number = client.next_number
            start = time.monotonic()
            with progress("sending", len(commands)) as advance_to:
                events = run(client, commands, advance_to)
            elapsed_s = time.monotonic() - start
        state = venue.stop()
    return {
        "messages": messages,
        "orders": len(commands),
        **judge(events, first_number),
        "fills": count(events, EventKind.FILLED) // 2,  # each party hears of it
        "live_orders": state["live_orders"],
        "rejects": count(events, EventKind.REJECTED),
        "outcome_hash": state["outcome_hash"],
        "state_hash": state["state_hash"],
        "seq": state["seq"],
        "durability": durability,
        "channel": channel,
        "seconds": round(elapsed_s, 3),
    }


@contextmanager
def told_by(venue: Venue) -> Iterator[None]:
    """Adds to an error what the node said: its log goes with the run, and nobody could look it up."""
    try:
        yield
    except SeriatimError as error:
        raise NodeFailed(f"{error}\nThe last lines of the node's log, which is not kept:\n{venue.account()}") from error


def count(events: np.ndarray, kind: EventKind) -> int:
    """How many events are of this kind."""
    return int(np.count_nonzero(events["kind"] == kind))
