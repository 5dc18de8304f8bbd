"""The examples in the docstrings work, and what the engine's page names is there."""

import doctest
import re
from pathlib import Path

from seriatim import engine as package
from seriatim.engine import engine as module
from seriatim.schemas import RejectReason


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


def test_the_page_names_every_limit_with_its_value():
    source = (ROOT / "engine/src/limits.rs").read_text()
    limits: dict[str, int] = {}
    for name, value in re.findall(r"^pub const (\w+): \w+ = (.*);$", source, re.MULTILINE):
        limits[name] = int(eval(value.replace("/", "//"), {}, limits))
    table = PAGE[PAGE.index("## Limits") : PAGE.index("## Versions of the rules")]
    rows = re.findall(r"^\| `(\w+)` \| ([\d,]+) \| .+ \| .+ \|$", table, re.MULTILINE)
    assert {name: int(value.replace(",", "")) for name, value in rows} == limits
    reasons = set(re.findall(r"`((?:Invalid|Unknown|TooMany)\w+|\w+Full)`", table))
    assert reasons <= {"".join(map(str.capitalize, reason.name.split("_"))) for reason in RejectReason}


def test_every_part_of_the_native_engine_is_on_its_page():
    parts = {path.name for path in (ROOT / "engine/src").glob("*.rs")} - {"lib.rs"}
    missing = {part for part in parts if part not in PAGE}
    assert missing == set()
