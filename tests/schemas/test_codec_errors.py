"""Bytes that lie, and values that do not fit, raise an error that names message, field and offset."""

import struct
from types import ModuleType
from typing import Any

import pytest
from codec_samples import SAMPLES, coverage_samples

from seriatim.schemas import (
    BadValueError,
    BlockTooShortError,
    CodecError,
    Connect,
    Decimal,
    DefineInstrument,
    EncodeError,
    Heartbeat,
    Message,
    NewOrder,
    OrdType,
    Side,
    TimeInForce,
    TruncatedError,
    UnknownTemplateError,
    WrongSchemaError,
    decode,
)

ORDER: dict[str, Any] = {
    "cl_ord_id": 1,
    "price": 5,
    "order_qty": 3,
    "instrument": 1,
    "account": 7,
    "side": Side.BUY,
    "ord_type": OrdType.LIMIT,
    "time_in_force": TimeInForce.GOOD_TILL_CANCEL,
}
BEFORE = b"\xee" * 5  # every message of these tests starts at byte 5 of its buffer


def patched(frame: bytes, offset: int, data: bytes) -> bytes:
    return BEFORE + frame[:offset] + data + frame[offset + len(data) :]


def refused(error: type[CodecError], frame: bytes, read: str | None = None, module: ModuleType | None = None) -> Any:
    """Where the error says that the bytes lie: when they are decoded, or when the field `read` is."""
    decoder = module.decode if module else decode
    if read is None:
        with pytest.raises(error) as caught:
            decoder(frame, len(BEFORE))
    else:
        message = decoder(frame, len(BEFORE))
        with pytest.raises(error) as caught:
            getattr(message, read)
    return caught.value.message, caught.value.field, caught.value.offset


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_every_prefix_of_every_message_is_truncated(sample: Message) -> None:
    frame = sample.encode()
    for end in range(len(frame)):
        with pytest.raises(TruncatedError):
            decode(frame[:end])


@pytest.mark.parametrize("offset", [-1, -8, 44, 10**9])
def test_an_offset_outside_the_buffer_is_truncated(offset: int) -> None:
    with pytest.raises(TruncatedError, match="MessageHeader"):
        decode(NewOrder(**ORDER).encode(), offset)


def test_an_unknown_template_is_named() -> None:
    frame = patched(NewOrder(**ORDER).encode(), 2, b"\xe7\x03")
    assert refused(UnknownTemplateError, frame) == ("MessageHeader", "template_id", 5)
    with pytest.raises(UnknownTemplateError, match="has no template 999"):
        decode(frame, 5)


def test_another_template_than_the_one_asked_for_is_refused() -> None:
    with pytest.raises(UnknownTemplateError, match=r"Heartbeat\.template_id at byte 0: template 10 is NewOrder"):
        Heartbeat.wrap(NewOrder(**ORDER).encode())


def test_another_schema_is_refused_even_if_it_has_the_template() -> None:
    frame = patched(NewOrder(**ORDER).encode(), 4, b"\x01\x00")
    assert refused(WrongSchemaError, frame) == ("MessageHeader", "schema_id", 5)


def test_a_block_shorter_than_its_version_needs_is_refused() -> None:
    frame = patched(NewOrder(**ORDER).encode(), 0, b"\x22\x00")
    assert refused(BlockTooShortError, frame) == ("NewOrder", "block_length", 5)


def test_a_block_longer_than_the_buffer_is_truncated() -> None:
    frame = patched(NewOrder(**ORDER).encode(), 0, b"\x24\x00")
    assert refused(TruncatedError, frame) == ("NewOrder", "block_length", 5)


@pytest.mark.parametrize("value", [0, 3, 255])
def test_an_enum_value_that_the_schema_does_not_have_is_refused_when_it_is_read(value: int) -> None:
    frame = patched(NewOrder(**ORDER).encode(), 40, bytes([value]))
    assert refused(BadValueError, frame, "side") == ("NewOrder", "side", 45)
    message = decode(frame, 5)
    assert f"side=<{value} is not a Side>" in repr(message)
    assert isinstance(message, NewOrder)
    assert message.cl_ord_id == 1


def test_fixed_text_in_another_encoding_is_refused_when_it_is_read() -> None:
    one = Decimal(mantissa=1, exponent=0)
    frame = DefineInstrument(instrument=1, symbol="AAPL", tick_size=one, lot_size=one).encode()
    assert refused(BadValueError, patched(frame, 12, b"\xff"), "symbol") == ("DefineInstrument", "symbol", 17)


def test_var_data_past_the_end_is_truncated() -> None:
    frame = Connect(correlation_id=1, response_stream=2, protocol_version=3, response_channel="aeron:ipc").encode()
    assert refused(TruncatedError, patched(frame, 22, b"\x0a\x00")) == ("Connect", "response_channel", 27)
    assert refused(TruncatedError, BEFORE + frame[:23]) == ("Connect", "response_channel", 27)


