"""Drop copies over the bus: what one session is told, told to another as well."""

from pathlib import Path

import numpy as np
import pytest

from seriatim.client import Client
from seriatim.config import ClientConfig, NodeConfig
from seriatim.engine import EVENT, DropCopy, EventKind
from seriatim.schemas import RejectReason, Roles, Side
from seriatim.sequencer.node import Node
from seriatim.tools.venue import Venue
from seriatim.users import User
from tests.bus.bus_help import SMALL_SEGMENTS, instrument, order, replayed, wait_for

KEYS = {"": b"venue", "desk": b"desk's", "watch": b"watch's"}
TEMPLATE = 17
USERS = (User("desk", KEYS["desk"], Roles.TRADE), User("watch", KEYS["watch"], Roles.OBSERVE))


def polled(client: Client, count: int) -> np.ndarray:
    """The next `count` events, however they come."""
    events = np.zeros(0, EVENT)

    def enough() -> bool:
        nonlocal events
        events = np.concatenate((events, client.poll()))
        return len(events) >= count

    wait_for(enough)
    return events


def administered(events: np.ndarray, session: int) -> bool:
    row = events[0]
    return (row["kind"], row["template_id"], row["account"]) == (EventKind.ADMINISTERED, TEMPLATE, session)


@pytest.fixture
def config(tmp_path: Path, aeron_dir: str) -> NodeConfig:
    return NodeConfig(
        journal=tmp_path / "journal",
        aeron_dir=aeron_dir,
        own_driver=False,
        key=KEYS[""],
        users=USERS,
        segment_bytes=2 << 20,
    )


def client(config: NodeConfig, user: str, session: int = 0) -> Client:
    return Client(ClientConfig(aeron_dir=config.aeron_dir, user=user, key=KEYS[user]), session=session)


def test_who_observes_is_told_what_a_desk_is_told_until_it_wants_no_more(config: NodeConfig):
    with Node(config), client(config, "") as venue, client(config, "desk") as desk, client(config, "watch") as watch:
        venue.call(instrument())
        assert administered(watch.call(DropCopy(desk.session)), desk.session)
        own = desk.call(order(1))
        venue.call(order(1, Side.SELL))
        own = np.concatenate((own, polled(desk, 1)))
        copies = polled(watch, 2)
        assert copies["kind"].tolist() == [EventKind.ACCEPTED, EventKind.FILLED]
        assert set(copies["session"].tolist()) == {desk.session}
        assert copies["number"].tolist() == [0, 0]
        same = ["seq", "time_ns", "index", "kind", "order_id", "cl_ord_id", "price", "quantity", "leaves", "side"]
        assert copies[same].tolist() == own[same].tolist()
        assert (watch.answered, watch.next_number) == (1, 2)
        assert administered(watch.call(DropCopy(desk.session, on=False)), desk.session)
        desk.call(order(2))
        assert not len(watch.poll())


def test_a_copy_needs_the_role_or_the_same_user(config: NodeConfig):
    with Node(config), client(config, "desk") as desk, client(config, "desk") as sibling, client(config, "") as venue:
        assert administered(desk.call(DropCopy(sibling.session)), sibling.session)
        for session, reason in ((venue.session, RejectReason.NOT_ALLOWED), (999, RejectReason.UNKNOWN_SESSION)):
            refused = desk.call(DropCopy(session))[0]
            assert (refused["kind"], refused["template_id"], refused["reason"]) == (EventKind.REJECTED, 17, reason)
        sibling.call(order(1))
        assert polled(desk, 1)["session"].tolist() == [sibling.session]


def test_a_copy_is_still_there_after_the_node_was_killed(journal: Path):
    with (
        Venue(journal, options=SMALL_SEGMENTS) as venue,
        Client(venue.client_config()) as desk,
        Client(venue.client_config()) as watch,
    ):
        desk.call(instrument())
        watch.call(DropCopy(desk.session))
        venue.kill()
        venue.start()
        watch.call(order(1))
        desk.call(order(2))
        assert polled(watch, 1)["session"].tolist() == [desk.session]
        state = venue.stop()
    assert state["state_hash"] == replayed(journal).as_dict()["state_hash"]
