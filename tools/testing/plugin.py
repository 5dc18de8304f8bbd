"""The pytest plugin: fixtures for tests of gateways and strategies. It comes with the installation.

    @pytest.mark.seriatim(seeds=20, faults=("crash", "cut"))
    def test_my_strategy_survives(simulated_venue):
        client = simulated_venue.client()
        ...
        simulated_venue.check()

`simulated_venue` is a SimulatedVenue; the marker is optional, and its arguments are SimulatedVenue's beside `seeds`,
how many to try. A test that fails names its seed and how to repeat it: `pytest --seriatim-seed N`.

`node_process` is a NodeProcess: a real node, to `kill()`, `pause()` and `fill_disk()`; of the marker it takes
`durability`.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("seriatim")
    group.addoption("--seriatim-seed", type=int, help="the one seed that every simulated venue takes")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "seriatim(seeds=1, faults=…, clients=…, durability=…): what `simulated_venue` is made of"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each seed, whose name says which."""
    if "simulated_venue" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("seriatim")
    options = dict(marker.kwargs) if marker else {}
    count = options.pop("seeds", 1)
    only = metafunc.config.getoption("--seriatim-seed")
    # Without one on the command line, every test has seeds of its own, the same in every run.
    first = zlib.crc32(metafunc.definition.nodeid.encode()) % 1_000_000
    seeds = range(first, first + count) if only is None else (only,)
    cases = [pytest.param({"seed": seed, **options}, id=f"seed-{seed}") for seed in seeds]
    metafunc.parametrize("simulated_venue", cases, indirect=True)


@pytest.fixture
def simulated_venue(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A venue in one thread, under a virtual clock and the faults of its seed."""
    # Imported when a test asks for it: every test run with Seriatim installed loads this plugin.
    from seriatim.simulator.venue import SimulatedVenue  # noqa: PLC0415

    options = request.param
    seed = options["seed"]
    request.node.add_report_section("setup", "seriatim", f"seed {seed}; repeat it with --seriatim-seed {seed}")
    with SimulatedVenue(**options) as venue:
        yield venue


@pytest.fixture
def node_process(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """A real node in a process of its own, over a driver in another one."""
    from seriatim.tools.testing.node_process import NodeProcess  # noqa: PLC0415

    marker = request.node.get_closest_marker("seriatim")
    durability = marker.kwargs.get("durability", "fsync") if marker else "fsync"
    with NodeProcess(tmp_path, durability=durability) as node:
        yield node