def test_var_data_that_is_not_utf_8_names_the_byte() -> None:
    frame = Connect(correlation_id=1, response_stream=2, protocol_version=3, response_channel="aeron:ipc").encode()
    assert refused(BadValueError, patched(frame, 26, b"\xff"), "response_channel") == (
        "Connect",
        "response_channel",
        31,
    )


def test_a_group_count_past_the_end_is_truncated(coverage: ModuleType) -> None:
    frame = coverage_samples(coverage)[2].encode()
    # The group of fuel figures stands behind header and block: block length, then count.
    assert refused(TruncatedError, patched(frame, 90, b"\xff\xff"), None, coverage) == ("Car", "fuel_figures", 93)


def test_a_group_whose_entries_are_too_short_is_refused(coverage: ModuleType) -> None:
    frame = coverage_samples(coverage)[2].encode()
    assert refused(BlockTooShortError, patched(frame, 88, b"\x05\x00"), None, coverage) == ("Car", "fuel_figures", 93)


def test_a_lie_within_a_nested_group_names_the_path_to_it(coverage: ModuleType) -> None:
    car: Any = coverage_samples(coverage)[2]
    frame = car.encode()
    place = frame.index(b"schnell") - 2
    found = refused(TruncatedError, patched(frame, place, b"\xff\xff"), None, coverage)
    assert found == ("Car", "performance_figures[0].acceleration[0].note", 5 + place)
    broken = coverage.decode(patched(frame, place + 2, b"\xff"), 5)
    with pytest.raises(BadValueError, match=r"Car\.performance_figures\[0\]\.acceleration\[0\]\.note at byte"):
        _ = broken.performance_figures[0].acceleration[0].note


def test_a_lie_within_a_composite_names_the_path_to_it(coverage: ModuleType) -> None:
    frame = coverage_samples(coverage)[3].encode()
    broken = coverage.decode(patched(frame, 8 + 4 + 12, b"?"), 5)
    with pytest.raises(BadValueError, match=r"Evolved\.engine\.booster\.boost_type at byte 29: 63 is not a BoostType"):
        _ = broken.engine.booster.boost_type


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("cl_ord_id", -1, "not a value of type uint64"),
        ("cl_ord_id", 2**64, "not a value of type uint64"),
        ("cl_ord_id", 1.5, "not a value of type uint64"),
        ("cl_ord_id", None, "None is not a value of type uint64"),
        ("price", -(2**63), "stands for null; write None"),
        ("price", "5", "'5' is not a value of type int64 or None"),
        ("side", 7, "7 is not a Side"),
        ("side", None, "None is not a Side"),
    ],
)
def test_a_value_that_does_not_fit_is_named(field: str, value: Any, reason: str) -> None:
    with pytest.raises(EncodeError, match=reason) as caught:
        NewOrder(**{**ORDER, field: value})
    assert (caught.value.message, caught.value.field) == ("NewOrder", field)


@pytest.mark.parametrize("symbol", ["SEVENTEEN LETTERS", "Zürich", "A\0B", None, b"AAPL"])
def test_text_that_does_not_fit_is_named(symbol: Any) -> None:
    one = Decimal(mantissa=1, exponent=0)
    with pytest.raises(EncodeError, match=r"DefineInstrument\.symbol: .* is not ascii text of at most 16 bytes"):
        DefineInstrument(instrument=1, symbol=symbol, tick_size=one, lot_size=one)


@pytest.mark.parametrize("channel", ["x" * 65_535, b"aeron:ipc", None])
def test_var_data_that_does_not_fit_is_named(channel: Any) -> None:
    with pytest.raises(EncodeError, match=r"Connect\.response_channel"):
        Connect(correlation_id=1, response_stream=2, protocol_version=3, response_channel=channel)


def test_a_group_takes_only_its_own_entries(coverage: ModuleType) -> None:
    with pytest.raises(EncodeError, match=r"Evolved\.parts: 5 is not a Evolved\.Parts"):
        evolved(coverage, parts=[5])


def evolved(coverage: ModuleType, **changed: Any) -> Message:
    sample: Any = coverage_samples(coverage)[3]
    values = {member.name: getattr(sample, member.name) for member in (*sample._fields, *sample._parts)}
    return type(sample)(**{**values, **changed})


def test_a_message_that_does_not_fit_into_a_buffer_leaves_it_alone() -> None:
    buffer = bytearray(50)
    with pytest.raises(TruncatedError, match="43 bytes do not fit at byte 8 of a buffer of 50"):
        NewOrder(**ORDER).encode_into(buffer, 8)
    assert buffer == bytes(50)


def test_a_group_of_an_older_version_is_checked_too(coverage: ModuleType) -> None:
    frame = struct.pack("<HHHH", 22, 3, 77, 0) + bytes(22) + struct.pack("<HH", 4, 65_535)
    assert refused(TruncatedError, BEFORE + frame, None, coverage) == ("Evolved", "parts", 35)
