"""The benchmark measures what it says: the published flow, whose totals every correct engine gives."""

import json

import numpy as np
import pytest

from seriatim.engine import EventKind
from seriatim.tools.bench import engine as bench
from seriatim.tools.bench import engine_flow


def test_the_published_flow_gives_the_published_totals():
    commands = engine_flow.generate(engine_flow.OPERATIONS, lambda _done: None)
    totals = bench.check_totals(commands)
    assert (totals["trades"], totals["live_orders"]) == (489_793, 3_805)


def test_every_cancel_of_the_flow_names_a_live_order():
    engine = bench.opened()
    events = engine.apply_array(engine_flow.generate(50_000, lambda _done: None))
    assert EventKind.REJECTED not in events["kind"]


def test_totals_that_are_wrong_stop_the_benchmark():
    flow = np.zeros(engine_flow.OPERATIONS, engine_flow.COMMAND)
    with pytest.raises(bench.WrongOutcomeError, match="489793"):
        bench.check_totals(flow)


def test_the_flow_is_kept_for_the_next_time(tmp_path, monkeypatch):
    monkeypatch.setattr(engine_flow.tempfile, "gettempdir", lambda: str(tmp_path))
    first = engine_flow.load(2_000, lambda _done: None)

    def generate_again(*_arguments):
        raise AssertionError("the flow was there")

    monkeypatch.setattr(engine_flow, "generate", generate_again)
    assert np.array_equal(engine_flow.load(2_000, lambda _done: None), first)


def test_the_report_is_one_json_object_with_the_promised_keys(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(engine_flow.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(bench, "RESTING", (10,))
    monkeypatch.setattr(bench, "CURVE_PAIRS", 1_000)
    bench.main(as_json=True, operations=20_000)
    report = json.loads(capsys.readouterr().out)
    assert report["operations_per_second"] > 0
    assert report["events"] > 20_000
    assert set(report["operation_ns"]) == {"p50", "p99", "p999", "max"}
    assert report["python"]["array_length"] == 10_000
    assert report["resting_orders_ns"]["10"] > 0
    assert report["machine"]["python"]


def test_measuring_gives_the_same_outcome_as_applying():
    commands = engine_flow.generate(20_000, lambda _done: None)
    measured, timed, applied = bench.opened(), bench.opened(), bench.opened()
    each_ns = np.zeros(len(commands), np.uint32)
    _, events = measured.measure(commands)
    timed.measure(commands, each_ns)
    assert events == len(applied.apply_array(commands))
    assert measured.outcome_hash == timed.outcome_hash == applied.outcome_hash
    assert each_ns.max() > 0
