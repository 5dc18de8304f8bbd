"""Every test that docs/PROMISES.md names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEST = re.compile(r"`((?:tests|sequencer|engine|marketdata)/[^`]+\.(?:py|rs)(?:::\w+)?)`")
NAMED = sorted(set(TEST.findall((ROOT / "docs/PROMISES.md").read_text())))


def test_promises_name_tests():
    assert len(NAMED) > 20


@pytest.mark.parametrize("named", NAMED)
def test_the_test_is_there(named: str):
    path, _, name = named.partition("::")
    assert (ROOT / path).is_file()
    assert not name or f"def {name}(" in (ROOT / path).read_text()
