"""Who may reach a node: over the network nobody without a key, from elsewhere nobody unless it was set up for that."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seriatim.aeron import Aeron, Channel, ConfigurationError
from seriatim.client import Client
from seriatim.config import IPC, ClientConfig, NodeConfig, RecorderConfig
from seriatim.engine import EventKind
from seriatim.errors import ConfigError, LogonRefused
from seriatim.sequencer.node import Node
from seriatim.sequencer.recorder.service import answer_channel
from seriatim.tools.venue import UDP_INGRESS, Venue
from seriatim.trust import is_loopback, read_key, resolves_to_loopback, write_key
from tests.bus.bus_door import Door
from tests.bus.bus_help import SMALL_SEGMENTS, counters, free_udp_port, instrument, wait_for

KEY = b"forty-two"
NEAR = ("127.0.0.1:9301", "127.8.9.10:9301", "localhost:9301", "[::1]:9301")
FAR = ("0.0.0.0:9301", "192.0.2.1:9301", "[::]:9301", "[2001:db8::1]:9301", "224.20.30.39:9301")


def node_config(folder: Path, *channels: str, **settings: Any) -> NodeConfig:
    return NodeConfig(journal=folder / "journal", ingress=channels, **settings)


def recorder_config(folder: Path, *channels: str, **settings: Any) -> RecorderConfig:
    return RecorderConfig(journal=folder / "journal", log=folder / "log", serve=channels, **settings)


configs = pytest.mark.parametrize("config", [node_config, recorder_config])


@configs
def test_udp_without_a_key_is_refused_and_the_way_to_one_is_said(tmp_path: Path, config: Callable[..., Any]):
    config(tmp_path, IPC)
    for channels in ((UDP_INGRESS.format(port=9301),), (IPC, UDP_INGRESS.format(port=9301))):
        with pytest.raises(ConfigError, match="seriatim keygen FILE"):
            config(tmp_path, *channels)
        config(tmp_path, *channels, key=KEY)


@configs
@pytest.mark.parametrize("address", FAR)
def test_beyond_loopback_is_refused_unless_it_is_allowed(tmp_path: Path, config: Callable[..., Any], address: str):
    channel = f"aeron:udp?endpoint={address}"
    with pytest.raises(ConfigError, match="--listen-beyond-loopback"):
        config(tmp_path, channel, key=KEY)
    config(tmp_path, channel, key=KEY, listen_beyond_loopback=True)
    with pytest.raises(ConfigError, match="needs a key"):
        config(tmp_path, channel, listen_beyond_loopback=True)


def test_what_stays_on_this_machine_is_known():
    assert all(is_loopback(Channel.udp(place)) and resolves_to_loopback(Channel.udp(place)) for place in NEAR)
    assert not any(is_loopback(Channel.udp(place)) or resolves_to_loopback(Channel.udp(place)) for place in FAR)
    assert not resolves_to_loopback(Channel.udp(NEAR[0], control=FAR[1]))
    assert not resolves_to_loopback(Channel.mdc())
    assert not resolves_to_loopback(Channel.udp("no-such-host.invalid:1"))


def test_followers_are_answered_beyond_loopback_only_if_that_is_allowed():
    for place in NEAR:
        assert answer_channel(f"aeron:udp?endpoint={place}", beyond_loopback=False)
    for place in (*FAR, "host.example.org:9301"):
        with pytest.raises(ConfigurationError, match="beyond this machine"):
            answer_channel(f"aeron:udp?endpoint={place}", beyond_loopback=False)
        assert answer_channel(f"aeron:udp?endpoint={place}", beyond_loopback=True)


def test_a_key_file_is_new_random_and_its_owners_alone(tmp_path: Path):
    write_key(tmp_path / "one")
    write_key(tmp_path / "two")
    assert stat.S_IMODE((tmp_path / "one").stat().st_mode) == 0o600
    key = read_key(tmp_path / "one")
    assert len(key) == 64
    assert key != read_key(tmp_path / "two")
    with pytest.raises(ConfigError, match="there already"):
        write_key(tmp_path / "one")
    assert read_key(tmp_path / "one") == key


def test_over_udp_a_client_without_the_key_is_let_into_no_session(journal: Path):
    channel = UDP_INGRESS.format(port=free_udp_port())
    with Venue(journal, ingress=channel, options=SMALL_SEGMENTS) as venue:
        for key in (b"", venue.key[:-1]):
            with pytest.raises(LogonRefused, match="key"):
                Client(venue.client_config(key=key)).connect()
        assert counters(venue.aeron_dir)["sessions"] == 0
        with Client(venue.client_config()) as client:
            assert client.call(instrument())["kind"].tolist() == [EventKind.INSTRUMENT_DEFINED]


def test_a_node_sends_nothing_to_where_a_stranger_points(tmp_path: Path, aeron_dir: str):
    config = NodeConfig(journal=tmp_path / "journal", aeron_dir=aeron_dir, own_driver=False, segment_bytes=2 << 20)
    with Node(config), Aeron(aeron_dir, name="door") as aeron:
        door = Door(aeron)
        before = counters(aeron_dir)["refused"]
        for place in FAR:
            door.send(door.connect_message(f"aeron:udp?endpoint={place}"))
        wait_for(lambda: counters(aeron_dir)["refused"] >= before + len(FAR))
        door.connect()
        assert door.nonce
        with Client(ClientConfig(aeron_dir=aeron_dir, egress="aeron:udp?endpoint=127.0.0.1:0")) as client:
            assert client.session == 1


def test_a_node_that_may_answer_elsewhere_does(tmp_path: Path, aeron_dir: str):
    channel = f"aeron:udp?endpoint=224.0.1.1:{free_udp_port() | 1}|interface=127.0.0.1"
    config = NodeConfig(
        journal=tmp_path / "journal",
        aeron_dir=aeron_dir,
        own_driver=False,
        segment_bytes=2 << 20,
        listen_beyond_loopback=True,
    )
    with Node(config), Aeron(aeron_dir, name="door") as aeron:
        door = Door(aeron)
        answers = aeron.add_subscription(channel, door.stream)
        door.send(door.connect_message(channel))
        wait_for(lambda: len(answers.images))
