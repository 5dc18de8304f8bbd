"""The marker of the pytest plugin: what it says is done, and what it cannot say fails."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAD = "import pytest\nmark = pytest.mark.seriatim\n"


def pytest_says(folder: Path, source: str, *arguments: str) -> str:
    (folder / "test_it.py").write_text(HEAD + source)
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ("5", "takes seeds, faults, clients, durability by name, not 5 without a name"),
        ("bogus=1", "takes seeds, faults, clients, durability by name, not 'bogus'"),
        ("seeds=0", "takes seeds as a number of at least 1, not 0"),
        ("seeds=-2", "takes seeds as a number of at least 1, not -2"),
        ("seeds='x'", "takes seeds as a number of at least 1, not 'x'"),
        ("faults='crash'", "faults is 'crash'; it is a tuple of names"),
        ("faults=('nova',)", "there is no fault 'nova'"),
        ("clients=-1", "clients of a simulation is a whole number"),
    ],
)
def test_a_marker_that_makes_no_sense_fails(tmp_path: Path, arguments: str, what: str):
    said = pytest_says(tmp_path, f"@mark({arguments})\ndef test_it(simulated_venue):\n    pass\n")
    assert what in said
    assert "test_it.py::test_it" in said
    assert "1 error" in said
    assert "passed" not in said
    assert "skipped" not in said


def test_a_marker_of_a_class_says_what_that_of_a_method_leaves_open(tmp_path: Path):
    said = pytest_says(
        tmp_path,
        """
pytestmark = mark(durability="relaxed")

@mark(faults=("crash",), clients=3, seeds=2)
class TestIt:
    @mark(clients=1)
    def test_it(self, simulated_venue):
        simulation = simulated_venue.simulation
        assert (simulation.faults, simulation.clients, simulation.durability) == (("crash",), 1, "relaxed")
""",
    )
    assert "2 passed" in said


def test_a_venue_may_be_asked_for_while_a_test_runs(tmp_path: Path):
    source = """
@mark(clients=1)
def test_it(request):
    assert request.getfixturevalue("simulated_venue").simulation.clients == 1
"""
    assert "1 passed" in pytest_says(tmp_path, source)
    source += "    assert request.getfixturevalue('simulated_venue').seed == 77\n"
    assert "1 passed" in pytest_says(tmp_path, source, "--seriatim-seed", "77")
    said = pytest_says(tmp_path, source.replace("clients=1)", "clients=1, seeds=2)"))
    assert "a test with several seeds names simulated_venue among its arguments" in said
    assert "1 failed" in said


def test_a_marker_of_a_test_with_a_real_node_is_read_too(tmp_path: Path):
    said = pytest_says(tmp_path, "@mark(durabilty='relaxed')\ndef test_it(node_process):\n    pass\n")
    assert "by name, not 'durabilty'" in said
    assert "1 error" in said
