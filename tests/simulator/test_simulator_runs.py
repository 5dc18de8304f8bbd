"""Seeds, and bugs put in on purpose."""

import json
import shutil

import pytest
from click.testing import CliRunner

from seriatim.simulator import COUNTS, Outcome, Simulation, run, shrink
from seriatim.simulator.mutants import MUTANTS
from seriatim.tools.main import cli
from seriatim.tools.sim.mutants import hunt

FLOORS = {**dict.fromkeys(COUNTS, 20), "expired_refused": 1, "mass_cancels_in_pieces": 5}
SEEDS = 120


def test_no_seed_breaks_a_promise_and_everything_is_exercised():
    result = CliRunner().invoke(cli, ["sim", "--seeds", str(SEEDS), "--json"])
    report = json.loads(result.stdout)
    assert (result.exit_code, report["failed"]) == (0, [])
    assert {name: count for name, count in report["exercised"].items() if count < FLOORS[name]} == {}
    again = json.loads(CliRunner().invoke(cli, ["sim", "--seeds", str(SEEDS), "--json"]).stdout)
    assert again["trace"] == report["trace"]


def test_without_faults_nothing_goes_wrong():
    outcome = run(Simulation(seed=1, faults=(), steps=2_000))
    assert outcome.violation is None
    exercised = outcome.exercised
    assert exercised["executed"] == exercised["commands"] > 0
    assert sum(exercised[name] for name in ("crashes", "cuts", "refused", "repeats_answered")) == 0


def test_a_run_that_does_not_fail_cannot_be_shrunk():
    assert shrink(Simulation(seed=1, steps=500)) is None


def test_what_fails_is_shrunk_to_the_least_that_fails():
    def outcome_of(simulation: Simulation) -> Outcome:
        fails = "cut" in simulation.faults and simulation.clients >= 2 and simulation.steps >= 37
        return Outcome(simulation.steps, 0, {}, "broken" if fails else None)

    whole = Simulation(seed=1, clients=9, steps=5_000)
    assert shrink(whole, outcome_of) == (
        Simulation(seed=1, clients=2, steps=37, faults=("cut",)),
        Outcome(37, 0, {}, "broken"),
    )
    assert shrink(Simulation(seed=1, clients=1), outcome_of) is None


@pytest.mark.timeout(900)
def test_every_planted_bug_is_found():
    if shutil.which("cargo") is None:
        pytest.skip("cargo is not installed")
    found = hunt(seeds=600, steps=5_000)  # the rarest takes some 250
    assert len(found) == len(MUTANTS) >= 10
    assert [row["name"] for row in found if row["seeds"] is None] == []
