"""The Rust cores do no I/O, read no clock, draw no random number, start no thread and compute without floats."""

import re

import pytest
from repository import text, written

CORES = ("engine", "sequencer", "marketdata")
SOURCES = [name for name in written(".rs") if name.startswith(tuple(f"{core}/src/" for core in CORES))]
FORBIDDEN = {
    "a clock": r"\bstd::time\b|\bInstant\b|\bSystemTime\b",
    "a thread": r"\bstd::thread\b|\bstd::sync\b",
    "files": r"\bstd::(fs|io|path)\b",
    "the network": r"\bstd::net\b",
    "the process": r"\bstd::(env|process)\b|\bprintln!|\beprintln!",
    "randomness": r"\b(rand|getrandom|fastrand)::|\bRandomState\b",
    "a map whose order is random": r"\bHash(Map|Set)\b",
    "floats": r"\bf(32|64)\b",
    "unsafe code": r"\bunsafe\b",
}


def code(path: str) -> str:
    """A source without its comments and without its own tests, which stand at its end."""
    lines = text(path).split("#[cfg(test)]")[0].splitlines()
    return "\n".join(line.split("//")[0] for line in lines)


@pytest.mark.parametrize("core", CORES)
def test_a_core_forbids_unsafe_code(core: str):
    assert "#![forbid(unsafe_code)]" in text(f"{core}/src/lib.rs")


@pytest.mark.parametrize("path", SOURCES)
def test_a_core_is_pure(path: str):
    found = {
        what: re.findall(pattern, code(path).replace("forbid(unsafe_code)", "")) for what, pattern in FORBIDDEN.items()
    }
    assert not {what: names for what, names in found.items() if names}


@pytest.mark.parametrize("core", CORES)
def test_a_core_depends_on_nothing_that_is_not_pure(core: str):
    section = re.search(r"^\[dependencies\]\n(.*?)(^\[|\Z)", text(f"{core}/Cargo.toml"), re.MULTILINE | re.DOTALL)
    assert section is not None
    names = set(re.findall(r"^([a-z0-9_-]+)", section[1], re.MULTILINE))
    assert names <= {"messages", "engine", "crc32c", "prefetch", "sha2"}


def test_all_cores_are_looked_at():
    assert {path.split("/")[0] for path in SOURCES} == set(CORES)
    assert len(SOURCES) > 20
