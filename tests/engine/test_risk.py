"""Limits of sessions and accounts, their positions, rates and kill switches; and trades that are busted."""

import pytest

from seriatim.engine import (
    BustTrade,
    CancelOn,
    ConfigureSession,
    RiskScope,
    SetKillSwitch,
    SetLimits,
    SetPosition,
)
from seriatim.schemas import SessionEnd
from tests.engine.desk import IOC, ME, OTHER, SECOND

SESSION, ACCOUNT = RiskScope.SESSION, RiskScope.ACCOUNT
MILLISECOND = 1_000_000


def limit(desk, scope=SESSION, number=ME, **limits):
    return desk.do(SetLimits(scope, number, **limits))


def test_quantity_and_value_of_an_order_are_limited(desk):
    assert limit(desk, order_quantity_max=10, order_value_max=800) == [f"done: 66 for {ME}"]
    assert desk.buy(1, 11, 1) == ["rejected: QUANTITY_ABOVE_MAXIMUM"]
    assert desk.buy(1, 9, 89) == ["rejected: VALUE_ABOVE_MAXIMUM"]
    assert desk.buy(1, 9, 88) == ["1 accepted"]
    assert desk.replace(1, 11, 1) == ["rejected: QUANTITY_ABOVE_MAXIMUM"]
    assert desk.buy(2, 11, 100, OTHER) == ["2 accepted"]


def test_limits_replace_those_before(desk):
    limit(desk, order_quantity_max=1)
    limit(desk, open_orders_max=1)
    assert desk.buy(1, 5, 100) == ["1 accepted"]


def test_open_orders_are_counted_from_what_is_live_when_the_limits_come(desk):
    desk.buy(1, 1, 100)
    desk.buy(2, 1, stop_price=110)
    limit(desk, open_orders_max=3)
    assert desk.buy(3, 1, 100) == ["3 accepted"]
    assert desk.buy(4, 1, 100) == ["rejected: TOO_MANY_OPEN_ORDERS"]
    assert desk.buy(4, 1, stop_price=110) == ["rejected: TOO_MANY_OPEN_ORDERS"]
    assert desk.buy(4, 1, 100, time_in_force=IOC)[0] == "4 accepted"
    assert desk.replace(3, 2, 101) == ["3 replaced, 2 @ 101, loses its place"]
    desk.cancel(2)
    assert desk.buy(5, 1, 100) == ["5 accepted"]
    desk.sell(6, 2, 101)
    assert desk.buy(7, 1, 100) == ["7 accepted"]


def test_no_open_order_at_all_may_be_the_limit(desk):
    limit(desk, open_orders_max=0)
    assert desk.buy(1, 1, 100) == ["rejected: TOO_MANY_OPEN_ORDERS"]


def test_a_position_counts_trades_and_all_that_is_open_on_the_same_side(desk):
    limit(desk, position_max=10)
    desk.sell(1, 4, 100)
    desk.buy(2, 4, 100)
    assert desk.buy(3, 7, 99) == ["rejected: POSITION_ABOVE_MAXIMUM"]
    assert desk.buy(3, 4, 99) == ["3 accepted"]
    assert desk.buy(4, 2, stop_price=120) == ["4 accepted"]
    assert desk.buy(5, 1, 99) == ["rejected: POSITION_ABOVE_MAXIMUM"]
    assert desk.sell(5, 15, 130, ME) == ["rejected: POSITION_ABOVE_MAXIMUM"]
    assert desk.sell(5, 14, 130, ME) == ["5 accepted"]
    assert desk.sell(6, 1, 130, ME) == ["rejected: POSITION_ABOVE_MAXIMUM"]
    assert desk.buy(6, 10, 99, instrument=2) == ["6 accepted"]


def test_a_replace_counts_instead_of_what_it_replaces(desk):
    limit(desk, position_max=10)
    desk.buy(1, 6, 99)
    desk.buy(2, 4, 99)
    assert desk.replace(1, 7, 99) == ["rejected: POSITION_ABOVE_MAXIMUM"]
    assert desk.replace(1, 6, 98) == ["1 replaced, 6 @ 98, loses its place"]
    desk.sell(3, 5, 98)
    assert desk.replace(1, 7, 98) == ["rejected: POSITION_ABOVE_MAXIMUM"]
    assert desk.replace(1, 6, 97) == ["1 replaced, 5 @ 97, loses its place"]


