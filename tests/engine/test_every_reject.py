"""Every reason of the schema for which a command is refused, and which of several comes first."""

import struct
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations

import pytest

from seriatim.engine import (
    BustTrade,
    CancelOrder,
    ClearSchedule,
    Command,
    ConfigureSession,
    DropCopy,
    Instrument,
    MassCancel,
    NewOrder,
    OrdType,
    ReduceOrder,
    RejectReason,
    ReplaceOrder,
    RiskScope,
    SchedulePhase,
    SelfTradePrevention,
    SetHalt,
    SetInstrumentRules,
    SetKillSwitch,
    SetLimits,
    SetPhase,
    SetPosition,
    Side,
    TradingPhase,
    command_body,
)
from tests.engine.desk import FOK, GTD, IOC, ME, SECOND

R = RejectReason
GOOD = NewOrder(5, 1, Side.BUY, 10, 100)
STOP = replace(GOOD, ord_type=OrdType.STOP, price=None, stop_price=100)
STOP_LIMIT = replace(STOP, ord_type=OrdType.STOP_LIMIT, price=100)
MARKET = replace(GOOD, ord_type=OrdType.MARKET, price=None)
DATED = replace(GOOD, time_in_force=GTD, expire_time_ns=10)
LIMITS = SetLimits(RiskScope.SESSION, ME)
HALT = TradingPhase.HALT

NOT_THE_ENGINES = {
    R.SKIPPED: "an override of the sequencer",
    R.NOT_ALLOWED: "roles are the sequencer's",
    R.UNKNOWN_SESSION: "sessions are the sequencer's",
}


@dataclass
class Case:
    """A command that is refused, after others."""

    reason: RejectReason
    command: Command | bytes
    before: list[Command] = field(default_factory=list)


def cases_of(reason: RejectReason, good: Command, *changes: dict) -> list[Case]:
    """The same command with one thing wrong after the other."""
    return [Case(reason, replace(good, **change)) for change in changes]


def cut(command: Command, by: int = 1) -> bytes:
    """Its message, too short by so much; the block says so too."""
    body = command_body(command)[:-by]
    return struct.pack("<H", len(body) - 8) + body[2:]


def with_byte(command: Command, at: int, value: int) -> bytes:
    """Its message with another byte in its block."""
    body = bytearray(command_body(command))
    body[8 + at] = value
    return bytes(body)


