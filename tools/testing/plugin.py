"""The pytest plugin: fixtures for tests of gateways and strategies. It comes with the installation.

    @pytest.mark.seriatim(seeds=20, faults=("crash", "cut"))
    def test_my_strategy_survives(simulated_venue):
        client = simulated_venue.client()
        ...
        simulated_venue.check()

`simulated_venue` is a SimulatedVenue; the marker is optional, and its arguments are SimulatedVenue's beside `seeds`,
how many to try. What a test's own marker leaves open, its class's and module's say. A test that fails names its seed
and how to repeat it: `pytest --seriatim-seed N`.

`node_process` is a NodeProcess: a real node, to `kill()`, `pause()` and `fill_disk()`; of the marker it takes
`durability`.
"""

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

OPTIONS = ("seeds", "faults", "clients", "durability")
"""Of the marker."""


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
    options = marked(metafunc.definition)
    seeds = seeds_of(metafunc.definition, options.pop("seeds", 1))
    cases = [pytest.param({"seed": seed, **options}, id=f"seed-{seed}") for seed in seeds]
    metafunc.parametrize("simulated_venue", cases, indirect=True)


@pytest.fixture
def simulated_venue(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A venue in one thread, under a virtual clock and the faults of its seed."""
    # Imported when a test asks for it: every test run with Seriatim installed loads this plugin.
    from seriatim.simulator.venue import SimulatedVenue  # noqa: PLC0415

    options = getattr(request, "param", None) or asked_for(request.node)
    seed = options["seed"]
    request.node.add_report_section("setup", "seriatim", f"seed {seed}; repeat it with --seriatim-seed {seed}")
    with SimulatedVenue(**options) as venue:
        yield venue


@pytest.fixture
def node_process(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """A real node in a process of its own, over a driver in another one."""
    from seriatim.tools.testing.node_process import NodeProcess  # noqa: PLC0415

    with NodeProcess(tmp_path, durability=marked(request.node).get("durability", "fsync")) as node:
        yield node


def marked(item: pytest.Item) -> dict[str, Any]:
    """What the markers of a test say, and those of its class and module, the nearest last. Fails the test for what
    they cannot say."""
    options: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers("seriatim"))):
        strange = [f"{value!r} without a name" for value in marker.args]
        strange += [repr(name) for name in marker.kwargs if name not in OPTIONS]
        if strange:
            where = f"the marker seriatim of {item.nodeid}"
            pytest.fail(f"{where} takes {', '.join(OPTIONS)} by name, not {strange[0]}", pytrace=False)
        options |= marker.kwargs
    return options


def seeds_of(item: pytest.Item, count: Any) -> Sequence[int]:
    """The one seed of the command line, or else as many as the test wants: its own, the same in every run."""
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        where = f"the marker seriatim of {item.nodeid}"
        pytest.fail(f"{where} takes seeds as a number of at least 1, not {count!r}", pytrace=False)
    only = item.config.getoption("--seriatim-seed")
    first = zlib.crc32(item.nodeid.encode()) % 1_000_000
    return range(first, first + count) if only is None else (only,)


def asked_for(item: pytest.Item) -> dict[str, Any]:
    """What a venue is made of that a test asks for while it runs: `request.getfixturevalue`. It has one seed."""
    options = marked(item)
    seeds = seeds_of(item, options.pop("seeds", 1))
    if len(seeds) > 1:
        pytest.fail("a test with several seeds names simulated_venue among its arguments", pytrace=False)
    return {"seed": seeds[0], **options}
