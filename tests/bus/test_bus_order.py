"""The order is the same however it was made: over shared memory or UDP, on disk first or at once, after a restart."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from seriatim.client import Client
from seriatim.config import IPC
from seriatim.engine import Engine, EventKind
from seriatim.errors import Disconnected, OutcomeUnknown
from seriatim.schemas import CancelOrder, MassCancel, OptionalSide
from seriatim.tools.venue import UDP_INGRESS, Venue
from tests.bus.bus_help import (
    SMALL_SEGMENTS,
    counters,
    flow,
    free_udp_port,
    instrument,
    numbers_by_session,
    order,
    replayed,
    send_all,
    stamped,
    wait_for,
)

COMMANDS = flow(seed=7, count=20_000, instruments=2)


def run_commands(venue: Venue) -> np.ndarray:
    with Client(venue.client_config()) as client:
        client.call(instrument(1, "OAK"))
        client.call(instrument(2, "ELM"))
        return send_all(client, COMMANDS)


@pytest.fixture(scope="module")
def judged() -> Engine:
    """The engine alone, which has executed the same commands."""
    engine = Engine()
    for terms in (instrument(1, "OAK"), instrument(2, "ELM")):
        engine.execute_bytes(1, bytes(terms))
    commands = COMMANDS.copy()
    commands["session"] = 1
    engine.apply_array(commands)
    return engine


@pytest.mark.parametrize(("channel", "durability"), [*itertools.product(("ipc", "udp"), ("fsync", "relaxed"))])
def test_the_same_commands_have_the_same_outcome_on_every_channel_and_in_every_durability(
    channel: str, durability: str, journal: Path, judged: Engine
):
    ingress = IPC if channel == "ipc" else UDP_INGRESS.format(port=free_udp_port())
    with Venue(journal, durability=durability, ingress=ingress, options=SMALL_SEGMENTS) as venue:
        events = run_commands(venue)
        state = venue.stop()
    assert state["outcome_hash"] == f"{judged.outcome_hash:016x}"
    assert state["live_orders"] == judged.live_orders
    assert np.count_nonzero(events["kind"] == EventKind.FILLED) > 1_000
    again = replayed(journal)
    assert (f"{again.outcome_hash:016x}", f"{again.state_hash:016x}") == (state["outcome_hash"], state["state_hash"])
    assert again.seq == state["seq"]


def test_a_node_takes_commands_over_shared_memory_and_udp_at_once(journal: Path):
    udp = UDP_INGRESS.format(port=free_udp_port())
    with (
        Venue(journal, options=(*SMALL_SEGMENTS, "--ingress", udp)) as venue,
        Client(venue.client_config()) as near,
        Client(venue.client_config(ingress=udp)) as far,
    ):
        near.call(instrument())
        far.call(order(1))
        assert near.call(CancelOrder(orig_cl_ord_id=1))["kind"].tolist() == [EventKind.REJECTED]
        assert far.call(CancelOrder(orig_cl_ord_id=1))["kind"].tolist() == [EventKind.CANCELLED]


def test_a_restart_continues_order_sessions_and_books(journal: Path):
    venue = Venue(journal, options=SMALL_SEGMENTS)
    with venue:
        with Client(venue.client_config()) as client:
            session = client.session
            client.call(instrument())
            send_all(client, flow(seed=8, count=3_000))
            client.call(order(50_000, price=1))
        before = venue.stop()
        assert replayed(journal).state_hash == int(before["state_hash"], 16)
        venue.start()
        with Client(venue.client_config(), session=session) as client:
            assert client.next_number == 3_003
            assert client.epoch == 2
            # The books are as they were: the order that rested can be cancelled.
            assert client.call(CancelOrder(orig_cl_ord_id=50_000))["kind"].tolist() == [EventKind.CANCELLED]
        with Client(venue.client_config()) as another:
            assert another.session == session + 1
        wait_for(lambda: counters(venue.aeron_dir)["epoch"] == 2)
        after = venue.stop()
    assert after["epoch"] == before["epoch"] + 1
    assert after["seq"] > before["seq"]
    assert after["time_ns"] > before["time_ns"]
    assert after["sessions"] == before["sessions"] + 1
    assert after["live_orders"] == before["live_orders"] - 1
    again = replayed(journal)
    assert again.state_hash == int(after["state_hash"], 16)
    assert again.outcome_hash == int(after["outcome_hash"], 16)
    assert numbers_by_session(stamped(journal)) == {session: list(range(1, 3_004))}


def test_a_node_that_starts_and_stops_keeps_its_hashes_and_adds_an_epoch(journal: Path):
    venue = Venue(journal, options=SMALL_SEGMENTS)
    with venue:
        with Client(venue.client_config()) as client:
            client.call(instrument())
            client.call(order(1))
        before = venue.stop()
        venue.start()
        after = venue.stop()
    assert after["epoch"] == 2
    assert after["outcome_hash"] == before["outcome_hash"]
    assert after["live_orders"] == 1


def test_commands_sent_before_a_client_notices_that_the_node_is_gone_are_executed_once(journal: Path, aeron_dir: str):
    venue = Venue(journal, aeron_dir=aeron_dir, options=SMALL_SEGMENTS)
    with venue, Client(venue.client_config(timeout_s=4.0)) as client:
        client.call(instrument())
        venue.kill()
        assert client.send(flow(seed=9, count=500, first_id=10)) == 500
        venue.start()
        client.wait_all()
        assert client.answered == 501
        assert client.epoch == 2
        everything = MassCancel(instrument=None, side=OptionalSide.BOTH)
        assert client.call(everything)["kind"].tolist()[-1] == EventKind.MASS_CANCELLED
        session = client.session
        state = venue.stop()
    assert numbers_by_session(stamped(journal)) == {session: list(range(1, 503))}
    assert state["live_orders"] == 0
    assert replayed(journal).state_hash == int(state["state_hash"], 16)


def test_a_send_to_a_node_that_is_away_waits_for_it(journal: Path, aeron_dir: str):
    venue = Venue(journal, aeron_dir=aeron_dir, options=SMALL_SEGMENTS)
    with venue, Client(venue.client_config(timeout_s=4.0)) as client:
        client.call(instrument())
        venue.stop()
        with ThreadPoolExecutor() as pool:
            start = pool.submit(venue.start)
            assert client.call(order(1))["kind"].tolist() == [EventKind.ACCEPTED]
            start.result()
        assert client.epoch == 2


def test_a_client_gives_up_on_a_node_that_does_not_come_back(journal: Path, aeron_dir: str):
    venue = Venue(journal, aeron_dir=aeron_dir, options=SMALL_SEGMENTS)
    with venue, Client(venue.client_config(timeout_s=0.2, reconnect_s=0.5)) as client:
        session = client.session
        venue.stop()
        # Unknown, if the client had not heard yet that the node is gone and has sent it.
        with pytest.raises((Disconnected, OutcomeUnknown), match=f"no node took session {session} back in 0.5 s"):
            client.call(order(1))
