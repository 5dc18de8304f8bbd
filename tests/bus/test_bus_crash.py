"""SIGKILL at random moments: what was acknowledged is in the journal once, and what was sent has one outcome."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest

from seriatim.client import Client
from seriatim.engine import Engine, EventKind
from seriatim.engine.reference import decode
from seriatim.errors import LogonRefused, OrderLost
from seriatim.limits import CLIENT_LIVENESS_NS
from seriatim.schemas import RefusalReason
from seriatim.tools.venue import Venue
from tests.bus.bus_help import (
    SMALL_SEGMENTS,
    flow,
    instrument,
    numbers_by_session,
    opened_epochs,
    order,
    outside_driver,
    replayed,
    send_all,
    stamped,
    wait_for,
)

KILLS = 5
BATCH = 200


class Trader:
    """A client that sends batches, and remembers what it sent and what it was told."""

    def __init__(self, client: Client, seed: int) -> None:
        self.client = client
        self.seed = seed
        self.sent: list[np.ndarray] = []
        self.told: list[np.ndarray] = []
        self.first_number = client.next_number

    def turn(self) -> None:
        """Sends a batch if there is room for it, and reads."""
        count = BATCH * len(self.sent)
        if self.client.next_number - self.client.answered < 2_000:
            batch = flow(self.seed + len(self.sent), BATCH, first_id=count + 1)
            assert self.client.send(batch) == BATCH
            self.sent.append(batch)
        self.told.append(self.client.poll())

    def finish(self) -> None:
        """Reads until every command is answered."""

        def answered() -> bool:
            self.told.append(self.client.poll())
            return self.client.answered == self.client.next_number - 1

        wait_for(answered, bound_s=60)

    def answers(self) -> np.ndarray:
        """The last event of each of the session's own commands, in the order in which they came."""
        events = np.concatenate(self.told)
        own = events[(events["session"] == self.client.session) & (events["number"] >= self.first_number)]
        return own[own["flags"] & 1 == 1]


@contextmanager
def killing(venue: Venue, seed: int, kills: int) -> Iterator[threading.Event]:
    """Kills and restarts the node at random moments; the event that it gives is set when that is over."""
    done = threading.Event()
    errors: list[BaseException] = []

    def kill() -> None:
        moments = random.Random(seed)
        try:
            for _ in range(kills):
                time.sleep(moments.uniform(0.02, 0.3))  # the moment is what is random here; nothing waits for it
                venue.kill()
                venue.start()
        except BaseException as error:
            errors.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield done
    finally:
        thread.join()
    assert not errors, errors


def test_every_command_has_one_outcome_however_often_the_node_is_killed(journal: Path, aeron_dir: str):
    venue = Venue(journal, aeron_dir=aeron_dir, options=SMALL_SEGMENTS)
    with ExitStack() as stack:
        stack.enter_context(venue)
        clients = [stack.enter_context(Client(venue.client_config(timeout_s=2.0))) for _ in range(2)]
        clients[0].call(instrument())
        traders = [Trader(client, seed) for client, seed in zip(clients, (100, 5_000), strict=True)]
        with killing(venue, seed=20_120_621, kills=KILLS) as done:
            while not done.is_set():
                for trader in traders:
                    trader.turn()
            for trader in traders:
                trader.finish()
        state = venue.stop()

    # A node that is killed before its opening is on disk has told nobody of its epoch, so the next one has that number.
    assert opened_epochs(journal) == list(range(1, state["epoch"] + 1))
    assert 2 <= state["epoch"] <= KILLS + 1
    commands = stamped(journal)
    numbers = numbers_by_session(commands)
    bodies = {(command.session, command.number): command.body for command in commands}
    assert len(bodies) == len(commands)
    for trader in traders:
        client, sent = trader.client, np.concatenate(trader.sent)
        last = trader.first_number + len(sent) - 1
        assert client.epoch > 1
        assert numbers[client.session] == list(range(1, last + 1))
        for number, row in enumerate(sent, trader.first_number):
            body = decode(bodies[client.session, number])
            ids = getattr(body, "cl_ord_id", None) or getattr(body, "orig_cl_ord_id", None)
            assert ids in (row["cl_ord_id"], row["orig_cl_ord_id"])
        answers = trader.answers()
        assert set(answers["number"].tolist()) == set(range(trader.first_number, last + 1))
        in_full = answers[answers["kind"] != EventKind.OUTCOME]["number"]
        assert len(np.unique(in_full)) == len(in_full)

    again = replayed(journal)
    assert again.state_hash == int(state["state_hash"], 16)
    assert again.outcome_hash == int(state["outcome_hash"], 16)
    engine = Engine()
    for command in commands:
        engine.execute_bytes(command.session, command.body)
    assert engine.outcome_hash == again.outcome_hash


def test_an_answer_given_before_a_crash_is_given_again_after_it(journal: Path, aeron_dir: str):
    venue = Venue(journal, aeron_dir=aeron_dir, options=SMALL_SEGMENTS)
    with venue, Client(venue.client_config(timeout_s=10.0)) as client:
        client.call(instrument())
        client.submit(order(1))
        client.submit(order(1))
        # Both are on disk, and the client has not read what became of them.
        wait_for(lambda: len(stamped(journal)) == 3)
        venue.kill()
        venue.start()
        client.wait_all()
        assert numbers_by_session(stamped(journal)) == {client.session: [1, 2, 3]}


