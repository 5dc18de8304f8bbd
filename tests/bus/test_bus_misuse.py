"""A client that is used as it must not be says so, and its connection and memory stay whole."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from seriatim.client import Client
from seriatim.config import ClientConfig, NodeConfig, RecorderConfig
from seriatim.engine import EventKind
from seriatim.errors import ConcurrentUse, ConfigError
from seriatim.tools.venue import Venue
from tests.bus.bus_help import flow, order

FORKING = """
import os, sys
from seriatim.client import Client
from seriatim.config import ClientConfig
from seriatim.errors import UsedAfterFork
from tests.bus.bus_help import order

with Client(ClientConfig(aeron_dir=sys.argv[1])) as client:
    child = os.fork()
    if child == 0:
        for use in (client.poll, client.connect, lambda: client.answered, lambda: client.submit(order(1))):
            try:
                use()
            except UsedAfterFork:
                continue
            os._exit(1)
    else:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert len(client.call(order(2, price=70))) == 1
"""


def test_two_threads_on_one_client_are_told_and_nothing_breaks(client: Client):
    """In the process of the tests: memory that was corrupted would end it."""
    refused = threading.Event()

    def use(first: int) -> None:
        for turn in range(20_000):
            try:
                client.send(flow(seed=turn, count=20, first_id=first + 20 * turn)) if turn % 2 else client.poll()
            except ConcurrentUse:
                refused.set()
            if refused.is_set() and turn > 2_000:
                return

    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(use, 1), pool.submit(use, 1_000_000)]:
            done.result()
    assert refused.is_set()
    client.wait_all()
    assert EventKind.ACCEPTED in client.call(order(2_000_000, price=1))["kind"]


def test_a_client_that_waits_in_a_call_is_not_closed_by_another_thread(venue: Venue):
    entered = threading.Event()

    def until(_: Any) -> bool:
        entered.set()
        return True

    with Client(venue.client_config()) as client, ThreadPoolExecutor() as pool:
        with client._turn, pytest.raises(ConcurrentUse, match="this client is in a call of another thread"):
            pool.submit(client.close).result()
        client.submit(order(1, price=71))
        list(client.events(until))
        assert entered.is_set()


def test_a_forked_child_cannot_use_its_parents_client_and_leaves_it_whole(venue: Venue):
    command = [sys.executable, "-c", FORKING, venue.aeron_dir]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=os.getcwd())
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("session", "error"),
    [(-1, ValueError), (1 << 32, ValueError), ("1", TypeError), (1.0, TypeError), (None, TypeError)],
)
def test_a_session_that_can_be_none_is_refused_before_anything_is_opened(session: Any, error: type[Exception]):
    with pytest.raises(
        error, match=r"a session's id \(0: a new session\) is a whole number from 0 to 4,294,967,295, not"
    ):
        Client(session=session)


@pytest.mark.parametrize("limit", [1.5, "7", None])
def test_a_limit_that_is_no_whole_number_is_a_type_error(client: Client, limit: Any):
    with pytest.raises(TypeError, match="the limit of a poll is a whole number"):
        client.poll(limit)


@pytest.mark.parametrize(
    "setting",
    [
        {"key": "secret"},
        {"key": None},
        {"ingress": 5},
        {"egress": b"aeron:ipc"},
        *({name: value} for name in ("timeout_s", "reconnect_s") for value in (float("nan"), -1, "5", None)),
        {"timeout_s": 0},
    ],
    ids=str,
)
def test_a_setting_of_a_client_that_makes_no_sense_is_named_at_once(setting: dict[str, Any]):
    with pytest.raises(ConfigError, match=f"^{next(iter(setting))} is "):
        ClientConfig(**setting)


def test_a_key_that_is_text_is_refused_for_nodes_and_recorders_too():
    text: Any = "secret"
    with pytest.raises(ConfigError, match="a key is bytes"):
        NodeConfig(journal=Path("j"), key=text)
    with pytest.raises(ConfigError, match="a key is bytes"):
        RecorderConfig(journal=Path("j"), log=Path("l"), key=text)
    assert "hush" not in repr(NodeConfig(journal=Path("j"), key=b"hush"))


def test_what_was_sent_before_a_close_is_found_again_after_connect(venue: Venue):
    client = Client(venue.client_config())
    with client:
        client.call(order(1, price=72))
        session = client.session
    with client:
        assert (client.session, client.next_number) == (session, 2)
        assert client.call(order(2, price=72))["kind"].tolist() == [EventKind.ACCEPTED]
