"""Every reject reason has words, which a page lists."""

import re
from pathlib import Path

import pytest

from seriatim.engine.reasons import REJECT_TEXTS, reject_text
from seriatim.schemas import RejectReason

PAGE = (Path(__file__).parents[2] / "docs/ADMIN.md").read_text()


def name_of(reason: RejectReason) -> str:
    """As the schema writes it."""
    return "".join(part.title() for part in reason.name.split("_"))


def test_every_reason_of_the_schema_has_words_of_its_own():
    assert list(REJECT_TEXTS) == list(RejectReason)
    assert len(set(REJECT_TEXTS.values())) == len(REJECT_TEXTS)


@pytest.mark.parametrize("reason", RejectReason)
def test_words_are_a_clause_without_names_of_the_schema(reason: RejectReason):
    text = reject_text(reason)
    assert 20 < len(text) < 160
    assert not text.endswith(".")
    assert not text[0].isupper()
    assert not re.search(r"[a-z][A-Z]|_", text)


def test_the_page_lists_every_reason_in_the_same_words():
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \| (.*) \|$", PAGE, re.MULTILINE)
    assert rows == [(str(reason.value), name_of(reason), text) for reason, text in REJECT_TEXTS.items()]


def test_a_reason_of_a_newer_release_is_told_by_its_number():
    assert "reason 250" in reject_text(250)
