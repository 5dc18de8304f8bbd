"""`seriatim sim`: what it is told, and that it can be told to end."""

import json
import signal
import subprocess
import sys
from typing import Any

import click
import pytest
from click.testing import CliRunner
from processes import wait_for

from seriatim.errors import SeriatimError
from seriatim.simulator import FAULTS
from seriatim.tools.main import cli
from seriatim.tools.sim import faults_of


def sim(*arguments: object) -> dict[str, Any]:
    done = CliRunner().invoke(cli, ["sim", "--json", *map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("all", FAULTS),
        ("none", ()),
        ("crash", ("crash",)),
        ("crash,cut", ("crash", "cut")),
        (" crash, cut ", ("crash", "cut")),
    ],
)
def test_faults_are_named(text: str, names: tuple[str, ...]):
    assert faults_of(text) == names


@pytest.mark.parametrize("text", ["", "none,crash", "nonecrash", "all,crash", "crash,", "crash;cut", "ALL"])
def test_what_names_no_fault_is_refused(text: str):
    with pytest.raises(click.UsageError, match="--faults takes all, or none, or names with commas between"):
        faults_of(text)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize("extra", [[], ["--shrink", "--seeds", "2"]], ids=["run", "shrink"])
def test_a_signal_ends_a_long_simulation(number: signal.Signals, extra: list[str]):
    command = [sys.executable, "-m", "seriatim", "sim", "--steps", "100000000", *extra]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            wait_for(lambda: cpu_s(process.pid) > 3)  # longer than all imports
            process.send_signal(number)
            said, errors = process.communicate(timeout=10)
            assert (said, errors.strip()) == (b"", b"")
            assert process.returncode == 128 + number
        finally:
            process.kill()


def cpu_s(pid: int) -> float:
    """Processor time that it has used."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def test_as_many_clients_as_are_taken_settle():
    assert sim("--clients", 100, "--steps", 2_000, "--seeds", 8)["failures"] == 0
    refused = CliRunner().invoke(cli, ["sim", "--clients", "101"])
    assert refused.exit_code == 2
    assert "0<=x<=100" in refused.output


def test_a_last_seed_that_there_is_not_is_refused_before_the_first_one_runs():
    last = 2**64 - 1
    assert sim("--seed", last, "--steps", 10, "--durability", "fsync")["failures"] == 0
    with pytest.raises(SeriatimError, match="seed of a simulation is a whole number"):
        sim("--seed", last, "--seeds", 2, "--steps", 10**9)
