"""The reference judges the native engine: after every step the same events, hash, levels and due time;
a difference is shrunk to the shortest list of steps.
"""

import random
import struct
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seriatim.engine import LOGIC_VERSION, Event, Triggered
from seriatim.engine.reference import ReferenceEngine
from tests.engine.judge import Judge, first_difference, shortest
from tests.engine.random_steps import MOODS, Step, perform, source, step
from tests.engine.soak import Dice, replayed


class Drawn:
    """Draws from Hypothesis."""

    def __init__(self, draw: Any) -> None:
        self._draw = draw

    def among(self, values: Any) -> Any:
        return self._draw(st.sampled_from(values))

    def number(self, least: int, most: int) -> int:
        return self._draw(st.integers(least, most))


SESSIONS = st.sampled_from(MOODS).flatmap(
    lambda mood: st.lists(st.composite(lambda draw: step(Drawn(draw), mood))(), max_size=60)
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(SESSIONS, st.sampled_from([1 << 22, 1 << 22, 6]), st.sampled_from([LOGIC_VERSION, LOGIC_VERSION, 3]))
def test_any_steps_give_the_same(steps, orders_max, logic_version):
    assert first_difference(steps, orders_max=orders_max, logic_version=logic_version) is None


def test_long_sessions_give_the_same():
    for seed in range(4):
        dice, judge = Dice(random.Random(seed)), Judge(logic_version=LOGIC_VERSION - seed % 2)
        for place in range(1_000):
            assert judge.step(step(dice, MOODS[seed % 3])) is None, (seed, place)


LENGTHS = {10: 35, 11: 8, 12: 16, 13: 32, 14: 9, 15: 73, 16: 1, 17: 5, 60: 38, 61: 52, 62: 5, 63: 21, 64: 4, 65: 8}
LENGTHS |= {66: 46, 67: 17, 68: 6, 69: 5}


def message(template: int, block: int, fields: bytes) -> bytes:
    return struct.pack("<HHHH", block, template, 5301, 2) + fields


BODIES = st.sampled_from(sorted(LENGTHS)).flatmap(
    lambda template: st.builds(
        message,
        st.just(template),
        st.one_of(st.just(LENGTHS[template]), st.integers(0, 90)),
        st.binary(min_size=LENGTHS[template], max_size=LENGTHS[template] + 8),
    )
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.builds(Step, BODIES, st.sampled_from([7, 8])), max_size=20))
def test_any_bytes_give_the_same(steps):
    assert first_difference(steps) is None


class Wrong(ReferenceEngine):
    """An engine with a mistake: it does not tell of triggers."""

    def apply(self, *what: Any, **more: Any) -> list[Event]:
        return [event for event in super().apply(*what, **more) if not isinstance(event, Triggered)]


def test_a_wrong_engine_is_found_and_the_steps_are_few():
    dice = Dice(random.Random(5))
    steps = [step(dice, 8) for _ in range(400)]
    found = first_difference(steps, judged=Wrong)
    assert found is not None
    short = shortest(steps, judged=Wrong)
    assert len(short) <= 6
    assert first_difference(short, judged=Wrong) is not None


def test_steps_are_written_so_that_they_can_be_done_again():
    dice = Dice(random.Random(6))
    steps = [step(dice, 8) for _ in range(300)]
    assert replayed([source(taken) for taken in steps]) == steps
    engine = ReferenceEngine()
    assert perform(engine, Step(None), 5) == []
