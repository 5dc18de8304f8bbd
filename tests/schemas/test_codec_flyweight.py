"""What a message object can do."""

import json
import mmap

import numpy as np
import pytest
from codec_samples import SAMPLES

import seriatim.schemas as package
from seriatim.schemas import (
    TEMPLATES,
    Decimal,
    DefineInstrument,
    Durability,
    Event,
    EventFlags,
    Heartbeat,
    InstrumentDefined,
    Message,
    NewOrder,
    OpenSession,
    Roles,
    Tick,
    decode,
)


def test_the_package_exports_every_message_and_type_by_name() -> None:
    for message in TEMPLATES.values():
        assert getattr(package, message.__name__) is message
        assert message.__name__ in package.__all__
    assert {"decode", "Side", "CodecError", "TEMPLATES"} <= set(package.__all__)


def test_decode_gives_the_class_of_the_template() -> None:
    for sample in SAMPLES:
        assert type(decode(sample.encode())) is type(sample)
        assert type(sample).wrap(sample.encode()) == sample


def test_any_buffer_is_read_in_place() -> None:
    frame = Heartbeat(time=1, seq=2).encode()
    anonymous = mmap.mmap(-1, 64)
    anonymous[:24] = frame
    numbers = np.frombuffer(frame, np.uint64)
    for buffer in (frame, bytearray(frame), memoryview(frame), anonymous, numbers):
        assert decode(buffer) == Heartbeat(time=1, seq=2)


def test_a_message_sees_the_bytes_that_it_was_wrapped_around() -> None:
    buffer = bytearray(Heartbeat(time=1, seq=2).encode())
    wrapped = Heartbeat.wrap(buffer)
    buffer[16] = 9
    assert wrapped.seq == 9


def test_encode_into_writes_at_an_offset_and_tells_the_length() -> None:
    buffer = bytearray(b"\xff" * 40)
    assert Heartbeat(time=1, seq=2).encode_into(buffer, 8) == 24
    assert decode(buffer, 8) == Heartbeat(time=1, seq=2)
    assert buffer[:8] == buffer[32:] == b"\xff" * 8


def test_messages_are_equal_by_template_and_values() -> None:
    one, other = Decimal(mantissa=1, exponent=0), Decimal(mantissa=2, exponent=0)
    defined = DefineInstrument(instrument=1, symbol="A", tick_size=one, lot_size=one)
    assert defined == DefineInstrument(instrument=1, symbol="A", tick_size=one, lot_size=one)
    assert defined != DefineInstrument(instrument=1, symbol="A", tick_size=one, lot_size=other)
    assert defined != InstrumentDefined(instrument=1, symbol="A", tick_size=one, lot_size=one)
    assert defined.tick_size == one
    assert Tick() != "Tick"
    dirty = bytearray(defined.encode())
    dirty[20] = 0x58  # behind the zero that ends the symbol
    assert decode(dirty) == defined


def test_a_repr_is_the_call_that_makes_the_message() -> None:
    for sample in SAMPLES:
        assert eval(repr(sample), dict(vars(package))) == sample


def test_as_dict_keeps_python_values_and_as_json_can_be_dumped() -> None:
    event = next(sample for sample in SAMPLES if isinstance(sample, Event))
    assert event.as_dict()["durability"] is Durability.FSYNC
    assert event.as_dict()["flags"] == EventFlags.LAST | EventFlags.REPEATED
    assert event.as_json()["durability"] == "FSYNC"
    assert event.as_json()["flags"] == ["LAST", "REPEATED"]
    for sample in SAMPLES:
        assert json.loads(json.dumps(sample.as_json())) == sample.as_json()


def test_unknown_flags_are_kept() -> None:
    event = next(sample for sample in SAMPLES if isinstance(sample, Event))
    frame = bytearray(event.encode())
    frame[8 + Event.flags.offset] = 0b1000_0001
    again = decode(frame)
    assert isinstance(again, Event)
    assert EventFlags.LAST in again.flags
    assert int(again.flags) == 0b1000_0001
    assert again.as_json()["flags"] == ["LAST", "bit 7"]


def test_a_set_of_every_bit_is_told_as_all_of_them() -> None:
    opened = OpenSession(session=1, session_epoch=1, instance=1, user="", roles=Roles(0xFF))
    assert opened.as_json()["roles"] == ["ALL"]
    assert repr(opened).endswith("roles=Roles(255))")
    for roles in (Roles(0), Roles.TRADE | Roles.OBSERVE, Roles(0x7F), Roles(0xFE)):
        opened = OpenSession(session=1, session_epoch=1, instance=1, user="", roles=roles)
        assert "ALL" not in opened.as_json()["roles"]


def test_messages_match_by_their_fields() -> None:
    order: Message = next(sample for sample in SAMPLES if isinstance(sample, NewOrder))
    match decode(order.encode()):
        case NewOrder(price=None, order_qty=int(quantity)):
            assert quantity == 100
        case _:
            pytest.fail("a market order must match")


def test_fields_cannot_be_assigned_or_misspelled() -> None:
    beat = Heartbeat(time=1, seq=2)
    with pytest.raises(AttributeError):
        beat.seq = 3  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(AttributeError):
        beat.sequence = 3  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(TypeError):
        Heartbeat(time=1, sequence=2)  # pyright: ignore[reportCallIssue]