EXTENDED = replace(GOOD, self_trade_group=1)
CASES = [
    *(Case(R.MALFORMED, cut(command)) for command in (GOOD, EXTENDED, CancelOrder(5), ReduceOrder(5, 1))),
    *(Case(R.MALFORMED, cut(command)) for command in (ReplaceOrder(5, 5, 1, 1), ConfigureSession(0), SetPhase(4, 1))),
    *(Case(R.MALFORMED, cut(command)) for command in (SetInstrumentRules(instrument=1), SchedulePhase(1, 4, 1))),
    *(Case(R.MALFORMED, cut(command)) for command in (ClearSchedule(1), SetHalt(1), BustTrade(1), LIMITS)),
    *(Case(R.MALFORMED, cut(command)) for command in (SetPosition(1, 1, 1, 1), SetKillSwitch(1, 1))),
    Case(R.MALFORMED, cut(MassCancel(), 5)),
    Case(R.UNKNOWN_COMMAND, DropCopy(8)),
    Case(R.UNKNOWN_COMMAND, cut(DropCopy(8), 5)),
    Case(R.UNKNOWN_COMMAND, struct.pack("<HHHH", 0, 18, 5301, 2)),
    Case(R.UNKNOWN_INSTRUMENT, MassCancel(instrument=77)),
    Case(R.UNKNOWN_INSTRUMENT, SetInstrumentRules(instrument=77, band_low=0)),
    Case(R.UNKNOWN_INSTRUMENT, SetPhase(HALT, 77)),
    Case(R.UNKNOWN_INSTRUMENT, SetHalt(77)),
    Case(R.UNKNOWN_INSTRUMENT, SchedulePhase(77, 0, 0)),
    Case(R.UNKNOWN_INSTRUMENT, ClearSchedule(77)),
    Case(R.UNKNOWN_INSTRUMENT, SetPosition(0, 0, 77, 0)),
    *cases_of(R.UNKNOWN_INSTRUMENT, GOOD, {"instrument": 77}, {"instrument": 2**32 - 1}),
    *cases_of(R.INVALID_SIDE, GOOD, {"side": 0}, {"side": 3}),
    Case(R.INVALID_SIDE, MassCancel(side=3)),
    *cases_of(R.INVALID_ORD_TYPE, GOOD, {"ord_type": 0}, {"ord_type": 5}, {"ord_type": 255}),
    *cases_of(R.INVALID_TIME_IN_FORCE, GOOD, *({"time_in_force": value} for value in (2, 5, 7, 255))),
    *cases_of(R.INVALID_PRICE, GOOD, *({"price": value} for value in (None, 0, -1, 10**12 + 1))),
    *cases_of(R.INVALID_PRICE, STOP_LIMIT, {"price": None}, {"price": 0}),
    *cases_of(R.INVALID_PRICE, STOP, {"price": 100}),
    *cases_of(R.INVALID_PRICE, MARKET, {"price": 100}),
    *cases_of(R.INVALID_QUANTITY, GOOD, *({"quantity": value} for value in (0, -1, 10**12 + 1))),
    Case(R.DUPLICATE_CL_ORD_ID, GOOD, [GOOD]),
    Case(R.DUPLICATE_CL_ORD_ID, ReplaceOrder(6, 5, 1, 1), [GOOD, replace(GOOD, cl_ord_id=6)]),
    *(Case(R.UNKNOWN_ORDER, command) for command in (CancelOrder(5), ReduceOrder(5, 0), ReplaceOrder(5, 5, 0, 0))),
    Case(R.QUANTITY_NOT_ABOVE_FILLED, ReplaceOrder(5, 5, 1, 3), [GOOD, NewOrder(6, 1, Side.SELL, 3, 100)]),
    Case(R.INSTRUMENT_EXISTS, Instrument(1, "OAK", Decimal("0.1"), Decimal(1))),
    Case(R.INVALID_INSTRUMENT, Instrument(2**20, "OAK", Decimal("0.1"), Decimal(1))),
    *cases_of(R.INVALID_CL_ORD_ID, GOOD, {"cl_ord_id": 0}),
    Case(R.INVALID_CL_ORD_ID, ReplaceOrder(0, 5, 1, 1), [GOOD]),
    *cases_of(R.INVALID_STOP_PRICE, GOOD, {"stop_price": 100}, {"stop_price": 0}),
    *cases_of(R.INVALID_STOP_PRICE, STOP, *({"stop_price": value} for value in (None, 0, 10**12 + 1))),
    *cases_of(R.INVALID_STOP_PRICE, STOP_LIMIT, {"stop_price": None}, {"stop_price": -1}),
    *cases_of(R.INVALID_DISPLAY_QUANTITY, GOOD, *({"display_quantity": value} for value in (0, -1, 11))),
    *cases_of(R.INVALID_DISPLAY_QUANTITY, GOOD, {"display_quantity": 1, "quantity": 1001}),
    *cases_of(R.INVALID_DISPLAY_QUANTITY, GOOD, *({"display_quantity": 5, "time_in_force": t} for t in (IOC, FOK))),
    *cases_of(R.INVALID_DISPLAY_QUANTITY, MARKET, {"display_quantity": 5}),
    *cases_of(R.INVALID_DISPLAY_QUANTITY, STOP, {"display_quantity": 5}),
    Case(R.INVALID_DISPLAY_QUANTITY, ReplaceOrder(5, 5, 1, 1001), [replace(GOOD, display_quantity=1)]),
    *cases_of(R.INVALID_MINIMUM_QUANTITY, GOOD, *({"minimum_quantity": value} for value in (0, -1, 11))),
    *cases_of(R.INVALID_MINIMUM_QUANTITY, GOOD, {"minimum_quantity": 5, "time_in_force": FOK}),
    *cases_of(R.INVALID_MINIMUM_QUANTITY, STOP, {"minimum_quantity": 5}),
    *cases_of(R.INVALID_MINIMUM_QUANTITY, STOP_LIMIT, {"minimum_quantity": 5}),
    *cases_of(R.INVALID_EXPIRE_TIME, GOOD, {"expire_time_ns": 10}, {"time_in_force": GTD}),
    *cases_of(R.INVALID_EXPIRE_TIME, DATED, *({"expire_time_ns": value} for value in (0, -1))),
    *cases_of(R.INVALID_INSTRUCTIONS, GOOD, {"self_trade_prevention": 5}, {"self_trade_prevention": 255}),
    *(Case(R.INVALID_INSTRUCTIONS, with_byte(EXTENDED, 71, value)) for value in (2, 3, 128)),
    *cases_of(R.INVALID_INSTRUCTIONS, GOOD, *({"post_only": True, "time_in_force": t} for t in (IOC, FOK))),
    *cases_of(R.INVALID_INSTRUCTIONS, GOOD, {"post_only": True, "minimum_quantity": 1}),
    *(c for good in (MARKET, STOP, STOP_LIMIT) for c in cases_of(R.INVALID_INSTRUCTIONS, good, {"post_only": True})),
    *cases_of(
        R.INVALID_INSTRUCTIONS,
        replace(GOOD, self_trade_prevention=SelfTradePrevention.DECREMENT),
        {"time_in_force": FOK},
        {"minimum_quantity": 1},
    ),
    Case(R.WOULD_TRADE, replace(GOOD, post_only=True), [NewOrder(6, 1, Side.SELL, 3, 100)]),
    Case(R.WRONG_PHASE, GOOD, [SetPhase(HALT)]),
    Case(R.WRONG_PHASE, ReplaceOrder(5, 5, 1, 1), [GOOD, SetPhase(HALT)]),
    Case(R.OUTSIDE_PRICE_BAND, GOOD, [SetInstrumentRules(instrument=1, band_high=99)]),
    Case(R.OUTSIDE_COLLAR, GOOD, [SetInstrumentRules(instrument=1, collar=1, reference_price=50)]),
    Case(R.QUANTITY_ABOVE_MAXIMUM, GOOD, [SetInstrumentRules(instrument=1, order_quantity_max=9)]),
    Case(R.QUANTITY_ABOVE_MAXIMUM, GOOD, [replace(LIMITS, order_quantity_max=9)]),
    Case(R.VALUE_ABOVE_MAXIMUM, GOOD, [SetInstrumentRules(instrument=1, order_value_max=999)]),
    Case(R.VALUE_ABOVE_MAXIMUM, GOOD, [replace(LIMITS, order_value_max=999)]),
    Case(R.TOO_MANY_OPEN_ORDERS, GOOD, [replace(LIMITS, open_orders_max=0)]),
    Case(R.POSITION_ABOVE_MAXIMUM, GOOD, [replace(LIMITS, position_max=9)]),
    Case(R.RATE_EXCEEDED, replace(STOP, cl_ord_id=6), [replace(LIMITS, rate_interval_ns=SECOND, messages_max=1), GOOD]),
    Case(R.KILLED, GOOD, [SetKillSwitch(RiskScope.SESSION, ME)]),
    Case(R.UNKNOWN_TRADE, BustTrade(1)),
    *(Case(R.INVALID_PHASE, SetPhase(phase, 77)) for phase in (0, 7, 255)),
    Case(R.INVALID_PHASE, SchedulePhase(1, HALT, 0)),
    Case(R.INVALID_RULES, SetInstrumentRules(instrument=1, collar=0)),
    *cases_of(R.INVALID_LIMITS, LIMITS, {"scope": 0}, {"id": 0}, {"cancel_on": 4}),
    Case(R.INVALID_LIMITS, ConfigureSession(255)),
    Case(R.INVALID_LIMITS, with_byte(SetKillSwitch(RiskScope.SESSION, ME), 5, 2)),
    Case(R.SCHEDULE_FULL, SchedulePhase(1, HALT, 99), [SchedulePhase(1, HALT, 99)] * 64),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.reason.name}-{case.command}"[:70])
