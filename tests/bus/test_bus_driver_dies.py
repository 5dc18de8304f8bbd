"""Node and driver die together, at every moment of a connection: what a client raises is of the bus, never of Aeron."""

import os
import signal
import time
from pathlib import Path

import pytest

from seriatim.client import Client
from seriatim.connection import Connection
from seriatim.engine import EventKind
from seriatim.errors import Disconnected, NoAnswer, OutcomeUnknown
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, instrument, order


@pytest.fixture
def mortal(journal: Path):
    """A node with a driver of its own, for a test that kills it."""
    with Venue(journal, options=SMALL_SEGMENTS) as venue:
        yield venue


def test_a_node_that_dies_between_connection_and_logon_is_disconnected(mortal: Venue):
    connection = Connection(mortal.client_config(timeout_s=20))
    mortal.kill()
    try:
        with pytest.raises((Disconnected, NoAnswer)):
            connection.log_on(0, 1, resumes=False)
    finally:
        connection.close()


def test_a_client_comes_back_through_kills_and_a_stop_and_gives_up_in_time(mortal: Venue):
    with Client(mortal.client_config(timeout_s=8.0, reconnect_s=5.0)) as client:
        client.call(instrument())
        mortal.kill()
        mortal.start()
        assert client.call(order(1))["kind"].tolist() == [EventKind.ACCEPTED]
        assert mortal.process is not None
        os.kill(mortal.process.pid, signal.SIGSTOP)
        with pytest.raises(OutcomeUnknown):
            client.call(order(2))
        os.kill(mortal.process.pid, signal.SIGCONT)  # it ends, for its driver has been silent for too long
        mortal.kill()
        mortal.start()
        assert client.outcome(3, timeout_s=30).number == 3
        assert client.call(order(3))["kind"].tolist() == [EventKind.ACCEPTED]
    with Client(mortal.client_config(timeout_s=2.0, reconnect_s=3.0)) as client:
        client.call(order(1))
        mortal.kill()
        begun_s = time.monotonic()
        with pytest.raises(Disconnected):
            poll_for(client, 20)
        with pytest.raises((Disconnected, OutcomeUnknown)):
            client.call(order(2))
        assert time.monotonic() - begun_s < 20
        mortal.start()
        assert client.call(order(3))["kind"].tolist() == [EventKind.ACCEPTED]


def poll_for(client: Client, bound_s: float) -> None:
    """Polls never wait, so it takes many until the silence is long."""
    until_s = time.monotonic() + bound_s
    while time.monotonic() < until_s:
        client.poll()
        time.sleep(0.01)


def test_a_driver_that_has_only_begun_is_waited_for(tmp_path: Path, mortal: Venue):
    """A file of a driver that is not complete yet: Aeron's own words for it never reach the caller."""
    folder = tmp_path / "begun"
    folder.mkdir()
    (folder / "cnc.dat").write_bytes(bytes(4_096))
    config = mortal.client_config(timeout_s=0.3)
    object.__setattr__(config, "aeron_dir", str(folder))
    with pytest.raises(Disconnected, match="no media driver in"):
        Client(config).connect()
