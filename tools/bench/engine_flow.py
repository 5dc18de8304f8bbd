"""The order flow on which matching engines are compared, from its published description.

Seed 20260101. Every 100 operations the mid moves by −1, 0 or 1 tick. A quarter of the operations cancel a random live
order; of the rest 70 parts are limit orders, from 50 ticks passive to 30 ticks through the mid, and 5 parts
immediate-or-cancel orders 60 ticks through it. Quantities are 1 to 100. One million operations give exactly 489,793
trades and leave 3,805 orders in the book.
"""

import random
import tempfile
from collections import defaultdict, deque
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seriatim.engine import COMMAND, CommandKind, OrdType, Side, TimeInForce
from seriatim.schemas import Decimal, DefineInstrument

SEED = 20_260_101
MID_TICKS = 10_000
PASSIVE_TICKS, THROUGH_TICKS, IMMEDIATE_TICKS = 50, 30, 60
SESSION, INSTRUMENT = 1, 1
OPERATIONS, TRADES, RESTING = 1_000_000, 489_793, 3_805
TERMS = DefineInstrument(
    instrument=INSTRUMENT,
    symbol="SYNTHETIC",
    tick_size=Decimal(mantissa=1, exponent=-2),
    lot_size=Decimal(mantissa=1, exponent=0),
)
"""How the instrument is defined on a bus."""

Progress = Callable[[int], None]


class LiveOrders:
    """Which orders would be live: queues by price, and the list from which a cancel draws (its order is part of the
    flow).
    """

    def __init__(self) -> None:
        self.drawable: list[int] = []
        self._place: dict[int, int] = {}
        self._left: dict[int, int] = {}
        self._queues: dict[Side, defaultdict[int, deque[int]]] = {
            side: defaultdict(deque) for side in (Side.BUY, Side.SELL)
        }
        # No bid is above the one and no ask below the other; they are moved to the best price when it is needed.
        self._best = {Side.BUY: MID_TICKS, Side.SELL: MID_TICKS}
        self._worst = {Side.BUY: MID_TICKS, Side.SELL: MID_TICKS}

    def forget(self, order: int) -> None:
        """Takes an order out; the last of the list takes its place in it."""
        place, last = self._place.pop(order), self.drawable.pop()
        if last != order:
            self.drawable[place] = last
            self._place[last] = place
        del self._left[order]

    def enter(self, order: int, side: Side, price: int, quantity: int, *, may_rest: bool) -> None:
        """Matches an order and lets what is left of it rest if it may."""
        left = self._match(Side.SELL if side == Side.BUY else Side.BUY, price, quantity)
        if not left or not may_rest:
            return
        self._left[order] = left
        self._place[order] = len(self.drawable)
        self.drawable.append(order)
        self._queues[side][price].append(order)
        better, worse = (max, min) if side == Side.BUY else (min, max)
        self._best[side] = better(self._best[side], price)
        self._worst[side] = worse(self._worst[side], price)

    def _match(self, resting: Side, limit: int, quantity: int) -> int:
        step = -1 if resting == Side.BUY else 1
        queues, price = self._queues[resting], self._best[resting]
        while quantity and (limit - price) * step >= 0 and (self._worst[resting] - price) * step >= 0:
            queue = queues.get(price)
            while queue and quantity:
                maker = queue[0]
                left = self._left.get(maker, 0)
                traded = min(left, quantity)
                quantity -= traded
                if traded == left:
                    queue.popleft()
                    if left:
                        self.forget(maker)
                else:
                    self._left[maker] = left - traded
            if not queue:
                price += step
        self._best[resting] = price
        return quantity


def generate(operations: int, progress: Progress) -> NDArray[np.void]:
    """The flow as an array of `COMMAND` rows for `SESSION` and `INSTRUMENT`. `progress` hears how many operations are
    done.
    """
    rng, live = random.Random(SEED), LiveOrders()
    rows: list[tuple[int, ...]] = []
    mid, order = MID_TICKS, 0
    for operation in range(operations):
        if operation % 100 == 0:
            mid += rng.choice((-1, 0, 1))
            progress(operation)
        draw = rng.random()
        if draw < 0.25 and live.drawable:
            cancelled = live.drawable[int(rng.random() * len(live.drawable))]
            live.forget(cancelled)
            rows.append((CommandKind.CANCEL_ORDER, 0, 0, 0, 0, 0, SESSION, 0, cancelled, 0, 0))
            continue
        side = (Side.BUY, Side.SELL)[int(rng.random() * 2)]
        quantity = 1 + int(rng.random() * 100)
        limited = draw < 0.95
        through = IMMEDIATE_TICKS
        if limited:
            through = int(rng.random() * (PASSIVE_TICKS + 1 + THROUGH_TICKS)) - PASSIVE_TICKS
        price = mid + through if side == Side.BUY else mid - through
        order += 1
        live.enter(order, side, price, quantity, may_rest=limited)
        life = TimeInForce.GOOD_TILL_CANCEL if limited else TimeInForce.IMMEDIATE_OR_CANCEL
        terms = side, OrdType.LIMIT, life, INSTRUMENT, 0, SESSION
        rows.append((CommandKind.NEW_ORDER, *terms, order, 0, price, quantity))
    progress(operations)
    return np.array(rows, COMMAND)


def load(operations: int, progress: Progress) -> NDArray[np.void]:
    """The flow from the user's temporary folder, where the first call leaves it."""
    path = Path(tempfile.gettempdir()) / f"seriatim-engine-flow-{SEED}-{operations}.npy"
    try:
        rows = np.load(path)
    except (OSError, ValueError):
        rows = None
    if rows is not None and rows.dtype == COMMAND and len(rows) == operations:
        return rows
    rows = generate(operations, progress)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npy", delete=False) as file:
        np.save(file, rows)
    Path(file.name).replace(path)
    return rows
