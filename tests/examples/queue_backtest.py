"""An example: what a small bid at the best price would have earned in a recorded hour, given its place in the queue.

Usage: python -m tests.examples.queue_backtest MESSAGES        (a LOBSTER message file, plain or gzipped)

The recorded orders go through the engine; ours join their queues, so that what trades before ours is known and not
assumed. The bid joins the best queue and is pulled when the market has moved up, or when it stands in front with less
behind it than it asks for itself: such a queue is about to go, and who is filled last is filled badly.
"""

import sys
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import numpy as np

from seriatim.engine import CancelOrder, Engine, EventKind, NewOrder, QueuePosition, Side
from seriatim.tools.flow import lobster

MARKET, OURS = 1, 2
LOTS = 100
LOOK_EVERY = 20
"""Recorded commands between two decisions."""
HORIZON = 50
"""Decisions after which a fill is compared with the middle of the market."""


@dataclass(slots=True)
class Bid:
    """One bid of ours: `seen` has its position at each decision, the first when it joined."""

    seen: list[QueuePosition]
    filled: int = 0
    filled_at: int = 0
    """The number of the decision after its last fill."""


@dataclass(slots=True)
class Backtest:
    """`bids` in the order in which they joined, and the middle of the market at each decision, in ticks."""

    engine: Engine = field(default_factory=Engine)
    bids: list[Bid] = field(default_factory=list)
    middles: list[float] = field(default_factory=list)

    def run(self, commands: np.ndarray) -> None:
        """`commands` are rows of `COMMAND` of the market's session."""
        self.engine.define_instrument(
            lobster.INSTRUMENT, "AAPL", tick_size=Decimal("0.0001"), lot_size=Decimal(1), session=MARKET
        )
        for first in range(0, len(commands), LOOK_EVERY):
            self._hear(self.engine.apply_array(commands[first : first + LOOK_EVERY]))
            self._decide()

    def summary(self) -> dict[str, float]:
        """Numbers of bids, shares filled, shares ahead on joining, and ticks earned a share against the middle
        `HORIZON` decisions later.
        """
        filled = [bid for bid in self.bids if bid.filled]
        earned = [(self._later(bid) - bid.seen[0].price) * bid.filled for bid in filled]
        shares = sum(bid.filled for bid in filled)
        return {
            "bids": len(self.bids),
            "bids_filled": len(filled),
            "shares_filled": shares,
            "shares_ahead_of_filled": _mean([bid.seen[0].quantity_ahead for bid in filled]),
            "shares_ahead_of_pulled": _mean([bid.seen[0].quantity_ahead for bid in self.bids if not bid.filled]),
            "ticks_earned_a_share": sum(earned) / max(1, shares),
        }

    def _hear(self, events: np.ndarray) -> None:
        """Ours never crosses, so it is always the maker: the contra side of a fill."""
        ours = events[(events["kind"] == EventKind.FILLED) & (events["contra_session"] == OURS)]
        for cl_ord_id, quantity in zip(ours["contra_cl_ord_id"].tolist(), ours["quantity"].tolist(), strict=True):
            bid = self.bids[cl_ord_id - 1]
            bid.filled, bid.filled_at = bid.filled + quantity, len(self.middles)

    def _decide(self) -> None:
        best_bid, best_ask = (self.engine.levels(lobster.INSTRUMENT, side, 1) for side in (Side.BUY, Side.SELL))
        if not len(best_bid) or not len(best_ask):
            return
        price = int(best_bid["price"][0])
        self.middles.append((price + int(best_ask["price"][0])) / 2)
        position = self.engine.queue_position(OURS, len(self.bids)) if self.bids else None
        if position is None:
            self._join(price)
            return
        self.bids[-1].seen.append(position)
        queue = self.engine.queue(lobster.INSTRUMENT, Side.BUY, position.price)
        behind = int(queue["leaves"][position.orders_ahead + 1 :].sum())
        if price > position.price or (position.orders_ahead == 0 and behind < LOTS):
            self.engine.apply(OURS, CancelOrder(len(self.bids)))

    def _join(self, price: int) -> None:
        cl_ord_id = len(self.bids) + 1
        self.engine.apply(OURS, NewOrder(cl_ord_id, lobster.INSTRUMENT, Side.BUY, LOTS, price))
        position = self.engine.queue_position(OURS, cl_ord_id)
        assert position is not None, "a bid at the best bid rests"
        self.bids.append(Bid([position]))

    def _later(self, bid: Bid) -> float:
        return self.middles[min(bid.filled_at + HORIZON, len(self.middles) - 1)]


def _mean(values: list[int]) -> float:
    return float(np.mean(values)) if values else 0.0


def backtest(messages: Path) -> Backtest:
    """Raises ConfigError if the file holds no LOBSTER messages."""
    commands = lobster.read(messages).commands
    commands["session"] = MARKET
    test = Backtest()
    test.run(commands)
    return test


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.examples.queue_backtest MESSAGES, a LOBSTER message file, plain or gzipped")
    for name, value in backtest(Path(sys.argv[1])).summary().items():
        print(f"{name.replace('_', ' '):24} {value:12,.1f}")
