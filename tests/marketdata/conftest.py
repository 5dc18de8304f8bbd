"""Drivers that stay when nodes, publishers and receivers come and go."""

from collections.abc import Iterator

import pytest

from tests.bus.bus_help import outside_driver


@pytest.fixture(scope="module")
def aeron_dir() -> Iterator[str]:
    """The folder of a driver that stays; it lets go of a subscriber that does not read within a second."""
    with outside_driver() as folder:
        yield folder
