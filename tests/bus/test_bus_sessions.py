"""Whose a session is, what became of its commands, and when it ends: real clients, real nodes, real crashes."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from seriatim.client import Client
from seriatim.config import IPC
from seriatim.engine import EventKind
from seriatim.errors import (
    Disconnected,
    LogonRefused,
    OutcomeForgotten,
    OutcomeUnknown,
    SeriatimError,
    SessionExpired,
)
from seriatim.journal import JournalReader
from seriatim.schemas import (
    CloseSession,
    Command,
    NewOrder,
    Outcome,
    OutcomeKind,
    QueryOutcome,
    RefusalReason,
    RejectReason,
    SessionEnd,
    decode,
)
from seriatim.tools.venue import UDP_INGRESS, Venue
from tests.bus.bus_door import doors, frame
from tests.bus.bus_help import (
    SMALL_SEGMENTS,
    flow,
    free_udp_port,
    instrument,
    numbers_by_session,
    order,
    replayed,
    stamped,
    wait_for,
)

RELAXED_CRASHES_MAX = 20


def test_an_outcome_says_where_in_the_order_a_command_stands_and_what_came_of_it(client: Client):
    accepted = client.call(order(1, price=40))
    outcome = client.outcome(1)
    assert (outcome.executed, outcome.number, outcome.cl_ord_id, outcome.reason) == (True, 1, 1, None)
    assert (outcome.seq, outcome.time_ns) == (accepted["seq"][0], accepted["time_ns"][0])
    assert (outcome.order_id, outcome.events) == (accepted["order_id"][0], len(accepted))
    client.call(order(2, price=0))
    assert client.outcome(2).reason is RejectReason.INVALID_PRICE


def test_an_outcome_of_a_command_on_its_way_waits_for_it_and_keeps_what_else_comes(client: Client):
    client.send(flow(seed=51, count=1_000))
    outcome = client.outcome(1_000)
    assert outcome.executed
    events = np.concatenate((client.poll(), client.wait_all()))
    own = events[(events["number"] > 0) & (events["flags"] & 1 == 1)]
    assert own["number"].tolist() == list(range(1, 1_001))


def test_an_outcome_that_was_acknowledged_is_forgotten_and_one_that_never_was_is_a_mistake(client: Client):
    client.call(order(1, price=41))
    client.call(order(2, price=41))
    with pytest.raises(OutcomeForgotten, match="command 1 of session"):
        client.outcome(1)
    for number in (0, 3):
        with pytest.raises(ValueError, match=f"has had number {number}"):
            client.outcome(number)
    assert client.call(order(3, price=41))["number"].tolist() == [3]


@contextmanager
def stopped(venue: Venue) -> Iterator[None]:
    """The node as a process that does not run."""
    assert venue.process is not None
    os.kill(venue.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(venue.process.pid, signal.SIGCONT)


def test_a_command_without_an_answer_is_unknown_until_the_order_is_asked(venue: Venue):
    with Client(venue.client_config(timeout_s=0.3)) as client:
        client.call(order(1, price=42))
        with stopped(venue):
            with pytest.raises(OutcomeUnknown, match=r"commands 2 to 2 of session .*outcome") as unknown:
                client.call(order(2, price=42))
            assert (unknown.value.session, unknown.value.first, unknown.value.last) == (client.session, 2, 2)
            with pytest.raises(OutcomeUnknown, match="no node says what became of command 2"):
                client.outcome(2)
        outcome = client.outcome(2, timeout_s=20)
        assert (outcome.executed, outcome.cl_ord_id) == (True, 2)
        assert client.answered == 2


def test_a_node_that_does_not_come_back_leaves_commands_unknown(journal: Path, aeron_dir: str):
    venue = Venue(journal, aeron_dir=aeron_dir, options=SMALL_SEGMENTS)
    with venue, Client(venue.client_config(timeout_s=0.3, reconnect_s=0.5)) as client:
        client.call(instrument())
        assert venue.process is not None
        os.kill(venue.process.pid, signal.SIGSTOP)
        client.submit(order(1))
        venue.kill()
        with pytest.raises(OutcomeUnknown, match=r"2 to 2 .* no node took session"):
            wait_for(lambda: len(client.poll()))
        venue.start()
        assert client.outcome(2, timeout_s=20).executed
        assert client.call(order(2))["kind"].tolist() == [EventKind.ACCEPTED]


def test_a_number_that_a_query_has_closed_is_never_executed_and_the_next_one_is(venue: Venue):
    with doors(venue.aeron_dir) as door:
        raw = door()
        opened = raw.log_on()
        query = QueryOutcome(number=1).encode()
        raw.send(frame(opened, 0, query))
        closed = raw.receive(Outcome)
        assert closed.kind is OutcomeKind.NOT_EXECUTED
        late, following = bytes(order(1, price=43)), bytes(order(2, price=43))
        raw.send(frame(opened, 1, late))
        assert raw.receive(Outcome).kind is OutcomeKind.NOT_EXECUTED
        raw.send(frame(opened, 2, following))
        raw.send(frame(opened, 0, QueryOutcome(number=2).encode()))
        assert raw.receive(Outcome).kind is OutcomeKind.ACCEPTED
        raw.send(frame(opened, 3, bytes(order(3, price=43)), acked_through=3))
        assert raw.refusal().reason is RefusalReason.BAD_FRAME
    numbers = [command.number for command in stamped(venue.journal) if command.session == opened.session]
    assert numbers == [0, 2, 0], "both queries and the second command"


@pytest.mark.parametrize("channel", ["ipc", "udp"])
def test_of_two_clients_that_claim_one_session_the_last_wins_and_the_other_stays_out(
    channel: str, journal: Path, aeron_dir: str
):
    ingress = IPC if channel == "ipc" else UDP_INGRESS.format(port=free_udp_port())
    venue = Venue(journal, aeron_dir=aeron_dir, ingress=ingress, options=SMALL_SEGMENTS)
    ends: dict[str, BaseException | None] = {}
    begun = {"first": threading.Event(), "second": threading.Event()}

    def trade(name: str, session: int, price: int) -> None:
        try:
            with Client(venue.client_config(timeout_s=10.0), session=session) as client:
                for number in range(300):
                    client.call(order(1_000 * price + number, price=price))
                    begun[name].set()
            ends[name] = None
        except SeriatimError as error:
            ends[name] = error

    with venue:
        with Client(venue.client_config()) as client:
            session = client.session
            client.call(instrument())
        first = threading.Thread(target=trade, args=("first", session, 44))
        second = threading.Thread(target=trade, args=("second", session, 45))
        first.start()
        assert begun["first"].wait(20)
        second.start()
        first.join(60)
        second.join(60)
        assert isinstance(ends["first"], Disconnected)
        assert "logged on elsewhere" in str(ends["first"])
        assert ends["second"] is None
        venue.stop()
    commands = stamped(journal)
    assert numbers_by_session(commands)[session] == list(range(1, len(commands) + 1))
    prices = [NewOrder.wrap(command.body).price or 0 for command in commands[1:]]
    assert prices == sorted(prices), "nothing of the first after the second began"
    assert prices.count(45) == 300


@pytest.mark.parametrize("channel", ["ipc", "udp"])
@pytest.mark.parametrize("loser_is_quick", [True, False])
def test_who_was_replaced_and_not_told_does_not_take_the_session_back_after_a_crash(
    channel: str, loser_is_quick: bool, journal: Path, aeron_dir: str
):
    ingress = IPC if channel == "ipc" else UDP_INGRESS.format(port=free_udp_port())
    venue = Venue(journal, aeron_dir=aeron_dir, ingress=ingress, options=SMALL_SEGMENTS)

    def is_out(client: Client) -> None:
        for use in (client.poll, lambda: client.call(order(9))):
            with pytest.raises(Disconnected, match="logged on elsewhere"):
                wait_for(lambda: len(use()))  # noqa: B023

    with venue, Client(venue.client_config(timeout_s=10.0)) as loser:
        loser.call(instrument())
        with Client(venue.client_config(timeout_s=10.0), session=loser.session) as winner:
            venue.kill()
            venue.start()
            turns: list[Callable[[], object]] = [lambda: is_out(loser), lambda: winner.call(order(1))]
            for turn in turns if loser_is_quick else reversed(turns):
                turn()
            assert winner.call(order(2))["number"].tolist() == [3]
            is_out(loser)
            assert winner.call(order(3))["number"].tolist() == [4]


def closed_sessions(journal: Path) -> list[tuple[int, SessionEnd]]:
    """What the order says of the ends of sessions."""
    found = []
    with JournalReader(journal) as reader:
        for block in reader:
            for sequenced in block.frames():
                body = bytes(sequenced.body)
                header = Command.wrap(body)
                if header.session:
                    continue
                command = decode(body, header.encoded_length)
                if isinstance(command, CloseSession):
                    found.append((command.session, command.end))
    return found


def test_a_session_that_nobody_is_logged_on_to_expires_and_its_client_is_told(journal: Path):
    with Venue(journal, options=(*SMALL_SEGMENTS, "--session-expiry", "1")) as venue:
        with Client(venue.client_config()) as resting, Client(venue.client_config()) as idle:
            resting.call(instrument())
            resting.call(order(1))
            sessions = (resting.session, idle.session)
        wait_for(lambda: (sessions[1], SessionEnd.EXPIRED) in closed_sessions(journal))
        with pytest.raises(SessionExpired, match="log on with session 0") as expired:
            Client(venue.client_config(), session=sessions[1]).connect()
        assert expired.value.reason is RefusalReason.SESSION_EXPIRED
        assert isinstance(expired.value, LogonRefused)
        with Client(venue.client_config(), session=sessions[0]) as again, Client(venue.client_config()) as fresh:
            assert again.next_number == 3, "a session with an order in the book stays"
            assert fresh.session == sessions[1] + 1
        state = venue.stop()
    assert (sessions[0], SessionEnd.EXPIRED) not in closed_sessions(journal)
    assert replayed(journal).state_hash == int(state["state_hash"], 16)


def test_an_id_whose_opening_a_relaxed_crash_has_taken_is_not_given_again(journal: Path, aeron_dir: str):
    venue = Venue(journal, aeron_dir=aeron_dir, durability="relaxed", options=SMALL_SEGMENTS)
    given: list[int] = []
    lost = 0
    with venue:
        for _ in range(RELAXED_CRASHES_MAX):
            client = Client(venue.client_config(timeout_s=10.0, reconnect_s=20.0))
            client.connect()
            venue.kill()  # before the journal, which follows by milliseconds
            given.append(client.session)
            known = replayed(journal).sessions
            venue.start()
            if known < len(given) - lost:
                lost += 1
                with pytest.raises(LogonRefused, match="knows no such session"):
                    wait_for(lambda: len(client.poll()))  # noqa: B023
            client.close()
            if lost == 2:
                break
        with Client(venue.client_config()) as client:
            given.append(client.session)
            client.call(instrument())
        venue.stop()
    assert lost, "no crash came before the journal"
    assert len(set(given)) == len(given), given
