"""What version 3 brought is not there before it, and what was there before it goes on under it."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from seriatim.engine import (
    BustTrade,
    ClearSchedule,
    ConfigureSession,
    DropCopy,
    MassCancel,
    NewOrder,
    OrdType,
    Rejected,
    RejectReason,
    SchedulePhase,
    SetInstrumentRules,
    SetKillSwitch,
    SetLimits,
    SetPhase,
    SetPosition,
    Side,
    TimeInForce,
    TradingPhase,
    command_body,
    template_of,
)
from seriatim.schemas import SessionEnd
from tests.engine.conftest import ENGINES
from tests.engine.desk import ME, OTHER, Desk
from tests.engine.engines import VERSION_3_ENGINES

YOUNGER = [
    NewOrder(5, 1, Side.BUY, 10, 100, self_trade_group=1),
    NewOrder(5, 77, 9, 0, 0, post_only=True),
    ConfigureSession(1),
    DropCopy(8),
    SetInstrumentRules(instrument=1),
    SetPhase(TradingPhase.HALT),
    SchedulePhase(1, TradingPhase.HALT, 5),
    ClearSchedule(1),
    BustTrade(1),
    SetLimits(1, ME),
    SetPosition(1, ME, 1, 1),
    SetKillSwitch(1, ME),
]


def desk_at(version: int, kind: Callable[..., object]) -> Desk:
    desk = Desk(kind(logic_version=version))
    desk.engine.define_instrument(1, "OAK", tick_size=Decimal("0.01"), lot_size=Decimal(1))
    return desk


@pytest.fixture(params=ENGINES, ids=lambda kind: kind.__name__)
def old(request: pytest.FixtureRequest) -> Desk:
    """A desk under version 2."""
    return desk_at(2, request.param)


@pytest.fixture(params=VERSION_3_ENGINES, ids=lambda kind: kind.__name__)
def ageing(request: pytest.FixtureRequest) -> Desk:
    """The same, of an engine that knows version 3 too."""
    return desk_at(2, request.param)


@pytest.mark.parametrize("command", YOUNGER, ids=lambda command: type(command).__name__)
def test_younger_commands_are_unknown_and_name_nothing(old, command):
    wanted = [Rejected(0, ME, template_of(command), RejectReason.UNKNOWN_COMMAND)]
    assert old.engine.apply(ME, command) == wanted
    assert old.engine.execute_bytes(ME, command_body(command)) == wanted
    assert old.engine.execute_bytes(ME, command_body(command)[:9]) == wanted


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"time_in_force": TimeInForce.DAY}, "INVALID_TIME_IN_FORCE"),
        ({"time_in_force": TimeInForce.GOOD_TILL_DATE}, "INVALID_TIME_IN_FORCE"),
        ({"ord_type": OrdType.STOP}, "INVALID_ORD_TYPE"),
        ({"ord_type": OrdType.STOP_LIMIT}, "INVALID_ORD_TYPE"),
    ],
)
def test_younger_values_are_invalid(old, change, reason):
    assert old.do(NewOrder(5, 1, Side.BUY, 10, 100, **change)) == [f"rejected: {reason}"]


def test_a_mass_cancel_is_for_all_accounts_and_in_one_piece(old):
    for name in range(1, 401):
        old.buy(name, 1, 100, account=name % 2)
    events = list(old.engine.execute_bytes(ME, command_body(MassCancel(account=1))))
    assert len(events) == 401
    assert old.engine.live_orders == 0


def test_time_and_ends_of_sessions_do_nothing(old):
    old.buy(1, 1, 100)
    assert old.tick(10**18) == []
    assert old.close(ME, SessionEnd.DISCONNECTED) == []
    assert old.engine.live_orders == 1


def test_trades_and_orders_of_before_are_known_after(ageing):
    ageing.sell(1, 5, 100)
    ageing.buy(2, 3, 100)
    ageing.sell(3, 5, 101)
    ageing.engine.follow_logic(3)
    assert ageing.do(BustTrade(1)) == ["trade 1 of 2 and 1 busted"]
    assert ageing.buy(4, 1, stop_price=100, session=OTHER)[:2] == ["4 accepted", "4 triggered"]
    assert ageing.do(SetLimits(1, OTHER, open_orders_max=2)) == [f"done: 66 for {OTHER}"]
    assert ageing.sell(5, 1, 102) == ["rejected: TOO_MANY_OPEN_ORDERS"]
    assert ageing.mass_cancel(OTHER)[-1] == "mass cancelled 2"
