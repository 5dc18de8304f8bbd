"""Two engines do the same steps; the first difference ends it."""

from decimal import Decimal
from typing import Any

from seriatim.engine.reference import ReferenceEngine
from tests.engine.engines import JUDGED
from tests.engine.orders import book
from tests.engine.random_steps import Step, perform

INSTRUMENTS = 1, 2, 3


class Judge:
    """The judged engine and the reference, side by side."""

    def __init__(self, judged: Any = JUDGED, **options: int) -> None:
        self.now_ns = 0
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
        for instrument in INSTRUMENTS:
            if self.judged.indicative(instrument) != self.reference.indicative(instrument):
                ours, theirs = self.judged.indicative(instrument), self.reference.indicative(instrument)
                return f"indicative of {instrument}: {ours}\n   not: {theirs}"
            for side in (1, 2):
                levels = [book(engine, side, instrument) for engine in (self.judged, self.reference)]
                if levels[0] != levels[1]:
                    return f"levels of {instrument}, side {side}: {levels[0]}\n   not: {levels[1]}"
        return None


def first_difference(steps: list[Step], **options: int) -> tuple[int, str] | None:
    """The place of the first step after which the engines differ, and how."""
    judge = Judge(**options)
    for place, step in enumerate(steps):
        if (difference := judge.step(step)) is not None:
            return place, difference
    return None


def shortest(steps: list[Step], tries_max: int = 2_000, **options: int) -> list[Step]:
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
