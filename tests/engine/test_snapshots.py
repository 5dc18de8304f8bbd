"""Snapshots of both engines: what is loaded does what the other does, and bytes that are none are named.

The judge has both save and load each other's in all random sessions, see `judge.py`.
"""

import random

import pytest

from seriatim.engine import NewOrder, RiskScope, SetKillSwitch, SetPhase, Side, SnapshotError, TradingPhase
from seriatim.engine.reference.snapshot.packing import crc32c
from tests.engine.desk import DAY, ME, OTHER, Desk
from tests.engine.engines import ENGINES, AnyEngine
from tests.engine.judge import Judge, different_sections, sections_of
from tests.engine.random_steps import MOODS, step
from tests.engine.soak import Dice


@pytest.fixture(params=ENGINES, ids=["native", "reference"])
def kind(request: pytest.FixtureRequest) -> type[AnyEngine]:
    """Which engine."""
    return request.param


@pytest.mark.parametrize("mood", MOODS)
def test_engines_that_go_on_from_each_others_snapshots_again_and_again_do_the_same(mood):
    dice, judge = Dice(random.Random(mood)), Judge(save_every=7)
    for place in range(600):
        assert judge.step(step(dice, mood)) is None, place


def test_random_sessions_fill_every_section():
    dice, judge, filled = Dice(random.Random(15)), Judge(save_every=1), set()
    for _ in range(700):
        assert judge.step(step(dice, 3)) is None
        filled |= {name for name, payload in sections_of(judge.reference.snapshot()).items() if payload}
    assert filled == {"VENU", "INST", "QUEU", "STOP", "RISK", "TASK", "FILL"}


def test_a_loaded_engine_and_the_one_that_was_saved_go_their_own_ways(new_engine):
    engine = new_engine()
    engine.apply(7, NewOrder(1, 1, Side.BUY, 10, 100))
    loaded = type(engine).load(engine.snapshot())
    engine.apply(7, NewOrder(2, 1, Side.BUY, 10, 101))
    assert (engine.live_orders, loaded.live_orders) == (2, 1)
    assert list(loaded.levels(1, Side.BUY)[0])[:3] == [100, 10, 1]
    for one in (engine, loaded):
        one.apply(9, SetPhase(TradingPhase.HALT, 1))
    assert engine.snapshot() != loaded.snapshot()


def desks() -> list[Desk]:
    """One at each engine, where session 7 and then session 8 have 150 orders each; every third one of an account."""
    both = [Desk(engine()) for engine in ENGINES]
    for desk in both:
        desk.define(1)
        for session, names in ((ME, range(1, 151)), (OTHER, range(151, 301))):
            for name in names:
                desk.buy(name, 1, 100, session, account=5 if name % 3 == 0 else 0)
    return both


def assert_saved_alike_and_goes_on(both: list[Desk]) -> None:
    native, reference = (desk.engine.snapshot() for desk in both)
    assert different_sections(native, reference) == ""
    loaded = [engine.load(native) for engine in ENGINES]
    first, *others = [one.tick(1) for one in (*loaded, *(desk.engine for desk in both))]
    assert others == [first, first, first]


def put_to_work(desk: Desk) -> None:
    """One of each work that may take long is under way."""
    for instrument in range(3, 301):
        desk.define(instrument)
    for name in range(301, 561):
        desk.buy(name, 1, 50, stop_price=200, time_in_force=DAY)
    for name in range(561, 561 + 300):
        desk.buy(name, 1, 50, 9, stop_price=102, time_in_force=DAY)
    desk.mass_cancel(ME, side=Side.SELL)
    desk.do(SetKillSwitch(RiskScope.ACCOUNT, 5))
    desk.trade(102)
    desk.phase(TradingPhase.HALT, None)
    desk.phase(TradingPhase.CLOSED)
    desk.do(SetKillSwitch(RiskScope.SESSION, 9))


def test_every_work_that_may_take_long_is_saved():
    both = desks()
    for desk in both:
        put_to_work(desk)
    assert_saved_alike_and_goes_on(both)


