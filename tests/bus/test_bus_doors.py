"""Bad input at the ingress: each gets the refusal it deserves, or is counted and dropped, and the order goes on."""

import random
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from seriatim.aeron import CncFile
from seriatim.client import Client
from seriatim.connection import PROTOCOL_VERSION
from seriatim.engine import EventKind
from seriatim.schemas import (
    Accepted,
    Connect,
    Heartbeat,
    Logoff,
    Outcome,
    OutcomeKind,
    RefusalReason,
    Refused,
    Rejected,
    RejectReason,
    SessionClosed,
    SessionOpened,
)
from seriatim.tools.venue import Venue
from tests.bus.bus_door import Door, doors, frame
from tests.bus.bus_help import counters, order, wait_for

SEED = 5301


@pytest.fixture
def door(venue: Venue) -> Iterator[Callable[[], Door]]:
    with doors(venue.aeron_dir) as open_door:
        yield open_door


@pytest.fixture(autouse=True)
def _goes_on_for_others(venue: Venue, client: Client) -> Iterator[None]:
    """Whatever a test does to the node, a client that behaves is served before and after it."""
    assert client.call(order(1, price=1))["kind"].tolist() == [EventKind.ACCEPTED]
    yield
    assert client.call(order(2, price=1))["kind"].tolist() == [EventKind.ACCEPTED]
    assert venue.process is not None
    assert venue.process.poll() is None


def grown(venue: Venue, label: str, by: int) -> Callable[[], bool]:
    """Whether a counter has grown by so much since now."""
    before = counters(venue.aeron_dir)[label]
    return lambda: counters(venue.aeron_dir)[label] >= before + by


def test_random_bytes_are_counted_and_dropped(venue: Venue, door):
    raw, bits = door(), random.Random(SEED)
    bad = grown(venue, "bad frames", by=500)
    for _ in range(500):
        raw.send(bits.randbytes(bits.randrange(1, 2_000)))
    wait_for(bad)


def test_a_command_frame_cut_short_at_any_length_is_a_bad_frame(venue: Venue, door):
    raw = door()
    opened = raw.log_on()
    whole = frame(opened, 1, order(1, price=1).encode())
    bad = grown(venue, "bad frames", by=len(whole) - 1)
    for length in range(1, len(whole)):
        raw.send(whole[:length])
    wait_for(bad)
    raw.send(whole)
    assert raw.receive(Accepted).cl_ord_id == 1


def test_bodies_cut_short_at_any_length_are_rejected_by_the_engine(door):
    raw = door()
    opened = raw.log_on()
    body = order(1, price=1).encode()
    for number, length in enumerate(range(len(body)), 1):
        raw.send(frame(opened, number, body[:length]))
        assert raw.receive(Rejected).reason == RejectReason.MALFORMED


def test_an_oversized_message_is_a_bad_frame(venue: Venue, door):
    raw = door()
    opened = raw.log_on()
    bad = grown(venue, "bad frames", by=2)
    raw.send(bytes(70_000))
    raw.send(frame(opened, 1, bytes(1_000_000)))
    wait_for(bad)
    raw.send(frame(opened, 1, order(1, price=1).encode()))
    assert raw.receive(Accepted).cl_ord_id == 1


def test_a_body_above_the_limit_is_refused_as_too_long(door):
    raw = door()
    opened = raw.log_on()
    raw.send(frame(opened, 1, bytes(16 * 1024 + 1)))
    assert raw.refusal().reason == RefusalReason.TOO_LONG
    raw.send(frame(opened, 1, bytes(16 * 1024)))
    assert raw.receive(Rejected).reason == RejectReason.MALFORMED


@pytest.mark.parametrize("length", [1, 2**16, 2**31 - 1, 2**31, 2**32 - 1])
def test_a_length_that_lies_is_refused(door, length: int):
    raw = door()
    opened = raw.log_on()
    body = order(1, price=1).encode()
    raw.send(frame(opened, 1, body, body_length=len(body) + length if length == 1 else length))
    assert raw.refusal().reason in (RefusalReason.BAD_FRAME, RefusalReason.TOO_LONG)
    raw.send(frame(opened, 1, body))
    assert raw.receive(Accepted).cl_ord_id == 1


