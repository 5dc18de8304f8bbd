"""The benchmark's shape; its figures are for people."""

import json

import pytest

from seriatim.tools.bench import aeron as bench


def test_the_benchmark_reports_python_beside_native_for_ipc_and_udp(capsys: pytest.CaptureFixture[str]) -> None:
    bench.main(seconds=0.8, json=True)
    result = json.loads(capsys.readouterr().out)
    for media in ("ipc", "udp"):
        figures = result[media]
        for way in ("python_per_message", "python_batched", "native"):
            assert figures[way]["messages_per_second"] > 0
        assert 0 < figures["native_rtt_us"]["p50"] <= figures["native_rtt_us"]["p99"]
    assert result["message_bytes"] == 96
    assert bench.rates(result).row_count == 6
    assert bench.round_trips(result).row_count == 2
