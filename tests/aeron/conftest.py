"""One driver and one client for the tests that do not break them."""

from collections.abc import Iterator
from itertools import count

import pytest

from seriatim.aeron import Aeron, MediaDriver

_streams = count(1001)


@pytest.fixture(scope="session")
def driver() -> Iterator[MediaDriver]:
    """A driver with small terms and short lingering, so that rotation and endings come soon."""
    with MediaDriver(
        ipc_term_length_bytes=1 << 18,
        term_length_bytes=1 << 18,
        publication_linger_timeout_ns=200_000_000,
        image_liveness_timeout_ns=1_000_000_000,
        timer_interval_ns=100_000_000,
        untethered_window_limit_timeout_ns=1_000_000_000,
    ) as driver:
        yield driver


@pytest.fixture(scope="session")
def aeron(driver: MediaDriver) -> Iterator[Aeron]:
    """A client of that driver."""
    with Aeron(driver, name="tests") as aeron:
        yield aeron


@pytest.fixture
def stream_id() -> int:
    """A stream that no other test uses."""
    return next(_streams)