@pytest.mark.parametrize(
    ("at", "value"),
    [(0, 0), (0, 31), (0, 2**16 - 1), (2, 0), (2, 2), (2, 10), (2, 999), (4, 0), (4, 5300), (4, 2**16 - 1)],
    ids=str,
)
def test_a_header_of_another_block_template_or_schema_is_a_bad_frame(venue: Venue, door, at: int, value: int):
    raw = door()
    opened = raw.log_on()
    body = order(1, price=1).encode()
    lie = bytearray(frame(opened, 1, body))
    struct.pack_into("<H", lie, at, value)
    bad = grown(venue, "bad frames", by=1)
    raw.send(bytes(lie))
    wait_for(bad)
    raw.send(frame(opened, 1, body))
    assert raw.receive(Accepted).cl_ord_id == 1


def test_a_newer_version_with_a_longer_block_is_read_as_sbe_prescribes(door):
    raw = door()
    opened = raw.log_on()
    body = order(1, price=1).encode()
    whole = bytearray(frame(opened, 1, body))
    struct.pack_into("<H", whole, 0, 32 + 8)
    struct.pack_into("<H", whole, 6, 7)
    raw.send(bytes(whole[:40]) + b"\xaa" * 8 + bytes(whole[40:]))
    assert raw.receive(Accepted).cl_ord_id == 1


def test_messages_before_connect_and_before_logon_are_refused_and_not_executed(venue: Venue, door):
    raw, other = door(), door()
    victim = other.log_on()
    body = order(1, price=1).encode()
    refused = grown(venue, "refused", by=2)
    raw.send(frame(victim, 1, body))
    raw.send(raw.logon_message())
    wait_for(refused)
    raw.connect()
    raw.send(frame(victim, 1, body))
    assert raw.refusal().reason == RefusalReason.NOT_LOGGED_ON
    other.send(frame(victim, 1, body))
    assert other.receive(Accepted).cl_ord_id == 1


HOSTILE_CHANNELS = [
    b"",
    b"\xff\xfe\x00",
    b"aeron:ipc\x00",
    b"aeron:ipc\xff",
    b"nonsense",
    b"aeron:",
    b"aeron:carrier-pigeon",
    b"aeron:udp",
    b"aeron:udp?endpoint=",
    b"aeron:udp?endpoint=127.0.0.1:99999",
    b"aeron:udp?endpoint=no-such-host.invalid:1",
    b"aeron:udp?control-mode=dynamic",
    b"aeron:ipc?term-length=1g",
    b"aeron:ipc?term-length=3",
    b"aeron:ipc?mtu=1",
    b"aeron:ipc?alias=" + b"x" * 5_000,
    b"aeron:ipc?" + b"a=b|" * 3_000,
    b"%s%n%s%n",
    b"x" * 60_000,
]


@pytest.mark.parametrize("channel", HOSTILE_CHANNELS, ids=lambda channel: repr(channel[:40]))
def test_a_hostile_channel_in_a_connect_is_refused_and_the_next_one_is_served(venue: Venue, door, channel: bytes):
    raw = door()
    refused = grown(venue, "refused", by=1)
    fields = raw.connect_message("")[:-2]
    raw.send(fields + struct.pack("<H", len(channel)) + channel)
    wait_for(refused)
    raw.connect()
    raw.send(raw.logon_message())


def test_a_connect_whose_channel_is_longer_than_the_message_is_a_bad_frame(venue: Venue, door):
    raw = door()
    bad = grown(venue, "bad frames", by=3)
    raw.send(raw.connect_message("")[:-2] + b"\xff\xffaeron:ipc")
    raw.send(raw.connect_message("")[:-2])
    raw.send(raw.connect_message("")[:-1])
    wait_for(bad)


def test_a_client_of_another_protocol_version_is_refused(venue: Venue, door):
    raw = door()
    refused = grown(venue, "refused", by=1)
    raw.send(raw.connect_message(version=PROTOCOL_VERSION + 1))
    wait_for(refused)
    raw.connect()