def test_a_bad_command_is_refused_and_changes_nothing(desk, case):
    for command in case.before:
        assert not any("rejected" in event for event in desk.do(command, ME))
    live, last = desk.engine.live_orders, desk.engine.last_order_id
    if isinstance(case.command, bytes):
        (event,) = desk.engine.execute_bytes(ME, case.command)
        assert event.reason == case.reason
    else:
        assert desk.do(case.command, ME) == [f"rejected: {case.reason.name}"]
    assert (desk.engine.live_orders, desk.engine.last_order_id) == (live, last)


def test_a_full_venue_and_a_full_table_of_limits_refuse_more(new_desk):
    desk = new_desk(orders_max=0)
    assert desk.do(GOOD) == [f"rejected: {R.BOOK_FULL.name}"]
    for number in range(1, 65_537):
        desk.engine.apply(ME, SetKillSwitch(RiskScope.ACCOUNT, number, False))
    full = [f"rejected: {R.TOO_MANY_LIMITS.name}"]
    assert desk.do(LIMITS) == full
    assert desk.do(SetKillSwitch(RiskScope.SESSION, ME)) == full
    assert desk.do(SetPosition(RiskScope.SESSION, ME, 1, 1)) == full
    assert desk.do(ConfigureSession(1), ME) == full
    assert desk.do(SetPosition(RiskScope.ACCOUNT, 9, 1, 1)) == ["done: 67 for 9"]


