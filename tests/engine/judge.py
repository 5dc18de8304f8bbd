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
    books after every `look_every` of them, snapshots after every `save_every`, from which the engines then go on.
    """

    def __init__(self, judged: Any = Engine, *, look_every: int = 1, save_every: int = 16, **options: Any) -> None:
        self.now_ns = 0
        self._look_every, self._save_every, self._steps = look_every, save_every, 0
        self.judged, self.reference = judged(**options), ReferenceEngine(**options)
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
        different = None if self._steps % self._look_every else self._look()
        if different is None and self._steps % self._save_every == 0:
            different = self._exchange()
        return different

    def _look(self) -> str | None:
        for instrument in INSTRUMENTS:
            seen, wanted = (view(engine, instrument) for engine in (self.judged, self.reference))
            if seen != wanted:
                return f"instrument {instrument}: {seen}\n   not: {wanted}"
        return None

    def _exchange(self) -> str | None:
        """Each engine goes on from what the other has saved."""
        saved, wanted = self.judged.snapshot(), self.reference.snapshot()
        if saved != wanted:
            return different_sections(saved, wanted)
        self.judged, self.reference = type(self.judged).load(wanted), ReferenceEngine.load(saved)
        again = self.judged.snapshot(), self.reference.snapshot()
        return None if again == (saved, saved) else "what is loaded is saved as other bytes"


def different_sections(saved: bytes, wanted: bytes) -> str:
    """The sections of two snapshots that are not the same."""
    pairs = zip(sections_of(saved).items(), sections_of(wanted).values(), strict=True)
    different = [(name, one, other) for (name, one), other in pairs if one != other]
    return "\n".join(f"section {name}: {one.hex()}\n   not: {other.hex()}" for name, one, other in different)


def sections_of(snapshot: bytes) -> dict[str, bytes]:
    """The payloads of an engine's or a replica's snapshot by name, see docs/SNAPSHOTS.md."""
    sections, at = {}, 24
    while at < len(snapshot):
        name, length = snapshot[at : at + 4].decode(), int.from_bytes(snapshot[at + 8 : at + 16], "little")
        sections[name] = snapshot[at + 16 : at + 16 + length]
        at += 16 + length
    return sections


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
