"""Each version of the rules, on both engines: what a version changed holds from it on, and not before."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from seriatim.engine import (
    LOGIC_VERSION,
    Accepted,
    BustTrade,
    Cancelled,
    CancelOn,
    CancelOrder,
    ClearSchedule,
    Command,
    ConfigureSession,
    DropCopy,
    Engine,
    FieldOutOfRangeError,
    MassCancel,
    MassCancelled,
    NewOrder,
    OrdType,
    Rejected,
    RejectReason,
    Replaced,
    ReplaceOrder,
    RiskScope,
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
from tests.engine.desk import ME, OTHER, Desk
from tests.engine.engines import ENGINES, AnyEngine

Make = Callable[..., AnyEngine]


@pytest.fixture(params=ENGINES, ids=lambda kind: kind.__name__)
def make(request: pytest.FixtureRequest) -> Make:
    """Makes an engine with one book."""

    def make(**settings: int) -> AnyEngine:
        engine = request.param(**settings)
        engine.define_instrument(1, "OAK", tick_size=Decimal("0.01"), lot_size=Decimal(1))
        return engine

    return make


def nameless() -> NewOrder:
    return NewOrder(cl_ord_id=0, instrument=1, side=Side.BUY, quantity=5, price=100)


def test_version_1_takes_the_client_id_0(make: Make):
    engine = make(logic_version=1)
    assert isinstance(engine.apply(7, nameless())[0], Accepted)
    assert isinstance(engine.apply(7, ReplaceOrder(0, 0, 101, 5))[0], Replaced)
    assert isinstance(engine.apply(7, CancelOrder(0))[0], Cancelled)


def test_version_2_refuses_to_give_an_order_the_client_id_0(make: Make):
    engine = make(logic_version=2)
    assert engine.apply(7, nameless()) == [Rejected(0, 7, 10, RejectReason.INVALID_CL_ORD_ID)]
    engine.apply(7, NewOrder(cl_ord_id=3, instrument=1, side=Side.BUY, quantity=5, price=100))
    assert engine.apply(7, ReplaceOrder(0, 3, 101, 5)) == [Rejected(3, 7, 13, RejectReason.INVALID_CL_ORD_ID)]
    assert engine.live_orders == 1
    assert engine.last_order_id == 1


def test_an_order_of_older_rules_can_still_be_cancelled_and_renamed_under_newer_ones(make: Make):
    engine = make(logic_version=1)
    engine.apply(7, nameless())
    engine.apply(8, nameless())
    engine.follow_logic(2)
    assert isinstance(engine.apply(7, CancelOrder(0))[0], Cancelled)
    assert isinstance(engine.apply(8, ReplaceOrder(4, 0, 101, 5))[0], Replaced)


LATER = [
    NewOrder(cl_ord_id=3, instrument=1, side=Side.BUY, quantity=5, price=100, post_only=True),
    NewOrder(cl_ord_id=5, instrument=77, side=9, quantity=0, price=0, self_trade_group=1),
    ConfigureSession(CancelOn.LOGOFF),
    DropCopy(8),
    SetInstrumentRules(instrument=1, collar=5),
    SetPhase(TradingPhase.HALT),
    SchedulePhase(1, TradingPhase.HALT, time_ns=5),
    ClearSchedule(1),
    BustTrade(1),
    SetLimits(RiskScope.SESSION, 7),
    SetPosition(RiskScope.SESSION, 7, 1, -5),
    SetKillSwitch(RiskScope.SESSION, 7),
]


@pytest.mark.parametrize("command", LATER, ids=lambda command: type(command).__name__)
def test_before_version_3_its_commands_are_unknown_whatever_they_hold(make: Make, command: Command):
    engine, template = make(logic_version=2), template_of(command)
    unknown = [Rejected(0, 7, template, RejectReason.UNKNOWN_COMMAND)]
    assert engine.apply(7, command) == unknown
    for length in (8, 9, None):
        assert engine.execute_bytes(7, command_body(command)[:length]) == unknown


@pytest.mark.parametrize("version", [1, 2])
def test_before_version_3_its_order_types_and_times_in_force_are_unknown(make: Make, version: int):
    engine = make(logic_version=version)
    order = NewOrder(cl_ord_id=3, instrument=1, side=Side.BUY, quantity=5, price=100)
    for ord_type in (OrdType.STOP, OrdType.STOP_LIMIT):
        rejected = Rejected(3, 7, 10, RejectReason.INVALID_ORD_TYPE)
        assert engine.apply(7, replace(order, ord_type=ord_type)) == [rejected]
    for time_in_force in (TimeInForce.DAY, TimeInForce.GOOD_TILL_DATE):
        rejected = Rejected(3, 7, 10, RejectReason.INVALID_TIME_IN_FORCE)
        assert engine.apply(7, replace(order, time_in_force=time_in_force)) == [rejected]


def test_before_version_3_a_mass_cancel_is_for_all_accounts_and_in_one_piece(make: Make):
    desk = Desk(make(logic_version=2))
    for name in range(1, 401):
        desk.buy(name, 1, 100, account=name % 2)
    events = list(desk.engine.execute_bytes(ME, command_body(MassCancel(account=1))))
    assert events[-1] == MassCancelled(400, ME)
    assert len(events) == 401
    assert desk.engine.live_orders == 0


def test_before_version_3_time_and_ends_of_logons_do_nothing(make: Make):
    desk = Desk(make(logic_version=2))
    desk.buy(1, 1, 100)
    assert desk.tick(10**18) == []
    assert desk.close(ME, SessionEnd.DISCONNECTED) == []
    assert desk.engine.live_orders == 1


def test_trades_and_orders_of_older_rules_are_known_under_version_3(make: Make):
    desk = Desk(make(logic_version=2))
    desk.sell(1, 5, 100)
    desk.buy(2, 3, 100)
    desk.sell(3, 5, 101)
    desk.engine.follow_logic(3)
    assert desk.do(BustTrade(1)) == ["trade 1 of 2 and 1 busted"]
    assert desk.buy(4, 1, stop_price=100, session=OTHER)[:2] == ["4 accepted", "4 triggered"]
    assert desk.do(SetLimits(RiskScope.SESSION, OTHER, open_orders_max=2)) == [f"done: 66 for {OTHER}"]
    assert desk.sell(5, 1, 102) == ["rejected: TOO_MANY_OPEN_ORDERS"]
    assert desk.mass_cancel(OTHER)[-1] == "mass cancelled 2"


def test_the_newest_rules_are_the_default(make: Make):
    assert LOGIC_VERSION == 4
    assert isinstance(make().apply(7, nameless())[0], Rejected)


@pytest.mark.parametrize("version", [0, LOGIC_VERSION + 1, 2**32, -1])
def test_rules_that_nobody_knows_are_refused(version: int):
    with pytest.raises(FieldOutOfRangeError, match="logic_version"):
        Engine(logic_version=version)