def test_sessions_that_choose_for_themselves_leave_room_for_whoever_administers(new_desk):
    desk = new_desk()
    for session in range(1, 40_000):
        assert desk.do(ConfigureSession(0), session) == [f"done: 16 for {session}"]
    chosen = [desk.do(ConfigureSession(1), session) for session in range(1, 32_770)]
    assert chosen[-2:] == [["done: 16 for 32768"], [f"rejected: {R.TOO_MANY_LIMITS.name}"]]
    assert desk.do(ConfigureSession(0), 32_769) == ["done: 16 for 32769"]
    assert desk.do(ConfigureSession(2), 1) == ["done: 16 for 1"]
    assert desk.do(SetKillSwitch(RiskScope.ACCOUNT, 5)) == ["done: 68 for 5"]
    assert desk.do(LIMITS)[0].startswith("done: 66")


def test_every_reason_has_its_case():
    tested = {case.reason for case in CASES} | {R.BOOK_FULL, R.TOO_MANY_LIMITS}
    assert tested | set(NOT_THE_ENGINES) == set(R)
    assert not tested & set(NOT_THE_ENGINES)


FAULTS = [
    ({"instrument": 77}, R.UNKNOWN_INSTRUMENT),
    ({"side": 9}, R.INVALID_SIDE),
    ({"ord_type": 9}, R.INVALID_ORD_TYPE),
    ({"time_in_force": 9}, R.INVALID_TIME_IN_FORCE),
    ({"price": 0}, R.INVALID_PRICE),
    ({"quantity": 0}, R.INVALID_QUANTITY),
    ({"stop_price": 5}, R.INVALID_STOP_PRICE),
    ({"display_quantity": 0}, R.INVALID_DISPLAY_QUANTITY),
    ({"minimum_quantity": 0}, R.INVALID_MINIMUM_QUANTITY),
    ({"expire_time_ns": 5}, R.INVALID_EXPIRE_TIME),
    ({"self_trade_prevention": 9}, R.INVALID_INSTRUCTIONS),
    ({"cl_ord_id": 0}, R.INVALID_CL_ORD_ID),
]


@pytest.mark.parametrize(("first", "second"), list(combinations(FAULTS, 2)), ids=lambda fault: fault[1].name)
def test_of_two_wrong_values_the_first_is_the_reason(desk, first, second):
    assert desk.do(replace(GOOD, **first[0], **second[0])) == [f"rejected: {first[1].name}"]


