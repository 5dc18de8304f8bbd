"""One node for each ingress channel of a driver."""

from collections.abc import Callable
from pathlib import Path

import pytest
import structlog

from seriatim.client import Client
from seriatim.config import IPC, ClientConfig, NodeConfig
from seriatim.engine import EventKind
from seriatim.errors import ConfigError, IngressTaken
from seriatim.sequencer.channel_lock import address, has_fixed_address
from seriatim.sequencer.node import Node
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, free_udp_port, instrument, order, wait_for

KEY = b"a key for channels that are not IPC"


@pytest.fixture(autouse=True)
def _log_to_the_standard_output() -> None:
    """The nodes here run in this process, where a test of a command may have left a log that is closed."""
    structlog.reset_defaults()


@pytest.fixture
def config(tmp_path: Path, aeron_dir: str) -> Callable[..., NodeConfig]:
    """Settings of a node with a journal of its own on the shared driver."""

    def make(name: str, *ingress: str) -> NodeConfig:
        return NodeConfig(
            journal=tmp_path / name,
            ingress=ingress,
            aeron_dir=aeron_dir,
            own_driver=False,
            segment_bytes=2 << 20,
            key=KEY,
        )

    return make


@pytest.mark.parametrize("again", [IPC, "aeron:ipc?alias=second"])
def test_a_second_node_on_a_channel_is_refused_and_told_what_to_do(config, aeron_dir: str, again: str):
    with Node(config("one", IPC)):
        with pytest.raises(IngressTaken, match="Stop that node, or give this one another ingress channel or driver"):
            Node(config("two", again)).start()
        with Client(ClientConfig(key=KEY, aeron_dir=aeron_dir)) as client:
            client.call(instrument())
            assert client.call(order(1))["kind"].tolist() == [EventKind.ACCEPTED]
    with Node(config("two", again)), Client(ClientConfig(key=KEY, aeron_dir=aeron_dir)) as client:
        assert client.call(instrument())["kind"].tolist() == [EventKind.INSTRUMENT_DEFINED]


def test_a_channel_that_a_node_names_twice_is_refused(config):
    with pytest.raises(ConfigError, match="given twice"):
        Node(config("one", IPC, IPC)).start()


def test_nodes_on_different_channels_share_a_driver(config, aeron_dir: str):
    channels = [f"aeron:udp?endpoint=127.0.0.1:{free_udp_port()}" for _ in range(2)]
    with Node(config("one", channels[0])), Node(config("two", channels[1])):
        for channel in channels:
            with Client(ClientConfig(key=KEY, aeron_dir=aeron_dir, ingress=channel)) as client:
                assert client.session == 1
        with pytest.raises(IngressTaken):
            Node(config("three", channels[1].replace("127.0.0.1", "localhost"))).start()


def test_a_node_that_was_killed_starts_again_at_once(tmp_path: Path, aeron_dir: str):
    with Venue(tmp_path / "journal", aeron_dir=aeron_dir, options=SMALL_SEGMENTS) as venue:
        with Client(venue.client_config()) as client:
            client.call(instrument())
        venue.kill()
        venue.start()
        with Client(venue.client_config()) as client:
            assert wait_for(lambda: client.call(order(1)))["kind"].tolist() == [EventKind.ACCEPTED]


def test_channels_that_take_in_the_same_messages_have_one_address():
    assert address("aeron:udp?endpoint=localhost:40001") == address("aeron:udp?alias=a|endpoint=127.0.0.1:40001")
    assert address("aeron:udp?endpoint=127.0.0.1:40001") != address("aeron:udp?endpoint=127.0.0.1:40002")
    assert address("aeron:ipc") == address("aeron:ipc?alias=a|term-length=64k")
    assert has_fixed_address("aeron:ipc")
    assert not has_fixed_address("aeron:udp?endpoint=127.0.0.1:0")
