"""`seriatim drill`: what goes wrong with machines, done on purpose to real processes, and judged."""

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from seriatim.tools.bench import engine_flow
from seriatim.tools.drill.kill import Options, kill_drill
from seriatim.tools.drill.marketdata import CHANNELS, marketdata_drill
from seriatim.tools.drill.marketdata import Options as MarketOptions
from seriatim.tools.drill.mutant import MUTANTS
from seriatim.tools.drill.power import power_drill, remove_images_left_behind
from seriatim.tools.flow import lobster
from seriatim.tools.output import emit, progress
from seriatim.tools.parameters import Named, Number, Whole
from seriatim.tools.scratch import scratch_folder

PREFIX = "seriatim-drill-"
SEED = click.option("--seed", type=Whole(0), help="Where random choices begin; drawn, and printed, if it is not given.")
JSON = click.option("--json", "as_json", is_flag=True, help="The verdict as one line of JSON.")


@click.group("drill")
def command() -> None:
    """Does to a node what goes wrong with machines, and judges what is left. Each drill ends with exit code 1 if
    anything that was acknowledged is lost, there twice or cannot be read.

    \b
    Examples:
      seriatim drill kill --times 20
      seriatim drill power --images 500 --json
      seriatim drill marketdata --loss 0.1
    """


@command.command("kill", short_help="SIGKILL under load, again and again.")
@click.option("--times", type=Whole(1), default=20, show_default=True, help="How often the node is killed.")
@click.option("--clients", type=Whole(1, 64), default=4, show_default=True, help="Half over IPC, half over UDP.")
@click.option(
    "--rate",
    type=Whole(100, 100_000),
    default=1_000,
    show_default=True,
    help="Commands a second, each client.",
)
@click.option(
    "--loss",
    type=Number(0, 0.5),
    default=0.02,
    show_default=True,
    help="Share of the packets that is lost on the way over UDP, by Aeron's own loss generator.",
)
@SEED
@JSON
def kill_command(*, times: int, clients: int, rate: int, loss: float, seed: int | None, as_json: bool) -> None:
    """Kills a node under load at random moments and starts it again, while clients in processes of their own reconnect
    and send again what has no answer. A kill takes about four seconds: two of them until the driver notices.

    Then every answer that a client got is looked up in the journal: it must be there, once, with that seq and that
    order; and a replay must give the hashes that the node gave. `recovery_ms` is the time from a kill to the next
    answer. SIGKILL does not test what reaches the disk (the page cache survives it): `seriatim drill power` does.

    \b
    Examples:
      seriatim drill kill --times 100 --json
      seriatim drill kill --times 5 --loss 0.1 --seed 7
    """
    seed = drawn(seed)
    options = Options(times, seed, clients, rate, loss)
    with drill_folder() as folder, progress("killing", times) as advance:
        verdict = kill_drill(options, folder, advance)
    emit(verdict, as_json, "drill kill")
    if not verdict["passed"]:
        sys.exit(1)


@command.command("power", short_help="Power cuts at any moment of a recorded run.")
@click.option("--images", type=Whole(1), default=300, show_default=True, help="About how many images are recovered.")
@click.option(
    "--mutant",
    type=click.Choice(MUTANTS),
    help="Put a fault into the node, to see that this finds it. nosync: LMDB does not sync.",
)
@SEED
@JSON
def power_command(*, images: int, mutant: str | None, seed: int | None, as_json: bool) -> None:
    """Records what a node writes to its journal and when it syncs, while a client trades and the node is killed,
    stopped and started again. Then cuts the power at random places of that record and recovers from what may be on the
    disk: what was synced, and of the rest nothing, everything, or any part, the last write torn between sectors.

    Everything that the client was told before a cut must be read back from every image, in order, once. A few
    images take a second.

    \b
    Examples:
      seriatim drill power --json
      seriatim drill power --images 2000
      seriatim drill power --mutant nosync       must fail
    """
    seed = drawn(seed)
    with drill_folder() as folder, progress("cutting", images) as to:
        verdict = power_drill(images, seed, folder, mutant, to)
    emit(verdict, as_json, "drill power")
    if not verdict["passed"]:
        sys.exit(1)


@command.command("marketdata", short_help="Public books through a network that loses, against an engine's.")
@click.argument("file", type=Named(exists=True, dir_okay=False), required=False)
@click.option(
    "--channel",
    type=click.Choice(CHANNELS),
    default="multicast",
    show_default=True,
    help="How the public stream travels; multicast stays on this machine's loopback.",
)
@click.option(
    "--loss", type=Number(0, 0.5), default=0.05, show_default=True, help="Share of the packets that is lost on the way."
)
@click.option("--rate", type=Whole(100, 1_000_000), default=20_000, show_default=True, help="Commands a second.")
@click.option(
    "--operations", type=Whole(1), default=50_000, show_default=True, help="Of the synthetic flow, without a FILE."
)
@click.option("--snapshots-only", is_flag=True, help="The receiver asks for nothing: after a loss it takes a snapshot.")
@click.option("--port", type=Whole(1024, 65_000), default=9_310, show_default=True, help="UDP port; the next one too.")
@SEED
@JSON
def marketdata_command(
    file: Path | None,
    *,
    channel: str,
    loss: float,
    rate: int,
    operations: int,
    snapshots_only: bool,
    port: int,
    seed: int | None,
    as_json: bool,
) -> None:
    """Sends a LOBSTER message file, or the synthetic flow, through a node and its public stream through a network that
    loses packets and repairs nothing. The receiver asks for what it has missed.

    Every book that the receiver had, after each packet, and every snapshot that was published is compared, order by
    order, with the book of an engine after the same command; the engine's outcome hash is compared with the node's.

    \b
    Examples:
      seriatim drill marketdata AAPL_2012-06-21_message_50.csv.gz
      seriatim drill marketdata --channel ipc --loss 0.2 --json
      seriatim drill marketdata --snapshots-only --loss 0.01
    """
    options = MarketOptions(channel, loss, drawn(seed), rate, not snapshots_only, port)
    if file is not None:
        commands, terms = lobster.read(file).commands, lobster.terms(file)
    else:
        commands, terms = engine_flow.load(operations, lambda _: None), engine_flow.TERMS
    with drill_folder() as folder, progress("sending", len(commands)) as advance:
        verdict = marketdata_drill(options, commands, terms, folder, advance)
    emit(verdict, as_json, "drill marketdata")
    if not verdict["passed"]:
        sys.exit(1)


@contextmanager
def drill_folder() -> Iterator[Path]:
    """A fresh folder here; those of drills that were killed are removed first, here and in memory."""
    remove_images_left_behind()
    with scratch_folder(PREFIX, Path()) as folder:
        yield folder


def drawn(seed: int | None) -> int:
    """The seed that was given, or a random one."""
    return random.SystemRandom().randrange(1 << 32) if seed is None else seed