def test_of_all_that_the_state_forbids_the_first_is_the_reason(new_desk):
    """Everything is wrong; what comes first is put right, until nothing is wrong."""
    desk = new_desk(orders_max=2)
    desk.sell(5, 1, 100, 9)
    desk.sell(6, 1, 200, 9)
    wish = NewOrder(5, 1, Side.BUY, 10, 100, account=3, post_only=True)
    tight = {"order_quantity_max": 1, "order_value_max": 1}
    rules = {"band_high": 99, "collar": 1, "reference_price": 50} | tight
    limits = tight | {"rate_interval_ns": SECOND, "messages_max": 1, "open_orders_max": 0, "position_max": 1}
    scopes = [(RiskScope.SESSION, ME), (RiskScope.ACCOUNT, 3)]
    desk.rules(**rules)
    for scope, number in scopes:
        desk.do(SetLimits(scope, number, **limits))
        desk.do(SetKillSwitch(scope, number))
    desk.phase(HALT)

    def refused(reason: RejectReason) -> None:
        assert desk.do(wish, ME) == [f"rejected: {reason.name}"]

    refused(R.WRONG_PHASE)
    desk.phase(TradingPhase.CONTINUOUS)
    refused(R.OUTSIDE_PRICE_BAND)
    for name, reason in (("band_high", R.OUTSIDE_COLLAR), ("collar", R.QUANTITY_ABOVE_MAXIMUM)):
        del rules[name]
        desk.rules(**rules)
        refused(reason)
    del rules["order_quantity_max"]
    desk.rules(**rules)
    refused(R.VALUE_ABOVE_MAXIMUM)
    desk.rules()
    for scope, number in scopes:
        refused(R.KILLED)
        desk.do(SetKillSwitch(scope, number, False))
        left = dict(limits)
        desk.do(SetLimits(scope, number, **left))
        refused(R.QUANTITY_ABOVE_MAXIMUM)
        refused(R.RATE_EXCEEDED)
        del left["rate_interval_ns"], left["messages_max"]
        for name, reason in (
            ("order_quantity_max", R.VALUE_ABOVE_MAXIMUM),
            ("order_value_max", R.TOO_MANY_OPEN_ORDERS),
            ("open_orders_max", R.POSITION_ABOVE_MAXIMUM),
        ):
            del left[name]
            desk.do(SetLimits(scope, number, **left))
            refused(reason)
        desk.do(SetLimits(scope, number))
    refused(R.BOOK_FULL)
    desk.cancel(6, 9)
    refused(R.WOULD_TRADE)
    desk.cancel(5, 9)
    assert desk.do(wish, ME) == ["5 accepted"]


def test_the_client_id_is_looked_at_before_the_phase(desk):
    desk.do(GOOD)
    desk.phase(HALT)
    assert desk.do(GOOD) == [f"rejected: {R.DUPLICATE_CL_ORD_ID.name}"]


REPLACE_FAULTS = [
    (ReplaceOrder(0, 5, 0, 0), R.INVALID_PRICE),
    (ReplaceOrder(0, 5, 100, 0), R.INVALID_QUANTITY),
    (ReplaceOrder(0, 5, 100, 2001), R.INVALID_DISPLAY_QUANTITY),
    (ReplaceOrder(0, 5, 100, 1), R.INVALID_CL_ORD_ID),
    (ReplaceOrder(6, 5, 100, 1), R.DUPLICATE_CL_ORD_ID),
    (ReplaceOrder(5, 5, 100, 1), R.QUANTITY_NOT_ABOVE_FILLED),
    (ReplaceOrder(5, 5, 100, 9), R.WRONG_PHASE),
]


@pytest.mark.parametrize(("command", "reason"), REPLACE_FAULTS)
def test_of_all_that_is_wrong_with_a_replace_the_first_is_the_reason(desk, command, reason):
    desk.buy(5, 10, 100, display_quantity=2)
    desk.buy(6, 10, 100)
    desk.sell(7, 1, 100)
    desk.phase(HALT)
    assert desk.do(command, ME) == [f"rejected: {reason.name}"]
