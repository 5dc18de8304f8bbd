"""`seriatim sim`: the venue under a virtual clock, network and disk that fail as a seed says."""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import click
from rich.table import Table

from seriatim.simulator import FAULTS, Outcome, Simulation, run, shrink
from seriatim.simulator.simulation import CLIENTS, CLIENTS_MAX, STEPS, add
from seriatim.tools.output import console, emit, errors, progress
from seriatim.tools.parameters import Whole
from seriatim.tools.sim.mutants import hunt

RELAXED_SHARE = 4
"""Every fourth seed runs `relaxed`, unless one durability is asked for."""


@click.command("sim")
@click.option("--seed", type=Whole(0), default=0, show_default=True, help="The first seed.")
@click.option("--seeds", type=Whole(1), default=1, show_default=True, help="How many, one after the other.")
@click.option("--steps", type=Whole(0), default=STEPS, show_default=True, help="Steps with faults in each.")
@click.option("--clients", type=Whole(0, CLIENTS_MAX), default=CLIENTS, show_default=True, help="Clients in each.")
@click.option(
    "--faults", default="all", show_default=True, help=f"Kinds that may happen: {', '.join(FAULTS)}; or none."
)
@click.option("--durability", type=click.Choice(["fsync", "relaxed"]), help="One only; else every fourth is relaxed.")
@click.option("--shrink", "shrinks", is_flag=True, help="Look for the least that still fails.")
@click.option("--mutants", is_flag=True, help="Plant bugs on purpose and find each (needs the sources and cargo).")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def command(
    *,
    seed: int,
    seeds: int,
    steps: int,
    clients: int,
    faults: str,
    durability: str | None,
    shrinks: bool,
    mutants: bool,
    as_json: bool,
) -> None:
    """Runs the production cores in one thread under a virtual clock, network and disk, which lose, delay, repeat,
    corrupt, crash, fill and rot as the seed says, and checks after every step: nothing answered is lost, nothing is
    executed twice, replicas agree, the order has no gap; and at the end, that everybody catches up.

    The same seed gives the same run everywhere. Exit code 1 if a promise was broken.

    \b
    Examples:
      seriatim sim --seeds 1000
      seriatim sim --seed 42 --faults crash,cut --shrink
      seriatim sim --mutants --seeds 200
    """
    if mutants:
        report_mutants(seeds if seeds > 1 else 600, steps, as_json)
        return
    first = Simulation(seed, steps, clients, faults_of(faults), durability or "fsync")
    replace(first, seed=seed + seeds - 1)  # what is wrong with the last one is said before the first one runs
    start_s = time.monotonic()
    failures: list[tuple[Simulation, Outcome]] = []
    outcomes: list[Outcome] = []
    with progress("simulating", seeds) as advance_to:
        for done, simulation in enumerate(several(first, seeds, durability)):
            outcome = run(simulation)
            outcomes.append(outcome)
            if outcome.violation:
                failures.append((simulation, outcome))
            advance_to(done + 1)
    elapsed_s = time.monotonic() - start_s
    result = {
        "seeds": seeds,
        "steps": sum(outcome.steps for outcome in outcomes),
        "failures": len(failures),
        "exercised": add({}, outcomes),
        "seeds_per_minute": round(60 * seeds / elapsed_s),
        "trace": f"{fold(outcomes):016x}",
    }
    failed = [failure(simulation, outcome, shrinks) for simulation, outcome in failures]
    emit({**result, "failed": failed} if as_json else result, as_json, "seriatim sim")
    for one in failed if not as_json else []:
        errors.print(
            f"[bold red]seed {one['seed']}:[/] {one['what']}\n  {one['repeat']}", highlight=False, soft_wrap=True
        )
    if failed:
        sys.exit(1)


def faults_of(text: str) -> tuple[str, ...]:
    """The kinds that `--faults` names. Raises UsageError for what names none."""
    names = tuple(name.strip() for name in text.split(","))
    if names in (("all",), ("none",)):
        return FAULTS if names == ("all",) else ()
    if wrong := [name for name in names if name not in FAULTS]:
        known = ", ".join(FAULTS)
        raise click.UsageError(f"--faults takes all, or none, or names with commas between, not {wrong[0]!r}: {known}")
    return names


def several(first: Simulation, seeds: int, durability: str | None) -> Iterator[Simulation]:
    """One simulation a seed."""
    for seed in range(first.seed, first.seed + seeds):
        relaxed = durability == "relaxed" or (durability is None and seed % RELAXED_SHARE == RELAXED_SHARE - 1)
        yield replace(first, seed=seed, durability="relaxed" if relaxed else "fsync")


def failure(simulation: Simulation, outcome: Outcome, shrinks: bool) -> dict[str, object]:
    """What broke, and the command that repeats it."""
    found = shrink(simulation) if shrinks else None
    if found is not None:
        simulation, outcome = found
    return {
        "seed": simulation.seed,
        "what": outcome.violation,
        "step": outcome.steps,
        "repeat": simulation.command,
        "shrunk": found is not None,
    }


def fold(outcomes: list[Outcome]) -> int:
    """One hash of all traces: the same seeds give the same."""
    trace = 0
    for outcome in outcomes:
        trace = (trace * 0x100000001B3 ^ outcome.trace) & (1 << 64) - 1
    return trace


def report_mutants(seeds: int, steps: int, as_json: bool) -> None:
    """Plants each bug and says after how many seeds it was found."""
    found = hunt(seeds, steps)
    if as_json:
        print(json.dumps({"mutants": found, "missed": sum(row["seeds"] is None for row in found)}))
    else:
        table = Table("bug", "seeds", "what the judge said")
        for row in found:
            table.add_row(row["name"], str(row["seeds"] or "not found"), row["what"])
        console.print(table)
    if any(row["seeds"] is None for row in found):
        sys.exit(1)
