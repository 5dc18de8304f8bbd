"""In which order workers take the files: those that take longest first, so that all workers end together. And what
nodes said last, where a test fails.
"""

import gc
from collections.abc import Generator

import pytest

from seriatim.tools.venue import Venue

LONGEST = (
    "tests/test_cargo.py",
    "tests/simulator/test_simulator_runs.py",
    "tests/tools/test_drill.py",
    "tests/engine/test_agreement.py",
    "tests/engine/test_agreement_of_sessions.py",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):  # set by pytest-xdist in a worker
        ranks = {path: rank for rank, path in enumerate(LONGEST)}
        items.sort(key=lambda item: ranks.get(item.nodeid.partition("::")[0], len(LONGEST)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        nodes = [found for found in gc.get_objects() if isinstance(found, Venue) and found.log]
        report.sections += [(f"log of the node at {node.journal}", node.account()) for node in nodes]
    return report