def test_a_connect_right_behind_another_is_answered(door):
    raw = door()
    raw.send(raw.connect_message(version=PROTOCOL_VERSION + 1))
    raw.connect()
    # The last one counts, also behind one that wants its answers elsewhere.
    raw.send(raw.connect_message(stream=raw.stream + 100_000))
    raw.connect()
    raw.send(raw.logon_message())
    raw.receive(SessionOpened)


def test_a_flood_of_connects_leaves_one_answer_stream(venue: Venue, door):
    raw = door()
    for _ in range(300):
        raw.send(raw.connect_message())
    raw.connect()
    raw.send(raw.logon_message())
    wait_for(lambda: counters(venue.aeron_dir)["connections"] > 0)

    def streams() -> int:
        with CncFile(venue.aeron_dir) as file:
            return sum(f" {raw.stream} " in f"{counter.label} " for counter in file.counters if counter.type_id == 1)

    wait_for(lambda: streams() <= 1)


def test_a_logon_with_garbage_is_refused(venue: Venue, door):
    raw = door()
    raw.connect()
    for session in (0, 1, 2**32 - 1):
        message = bytearray(raw.logon_message(session))
        message[-1] ^= 1
        raw.send(bytes(message))
        refusal = raw.refusal()
        assert (refusal.reason, refusal.number) == (RefusalReason.LOGON_DENIED, 9)
    bad = grown(venue, "bad frames", by=20)
    for length in range(8, 28):
        raw.send(raw.logon_message()[:length])
    wait_for(bad)


def test_a_proof_is_good_for_its_own_connection_only(door):
    first, second = door(), door()
    first.connect()
    second.connect()
    second.send(first.logon_message())
    assert second.refusal().reason == RefusalReason.LOGON_DENIED


def test_frames_of_another_session_are_refused_and_do_not_disturb_it(door):
    owner, stranger = door(), door()
    opened = owner.log_on()
    stranger.log_on()
    body = order(1, price=1).encode()
    stranger.send(frame(opened, 0, body))
    assert stranger.refusal().reason == RefusalReason.NOT_LOGGED_ON
    stranger.send(frame(opened, 1, body, session_epoch=opened.session_epoch + 1))
    stranger.send(frame(opened, 0, body, session_epoch=0))
    # The owner is told of its own mistake, whatever strangers have sent under its name.
    owner.send(frame(opened, 5, body))
    refusal = owner.refusal()
    assert (refusal.reason, refusal.number, refusal.expected) == (RefusalReason.GAP, 5, 1)
    owner.send(frame(opened, 1, body))
    assert owner.receive(Accepted).cl_ord_id == 1


def test_numbers_that_skip_are_refused_once_and_not_consumed(venue: Venue, door):
    raw = door()
    opened = raw.log_on()
    refused = grown(venue, "refused", by=10)
    for number in range(5, 15):
        raw.send(frame(opened, number, order(number, price=1).encode()))
    refusal = raw.refusal()
    assert (refusal.reason, refusal.number, refusal.expected) == (RefusalReason.GAP, 5, 1)
    wait_for(refused)
    raw.send(frame(opened, 1, order(1, price=1).encode()))
    raw.receive(Accepted)
    assert not any(isinstance(message, Refused) for message in raw.inbox)


def test_numbers_that_repeat_get_their_outcome_and_are_executed_once(door):
    raw = door()
    opened = raw.log_on()
    body = order(1, price=1).encode()
    raw.send(frame(opened, 1, body))
    accepted = raw.receive(Accepted)
    for _ in range(3):
        raw.send(frame(opened, 1, body))
        outcome = raw.receive(Outcome)
        assert (outcome.kind, outcome.order_id, outcome.cl_ord_id) == (OutcomeKind.ACCEPTED, accepted.order_id, 1)
    raw.send(frame(opened, 1, order(2, price=1).encode()))
    assert raw.refusal().reason == RefusalReason.NUMBER_REUSED
    raw.send(frame(opened, 2, body, acked_through=1))
    raw.receive(Rejected)
    raw.send(frame(opened, 1, body, acked_through=1))
    refusal = raw.refusal()
    assert (refusal.reason, refusal.expected) == (RefusalReason.OUTCOME_FORGOTTEN, 3)