def test_work_is_saved_with_the_order_that_it_looks_at_next():
    for cancelled in ([], [257], range(257, 301)):
        both = desks()
        for desk in both:
            desk.do(SetKillSwitch(RiskScope.ACCOUNT, 5))
            for name in cancelled:
                desk.cancel(name, OTHER)
        assert_saved_alike_and_goes_on(both)


def test_orders_behind_the_last_that_work_is_about_do_not_show_in_it():
    """Whether they came before or after the last of the others went."""
    both = desks()
    for desk in both:
        for name in range(301, 451):
            desk.buy(name, 1, 100, account=5)
        desk.mass_cancel(ME)
        desk.buy(500, 1, 100, account=5)
        for name in range(407, 451):
            desk.cancel(name)
    assert_saved_alike_and_goes_on(both)


def test_a_sweep_whose_session_has_nothing_left_is_saved_as_being_at_the_next():
    both = desks()
    for desk in both:
        for name in range(301, 401):
            desk.buy(name, 1, 100, 9, account=5)
        desk.do(SetKillSwitch(RiskScope.ACCOUNT, 5))
        desk.buy(500, 1, 100, OTHER)
        for name in range(151, 301):
            desk.cancel(name, OTHER)
    assert_saved_alike_and_goes_on(both)


def test_bytes_that_are_no_snapshot_are_named(kind):
    saved = kind().snapshot()
    with pytest.raises(SnapshotError, match="these bytes are no snapshot of this kind"):
        kind.load(b"")
    with pytest.raises(SnapshotError, match="format version 7, which this release does not know"):
        kind.load(saved[:8] + b"\7" + saved[9:])
    with pytest.raises(SnapshotError, match='at byte 28 of the snapshot, section "VENU": the checksum does not match'):
        kind.load(saved[:50] + b"\1" + saved[51:])
    with pytest.raises(SnapshotError, match="at byte 16 of the snapshot: the snapshot ends too early or too late"):
        kind.load(saved[:-1])
    assert kind.load(memoryview(saved)).snapshot() == saved


def a_busy_snapshot(seed: int) -> bytes:
    """Of a random session."""
    dice, judge = Dice(random.Random(seed)), Judge()
    for _ in range(150):
        assert judge.step(step(dice, 8)) is None
    return judge.judged.snapshot()


def test_a_damaged_snapshot_is_refused_by_both():
    rng = random.Random(1)
    for seed in range(5):
        good = a_busy_snapshot(seed)
        for _ in range(60):
            at = rng.randrange(len(good))
            damaged = bytearray(good)
            damaged[at] ^= 1 << rng.randrange(8)
            for engine in ENGINES:
                for bad in (bytes(damaged), good[:at]):
                    with pytest.raises(SnapshotError):
                        engine.load(bad)


def forged(rng: random.Random, snapshot: bytes) -> bytes:
    """One byte of a section is another, and the checksum is that of what is there now."""
    sections = sections_of(snapshot)
    name = rng.choice([name for name, payload in sections.items() if payload])
    payload = bytearray(sections[name])
    at = rng.randrange(len(payload))
    payload[at] = rng.choice([0, 1, 2, 255, payload[at] ^ 1 << rng.randrange(8)])
    place = snapshot.index(name.encode())
    sealed = crc32c(payload).to_bytes(4, "little") + len(payload).to_bytes(8, "little") + payload
    return snapshot[: place + 4] + sealed + snapshot[place + 16 + len(payload) :]


def verdict(engine: type[AnyEngine], snapshot: bytes) -> bool:
    """Whether it is loaded; it is saved as the same bytes then."""
    try:
        loaded = engine.load(snapshot)
    except SnapshotError:
        return False
    assert loaded.snapshot() == snapshot
    return True


def test_both_judge_a_forged_snapshot_alike():
    rng = random.Random(2)
    working = desks()[0]
    put_to_work(working)
    for good in [*map(a_busy_snapshot, range(5)), working.engine.snapshot()]:
        for _ in range(150):
            snapshot = forged(rng, good)
            native, reference = (verdict(engine, snapshot) for engine in ENGINES)
            assert native == reference, different_sections(good, snapshot)
