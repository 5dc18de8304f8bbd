"""`seriatim bench`: programs that measure, each beside its limit in the same run."""

import tempfile
from pathlib import Path

import click

from seriatim.config import DURABILITIES
from seriatim.tools.output import emit


@click.group("bench")
def command() -> None:
    """Measures this machine. Every figure is printed beside the limit that it ran against, from the same run."""


@command.command("path")
@click.option("--durability", type=click.Choice(list(DURABILITIES)), default="fsync", show_default=True,
              help="When events are told: once on disk, or at once.")
@click.option("--seconds", type=click.FloatRange(0.5), default=10, show_default=True, help="How long the load lasts.")
@click.option("--window", type=click.IntRange(1, 65_536), default=65_536, show_default=True,
              help="How many orders may be unanswered during the load.")
@click.option("--idle-mode", type=click.Choice(["hot", "parked"]), default="hot", show_default=True,
              help="hot: the node spins when idle. parked: it naps, as it does by default.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=".", show_default="here",
              help="Where the journal is written: decides which disk is measured.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def path_command(durability: str, seconds: float, window: int, idle_mode: str, folder: Path, as_json: bool) -> None:  # fmt: skip
    """Orders per second and round trips through a node with its journal, from a client in another process.

    \b
    Examples:
      seriatim bench path --durability relaxed
      seriatim bench path --durability fsync --seconds 30 --json
    """
    from seriatim.tools.bench.path import measure

    with tempfile.TemporaryDirectory(prefix="seriatim-bench-", dir=folder) as scratch:
        result = measure(durability, seconds, window, idle_mode, Path(scratch))
    emit(result, as_json, "the whole path, and its limits")


@command.command("aeron")
@click.option("--seconds", type=click.FloatRange(0.5), default=10, show_default=True, help="How long all of it takes.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def aeron_command(seconds: float, as_json: bool) -> None:
    """Aeron from Python, message by message and in batches, beside raw C.

    \b
    Example:
      seriatim bench aeron --seconds 10 --json
    """
    from seriatim.tools.bench.aeron import main

    main(seconds, as_json)


@command.command("engine")
@click.option("--operations", type=click.IntRange(1_000), default=1_000_000, show_default=True, help="How many commands.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def engine_command(operations: int, as_json: bool) -> None:
    """The matching engine alone, with every event produced: throughput, single operations, arrays from Python.

    \b
    Example:
      seriatim bench engine --json
    """
    from seriatim.tools.bench.engine import main

    main(as_json=as_json, operations=operations)
