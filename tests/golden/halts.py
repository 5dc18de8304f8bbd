"""What the golden journal `halts` holds: the phase halt, which goes over from version 3 to 4, and halts, which lie over
phases that are set and scheduled, across a day's end, a kill and a restart; then random steps.

`make.py` runs it once, on a real node.
"""

import random
import time

from seriatim.client import Client
from seriatim.engine import NewOrder, OrdType, SchedulePhase, SetHalt, SetPhase, Side, TimeInForce, TradingPhase
from tests.engine.random_steps import step
from tests.engine.soak import Dice
from tests.golden.day import take

SOON_NS = 200_000_000


def under_version_3(operator: Client, first: Client) -> None:
    """The phase halt ends as any phase; the second one goes over to the next version."""
    operator.call(SetPhase(TradingPhase.OPENING_AUCTION))
    first.call(NewOrder(1, 1, Side.BUY, 30, 102))
    first.call(NewOrder(2, 1, Side.SELL, 20, 99))
    operator.call(SetPhase(TradingPhase.HALT))
    operator.call(SetHalt())  # unknown to these rules
    operator.call(SetPhase(TradingPhase.CONTINUOUS, 1))
    operator.call(SetPhase(TradingPhase.CLOSED, 2))
    operator.call(SetPhase(TradingPhase.HALT))


def under_version_4(operator: Client, first: Client, second: Client) -> int:
    """The seq of which a snapshot is kept: instrument 1 is halted over an auction, instrument 2 closed and halted."""
    first.call(NewOrder(3, 1, Side.BUY, 5, 100, time_in_force=TimeInForce.DAY))
    operator.call(SetHalt(on=False))
    operator.call(SetPhase(TradingPhase.CONTINUOUS))
    first.call(NewOrder(4, 1, Side.BUY, 5, 100, time_in_force=TimeInForce.DAY))
    second.call(NewOrder(1, 1, Side.SELL, 5, ord_type=OrdType.STOP, stop_price=99))
    operator.call(SetPhase(TradingPhase.CLOSING_AUCTION))
    second.call(NewOrder(2, 1, Side.SELL, 7, 99))
    operator.call(SetHalt())
    now_ns = time.time_ns()
    operator.call(SchedulePhase(1, TradingPhase.CONTINUOUS, now_ns + SOON_NS))
    operator.call(SchedulePhase(2, TradingPhase.CLOSED, now_ns + SOON_NS))
    time.sleep(2 * SOON_NS / 1e9)
    operator.call(SetPhase(TradingPhase.CLOSING_AUCTION, 1))
    return int(operator.call(SetHalt(1))["seq"][-1])


def after_a_restart(clients: dict[int, Client], seed: int) -> None:
    """The halts end; then anything, with many halts and many ends of them."""
    operator = clients[9]
    operator.call(SetHalt(1, on=False))
    operator.call(SetPhase(TradingPhase.PRE_OPEN))
    operator.call(SetHalt(on=False))
    operator.call(SetPhase(TradingPhase.CONTINUOUS))
    dice = Dice(random.Random(seed))
    for place in range(400):
        take(clients, step(dice, 3))
        match place % 12:
            case 0:
                operator.call(SetHalt(dice.among([1, 2, None])))
            case 5:
                operator.call(SetHalt(dice.among([1, 2, None]), on=False))
            case 8:
                operator.call(SetPhase(dice.among(list(TradingPhase))))
            case 10:
                operator.call(SetHalt(on=False))
                operator.call(SetPhase(TradingPhase.CONTINUOUS))