def test_positions_begin_at_zero_with_the_entry_and_are_set_by_hand(desk):
    desk.sell(1, 50, 100)
    desk.buy(2, 20, 100)
    limit(desk, position_max=10)
    assert desk.buy(3, 10, 100)[0] == "3 accepted"
    assert desk.buy(4, 1, 100) == ["rejected: POSITION_ABOVE_MAXIMUM"]
    assert desk.do(SetPosition(SESSION, ME, 1, -5)) == [f"done: 67 for {ME}"]
    assert desk.buy(4, 15, 100)[0] == "4 accepted"


def test_an_account_is_limited_across_sessions(desk):
    limit(desk, ACCOUNT, 5, position_max=10)
    assert desk.buy(1, 6, 100, ME, account=5) == ["1 accepted"]
    assert desk.buy(2, 5, 100, OTHER, account=5) == ["rejected: POSITION_ABOVE_MAXIMUM"]
    assert desk.buy(2, 5, 100, OTHER, account=6) == ["2 accepted"]
    assert desk.buy(3, 5, 100, OTHER) == ["3 accepted"]


def test_the_rate_is_counted_in_windows_that_begin_with_a_message(desk):
    limit(desk, rate_interval_ns=SECOND, messages_max=2)
    assert desk.buy(1, 1, 100, at=5 * SECOND) == ["1 accepted"]
    assert desk.replace(1, 1, 101) == ["1 replaced, 1 @ 101, loses its place"]
    assert desk.buy(2, 1, 100, at=6 * SECOND - 1) == ["rejected: RATE_EXCEEDED"]
    assert desk.cancel(1) == ["1 cancelled 1: REQUESTED"]
    assert desk.buy(3, 1, 100, at=6 * SECOND) == ["3 accepted"]
    assert desk.buy(4, 1, 100, at=6 * SECOND) == ["4 accepted"]
    assert desk.buy(5, 1, 100, at=6 * SECOND) == ["rejected: RATE_EXCEEDED"]


def test_what_a_later_check_refuses_has_counted_and_what_an_earlier_one_refuses_has_not(desk):
    limit(desk, rate_interval_ns=SECOND, messages_max=2, order_quantity_max=1)
    assert desk.buy(1, 1, 0) == ["rejected: INVALID_PRICE"]
    assert desk.buy(1, 2, 100) == ["rejected: QUANTITY_ABOVE_MAXIMUM"]
    assert desk.buy(1, 1, 100) == ["1 accepted"]
    assert desk.buy(2, 1, 100) == ["rejected: RATE_EXCEEDED"]


def test_the_sessions_limits_come_before_the_accounts(desk):
    limit(desk, SESSION, ME, order_quantity_max=1)
    limit(desk, ACCOUNT, 5, rate_interval_ns=SECOND, messages_max=1)
    assert desk.buy(1, 2, 100, account=5) == ["rejected: QUANTITY_ABOVE_MAXIMUM"]
    assert desk.buy(1, 1, 100, account=5) == ["1 accepted"]
    assert desk.buy(2, 1, 100, account=5) == ["rejected: RATE_EXCEEDED"]
    assert desk.buy(2, 1, 100, OTHER, account=5) == ["rejected: RATE_EXCEEDED"]


def test_a_kill_switch_lets_nothing_in_until_it_is_released(desk):
    desk.buy(1, 5, 100)
    desk.buy(2, 5, stop_price=120)
    desk.buy(3, 5, 100, OTHER)
    assert desk.do(SetKillSwitch(SESSION, ME, True)) == [
        f"done: 68 for {ME}",
        "1 cancelled 5: KILL_SWITCH",
        "2 cancelled 5: KILL_SWITCH",
    ]
    assert desk.buy(4, 5, 100) == ["rejected: KILLED"]
    assert desk.do(SetKillSwitch(SESSION, ME, False)) == [f"done: 68 for {ME}"]
    assert desk.buy(4, 5, 100) == ["4 accepted"]


def test_an_accounts_kill_switch_takes_its_orders_in_all_sessions(desk):
    desk.buy(1, 5, 100, OTHER, account=5)
    desk.buy(2, 5, 100, ME, account=5)
    desk.buy(3, 5, 100, ME)
    assert desk.do(SetKillSwitch(ACCOUNT, 5)) == [
        "done: 68 for 5",
        "2 cancelled 5: KILL_SWITCH",
        "1 cancelled 5: KILL_SWITCH",
    ]
    assert desk.buy(4, 5, 100, OTHER, account=5) == ["rejected: KILLED"]
    assert desk.buy(4, 5, 100, OTHER) == ["4 accepted"]


