"""Two engines do the same steps; the first difference ends it."""

from decimal import Decimal
from typing import Any

from seriatim.engine import Engine
from seriatim.engine.reference import ReferenceEngine
from tests.engine.orders import book
from tests.engine.random_steps import Step, perform

INSTRUMENTS = 1, 2, 3


class Judge:
    """The judged engine and the reference, side by side. Events and what they add up to are compared after each step,
    books after every `look_every` of them.
    """

    def __init__(self, judged: Any = Engine, *, look_every: int = 1, **options: Any) -> None:
        self.now_ns = 0
        self._look_every, self._steps = look_every, 0
        self.judged, self.reference = judged(logic_version=3, **options), ReferenceEngine(logic_version=3, **options)
        for engine in (self.judged, self.reference):
            for instrument in (1, 2):
                engine.define_instrument(instrument, "OAK", tick_size=Decimal("0.01"), lot_size=Decimal(1))

    def step(self, step: Step) -> str | None:
        """What differs after it, if anything does."""
        self.now_ns += step.after_ns
        told, wanted = (perform(engine, step, self.now_ns) for engine in (self.judged, self.reference))
        if told != wanted:
            return f"events: {told}\n   not: {wanted}"
        for what in ("outcome_hash", "live_orders", "last_order_id", "next_due"):
            if getattr(self.judged, what) != getattr(self.reference, what):
                return f"{what}: {getattr(self.judged, what)}\n   not: {getattr(self.reference, what)}"
        self._steps += 1
        if self._steps % self._look_every:
            return None
        for instrument in INSTRUMENTS:
            seen, wanted = (view(engine, instrument) for engine in (self.judged, self.reference))
            if seen != wanted:
                return f"instrument {instrument}: {seen}\n   not: {wanted}"
        return None


def view(engine: Any, instrument: int) -> list[Any]:
    """What can be seen of a book: the price of an auction, levels, the best queues, and the place of one order."""
    levels = [book(engine, side, instrument) for side in (1, 2)]
    best = [(side, level[0][0]) for side, level in zip((1, 2), levels, strict=True) if level]
    queues = [[tuple(map(int, row)) for row in engine.queue(instrument, side, price)] for side, price in best]
    return [engine.indicative(instrument), levels, queues, engine.queue_position(7, instrument)]


def first_difference(steps: list[Step], **options: Any) -> tuple[int, str] | None:
    """The place of the first step after which the engines differ, and how."""
    judge = Judge(**options)
    for place, step in enumerate(steps):
        if (difference := judge.step(step)) is not None:
            return place, difference
    return None


def shortest(steps: list[Step], tries_max: int = 2_000, **options: Any) -> list[Step]:
    """A shorter list that still ends in a difference: pieces are left out as long as that helps."""
    found = first_difference(steps, **options)
    assert found is not None, "there is nothing to be shortened"
    steps = steps[: found[0] + 1]
    size, tries = len(steps) // 2, 0
    while size and tries < tries_max:
        start = 0
        while start < len(steps) - 1 and tries < tries_max:
            fewer = steps[:start] + steps[start + size :]
            tries += 1
            found = first_difference(fewer, **options) if fewer else None
            if found is None:
                start += size
            else:
                steps = fewer[: found[0] + 1]
        size //= 2
    return steps