def test_a_wrong_checksum_is_refused_and_the_number_stays_free(door):
    raw = door()
    opened = raw.log_on()
    body = order(1, price=1).encode()
    raw.send(frame(opened, 1, body, crc=0))
    assert raw.refusal().reason == RefusalReason.BAD_CRC
    raw.send(frame(opened, 1, body))
    assert raw.receive(Accepted).cl_ord_id == 1


@pytest.mark.parametrize(("number", "acked"), [(0, 0), (2**64 - 1, 0), (2**63, 2**64 - 1), (2, 2**64 - 1)])
def test_extreme_numbers_are_refused(door, number: int, acked: int):
    raw = door()
    opened = raw.log_on()
    raw.send(frame(opened, number, order(1).encode(), acked_through=acked))
    assert raw.refusal().expected == 1


@pytest.mark.parametrize("acked", [1, 2**64 - 1])
def test_a_number_acknowledged_before_it_is_answered_is_refused(door, acked: int):
    raw = door()
    opened = raw.log_on()
    body = order(1, price=1).encode()
    raw.send(frame(opened, 1, body, acked_through=acked))
    assert raw.refusal().reason == RefusalReason.BAD_FRAME
    raw.send(frame(opened, 1, body))
    assert raw.receive(Accepted).cl_ord_id == 1


def test_messages_that_only_the_node_may_send_are_no_commands(venue: Venue, door):
    raw = door()
    opened = raw.log_on()
    bad = grown(venue, "bad frames", by=1)
    raw.send(opened.encode())
    wait_for(bad)
    for number, body in enumerate((opened.encode(), Heartbeat(time=0, seq=0).encode(), b"", raw.connect_message()), 1):
        raw.send(frame(opened, number, body))
        assert raw.receive(Rejected).reason in (RejectReason.MALFORMED, RejectReason.UNKNOWN_COMMAND)


def test_a_heartbeat_from_a_client_is_a_bad_frame_and_its_session_goes_on(venue: Venue, door):
    raw = door()
    opened = raw.log_on()
    bad = grown(venue, "bad frames", by=1)
    raw.send(Heartbeat(time=0, seq=0).encode())
    wait_for(bad)
    raw.send(frame(opened, 1, order(1, price=1).encode()))
    assert raw.receive(Accepted).cl_ord_id == 1


def test_after_a_logoff_nothing_of_that_logon_is_taken(door):
    raw = door()
    opened = raw.log_on()
    raw.send(frame(opened, 1, Logoff().encode()))
    raw.receive(SessionClosed)
    raw.send(frame(opened, 2, order(1).encode()))
    assert raw.refusal().reason == RefusalReason.NOT_LOGGED_ON


def test_mutated_frames_never_stop_the_order(venue: Venue, door):
    """Seeded: valid messages with some bytes changed, several in one message, over several connections."""
    bits = random.Random(SEED)
    with ExitStack():
        raws = [door() for _ in range(3)]
        logons = [raw.log_on() for raw in raws]
        before = counters(venue.aeron_dir)
        for _ in range(3_000):
            place = bits.randrange(3)
            raw, opened = raws[place], logons[place]
            number = bits.choice((0, 1, 2, 3, bits.randrange(2**64)))
            parts = [
                frame(opened, number, order(bits.randrange(2**64), price=bits.choice((0, 1, -1, 5))).encode()),
                raw.logon_message(bits.choice((0, opened.session, 2**32 - 1))),
                Connect(
                    correlation_id=1,
                    response_stream=raw.stream,
                    protocol_version=PROTOCOL_VERSION,
                    response_channel="aeron:ipc",
                ).encode(),
            ]
            message = bytearray(b"".join(bits.choices(parts, weights=(8, 1, 1), k=bits.randrange(1, 4))))
            for _ in range(bits.randrange(0, 4)):
                message[bits.randrange(len(message))] = bits.randrange(256)
            raw.send(bytes(message))
            raw.poll()
    wait_for(lambda: counters(venue.aeron_dir)["bad frames"] > before["bad frames"] + 100)
    assert counters(venue.aeron_dir)["refused"] > before["refused"]
