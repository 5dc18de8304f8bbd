"""Nodes in processes of their own, with small journals."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from seriatim.client import Client
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, instrument, outside_driver


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    """One node for the tests of a module that do not break it; instrument 1 is defined."""
    with Venue(tmp_path_factory.mktemp("venue") / "journal", options=SMALL_SEGMENTS) as venue:
        with Client(venue.client_config()) as client:
            client.call(instrument())
        yield venue


@pytest.fixture
def client(venue: Venue) -> Iterator[Client]:
    """A new session on that node."""
    with Client(venue.client_config()) as client:
        yield client


@pytest.fixture(scope="module")
def aeron_dir() -> Iterator[str]:
    """The folder of a driver that stays when nodes come and go."""
    with outside_driver() as folder:
        yield folder


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A folder for a journal, not there yet."""
    return tmp_path / "journal"