def test_a_client_notices_a_dead_node_by_its_silence_when_aeron_does_not(
    journal: Path, monkeypatch: pytest.MonkeyPatch
):
    """A process killed in the middle of a message leaves a stream that never ends; so does a driver that is patient."""
    monkeypatch.setattr("seriatim.session_link.NODE_SILENCE_S", 2.0)
    with outside_driver(
        client_liveness_timeout_ns=60_000_000_000, publication_unblock_timeout_ns=70_000_000_000
    ) as patient:
        venue = Venue(journal, aeron_dir=patient, options=SMALL_SEGMENTS)
        with venue, Client(venue.client_config(timeout_s=10.0)) as client:
            client.call(instrument())
            venue.kill()
            venue.start()
            assert client.call(order(1))["kind"].tolist() == [EventKind.ACCEPTED]
            assert client.epoch == 2


def test_a_client_as_it_comes_outlives_a_node_that_is_killed_and_started_again(journal: Path):
    """Its patience is longer than it takes to notice, also where a driver stays that takes a dead node for a living."""
    with (
        outside_driver(client_liveness_timeout_ns=CLIENT_LIVENESS_NS) as driver,
        Venue(journal, aeron_dir=driver, options=SMALL_SEGMENTS) as venue,
        Client(venue.client_config()) as client,
    ):
        client.call(instrument())
        venue.kill()
        venue.start()
        assert client.call(order(1))["kind"].tolist() == [EventKind.ACCEPTED]


def test_a_node_that_reads_the_stream_of_an_old_connection_again_does_not_keep_its_client_waiting(journal: Path):
    """To the driver a killed node lives for a while, and a stream that it has not read is read from there by the next
    one: a `Connect`, which it answers, and commands of a logon that it knows nothing of.
    """
    with outside_driver(
        client_liveness_timeout_ns=60_000_000_000, publication_unblock_timeout_ns=70_000_000_000
    ) as patient:
        venue = Venue(journal, aeron_dir=patient, options=SMALL_SEGMENTS)
        with venue:
            venue.kill()
            venue.start()
            with Client(venue.client_config(timeout_s=5.0)) as client:
                client.call(instrument())
                send_all(client, flow(1, 300))
                venue.kill()
                venue.start()
                began_s = time.monotonic()
                assert client.call(order(90_000, price=1))["kind"].tolist() == [EventKind.ACCEPTED]
                assert time.monotonic() - began_s < 10
                assert client.epoch == 2


@pytest.mark.alone
def test_a_relaxed_node_that_lost_its_tail_says_so_and_goes_on(journal: Path, aeron_dir: str):
    """`relaxed` tells before the journal has it: what a crash takes is named, and the session goes on behind it."""
    venue = Venue(journal, aeron_dir=aeron_dir, durability="relaxed", options=SMALL_SEGMENTS)
    with venue:
        with Client(venue.client_config(timeout_s=10.0)) as client:
            session = client.session
            client.call(instrument())
            wait_for(lambda: len(stamped(journal)) == 1)
            commands = flow(seed=31, count=60_000)
            sent, told = 0, []
            while client.answered < 20_000:
                sent += client.send(commands[sent : sent + 500])
                told.append(client.poll())
            answered = client.answered
            venue.kill()
            kept = len(stamped(journal))
            venue.start()
            lost = ""
            try:
                client.call(order(90_000, price=1))  # of the new node: all other answers may be the old one's
                told.append(client.poll())
            except OrderLost as error:
                lost = str(error)
            # What it was told and had read only now may be lost as well.
            assert f"commands {kept + 1} to " in lost if lost else answered <= kept
        with Client(venue.client_config(), session=session) as client:
            assert client.next_number >= kept + 1
            assert client.call(order(100_000, price=1))["kind"].tolist() == [EventKind.ACCEPTED]
            send_all(client, flow(seed=32, count=1_000, first_id=200_000))
        state = venue.stop()
    assert state["epoch"] == 2
    places = {command.number: command.seq for command in stamped(journal) if command.session == session}
    assert list(places) == list(range(1, len(places) + 1))
    events = np.concatenate(told)
    answers = events[(events["number"] > 0) & ((events["number"] <= kept) | (not lost))]
    assert {int(event["number"]): int(event["seq"]) for event in answers}.items() <= places.items()
    again = replayed(journal)
    assert again.state_hash == int(state["state_hash"], 16)


def test_a_session_that_the_new_node_does_not_know_is_refused_at_once(tmp_path: Path):
    """A node on another journal: waiting for it to know the session would be waiting for ever."""
    with (
        outside_driver() as driver,
        Venue(tmp_path / "one", aeron_dir=driver, options=SMALL_SEGMENTS) as first,
        Client(first.client_config(timeout_s=10.0)) as client,
    ):
        client.call(instrument())
        first.kill()
        with Venue(tmp_path / "other", aeron_dir=driver, options=SMALL_SEGMENTS):
            began_s = time.monotonic()
            with pytest.raises(LogonRefused, match="knows no such session") as refused:
                wait_for(lambda: len(client.poll()))
            assert refused.value.reason is RefusalReason.UNKNOWN_SESSION
            assert time.monotonic() - began_s < client.config.reconnect_s / 2
