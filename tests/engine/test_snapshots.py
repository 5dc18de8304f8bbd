"""Snapshots of the native engine: what is loaded does what the reference does, and bytes that are none are named."""

import random

import pytest

from seriatim.engine import Engine, NewOrder, SetPhase, Side, SnapshotError, TradingPhase
from tests.engine.judge import Judge
from tests.engine.random_steps import MOODS, step
from tests.engine.soak import Dice


@pytest.mark.parametrize("mood", MOODS)
def test_an_engine_that_is_saved_and_loaded_again_and_again_does_what_the_reference_does(mood):
    dice, judge = Dice(random.Random(mood)), Judge(Engine)
    for place in range(600):
        assert judge.step(step(dice, mood)) is None, place
        if place % 11 == 0:
            saved = judge.judged.snapshot()
            judge.judged = Engine.load(saved)
            assert judge.judged.snapshot() == saved


def test_a_loaded_engine_and_the_one_that_was_saved_go_their_own_ways(new_engine):
    engine = new_engine()
    if not isinstance(engine, Engine):
        pytest.skip("the reference has no snapshots")
    engine.apply(7, NewOrder(1, 1, Side.BUY, 10, 100))
    loaded = Engine.load(engine.snapshot())
    engine.apply(7, NewOrder(2, 1, Side.BUY, 10, 101))
    assert (engine.live_orders, loaded.live_orders) == (2, 1)
    assert loaded.levels(1, Side.BUY).tolist()[0][:3] == (100, 10, 1)
    for one in (engine, loaded):
        one.apply(9, SetPhase(TradingPhase.HALT, 1))
    assert engine.snapshot() != loaded.snapshot()


def test_bytes_that_are_no_snapshot_are_named():
    saved = Engine().snapshot()
    with pytest.raises(SnapshotError, match="these bytes are no snapshot of this kind"):
        Engine.load(b"")
    with pytest.raises(SnapshotError, match="format version 7, which this release does not know"):
        Engine.load(saved[:8] + b"\7" + saved[9:])
    with pytest.raises(SnapshotError, match='at byte 28 of the snapshot, section "VENU": the checksum does not match'):
        Engine.load(saved[:50] + b"\1" + saved[51:])
    with pytest.raises(SnapshotError, match="at byte 16 of the snapshot: the snapshot ends too early or too late"):
        Engine.load(saved[:-1])
    assert Engine.load(memoryview(saved)).snapshot() == saved
