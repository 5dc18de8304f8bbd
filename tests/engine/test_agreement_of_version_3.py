"""The reference judges the native engine under version 3: after every step the same events, hash, levels and due time;
a difference is shrunk to the shortest list of steps.
"""

import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seriatim.engine import Triggered
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
@given(SESSIONS, st.sampled_from([1 << 22, 1 << 22, 6]))
def test_any_steps_give_the_same(steps, orders_max):
    assert first_difference(steps, orders_max=orders_max) is None


def test_long_sessions_give_the_same():
    for seed in range(4):
        dice, judge = Dice(random.Random(seed)), Judge()
        for place in range(1_000):
            assert judge.step(step(dice, MOODS[seed % 3])) is None, (seed, place)


class Wrong(ReferenceEngine):
    """An engine with a mistake: it does not tell of triggers."""

    def apply(self, session, command, time_ns=None):
        events = super().apply(session, command, time_ns)
        return [event for event in events if not isinstance(event, Triggered)]


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
    engine = ReferenceEngine(logic_version=3)
    assert perform(engine, Step(None), 5) == []
