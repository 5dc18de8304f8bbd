"""Channel URIs: built, checked, written and read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seriatim.aeron import Channel, ConfigurationError

KIB = 1 << 10
WORDS = st.text("abcxyz0189-._", min_size=1, max_size=12)
FLAG = st.booleans()
INT32 = st.integers(-(2**31), 2**31 - 1)
UINT31 = st.integers(0, 2**31 - 1)
DURATION = st.integers(0, 2**63 - 1)
ADDRESS = st.one_of(
    st.builds("{}:{}".format, WORDS, st.integers(0, 65535)),
    st.builds("[{}]:{}".format, st.ip_addresses(v=6), st.integers(0, 65535)),
)
COMMON: dict[str, st.SearchStrategy[Any]] = {
    "mtu_bytes": st.integers(2, 2047).map(lambda frames: 32 * frames),
    "term_length_bytes": st.integers(16, 30).map(lambda bits: 1 << bits),
    "session_id": st.one_of(INT32, st.integers(0, 999).map("tag:{}".format)),
    "linger_ns": DURATION,
    "alias": WORDS,
    "tags": st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=2).map(tuple),
    "eos": FLAG,
    "sparse": FLAG,
    "reliable": FLAG,
    "tether": FLAG,
    "group": FLAG,
    "rejoin": FLAG,
    "spies_simulate_connection": FLAG,
    "flow_control": st.sampled_from(["min", "max", "tagged,g:101,t:5s", "min,g:/3"]),
    "group_tag": st.integers(-(2**63), 2**63 - 1),
    "publication_window_bytes": UINT31,
    "response_correlation_id": st.one_of(st.just("prototype"), st.integers(0, 2**63 - 1)),
    "nak_delay_ns": DURATION,
    "untethered_window_limit_timeout_ns": DURATION,
    "untethered_linger_timeout_ns": DURATION,
    "untethered_resting_timeout_ns": DURATION,
    "max_resend": st.integers(1, 256),
    "stream_id": INT32,
    "media_receive_timestamp_offset": st.one_of(st.just("reserved"), UINT31),
}
NETWORK: dict[str, st.SearchStrategy[Any]] = {
    "interface": WORDS,
    "ttl": st.integers(0, 255),
    "congestion_control": st.sampled_from(["static", "cubic"]),
    "socket_sndbuf_bytes": UINT31,
    "socket_rcvbuf_bytes": UINT31,
    "socket_tos": st.integers(0, 255),
    "receiver_window_bytes": UINT31,
}


def _channel(media: str, options: dict[str, Any]) -> Channel:
    return Channel(media, **options)


IPC = st.fixed_dictionaries({}, optional=COMMON).map(lambda options: _channel("ipc", options))
UDP = st.fixed_dictionaries({"endpoint": ADDRESS}, optional={**COMMON, **NETWORK, "control": ADDRESS}).map(
    lambda options: _channel("udp", options)
)


@given(st.one_of(IPC, UDP))
def test_every_channel_reads_back_as_it_was_written(channel: Channel) -> None:
    again = Channel.parse(str(channel))
    assert again == channel
    assert hash(again) == hash(channel)
    assert str(again) == str(channel)
    assert again.parameters == channel.parameters


@given(st.text())
def test_any_text_is_a_channel_or_a_configuration_error(text: str) -> None:
    for uri in (text, "aeron:udp?" + text, "aeron:udp?endpoint=" + text):
        try:
            channel = Channel.parse(uri)
        except ConfigurationError:
            continue
        assert Channel.parse(str(channel)) == channel


@pytest.mark.parametrize(
    ("channel", "text"),
    [
        (Channel.ipc(), "aeron:ipc"),
        (Channel.ipc(term_length_bytes=64 * KIB, alias="orders"), "aeron:ipc?term-length=65536|alias=orders"),
        (Channel.udp("localhost:4000"), "aeron:udp?endpoint=localhost:4000"),
        (Channel.udp("[::1]:4000", linger_ns=5), "aeron:udp?endpoint=[::1]:4000|linger=5ns"),
        (
            Channel.multicast("224.20.30.39:4000", interface="127.0.0.1", ttl=0),
            "aeron:udp?endpoint=224.20.30.39:4000|interface=127.0.0.1|ttl=0",
        ),
        (Channel.mdc("host:4000"), "aeron:udp?control=host:4000|control-mode=dynamic"),
        (Channel.mdc("host:4000", "host:0"), "aeron:udp?endpoint=host:0|control=host:4000|control-mode=dynamic"),
        (Channel.mdc(), "aeron:udp?control-mode=manual"),
        (Channel.udp("host:1", tags=(1, 2)).spy(), "aeron-spy:aeron:udp?endpoint=host:1|tags=1,2"),
        (Channel.udp(tags=(1,)), "aeron:udp?tags=1"),
        (Channel.ipc(initial_term_id=1, term_id=2, term_offset=0), "aeron:ipc?init-term-id=1|term-id=2|term-offset=0"),
    ],
)
def test_a_channel_is_written_as_aeron_wants_it(channel: Channel, text: str) -> None:
    assert sorted(str(channel).partition("?")[2].split("|")) == sorted(text.partition("?")[2].split("|"))
    assert Channel.parse(text) == channel


def test_sizes_and_durations_are_read_with_their_units() -> None:
    channel = Channel.parse("aeron:udp?endpoint=a:1|term-length=16m|mtu=8K|linger=5s|nak-delay=20us|so-rcvbuf=2m")
    assert channel.parameters == {
        "endpoint": "a:1",
        "term_length_bytes": 16 << 20,
        "mtu_bytes": 8 << 10,
        "linger_ns": 5_000_000_000,
        "nak_delay_ns": 20_000,
        "socket_rcvbuf_bytes": 2 << 20,
    }


def test_a_channel_can_be_changed_into_another() -> None:
    channel = Channel.udp("a:1", ttl=3)
    assert str(channel.replace(ttl=4, eos=False)) == "aeron:udp?endpoint=a:1|ttl=4|eos=false"
    assert channel == Channel.parse("aeron:udp?ttl=3|endpoint=a:1")
    assert channel != Channel.ipc()


def test_defaults_do_not_replace_what_a_channel_says_itself():
    channel = Channel.parse("aeron:udp?endpoint=a:1|ttl=4")
    assert channel.with_defaults(ttl=9, eos=False).parameters == {"endpoint": "a:1", "ttl": 4, "eos": False}
    assert channel.with_defaults(ttl=9) == channel


@pytest.mark.parametrize(
    ("uri", "complaint"),
    [
        ("ipc", "starts with 'aeron:'"),
        ("aeron:tcp", "'ipc' or 'udp'"),
        ("aeron:udp", "needs an endpoint"),
        ("aeron:udp?endpoint", "key=value"),
        ("aeron:udp?endpoint=", "key=value"),
        ("aeron:udp?enpoint=a:1", "did you mean 'endpoint'"),
        ("aeron:udp?endpoint=a:1|endpoint=b:2", "twice"),
        ("aeron:udp?endpoint=a", "host:port"),
        ("aeron:udp?endpoint=::1:4", "host:port"),
        ("aeron:udp?endpoint=a:70000", "host:port"),
        ("aeron:udp?endpoint=a:1|control-mode=dynamic", "needs a control address"),
        ("aeron:udp?endpoint=a:1|control-mode=auto", "'manual' or 'dynamic'"),
        ("aeron:udp?endpoint=a:1|ttl=256", "from 0 to 255"),
        ("aeron:udp?endpoint=a:1|mtu=1500", "steps of 32"),
        ("aeron:ipc?term-length=100k", "power of two"),
        ("aeron:ipc?term-length=2g", "from 65536"),
        ("aeron:ipc?eos=yes", "'true' or 'false'"),
        ("aeron:ipc?linger=5h", "a duration"),
        ("aeron:ipc?endpoint=a:1", "not for ipc"),
        ("aeron:ipc?term-id=1", "together"),
        ("aeron:ipc?session-id=tag:", "whole number"),
        ("aeron:ipc?tags=1,2,3", "one or two"),
        ("aeron-spy:aeron:ipc", "spies"),
        ("aeron:ipc?alias=" + "x" * 5000, "4095 bytes"),
    ],
)
def test_a_channel_that_cannot_work_says_why(uri: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        Channel.parse(uri)


@pytest.mark.parametrize(
    "parameters", [{"ttl": "3"}, {"eos": 1}, {"alias": "a|b"}, {"alias": "a b"}, {"endpoint": 7}, {"nothing": 1}]
)
def test_parameters_of_the_wrong_type_are_refused(parameters: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        Channel("udp", **{"endpoint": "a:1", **parameters})  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("endpoint", ["224.20.30.38:4000", "10.0.0.1:4000", "localhost:4000"])
def test_a_multicast_group_is_checked(endpoint: str) -> None:
    with pytest.raises(ConfigurationError, match="odd"):
        Channel.multicast(endpoint)
