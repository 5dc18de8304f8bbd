"""`seriatim bench marketdata` measures what it says, in a bounded form."""

from pathlib import Path

import pytest

from seriatim.tools.bench import marketdata
from seriatim.tools.figures import figure_rows


@pytest.mark.alone
def test_every_order_that_is_public_is_measured_and_every_figure_has_its_words(tmp_path: Path):
    result = marketdata.measure(2_000, 100, "parked", tmp_path)
    assert result["messages_public"] > 2_000
    assert result["receiver_messages_per_second"] > 100_000
    assert result["added_latency_us"]["p50"] > 0
    assert all(words for words, _, _ in figure_rows(result))
