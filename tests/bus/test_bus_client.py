"""What a client of a running node can rely on."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from seriatim.client import Client
from seriatim.config import ClientConfig
from seriatim.engine import COMMAND, EVENT, EventKind
from seriatim.errors import ConfigError, Disconnected, LogonRefused, NoAnswer
from seriatim.schemas import CancelOrder, DefineInstrument, RejectReason, Side
from seriatim.tools.venue import Venue
from tests.bus.bus_help import flow, instrument, order, send_all, wait_for

STRANGER = 900_000
OTHER_PROCESS = """
import sys
from seriatim.client import Client
from seriatim.config import ClientConfig
from seriatim.engine import EventKind
from tests.bus.bus_help import order
from seriatim.schemas import Side

with Client(ClientConfig(aeron_dir=sys.argv[1])) as client:
    client.call(order(1, Side.SELL, quantity=7, instrument=2))
    print("resting", client.session, flush=True)
    fills = [fill for batch in client.events(lambda batch: EventKind.FILLED in batch["kind"]) for fill in batch]
    print(fills[-1]["cl_ord_id"], fills[-1]["quantity"], fills[-1]["leaves"], fills[-1]["number"], flush=True)
"""


def test_a_logon_gives_a_session_an_epoch_and_the_number_to_begin_with(client: Client):
    assert client.session > 0
    assert client.epoch == 1
    assert client.next_number == 1
    assert client.answered == 0
    assert client.window == 65_536


def test_a_call_gives_every_event_of_its_command_and_no_other(client: Client):
    client.call(instrument(3, "FIR"))
    resting = client.call(order(1, Side.SELL, quantity=5, instrument=3))
    assert resting["kind"].tolist() == [EventKind.ACCEPTED]
    taker = client.call(order(2, Side.BUY, quantity=8, instrument=3))
    # The resting order's fill has no number, so it is not among the events of this command.
    assert taker["kind"].tolist() == [EventKind.ACCEPTED, EventKind.FILLED]
    assert taker["cl_ord_id"].tolist() == [2, 2]
    assert taker["number"].tolist() == [3, 3]


def test_an_array_is_sent_in_one_call_and_answered_in_its_order(client: Client):
    events = send_all(client, flow(seed=1, count=5_000))
    own = events[events["number"] > 0]
    assert (np.diff(own["number"].astype(np.int64)) >= 0).all()
    assert set(own["number"].tolist()) == set(range(1, 5_001))
    assert client.answered == 5_000


def test_a_send_takes_no_more_than_the_window_and_goes_on_after_answers(client: Client):
    commands = flow(seed=2, count=client.window + 1_000)
    assert client.send(commands) == client.window
    assert client.send(commands[client.window :]) == 0
    wait_for(lambda: client.poll() is not None and client.answered > 1_000)
    assert client.send(commands[client.window :]) == 1_000
    client.wait_all()
    assert client.answered == len(commands)


def test_a_single_command_that_finds_the_window_full_says_so(venue: Venue):
    with Client(venue.client_config(timeout_s=0.2)) as client:
        client.send(flow(seed=3, count=client.window))
        with pytest.raises(NoAnswer, match="commands are unanswered; poll"):
            client.submit(order(1))
        client.wait_all()


def test_an_array_of_another_dtype_is_refused(client: Client):
    with pytest.raises(TypeError, match="COMMAND"):
        client.send(np.zeros(3, EVENT))


def test_an_empty_array_sends_nothing(client: Client):
    assert client.send(np.zeros(0, COMMAND)) == 0
    assert client.next_number == 1


def test_a_body_that_is_too_long_is_refused_before_it_is_sent(client: Client):
    with pytest.raises(ConfigError, match="too long"):
        client.submit(bytes(20_000))
    assert client.next_number == 1
    assert client.call(order(1, price=1))["kind"].tolist() == [EventKind.ACCEPTED]


def test_both_parties_of_a_trade_hear_of_it_each_in_its_own_process(venue: Venue, client: Client):
    client.call(instrument(2, "ASH"))
    command = [sys.executable, "-c", OTHER_PROCESS, venue.aeron_dir]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        said, session = other.stdout.readline().split()
        assert said == "resting"
        assert int(session) != client.session
        events = client.call(order(1, Side.BUY, quantity=3, instrument=2))
        assert events["kind"].tolist() == [EventKind.ACCEPTED, EventKind.FILLED]
        # To the maker: its own order 1, 3 lots of 7, and no number, because its command was another one.
        assert other.stdout.readline().split() == ["1", "3", "4", "0"]
        assert other.wait(20) == 0


def test_an_order_of_another_session_cannot_be_cancelled(venue: Venue, client: Client):
    with Client(venue.client_config()) as other:
        other.call(order(77, price=50))
        assert client.call(CancelOrder(orig_cl_ord_id=77))["reason"].tolist() == [RejectReason.UNKNOWN_ORDER]


def test_a_session_is_taken_up_again_under_its_id(venue: Venue):
    with Client(venue.client_config()) as client:
        session = client.session
        client.call(order(1, price=60))
        client.call(order(2, price=60))
    with Client(venue.client_config(), session=session) as client:
        assert (client.session, client.epoch, client.next_number) == (session, 2, 3)
        assert client.call(CancelOrder(orig_cl_ord_id=1))["kind"].tolist() == [EventKind.CANCELLED]


def test_a_second_logon_to_a_session_ends_the_first(venue: Venue):
    with Client(venue.client_config()) as first:
        first.call(order(1, price=61))
        with Client(venue.client_config(), session=first.session) as second:
            with pytest.raises(Disconnected, match="logged on elsewhere"):
                list(first.events())
            assert second.call(order(2, price=61))["number"].tolist() == [2]
            # What the first one sends all the same is not executed, and does not disturb the second.
            first.send(flow(seed=4, count=10, first_id=100))
            with pytest.raises(Disconnected, match="logged on elsewhere"):
                list(first.events())
            assert second.call(order(3, price=61))["number"].tolist() == [3]


def test_events_that_came_with_a_refusal_are_kept_for_the_next_poll(venue: Venue, client: Client):
    with Client(venue.client_config()) as first:
        client.call(instrument(4, "YEW"))
        client.call(order(1, Side.SELL, quantity=5, instrument=4))
        first.submit(order(1, Side.BUY, quantity=5, instrument=4))
        wait_for(lambda: EventKind.FILLED in client.poll()["kind"])  # so the other party has been told as well
        with Client(venue.client_config(), session=first.session):
            with pytest.raises(Disconnected, match="logged on elsewhere"):
                first.poll()
            assert first.poll()["kind"].tolist() == [EventKind.ACCEPTED, EventKind.FILLED]
            assert len(first.poll()) == 0


def test_what_comes_while_a_call_waits_is_kept_for_the_next_poll(venue: Venue, client: Client):
    with Client(venue.client_config()) as other:
        client.call(instrument(5, "ELM"))
        client.call(order(1, Side.SELL, quantity=5, instrument=5))
        other.call(order(1, Side.BUY, quantity=5, instrument=5))
        assert client.call(order(2, Side.SELL, quantity=5, instrument=5))["kind"].tolist() == [EventKind.ACCEPTED]
        [filled] = client.poll()
        assert (filled["kind"], filled["number"], filled["cl_ord_id"]) == (EventKind.FILLED, 0, 1)


def test_a_poll_gives_at_most_its_limit_and_keeps_the_rest(client: Client):
    last = client.next_number + 99
    client.send(flow(seed=5, count=100))
    batches = []
    wait_for(lambda: batches.append(client.poll(7)) or client.answered == last)
    wait_for(lambda: batches.append(client.poll(7)) or not len(batches[-1]))
    assert max(map(len, batches)) == 7
    numbers = np.concatenate(batches)["number"]
    assert set(numbers[numbers > 0].tolist()) == set(range(1, 101))


@pytest.mark.parametrize("limit", [0, -1, 10**12, 2**70])
def test_a_limit_that_makes_no_sense_is_a_value_error(client: Client, limit: int):
    with pytest.raises(ValueError, match="limit of a poll is a whole number from 1 to 1,048,576, not"):
        client.poll(limit)


def test_a_session_that_never_was_is_refused(venue: Venue):
    with (
        pytest.raises(LogonRefused, match="knows no such session; log on with session 0"),
        Client(venue.client_config(), session=STRANGER),
    ):
        pass


def test_a_wrong_key_is_refused_and_the_right_one_gets_in(tmp_path):
    key_file = tmp_path / "key"
    key_file.write_text("correct horse battery staple\n")
    with Venue(tmp_path / "journal", options=("--segment-mib", "2", "--key-file", str(key_file))) as venue:
        for key in (b"", b"wrong"):
            with pytest.raises(LogonRefused, match="key is not the node's"), Client(venue.client_config(key=key)):
                pass
        with Client(venue.client_config(key=b"correct horse battery staple")) as client:
            assert client.call(instrument())["kind"].tolist() == [EventKind.INSTRUMENT_DEFINED]


def test_a_driver_without_a_node_is_no_answer(aeron_dir: str):
    with (
        pytest.raises(NoAnswer, match="no node listens on aeron:ipc; is it running"),
        Client(ClientConfig(aeron_dir=aeron_dir, timeout_s=0.3)),
    ):
        pass


def test_no_driver_is_disconnected_and_says_what_to_start(tmp_path):
    with (
        pytest.raises(Disconnected, match=r"no media driver in .*nobody .*start a node, or `seriatim driver`"),
        Client(ClientConfig(aeron_dir=str(tmp_path / "nobody"), timeout_s=0.3)),
    ):
        pass


def test_an_ingress_channel_that_aeron_does_not_know_is_named(venue: Venue):
    with (
        pytest.raises(Disconnected, match="cannot reach the node"),
        Client(ClientConfig(aeron_dir=venue.aeron_dir, ingress="aeron:carrier-pigeon")),
    ):
        pass


def test_a_closed_client_raises_and_can_connect_again(venue: Venue):
    client = Client(venue.client_config())
    with pytest.raises(Disconnected, match="not connected"):
        client.poll()
    client.connect()
    session = client.session
    client.close()
    client.close()
    for use in (
        client.poll,
        lambda: client.send(flow(seed=6, count=1)),
        lambda: client.submit(order(1)),
        client.wait_all,
    ):
        with pytest.raises(Disconnected, match="not connected"):
            use()
    with client:
        assert (client.session, client.epoch) == (session, 2)
        assert client.call(order(1, price=62))["number"].tolist() == [1]
        with pytest.raises(ConfigError, match=f"is connected, with session {session}; close it first"):
            client.connect()
        assert client.call(order(2, price=62))["number"].tolist() == [2]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"price": 0}, RejectReason.INVALID_PRICE),
        ({"price": -1}, RejectReason.INVALID_PRICE),
        ({"price": -(2**63) + 1}, RejectReason.INVALID_PRICE),
        ({"price": 2**63 - 1}, RejectReason.INVALID_PRICE),
        ({"price": None}, RejectReason.INVALID_PRICE),
        ({"quantity": 0}, RejectReason.INVALID_QUANTITY),
        ({"quantity": -5}, RejectReason.INVALID_QUANTITY),
        ({"quantity": 2**63 - 1}, RejectReason.INVALID_QUANTITY),
        ({"instrument": 4_000}, RejectReason.UNKNOWN_INSTRUMENT),
        ({"instrument": 0}, RejectReason.UNKNOWN_INSTRUMENT),
    ],
)
def test_an_order_that_makes_no_sense_is_rejected_with_its_reason(client: Client, fields, reason):
    events = client.call(order(1, **fields))
    assert events["kind"].tolist() == [EventKind.REJECTED]
    assert events["reason"].tolist() == [reason]


def test_an_instrument_defined_with_other_terms_is_rejected(client: Client):
    other: DefineInstrument = instrument(symbol="ELM")
    assert client.call(other)["reason"].tolist() == [RejectReason.INSTRUMENT_EXISTS]
    assert client.call(instrument())["kind"].tolist() == [EventKind.INSTRUMENT_DEFINED]


@pytest.mark.parametrize("rows", [None, [1, 2], b"abc", np.zeros((2, 2), COMMAND), np.zeros((), COMMAND), np.zeros(3)])
def test_what_is_no_array_of_commands_is_a_type_error(client: Client, rows: Any):
    with pytest.raises(TypeError, match="one-dimensional array"):
        client.send(rows)


@pytest.mark.parametrize("kind", [0, 1, 9, 15, 34, 255])
def test_a_row_of_another_kind_is_refused_before_it_is_sent(client: Client, kind: int):
    rows = np.zeros(2, COMMAND)
    rows["kind"] = (11, kind)
    with pytest.raises(ValueError, match=f"row 1 has kind {kind}, which is no CommandKind"):
        client.send(rows)
    assert client.next_number == 1


@pytest.mark.parametrize("message", [5, "x", None])
def test_what_is_no_message_is_a_type_error(client: Client, message: Any):
    with pytest.raises(TypeError, match="a command is a message"):
        client.submit(message)


def test_who_keeps_a_few_events_does_not_keep_the_room_they_came_in(venue: Venue):
    with Client(venue.client_config()) as client:
        kept = client.call(instrument())
        assert len(kept) == 1
        client.submit(order(1))
        [batch] = client.events(until=lambda batch: len(batch) > 0)
        whole = batch if batch.base is None else batch.base
        assert whole.nbytes <= 2 * batch.nbytes
