"""The examples in the docstrings work, and what the engine's page names is there."""

import doctest
import re
from pathlib import Path

from seriatim import engine as package
from seriatim.engine import engine as module


def test_the_example_of_the_engine_works():
    names = {name: getattr(package, name) for name in package.__all__}
    results = doctest.testmod(module, extraglobs=names)
    assert results.attempted > 0
    assert results.failed == 0


ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/ENGINE.md").read_text()
NAMED = sorted(set(re.findall(r"`([\w/]+\.(?:rs|py))`", PAGE)))


def test_every_file_that_the_page_names_is_there():
    assert len(NAMED) > 40
    for name in NAMED:
        places = [ROOT / name, ROOT / "engine/src" / name, ROOT / "engine/reference" / name]
        assert any(place.is_file() for place in places), name


def test_every_part_of_the_native_engine_is_on_its_page():
    parts = {path.name for path in (ROOT / "engine/src").glob("*.rs")} - {"lib.rs"}
    missing = {part for part in parts if part not in PAGE}
    assert missing == set()
