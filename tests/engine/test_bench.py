"""The benchmark measures what it says: the published flow, whose totals every correct engine gives."""

import json

import numpy as np
import pytest

from seriatim.engine import COMMAND, EVENT, ArrayError, EventKind, FieldOutOfRangeError
from seriatim.tools.bench import engine as bench
from seriatim.tools.bench import engine_curves, engine_flow
from seriatim.tools.figures import figure_rows


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
    monkeypatch.setattr(engine_curves, "RESTING", (10, 1_000))
    monkeypatch.setattr(engine_curves, "INSTRUMENTS", (1, 100))
    monkeypatch.setattr(engine_curves, "CANCEL_HEAVY", (1_000,))
    monkeypatch.setattr(engine_curves, "OPERATIONS", 2_000)
    bench.main(as_json=True, operations=20_000, seconds=1)
    report = json.loads(capsys.readouterr().out)
    assert report.pop("operations_per_second_runs")
    assert list(figure_rows(report))
    assert report["operations_per_second"] > 0
    assert report["events"] > 20_000
    for name in ("operation_ns", "operation_least_ns", "clock_ns"):
        assert set(report[name]) == {"p50", "p99", "p999", "max"}
    assert report["operation_least_ns"]["p50"] >= report["clock_ns"]["p50"] > 0
    assert report["python"]["times_native_call"] > 0
    assert report["python"]["array_length"] == 10_000
    assert set(report["resting_orders_ns"]) == set(report["resting_orders_ratio"]) == {"10", "1000"}
    assert set(report["instruments_ns"]) == {"1", "100"}
    assert report["instruments_ratio"]["1"] == 1
    assert report["cancel_heavy_ns"]["1000"] > 0
    assert "peers" not in report
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


def test_arrays_measured_natively_give_the_same_outcome_whatever_the_room():
    commands = engine_flow.generate(20_000, lambda _done: None)
    applied = bench.opened()
    applied.apply_array(commands)
    for array_length, room in ((10_000, 40_000), (333, 7)):
        measured = bench.opened()
        assert measured.measure_arrays(commands, array_length, np.empty(room, EVENT)) > 0
        assert measured.outcome_hash == applied.outcome_hash


@pytest.mark.parametrize("length", [0, -1, 2**64, "x", 1.0, None])
def test_an_array_length_that_makes_no_sense_is_refused(length):
    with pytest.raises(FieldOutOfRangeError, match="'array_length': it takes a whole number from 1"):
        bench.opened().measure_arrays(np.zeros(1, COMMAND), length, np.empty(1, EVENT))


def test_what_cannot_be_written_to_is_no_room_for_measurements():
    commands = np.zeros(2, COMMAND)
    locked, locked_events = np.zeros(2, np.uint32), np.zeros(2, EVENT)
    for array in (locked, locked_events):
        array.flags.writeable = False
    for each_ns in (locked, np.zeros(4, np.uint32)[::2], np.zeros(3, np.uint32)):
        with pytest.raises(ArrayError, match="each_ns must be contiguous, writable and as long as commands"):
            bench.opened().measure(commands, each_ns)
    for out in (locked_events, np.zeros(4, EVENT)[::2], np.zeros(0, EVENT)):
        with pytest.raises(ArrayError, match="out must be contiguous and writable"):
            bench.opened().measure_arrays(commands, 1, out)
    assert not locked.any()


def test_nine_of_ten_operations_of_a_cancel_heavy_flow_cancel_a_live_order(monkeypatch):
    events = applied_by(monkeypatch, lambda: engine_curves.cancel_heavy(1_000))
    kinds, counts = np.unique(events["kind"], return_counts=True)
    assert dict(zip(kinds.tolist(), counts.tolist(), strict=True)) == {
        EventKind.ACCEPTED: 100,
        EventKind.CANCELLED: 900,
    }


def test_every_instrument_gets_the_flow_from_its_start(monkeypatch):
    monkeypatch.setattr(engine_curves, "OPERATIONS", 5_000)
    flow = engine_flow.generate(1_000, lambda _done: None)
    events = applied_by(monkeypatch, lambda: engine_curves.instruments(flow, 50))
    alone = bench.opened().apply_array(flow[: engine_curves.SETTLING + 100])
    alone = alone[alone["number"] >= engine_curves.SETTLING]
    names = ["kind", "price", "quantity", "leaves", "contra_leaves", "side"]
    for instrument in range(1, 51):
        assert events[events["instrument"] == instrument][names].tolist() == alone[names].tolist()


def applied_by(monkeypatch, prepare):
    """The events of the operations that a curve measures."""
    events = []

    def measure(engine, commands):
        events.append(engine.apply_array(commands))
        return 1, len(events[-1])

    monkeypatch.setattr(engine_curves.Engine, "measure", measure)
    prepare()()
    return events[-1]
