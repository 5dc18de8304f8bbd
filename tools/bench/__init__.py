"""`seriatim bench`: programs that measure, each beside its limit in the same run."""

from pathlib import Path
from typing import Any

import click

from seriatim.config import DURABILITIES
from seriatim.tools.bench import aeron, engine, journal, marketdata, neighbours, path, snapshot
from seriatim.tools.output import emit
from seriatim.tools.parameters import Named, Number, Whole
from seriatim.tools.scratch import scratch_folder

RESTING_MAX = 4_000_000


@click.group("bench")
def command() -> None:
    """Measures this machine. Every figure is printed beside the limit that it ran against, from the same run.

    Compare figures within one run, on a quiet machine. docs/PERFORMANCE.md says what each one stands on.

    \b
    Examples:
      seriatim bench path --durability relaxed
      seriatim bench engine --json
      seriatim bench journal commit .
    """


@command.command("path", short_help="Orders per second and round trips through a node.")
@click.option(
    "--durability",
    type=click.Choice(list(DURABILITIES)),
    default="fsync",
    show_default=True,
    help="When events are told: once on disk, or at once.",
)
@click.option("--seconds", type=Number(0.5), default=10, show_default=True, help="How long the load lasts.")
@click.option(
    "--window",
    type=Whole(1, 65_536),
    default=65_536,
    show_default=True,
    help="How many orders may be unanswered during the load.",
)
@click.option(
    "--idle-mode",
    type=click.Choice(["hot", "parked"]),
    default="hot",
    show_default=True,
    help="hot: the node spins when idle. parked: it naps, as it does by default.",
)
@click.option(
    "--resting",
    type=Whole(0, RESTING_MAX),
    default=0,
    show_default=True,
    help="Fill the book with so many orders; the load cancels them at random and enters others. With 0, orders trade.",
)
@click.option(
    "--folder",
    type=Named(file_okay=False, exists=True),
    default=".",
    show_default="here",
    help="Where the journal is written: decides which disk is measured.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def path_command(*, folder: Path, as_json: bool, **setting: Any) -> None:
    """Orders per second and round trips through a node with its journal, from a client in another process.

    Beside them, from the same run: one plain LMDB commit of one message, and raw Aeron over shared memory.

    \b
    Examples:
      seriatim bench path --durability relaxed
      seriatim bench path --durability fsync --seconds 30 --json
      seriatim bench path --resting 1000000
    """
    with scratch_folder("seriatim-bench-", folder) as scratch:
        result = path.measure(path.Setting(**setting), scratch)
    emit(result, as_json, "the whole path, and its limits")


@command.command("neighbours", short_help="What one client notices of slow, dead and hostile ones.")
@click.option(
    "--durability",
    type=click.Choice(list(DURABILITIES)),
    default="fsync",
    show_default=True,
    help="When events are told: once on disk, or at once.",
)
@click.option("--seconds", type=Number(0.5), default=7, show_default=True, help="How long beside each.")
@click.option(
    "--idle-mode",
    type=click.Choice(["hot", "parked"]),
    default="parked",
    show_default=True,
    help="hot: the node spins when idle. parked: it naps, as it does by default.",
)
@click.option(
    "--folder",
    type=Named(file_okay=False, exists=True),
    default=".",
    show_default="here",
    help="Where the journal is written: decides which disk is measured.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def neighbours_command(*, durability: str, seconds: float, idle_mode: str, folder: Path, as_json: bool) -> None:
    """Latency of a client that keeps one order in flight, alone and beside others, in one run.

    The others: one that reads nothing, one stopped with SIGSTOP, one killed in the middle of a claim, a thousand
    connects, a flood of orders, a flood of garbage; and a process that only keeps a core busy, because that alone costs
    something where cores are few. Seven seconds are longer than the five after which the dead are noticed.

    \b
    Examples:
      seriatim bench neighbours
      seriatim bench neighbours --durability relaxed --idle-mode hot --json
    """
    with scratch_folder("seriatim-bench-", folder) as scratch:
        result = neighbours.measure(durability, seconds, idle_mode, scratch)
    neighbours.show(result, as_json)


@command.command("aeron", short_help="Aeron from Python beside native threads.")
@click.option("--seconds", type=Number(0.5), default=10, show_default=True, help="How long all of it takes.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def aeron_command(seconds: float, as_json: bool) -> None:
    """Aeron from Python, message by message and in batches, beside native threads that call Aeron's C.

    \b
    Examples:
      seriatim bench aeron
      seriatim bench aeron --seconds 30 --json
    """
    aeron.main(seconds, as_json)


@command.command("engine", short_help="The matching engine alone.")
@click.option("--operations", type=Whole(1_000), default=1_000_000, show_default=True, help="How many commands.")
@click.option(
    "--seconds",
    type=Number(0.5),
    default=15,
    show_default=True,
    help="About how long; every part is measured once at least.",
)
@click.option("--peers", "with_peers", is_flag=True, help="Beside other engines, which are fetched from PyPI for it.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def engine_command(*, operations: int, seconds: float, with_peers: bool, as_json: bool) -> None:
    """The matching engine alone, with every event produced: throughput, single operations, arrays from Python.

    The flow is the published one on which engines are compared. A full run of a million checks its totals. Then what
    an operation costs with more resting orders, with more instruments and where nine operations of ten are cancels.

    --peers installs pinned versions of other engines from PyPI in a temporary folder, compiles a driver for their
    native faces there, and runs them on the same flow in turn with ours. It takes a minute more and a C++ compiler.

    \b
    Examples:
      seriatim bench engine
      seriatim bench engine --peers --json
      seriatim bench engine --operations 100000 --seconds 5
    """
    engine.main(as_json=as_json, operations=operations, seconds=seconds, with_peers=with_peers)


@command.command("marketdata", short_help="The public stream: builder, receiver, added latency.")
@click.option("--operations", type=Whole(1_000), default=500_000, show_default=True, help="Commands of the flow.")
@click.option(
    "--idle-mode",
    type=click.Choice(["hot", "parked"]),
    default="parked",
    show_default=True,
    help="hot: the publisher spins when idle. parked: it naps for up to a millisecond, as it does by default.",
)
@click.option("--orders", type=Whole(1), default=3_000, show_default=True, help="Orders whose latency is measured.")
@click.option(
    "--folder",
    type=Named(file_okay=False, exists=True),
    default=".",
    show_default="here",
    help="Where journals are written: decides which disk is measured.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def marketdata_command(*, operations: int, idle_mode: str, orders: int, folder: Path, as_json: bool) -> None:
    """What the builder of public messages adds to a replay, how many a receiver takes in a second, and how long after
    the client's own event an order is public (`fsync`, one order in flight, publisher in a process of its own).

    \b
    Examples:
      seriatim bench marketdata
      seriatim bench marketdata --operations 100000 --orders 500 --json
    """
    with scratch_folder("seriatim-bench-", folder) as scratch:
        result = marketdata.measure(operations, orders, idle_mode, scratch)
    emit(result, as_json, "market data")


@command.command("snapshot", short_help="Snapshots of an engine, and loads.")
@click.option(
    "--orders", type=Whole(1, 3_000_000), default=1_000_000, show_default=True, help="How many orders rest in the book."
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def snapshot_command(orders: int, as_json: bool) -> None:
    """A snapshot of an engine with a large book, and a load of it; the loaded engine must save as the same bytes.

    Beside them, from the same run: a copy of as many bytes, and a checksum over them.

    \b
    Examples:
      seriatim bench snapshot
      seriatim bench snapshot --orders 100000 --json
    """
    emit(snapshot.measure(orders), as_json, "snapshots of a large book")


command.add_command(journal.command)