def test_who_is_killed_does_not_count_for_the_rate(desk):
    limit(desk, rate_interval_ns=SECOND, messages_max=1)
    desk.do(SetKillSwitch(SESSION, ME))
    desk.buy(1, 5, 100)
    desk.do(SetKillSwitch(SESSION, ME, False))
    assert desk.buy(1, 5, 100) == ["1 accepted"]


def test_cancel_on_disconnect_by_limits_or_by_the_sessions_own_wish(desk):
    limit(desk, cancel_on=CancelOn.DISCONNECT)
    desk.do(ConfigureSession(CancelOn.LOGOFF), ME)
    desk.buy(1, 5, 100)
    assert desk.close(ME, SessionEnd.LOGOFF) == ["1 cancelled 5: LOGGED_OFF"]
    desk.buy(2, 5, 100)
    assert desk.close(ME, SessionEnd.DISCONNECTED) == ["2 cancelled 5: DISCONNECTED"]
    limit(desk)
    desk.buy(3, 5, 100)
    assert desk.close(ME, SessionEnd.DISCONNECTED) == []


@pytest.mark.parametrize(
    "limits",
    [
        {"scope": 0},
        {"scope": 3},
        {"id": 0},
        {"order_quantity_max": 0},
        {"order_quantity_max": 10**12 + 1},
        {"order_value_max": 0},
        {"position_max": 0},
        {"position_max": 10**12 + 1},
        {"rate_interval_ns": SECOND},
        {"messages_max": 1},
        {"rate_interval_ns": SECOND, "messages_max": 0},
        {"rate_interval_ns": MILLISECOND - 1, "messages_max": 1},
        {"rate_interval_ns": 3600 * SECOND + 1, "messages_max": 1},
        {"rate_interval_ns": -1},
        {"cancel_on": 4},
        {"scope": ACCOUNT, "cancel_on": CancelOn.DISCONNECT},
    ],
)
def test_limits_that_make_no_sense_are_refused(desk, limits):
    assert desk.do(SetLimits(**({"scope": SESSION, "id": ME} | limits))) == ["rejected: INVALID_LIMITS"]


@pytest.mark.parametrize(
    "command",
    [
        SetPosition(0, ME, 1, 0),
        SetPosition(SESSION, 0, 1, 0),
        SetPosition(SESSION, ME, 1, 10**15 + 1),
        SetPosition(SESSION, ME, 1, -(10**15) - 1),
        SetKillSwitch(3, ME),
        SetKillSwitch(ACCOUNT, 0),
        ConfigureSession(4),
    ],
)
def test_other_settings_that_make_no_sense_are_refused(desk, command):
    assert desk.do(command) == ["rejected: INVALID_LIMITS"]


def test_a_position_is_of_an_instrument_that_is_known(desk):
    assert desk.do(SetPosition(0, 0, 77, 0)) == ["rejected: UNKNOWN_INSTRUMENT"]


def test_a_bust_puts_positions_back_and_leaves_the_book(desk):
    limit(desk, position_max=10)
    limit(desk, SESSION, OTHER, position_max=10)
    desk.sell(1, 10, 100)
    desk.buy(2, 10, 100)
    assert desk.buy(3, 1, 100) == ["rejected: POSITION_ABOVE_MAXIMUM"]
    assert desk.do(BustTrade(1)) == ["trade 1 of 2 and 1 busted"]
    assert desk.buy(3, 10, 100) == ["3 accepted"]
    assert desk.sell(4, 10, 101) == ["4 accepted"]
    assert desk.do(BustTrade(1)) == ["rejected: UNKNOWN_TRADE"]


@pytest.mark.parametrize("trade_id", [0, 2, 2**64 - 1])
def test_a_trade_that_never_was_cannot_be_busted(desk, trade_id):
    desk.trade(100)
    assert desk.do(BustTrade(trade_id)) == ["rejected: UNKNOWN_TRADE"]


def test_only_the_last_65536_trades_can_be_busted(desk):
    for name in range(1, 67):
        desk.sell(name, 1_000, 100, display_quantity=1)
    desk.buy(100, 65_537, 100)
    assert desk.do(BustTrade(1)) == ["rejected: UNKNOWN_TRADE"]
    assert desk.do(BustTrade(2)) == ["trade 2 of 100 and 2 busted"]
