"""What must hold for all values and for all bytes."""

from types import ModuleType

import numpy as np
import pytest
from codec_samples import SAMPLES, coverage_samples
from codec_strategies import any_message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import seriatim.schemas as bus
from seriatim.schemas import CodecError, Message, Schema
from seriatim.schemas.dynamic import bundled_ir, load
from seriatim.schemas.flyweight import Block
from seriatim.schemas.ir import read_ir

DYNAMIC = load(bundled_ir())
relaxed = settings(deadline=None, suppress_health_check=[*HealthCheck], max_examples=60)  # pyright: ignore[reportArgumentType]


@pytest.fixture(params=["bus", "coverage"])
def schema(request: pytest.FixtureRequest, coverage: ModuleType) -> Schema:
    return bus.SCHEMA if request.param == "bus" else coverage.SCHEMA


@pytest.fixture
def dynamic(schema: Schema, coverage_ir: bytes) -> Schema:
    return DYNAMIC if schema is bus.SCHEMA else load(coverage_ir)


def samples_of(schema: Schema, coverage: ModuleType) -> list[Message]:
    return SAMPLES if schema is bus.SCHEMA else coverage_samples(coverage)


@relaxed
@given(data=st.data(), before=st.binary(max_size=9), after=st.binary(max_size=9))
def test_any_values_come_back_from_any_place_in_a_buffer(
    schema: Schema, data: st.DataObject, before: bytes, after: bytes
) -> None:
    message = data.draw(any_message(schema))
    frame = message.encode()
    again = schema.decode(before + frame + after, len(before))
    assert again == message
    assert again.as_dict() == message.as_dict()
    assert again.encode() == frame
    assert again.encoded_length == len(frame)
    values = {member.name: getattr(again, member.name) for member in (*again._fields, *again._parts)}
    assert type(again)(**values).encode() == frame


@relaxed
@given(data=st.data())
def test_a_decoder_made_of_the_ir_tells_what_generated_code_tells(
    schema: Schema, dynamic: Schema, data: st.DataObject
) -> None:
    message = data.draw(any_message(schema))
    told = dynamic.decode(message.encode())
    assert told.as_dict() == message.as_dict()
    assert told.as_json() == message.as_json()


@relaxed
@given(data=st.data())
def test_numpy_sees_the_bytes_that_the_flyweight_wrote(schema: Schema, data: st.DataObject) -> None:
    message = data.draw(any_message(schema))
    record = np.frombuffer(message.encode(), type(message).FRAME_DTYPE, 1)
    assert record["header"]["template_id"] == message.TEMPLATE_ID
    for field in message._fields:
        value = getattr(message, field.name)
        raw = record[field.name][0]
        if value is None:
            item = field.null if isinstance(field.null, bytes) else np.asarray(field.null, raw.dtype)
            assert raw.tobytes() == (item if isinstance(item, bytes) else item.tobytes())
        elif isinstance(value, Block | bytes):
            assert raw.tobytes() == bytes(value)
        elif isinstance(value, str):
            assert raw.decode() == value.rstrip("\0")
        else:
            assert np.array_equal(raw, np.asarray(value, raw.dtype))


def exhaust(message: Message) -> None:
    """Read everything that a message has, as text too."""
    assert repr(message)
    message.as_dict()
    message.as_json()


@relaxed
@given(noise=st.binary(max_size=200))
def test_random_bytes_give_a_message_or_a_codec_error(schema: Schema, dynamic: Schema, noise: bytes) -> None:
    for decoder in (schema, dynamic):
        try:
            exhaust(decoder.decode(noise))
        except CodecError as error:
            assert str(error)  # noqa: PT017


@settings(relaxed, max_examples=300)
@given(data=st.data())
def test_mutated_bytes_give_a_message_or_a_codec_error(
    schema: Schema, coverage: ModuleType, data: st.DataObject
) -> None:
    sample = data.draw(st.sampled_from(samples_of(schema, coverage)))
    frame = bytearray(sample.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(frame) - 1))
        frame[place] = data.draw(st.sampled_from([0, 1, 127, 128, 255]) | st.integers(0, 255))
    end = data.draw(st.integers(0, len(frame)) | st.just(len(frame)))
    frame[4:6] = sample.SCHEMA.id.to_bytes(2, "little") if data.draw(st.booleans()) else frame[4:6]
    try:
        message = schema.decode(bytes(frame[:end]))
        assert repr(message)
        exhaust(message)
    except CodecError as error:
        assert error.message  # noqa: PT017


@relaxed
@given(data=st.data())
def test_a_mutated_ir_loads_or_is_a_codec_error(data: st.DataObject) -> None:
    ir = bytearray(bundled_ir())
    for _ in range(data.draw(st.integers(1, 3))):
        ir[data.draw(st.integers(0, len(ir) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(ir)) | st.just(len(ir)))
    try:
        read_ir(bytes(ir[:end]))
        load(bytes(ir[:end]))
    except CodecError as error:
        assert str(error)  # noqa: PT017
