"""What the golden journal `day` holds: what version 3 of the rules brought, first in a short day, then in random steps.

`make.py` runs it once, on a real node.
"""

import random
import time
from dataclasses import replace
from typing import Any

from seriatim.client import Client
from seriatim.engine import (
    BustTrade,
    CancelOn,
    ConfigureSession,
    DropCopy,
    MassCancel,
    NewOrder,
    OptionalSide,
    OrdType,
    ReplaceOrder,
    RiskScope,
    SchedulePhase,
    SelfTradePrevention,
    SetInstrumentRules,
    SetKillSwitch,
    SetLimits,
    SetPhase,
    SetPosition,
    Side,
    TimeInForce,
    TradingPhase,
)
from seriatim.schemas import Logoff, SessionEnd
from tests.engine.random_steps import Step, numbered, step
from tests.engine.soak import Dice

SOON_NS = 300_000_000
UNDER_WAY_NS = 3_000_000
ACCOUNT = 5


def a_day(operator: Client, first: Client, second: Client) -> None:
    """Instrument 1 is open already. Its phases are scheduled, its day ends with an auction."""
    operator.call(SetInstrumentRules(instrument=1, band_low=80, band_high=120, collar=15, reference_price=100))
    operator.call(SetLimits(RiskScope.ACCOUNT, ACCOUNT, position_max=10_000, rate_interval_ns=10**9, messages_max=500))
    operator.call(SetPosition(RiskScope.SESSION, first.session, 1, -5))
    operator.call(DropCopy(first.session))
    first.call(ConfigureSession(CancelOn.LOGOFF))
    operator.call(SetPhase(TradingPhase.PRE_OPEN))
    now_ns = time.time_ns()
    operator.call(SchedulePhase(1, TradingPhase.OPENING_AUCTION, now_ns + SOON_NS))
    operator.call(SchedulePhase(1, TradingPhase.CONTINUOUS, now_ns + 2 * SOON_NS))
    dated = {"time_in_force": TimeInForce.GOOD_TILL_DATE, "expire_time_ns": now_ns + 3 * SOON_NS}
    first.call(NewOrder(1, 1, Side.BUY, 30, 102, account=ACCOUNT, display_quantity=7))
    first.call(NewOrder(2, 1, Side.BUY, 9, 95, **dated))
    second.call(NewOrder(1, 1, Side.SELL, 20, 99, time_in_force=TimeInForce.DAY))
    second.call(NewOrder(2, 1, Side.SELL, 4, ord_type=OrdType.STOP, stop_price=99))
    second.call(NewOrder(3, 1, Side.SELL, 4, ord_type=OrdType.MARKET))
    time.sleep(4 * SOON_NS / 1e9)
    prevention = {"account": ACCOUNT, "self_trade_prevention": SelfTradePrevention.DECREMENT}
    second.call(NewOrder(4, 1, Side.SELL, 3, 100, **prevention))
    second.call(NewOrder(5, 1, Side.BUY, 5, 98, post_only=True))
    second.call(ReplaceOrder(5, 5, 97, 8))
    second.call(NewOrder(6, 1, Side.BUY, 50, 110, minimum_quantity=40))
    operator.call(BustTrade(1))
    operator.call(SetKillSwitch(RiskScope.ACCOUNT, ACCOUNT))
    operator.call(SetKillSwitch(RiskScope.ACCOUNT, ACCOUNT, engaged=False))
    first.call(NewOrder(3, 1, Side.BUY, 10, 101, time_in_force=TimeInForce.DAY))
    log_off(first)
    operator.call(SetPhase(TradingPhase.CLOSING_AUCTION))
    first.call(NewOrder(4, 1, Side.BUY, 10, 101, time_in_force=TimeInForce.DAY))
    second.call(NewOrder(7, 1, Side.SELL, 6, 100))
    operator.call(SetPhase(TradingPhase.CLOSED))
    for client in (first, second):
        client.call(MassCancel())
    operator.call(SetInstrumentRules(instrument=1))
    operator.call(SetPhase(TradingPhase.CONTINUOUS))


def a_full_book(operator: Client, first: Client, second: Client) -> int:
    """Something of everything in both books, and a mass cancel that takes more than a piece. The seq of its first."""
    for name in range(1_000, 1_300):
        first.call(NewOrder(name, 2, Side.BUY, 1 + name % 9, 50 + name % 30, account=name % 3))
    later = {"time_in_force": TimeInForce.GOOD_TILL_DATE, "expire_time_ns": time.time_ns() + 10**15}
    group = {"self_trade_group": 3, "self_trade_prevention": SelfTradePrevention.CANCEL_BOTH}
    for order in (
        NewOrder(20, 1, Side.SELL, 40, 110, display_quantity=6),
        NewOrder(21, 1, Side.SELL, 5, 111, **later),
        NewOrder(22, 1, Side.SELL, 5, 112, time_in_force=TimeInForce.DAY, post_only=True),
        NewOrder(23, 1, Side.SELL, 5, 113, **group),
        NewOrder(24, 1, Side.BUY, 5, 119, ord_type=OrdType.STOP_LIMIT, stop_price=118),
        NewOrder(25, 1, Side.SELL, 5, ord_type=OrdType.STOP, stop_price=82, time_in_force=TimeInForce.DAY),
    ):
        second.call(order)
    first.call(NewOrder(26, 1, Side.BUY, 4, 110))
    operator.call(SchedulePhase(2, TradingPhase.HALT, time.time_ns() + 10**15, 10**12))
    return int(first.call(MassCancel(2, OptionalSide.SELL))["seq"][-1])


def anything(clients: dict[int, Client], seed: int, count: int, mood: int) -> None:
    """Random steps, as the judge of both engines takes them; `clients` by the numbers that it has for sessions. One
    command in `mood` is an operator's, and auction and trading take turns.
    """
    dice = Dice(random.Random(seed))
    for place in range(count):
        take(clients, step(dice, mood))
        if place % 20 == 0:
            clients[9].call(SetPhase(TradingPhase.CONTINUOUS))
        elif place % 20 == 10:
            clients[9].call(SetPhase(TradingPhase.CLOSING_AUCTION))


def take(clients: dict[int, Client], taken: Step) -> None:
    client = clients[taken.session]
    match taken.what:
        case None:
            time.sleep(0.002)
        case SessionEnd():
            log_off(client)
        case bytes():
            client.call(taken.what)
        case command:
            for turn in range(taken.times):
                client.call(numbered(as_of_now(clients, command, taken.due_in_ns), turn))


def as_of_now(clients: dict[int, Client], command: Any, due_in_ns: int | None) -> Any:
    """The command with the venue's own sessions and times."""
    if getattr(command, "scope", None) == RiskScope.SESSION and command.id in clients:
        command = replace(command, id=clients[command.id].session)
    if isinstance(command, DropCopy):
        return replace(command, session=clients[8].session)
    if due_in_ns is None:
        return command
    field = "time_ns" if isinstance(command, SchedulePhase) else "expire_time_ns"
    return replace(command, **{field: time.time_ns() + UNDER_WAY_NS + due_in_ns})


def log_off(client: Client) -> None:
    """Ends the logon, and begins another of the same session."""
    client.call(Logoff())
    client.close()
    client.connect()
