"""What holds in every session, whatever the rules say: no lot is lost or made, no book stays crossed, ids count up."""

import random

import pytest

from seriatim.engine import (
    Accepted,
    AcceptedExtended,
    Cancelled,
    Event,
    Filled,
    PhaseChanged,
    Reduced,
    Refreshed,
    Replaced,
    Side,
    TradingPhase,
    Triggered,
)
from tests.engine.desk import Desk
from tests.engine.engines import ENGINES
from tests.engine.random_steps import MOODS, perform, step
from tests.engine.soak import Dice


class Ledger:
    """What is left of each order, from the events alone."""

    def __init__(self) -> None:
        self.leaves: dict[int, int] = {}
        self.trades = 0
        self.phases: dict[int, TradingPhase] = {}

    def take(self, event: Event) -> None:
        """One more event; raises if it cannot follow those before."""
        match event:
            case Accepted() | AcceptedExtended():
                assert event.order_id == max(self.leaves, default=0) + 1
                self.leaves[event.order_id] = event.quantity
            case Filled():
                self.trades += 1
                assert event.trade_id == self.trades
                assert event.contra is not None
                for party in (event.own, event.contra):
                    self.lose(party.order_id, event.quantity, party.leaves)
            case Reduced():
                self.lose(event.order_id, event.quantity, event.leaves)
            case Cancelled():
                self.lose(event.order_id, event.quantity, 0)
            case Replaced():
                assert self.leaves[event.order_id] > 0
                self.leaves[event.order_id] = event.leaves
            case Refreshed():
                assert 0 < event.shown <= event.leaves == self.leaves[event.order_id]
            case Triggered():
                assert self.leaves[event.order_id] > 0
            case PhaseChanged():
                self.phases[event.instrument] = event.phase

    def lose(self, order_id: int, quantity: int, left: int) -> None:
        """An order has so much less."""
        assert quantity > 0
        assert self.leaves[order_id] - quantity == left >= 0
        self.leaves[order_id] = left


@pytest.mark.parametrize("kind", ENGINES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("seed", range(6))
def test_no_lot_is_lost_and_no_book_stays_crossed(kind, seed):
    dice, ledger, engine, now_ns = Dice(random.Random(seed)), Ledger(), kind(), 0
    desk = Desk(engine)
    desk.define(1)
    desk.define(2)
    for _ in range(1_000):
        taken = step(dice, MOODS[seed % len(MOODS)])
        now_ns += taken.after_ns
        for event in perform(engine, taken, now_ns):
            ledger.take(event)
        left = [order_id for order_id, leaves in ledger.leaves.items() if leaves]
        assert (engine.live_orders, engine.last_order_id) == (len(left), len(ledger.leaves))
        for instrument in (1, 2):
            bids, asks = desk.book(Side.BUY, instrument), desk.book(Side.SELL, instrument)
            continuous = ledger.phases.get(instrument, TradingPhase.CONTINUOUS) == TradingPhase.CONTINUOUS
            if continuous and bids and asks:
                assert bids[0][0] < asks[0][0]
            assert (engine.indicative(instrument) is None) or not continuous
    assert ledger.trades > 0
