"""In which order workers take the files: those that take longest first, so that all workers end together."""

import pytest

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
