"""Nobody's orders stop because of who else is connected: each is answered within a bound, whatever a neighbour does.

`seriatim bench neighbours` measures by how much they are slower; here the bound only has to tell slow from stopped, on
any machine: Aeron's own patience with what a dead client leaves behind is 10 s.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from seriatim.client import Client
from seriatim.tools.bench.load import load, trading
from seriatim.tools.bench.neighbours import KINDS, Kind, await_gone, connections, define_instruments, started
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, counters

pytestmark = pytest.mark.alone

BOUND_S = 2.0
SECONDS = 3.0
"""Longer than it takes this driver to notice the dead: 2 s."""


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, aeron_dir: str) -> Iterator[Venue]:
    """A node that a neighbour of each kind is let loose on."""
    folder: Path = tmp_path_factory.mktemp("crowded")
    with Venue(folder / "journal", aeron_dir=aeron_dir, options=SMALL_SEGMENTS) as venue:
        with Client(venue.client_config()) as client:
            define_instruments(client)
        yield venue


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.runs)
def test_every_order_is_answered_in_time_beside(kind: Kind, crowded: Venue):
    with Client(crowded.client_config(timeout_s=30.0)) as client:
        with started(kind, crowded.aeron_dir) as process:
            loaded = load(client, 1, SECONDS, trading())
            assert process.poll() is None or kind.then is not None or kind.runs == "connecting"
        assert loaded.commands == client.answered == client.next_number - 1
        assert loaded.commands > SECONDS / BOUND_S
        assert loaded.latencies_ns.max() < BOUND_S * 1e9
        await_gone(crowded.aeron_dir)
        assert connections(crowded.aeron_dir) == 1


def test_two_floods_leave_room_for_a_third_client(crowded: Venue):
    flood = next(kind for kind in KINDS if kind.runs == "flooding")
    with Client(crowded.client_config(timeout_s=30.0)) as client:
        with started(flood, crowded.aeron_dir), started(flood, crowded.aeron_dir):
            before = counters(crowded.aeron_dir)["commands"]
            loaded = load(client, 1, SECONDS, trading())
            flooded = counters(crowded.aeron_dir)["commands"] - before - loaded.commands
        assert loaded.latencies_ns.max() < BOUND_S * 1e9
        assert flooded > loaded.commands, "they flooded"
        await_gone(crowded.aeron_dir)
