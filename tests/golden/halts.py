"""What the golden journal `halts` holds: halts under version 3, which the next phase ends, and under version 4, which
lie over phases that are set and scheduled, across a day's end, a kill and a restart; then random steps.

`make.py` runs it once, on a real node.
"""

import random
import time

from seriatim.client import Client
from seriatim.engine import EndHalt, NewOrder, SchedulePhase, SetPhase, Side, TimeInForce, TradingPhase
from tests.engine.random_steps import step
from tests.engine.soak import Dice
from tests.golden.day import take

SOON_NS = 200_000_000


def under_version_3(operator: Client, first: Client) -> None:
    """The end of an auction ends the first halt; the second one goes over to the next version."""
    operator.call(SetPhase(TradingPhase.OPENING_AUCTION))
    first.call(NewOrder(1, 1, Side.BUY, 30, 102))
    first.call(NewOrder(2, 1, Side.SELL, 20, 99))
    operator.call(SetPhase(TradingPhase.HALT))
    operator.call(EndHalt())  # unknown to these rules
    operator.call(SetPhase(TradingPhase.CONTINUOUS, 1))
    operator.call(SetPhase(TradingPhase.CLOSED, 2))
    operator.call(SetPhase(TradingPhase.HALT))


def under_version_4(operator: Client, first: Client, second: Client) -> int:
    """The seq of which a snapshot is kept: instrument 1 is halted over an auction, instrument 2 closed and halted."""
    first.call(NewOrder(3, 1, Side.BUY, 5, 100, time_in_force=TimeInForce.DAY))
    operator.call(EndHalt())
    first.call(NewOrder(4, 1, Side.BUY, 5, 100, time_in_force=TimeInForce.DAY))
    second.call(NewOrder(1, 1, Side.SELL, 5, stop_price=99, ord_type=3))
    operator.call(SetPhase(TradingPhase.CLOSING_AUCTION))
    second.call(NewOrder(2, 1, Side.SELL, 7, 99))
    operator.call(SetPhase(TradingPhase.HALT, 1))
    now_ns = time.time_ns()
    operator.call(SchedulePhase(1, TradingPhase.CONTINUOUS, now_ns + SOON_NS))
    operator.call(SchedulePhase(2, TradingPhase.CLOSED, now_ns + SOON_NS))
    operator.call(SchedulePhase(2, TradingPhase.HALT, now_ns + 2 * SOON_NS))
    operator.call(SetPhase(TradingPhase.CLOSING_AUCTION, 1))
    time.sleep(3 * SOON_NS / 1e9)
    operator.call(SetPhase(TradingPhase.CLOSING_AUCTION, 1))
    return int(operator.call(SetPhase(TradingPhase.HALT, 1))["seq"][-1])


def after_a_restart(clients: dict[int, Client], seed: int) -> None:
    """The halts end; then anything, with many halts and many ends of them."""
    operator = clients[9]
    operator.call(EndHalt(1))
    operator.call(SetPhase(TradingPhase.PRE_OPEN))
    operator.call(EndHalt())
    operator.call(SetPhase(TradingPhase.CONTINUOUS))
    dice = Dice(random.Random(seed))
    for place in range(400):
        take(clients, step(dice, 3))
        match place % 12:
            case 0:
                operator.call(SetPhase(TradingPhase.HALT, dice.among([1, 2, None])))
            case 5:
                operator.call(EndHalt(dice.among([1, 2, None])))
            case 8:
                operator.call(SetPhase(dice.among(list(TradingPhase))))
            case 10:
                operator.call(EndHalt())
                operator.call(SetPhase(TradingPhase.CONTINUOUS))
