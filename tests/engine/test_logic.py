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
from seriatim.engine.reference import ReferenceEngine

Make = Callable[..., Engine | ReferenceEngine]


@pytest.fixture(params=[Engine, ReferenceEngine], ids=["native", "reference"])
def make(request: pytest.FixtureRequest) -> Make:
    """Makes an engine with one book."""

    def make(**settings: int) -> Engine | ReferenceEngine:
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
    assert engine.execute_bytes(7, command_body(command)[:8]) == unknown


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


def test_before_version_3_a_mass_cancel_is_for_all_accounts(make: Make):
    engine = make(logic_version=2)
    engine.apply(7, NewOrder(cl_ord_id=3, instrument=1, side=Side.BUY, quantity=5, price=100, account=4))
    assert engine.apply(7, MassCancel(account=5))[-1] == MassCancelled(1, 7)


def test_the_newest_rules_are_the_default(make: Make):
    assert LOGIC_VERSION == 3
    assert isinstance(make().apply(7, nameless())[0], Rejected)


@pytest.mark.parametrize("version", [0, LOGIC_VERSION + 1, 2**32, -1])
def test_rules_that_nobody_knows_are_refused(version: int):
    with pytest.raises(FieldOutOfRangeError, match="logic_version"):
        Engine(logic_version=version)
