"""Python and sbe-tool's own codecs must agree byte for byte, in both directions."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from codec_samples import SAMPLES, coverage_samples
from codec_strategies import any_message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sbe_java_script import encode_script, normal, printed

import seriatim.schemas as bus
from seriatim.schemas import TEMPLATES, Message, decode

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "vectors"
Java = Callable[[str, str], list[str]]


def rust(*arguments: str, text: str = "") -> list[str]:
    command = ["cargo", "run", "--quiet", "--locked", "--package", "seriatim", "--example", "vectors", "--", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, input=text, capture_output=True, encoding="utf-8", check=False, timeout=110
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def golden(name: str) -> dict[str, bytes]:
    lines = [line for line in (VECTORS / name).read_text().splitlines() if line and not line.startswith("#")]
    return {title: bytes.fromhex(hexadecimal) for title, hexadecimal in (line.split(" ") for line in lines)}


def named(messages: list[Message]) -> dict[str, Message]:
    return {f"{type(message).__name__}{index}": message for index, message in enumerate(messages)}


def test_there_is_a_sample_of_every_message_of_the_schema() -> None:
    assert [type(sample).TEMPLATE_ID for sample in SAMPLES] == sorted(TEMPLATES)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_python_writes_the_golden_bytes_and_reads_them_back(sample: Message) -> None:
    data = golden("bus.txt")[type(sample).__name__]
    assert sample.encode().hex() == data.hex()
    assert decode(data) == sample
    assert decode(data).as_dict() == sample.as_dict()


def test_golden_vectors_of_the_other_schema_hold_in_python(coverage: ModuleType) -> None:
    samples = named(coverage_samples(coverage))
    for name, data in golden("coverage.txt").items():
        assert samples[name].encode().hex() == data.hex()
        assert coverage.decode(data) == samples[name]


def test_rust_writes_the_golden_bytes() -> None:
    assert dict(line.split(" ") for line in rust()) == {name: data.hex() for name, data in golden("bus.txt").items()}


def test_rust_reads_what_python_wrote() -> None:
    lines = [f"{type(sample).__name__} {sample.encode().hex()}" for sample in SAMPLES]
    assert rust("check", text="\n".join(lines)) == [f"{type(sample).__name__} ok" for sample in SAMPLES]


def test_java_writes_the_golden_bytes(sbe_java: Java, coverage: ModuleType) -> None:
    written = sbe_java("seriatim", "".join(encode_script("seriatim", sample) for sample in SAMPLES))
    assert written == [data.hex() for data in golden("bus.txt").values()]
    others = coverage_samples(coverage)
    written = sbe_java("coverage", "".join(encode_script("coverage", sample) for sample in others))
    assert written == [data.hex() for data in golden("coverage.txt").values()]


def test_java_reads_what_python_wrote(sbe_java: Java, coverage: ModuleType) -> None:
    for schema, samples in (("seriatim", SAMPLES), ("coverage", coverage_samples(coverage))):
        printed_lines = sbe_java(schema, "".join(f"print {sample.encode().hex()}\n" for sample in samples))
        for sample, text in zip(samples, printed_lines, strict=True):
            assert normal(json.loads(text)) == printed(sample)


@settings(max_examples=100, deadline=None, suppress_health_check=[*HealthCheck])  # pyright: ignore[reportArgumentType]
@given(data=st.data())
def test_java_writes_the_same_bytes_for_any_values(sbe_java: Java, coverage: ModuleType, data: st.DataObject) -> None:
    for schema, module in (("seriatim", bus), ("coverage", coverage)):
        message = data.draw(any_message(module.SCHEMA))
        assert sbe_java(schema, encode_script(schema, message)) == [message.encode().hex()]
