"""Settings that make no sense are named; nobody publishes beyond this machine unless asked to."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from seriatim.errors import ConfigError
from seriatim.marketdata import PublisherConfig, Receiver
from seriatim.marketdata.outbox import is_multicast, publishing
from seriatim.marketdata.settings import Route
from seriatim.tools.main import cli

BEYOND = ("aeron:udp?endpoint=224.20.30.41:9303|interface=127.0.0.1", "aeron:udp?endpoint=192.0.2.1:9303")


def config(**settings: Any) -> PublisherConfig:
    """With what every publisher needs."""
    return PublisherConfig(**{"journal": Path("journal"), "log": Path("public"), **settings})


@pytest.mark.parametrize("name", ["channels", "requests"])
@pytest.mark.parametrize("channel", BEYOND)
def test_a_channel_beyond_this_machine_is_refused_unless_it_is_asked_for(name: str, channel: str):
    with pytest.raises(ConfigError, match="listen-beyond-loopback"):
        config(**{name: (channel,)})
    assert config(**{name: (channel,)}, listen_beyond_loopback=True)


def test_loopback_needs_no_key_because_the_data_are_public():
    assert config(channels=("aeron:udp?endpoint=127.0.0.1:9303",), requests=("aeron:udp?endpoint=127.0.0.1:9304",))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"channels": ()}, "channels"),
        ({"channels": ("nonsense",)}, "nonsense"),
        ({"channels": ("aeron:ipc", "aeron:ipc")}, "twice"),
        ({"requests": ("aeron-spy:aeron:udp?endpoint=127.0.0.1:1",)}, "requests"),
        ({"log": Path("journal")}, "journal's folder"),
        ({"log": Path("journal/public")}, "journal's folder"),
        ({"snapshot_interval_s": 0}, "snapshot_interval_s"),
        ({"requester_bytes_per_s": 1}, "requester_bytes_per_s"),
        ({"requesters_max": 0}, "requesters_max"),
        ({"key": "text"}, "key"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(settings: dict[str, Any], says: str):
    with pytest.raises(ConfigError, match=says):
        config(**settings)


@pytest.mark.parametrize("name", ["channels", "requests"])
@pytest.mark.parametrize("place", ["endpoint=127.0.0.1:0", "control=127.0.0.1:0|control-mode=dynamic"])
def test_a_port_that_the_system_would_choose_is_refused(name: str, place: str):
    with pytest.raises(ConfigError, match=rf"{name}.*nobody on the other side could know it; name a port"):
        config(**{name: (f"aeron:udp?{place}",)})


def test_a_receivers_own_port_may_be_the_systems_choice_but_not_its_publishers():
    dynamic = "aeron:udp?control=127.0.0.1:9303|control-mode=dynamic|endpoint=127.0.0.1:0"
    assert Route(dynamic, "aeron:udp?endpoint=127.0.0.1:9304", "aeron:udp?endpoint=127.0.0.1:0")
    wrong: list[dict[str, Any]] = [{name: "aeron:udp?endpoint=127.0.0.1:0"} for name in ("channel", "requests")]
    for settings in wrong:
        with pytest.raises(ConfigError, match="name a port"):
            Receiver(**settings)


def test_a_publishers_channels_wait_for_nobody():
    assert "untethered-window-limit-timeout" in str(publishing("aeron:ipc"))
    assert publishing(BEYOND[0]).parameters.get("flow_control") == "max"
    assert publishing("aeron:udp?control=127.0.0.1:1|control-mode=dynamic").parameters.get("flow_control") == "max"
    assert "flow_control" not in publishing("aeron:udp?endpoint=127.0.0.1:1").parameters
    assert publishing(f"{BEYOND[0]}|fc=min").parameters.get("flow_control") == "min"


def test_groups_are_told_from_hosts():
    for endpoint in ("224.20.30.41:1", "239.0.0.1:1", "[ff02::1]:1"):
        assert is_multicast(publishing(f"aeron:udp?endpoint={endpoint}"))
    for endpoint in ("127.0.0.1:1", "localhost:1", "[::1]:1"):
        assert not is_multicast(publishing(f"aeron:udp?endpoint={endpoint}"))


def test_a_receiver_says_what_is_wrong_with_its_channels(tmp_path: Path):
    wrong: list[dict[str, Any]] = [{"channel": "nonsense"}, {"requests": ""}, {"response_channel": "aeron"}]
    for settings in wrong:
        with pytest.raises(ConfigError):
            Receiver(**settings)
    no_text: list[dict[str, Any]] = [{name: 5} for name in ("channel", "requests", "response_channel")]
    for settings in [{"channel": None}, *no_text]:
        with pytest.raises(
            ConfigError, match=f"^{next(iter(settings))} is (None|5), which is no text; a channel looks"
        ):
            Receiver(**settings)
    with pytest.raises(ConfigError, match="no media driver runs"):
        Receiver(aeron_dir=str(tmp_path / "none"))


def test_the_command_says_what_is_wrong_with_a_channel(tmp_path: Path):
    done = CliRunner().invoke(cli, ["marketdata", str(tmp_path), "--channel", BEYOND[0]])
    assert isinstance(done.exception, ConfigError)
    assert "listen-beyond-loopback" in str(done.exception)


FORKING = """
import os, sys
from seriatim.errors import UsedAfterFork
from seriatim.marketdata import Receiver

with Receiver(aeron_dir=sys.argv[1]) as receiver:
    child = os.fork()
    if child == 0:
        for use in (receiver.poll, receiver.wait_until_current, lambda: receiver.is_silent):
            try:
                use()
            except UsedAfterFork as error:
                assert f"made by process {os.getppid()}; a forked child makes its own" in str(error)
                continue
            os._exit(1)
        receiver.close()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    receiver.poll()
    assert receiver.is_silent
"""


def test_a_forked_child_is_told_that_the_receiver_is_its_parents(aeron_dir: str):
    command = [sys.executable, "-c", FORKING, aeron_dir]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
