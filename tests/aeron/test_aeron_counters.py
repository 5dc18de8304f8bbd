"""Counters, the error log and the loss report."""

from pathlib import Path

import pytest
from aeron_help import run_program, wait_for

from seriatim.aeron import (
    Aeron,
    ChannelEndpointError,
    CncFile,
    ConfigurationError,
    CounterState,
    InvalidChannelError,
    MediaDriver,
    RegistrationError,
    UnknownHostError,
)


def test_a_counter_of_ours_is_seen_by_every_client(driver: MediaDriver, aeron: Aeron) -> None:
    with Aeron(driver) as other, aeron.add_counter(1001, "orders in flight", key=b"key") as counter:
        counter.value = 41
        assert counter.add() == 41
        seen = other.counters[counter.id]
        assert (seen.type_id, seen.label, seen.value) == (1001, "orders in flight", 42)
        assert seen.state is CounterState.ALLOCATED
        assert seen.key[:3] == b"key"
        assert seen.owner_id == aeron.client_id
        assert counter.address > 0
        counter.add(-50)
        assert other.counters.value(counter.id) == -8
        assert [found.id for found in other.counters.find(type_id=1001)] == [counter.id]
    wait_for(lambda: not aeron.counters.find(type_id=1001))
    assert aeron.counters[counter.id].state is CounterState.RECLAIMED
    with pytest.raises(KeyError):
        aeron.counters[10**6]


def test_a_counter_with_a_long_key_is_refused_and_a_long_label_is_cut(aeron: Aeron) -> None:
    with pytest.raises(ConfigurationError, match="112 bytes"):
        aeron.add_counter(1001, "x", key=bytes(113))
    with aeron.add_counter(1002, "y" * 1000) as counter:
        assert aeron.counters[counter.id].label == "y" * 380


def test_the_counters_of_a_driver_can_be_read_without_a_client(driver: MediaDriver) -> None:
    labels = [counter.label for counter in driver.counters()]
    assert any(label.startswith("Bytes sent") for label in labels)
    assert any("version" in label for label in labels)


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("aeron:udp?endpoint=localhost:4000|mtu=7", RegistrationError),
        ("aeron:udp?endpoint=no.such.host.invalid:4000", UnknownHostError),
        ("aeron:udp?endpoint=localhost:40222|interface=203.0.113.1", RegistrationError),
        ("aeron:udp?enpoint=localhost:4000", InvalidChannelError),
        ("nonsense", InvalidChannelError),
    ],
)
def test_what_the_driver_refuses_is_a_typed_error_with_its_text(
    aeron: Aeron, channel: str, error: type[Exception]
) -> None:
    with pytest.raises(error, match="publication"):
        aeron.add_exclusive_publication(channel, 10)


def test_an_address_in_use_is_a_channel_endpoint_error_and_lands_in_the_error_log(
    driver: MediaDriver, aeron: Aeron
) -> None:
    with aeron.add_subscription("aeron:udp?endpoint=127.0.0.1:0", 10) as first:
        endpoint = wait_for(lambda: first.resolved_endpoint)
        with MediaDriver() as second, Aeron(second) as other:
            with pytest.raises((ChannelEndpointError, RegistrationError), match="in use"):
                other.add_subscription(f"aeron:udp?endpoint={endpoint}", 10)
            errors = wait_for(second.errors)
            assert "in use" in errors[0].text
            assert errors[0].observations >= 1
            assert errors[0].first_observed_ms <= errors[0].last_observed_ms
    assert driver.losses() == []


def test_a_dead_drivers_files_tell_what_happened(tmp_path: Path) -> None:
    path = str(tmp_path / "aeron")
    ended = run_program(f"""
import os, signal
from seriatim.aeron import *
driver = MediaDriver({path!r})
aeron = Aeron(driver)
try:
    aeron.add_subscription("aeron:udp?endpoint=no.such.host.invalid:4000", 10)
except UnknownHostError:
    pass
counter = aeron.add_counter(1001, "left behind")
counter.value = 7
os.kill(os.getpid(), signal.SIGKILL)
""")
    assert ended.returncode == -9
    with CncFile(path) as cnc:
        assert any("no.such.host.invalid" in error.text for error in cnc.errors())
        assert cnc.errors(since_ms=2**60) == []
        assert [counter.value for counter in cnc.counters.find(type_id=1001)] == [7]
        assert cnc.losses() == []
        assert cnc.pid > 0
        assert cnc.heartbeat_ms >= cnc.started_ms > 0


def test_loss_on_the_wire_is_repaired_and_reported(tmp_path: Path) -> None:
    ended = run_program(
        f"""
import time
from seriatim.aeron import *
with MediaDriver({str(tmp_path / "aeron")!r}) as driver, Aeron(driver) as aeron:
    subscription = aeron.add_subscription("aeron:udp?endpoint=127.0.0.1:0", 10)
    while not (channel := subscription.resolved_channel): time.sleep(0.001)
    publication = aeron.add_exclusive_publication(channel, 10)
    received, sent = [], 0
    while len(received) < 2000:
        if sent < 2000 and publication.offer(sent.to_bytes(4, "little") * 100) > 0: sent += 1
        subscription.poll(lambda view, _: received.append(int.from_bytes(view[:4], "little")), 10)
    assert received == list(range(2000))
    [loss, *_] = driver.losses()
    assert loss.bytes_lost > 0 and loss.stream_id == 10 and loss.session_id == publication.session_id, loss
    print(loss.channel, loss.source)
""",
        AERON_UDP_CHANNEL_INCOMING_INTERCEPTORS="loss",
        AERON_UDP_CHANNEL_TRANSPORT_BINDINGS_LOSS_ARGS="rate=0.1|recv-msg-mask=0xE|seed=7",
    )
    assert ended.returncode == 0, ended.stderr
    assert "127.0.0.1" in ended.stdout
