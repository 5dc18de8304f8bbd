"""Public data under all rules: what everybody sees is what the engine shows, whatever a session does."""

import random
from decimal import Decimal

from seriatim.engine import Instrument
from seriatim.schemas import TradingPhase
from tests.engine.random_steps import MOODS, perform, step
from tests.engine.soak import Dice
from tests.marketdata.public_venue import PublicVenue

STEPS = 600


def test_after_every_frame_of_any_session_the_books_are_the_engines():
    phases: set[TradingPhase] = set()
    for seed in range(6):
        venue = played(seed, MOODS[seed % len(MOODS)])
        assert venue.market.state.outcome_hash == venue.engine.outcome_hash
        phases |= venue.phases
    assert len(phases) == len(TradingPhase)


def played(seed: int, mood: int) -> PublicVenue:
    """A venue after random steps, judged after each."""
    dice, venue, now_ns = Dice(random.Random(seed)), PublicVenue(), 0
    for number in (1, 2):
        venue.apply(7, Instrument(number, "OAK", Decimal("0.01"), Decimal(1)), now_ns)
    for _ in range(STEPS):
        drawn = step(dice, mood)
        now_ns += drawn.after_ns
        perform(venue, drawn, now_ns)
        venue.judge(range(4))
    return venue
