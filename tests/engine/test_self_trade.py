"""Self-trade prevention: who is oneself, and what each mode does about it."""

import pytest

from seriatim.engine import SelfTradePrevention as Stp
from seriatim.engine import Side, TradingPhase
from tests.engine.desk import DAY, FOK, IOC, ME, OTHER

MODES = [Stp.CANCEL_NEWEST, Stp.CANCEL_OLDEST, Stp.CANCEL_BOTH, Stp.DECREMENT]


def test_without_a_mode_one_trades_with_oneself(desk):
    desk.sell(1, 5, 100, ME, self_trade_prevention=Stp.CANCEL_BOTH)
    assert desk.buy(2, 5, 100, ME) == ["2 accepted", "2 buys 5 @ 100 with 1"]


def test_cancel_newest_keeps_what_was_there(desk):
    desk.sell(1, 3, 99)
    desk.sell(2, 5, 100, ME)
    desk.sell(3, 5, 100)
    assert desk.buy(4, 10, 100, self_trade_prevention=Stp.CANCEL_NEWEST) == [
        "4 accepted",
        "4 buys 3 @ 99 with 1",
        "4 cancelled 7: SELF_TRADE",
    ]
    assert desk.queue(Side.SELL, 100) == [(2, 5), (3, 5)]


def test_cancel_oldest_goes_on_with_the_next(desk):
    desk.sell(1, 5, 100, ME)
    desk.sell(2, 5, 100)
    assert desk.buy(3, 7, 100, self_trade_prevention=Stp.CANCEL_OLDEST) == [
        "3 accepted",
        "1 cancelled 5: SELF_TRADE",
        "3 buys 5 @ 100 with 2",
    ]
    assert desk.book(Side.BUY) == [(100, 2)]


def test_cancel_both_takes_one_of_each(desk):
    desk.sell(1, 5, 100, ME)
    desk.sell(2, 5, 100, ME)
    assert desk.buy(3, 7, 100, self_trade_prevention=Stp.CANCEL_BOTH) == [
        "3 accepted",
        "1 cancelled 5: SELF_TRADE",
        "3 cancelled 7: SELF_TRADE",
    ]
    assert desk.queue(Side.SELL, 100) == [(2, 5)]


def test_decrement_takes_the_same_from_both(desk):
    desk.sell(1, 5, 100, ME)
    desk.sell(2, 5, 100)
    assert desk.buy(3, 7, 100, self_trade_prevention=Stp.DECREMENT) == [
        "3 accepted",
        "1 cancelled 5: SELF_TRADE",
        "3 reduced by 5 to 2: SELF_TRADE",
        "3 buys 2 @ 100 with 2",
    ]


def test_decrement_may_end_the_taker_and_leave_the_maker_in_its_place(desk):
    desk.sell(1, 9, 100, ME)
    desk.sell(2, 5, 100)
    assert desk.buy(3, 7, 100, self_trade_prevention=Stp.DECREMENT) == [
        "3 accepted",
        "1 reduced by 7 to 2: SELF_TRADE",
        "3 cancelled 7: SELF_TRADE",
    ]
    assert desk.queue(Side.SELL, 100) == [(1, 2), (2, 5)]


def test_decrement_counts_hidden_lots(desk):
    desk.sell(1, 30, 100, ME, display_quantity=4)
    assert desk.buy(2, 27, 100, self_trade_prevention=Stp.DECREMENT)[1:] == [
        "1 reduced by 27 to 3: SELF_TRADE",
        "2 cancelled 27: SELF_TRADE",
    ]
    assert desk.book(Side.SELL) == [(100, 3)]


def test_both_may_be_gone(desk):
    desk.sell(1, 7, 100, ME)
    assert desk.buy(2, 7, 100, self_trade_prevention=Stp.DECREMENT)[1:] == [
        "1 cancelled 7: SELF_TRADE",
        "2 cancelled 7: SELF_TRADE",
    ]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("maker", "taker", "same"),
    [
        ({"session": ME}, {}, True),
        ({"session": OTHER}, {}, False),
        ({"session": OTHER, "account": 5}, {"account": 5}, True),
        ({"session": ME, "account": 6}, {"account": 5}, False),
        ({"session": ME}, {"account": 5}, False),
        ({"session": OTHER, "account": 6, "self_trade_group": 3}, {"account": 5, "self_trade_group": 3}, True),
        ({"session": ME, "account": 5, "self_trade_group": 4}, {"account": 5, "self_trade_group": 3}, False),
        ({"session": ME, "account": 5}, {"account": 5, "self_trade_group": 3}, False),
        ({"session": OTHER, "account": 5, "self_trade_group": 3}, {"account": 5}, True),
    ],
)
def test_oneself_is_the_group_or_the_account_or_the_session_of_the_taker(desk, mode, maker, taker, same):
    desk.sell(1, 5, 100, **maker)
    events = desk.buy(2, 5, 100, ME, self_trade_prevention=mode, **taker)
    assert any("SELF_TRADE" in event for event in events) == same
    assert any("with 1" in event for event in events) != same


@pytest.mark.parametrize(
    ("mode", "fills"),
    [(Stp.NONE, True), (Stp.CANCEL_OLDEST, False), (Stp.CANCEL_NEWEST, False), (Stp.CANCEL_BOTH, False)],
)
def test_fill_or_kill_counts_own_orders_only_if_it_would_trade_with_them(desk, mode, fills):
    desk.sell(1, 5, 100, ME)
    desk.sell(2, 5, 100)
    events = desk.buy(3, 10, 100, time_in_force=FOK, self_trade_prevention=mode)
    assert events[1:] == (["3 buys 5 @ 100 with 1", "3 buys 5 @ 100 with 2"] if fills else ["3 cancelled 10: UNFILLED"])


def test_fill_or_kill_looks_beyond_own_orders_that_it_would_cancel(desk):
    desk.sell(1, 5, 100, ME)
    desk.sell(2, 5, 100)
    assert desk.buy(3, 5, 100, time_in_force=FOK, self_trade_prevention=Stp.CANCEL_OLDEST) == [
        "3 accepted",
        "1 cancelled 5: SELF_TRADE",
        "3 buys 5 @ 100 with 2",
    ]


def test_a_minimum_that_is_met_before_oneself_is_met(desk):
    desk.sell(1, 5, 99)
    desk.sell(2, 5, 100, ME)
    newest = {"time_in_force": IOC, "self_trade_prevention": Stp.CANCEL_NEWEST}
    assert desk.buy(3, 10, 100, minimum_quantity=6, **newest) == ["3 accepted", "3 cancelled 10: MINIMUM_NOT_MET"]
    assert desk.buy(4, 10, 100, minimum_quantity=5, **newest)[1:] == [
        "4 buys 5 @ 99 with 1",
        "4 cancelled 5: SELF_TRADE",
    ]


def test_a_replace_and_a_triggered_stop_follow_the_orders_own_mode(desk):
    desk.sell(1, 5, 100, ME)
    desk.buy(2, 5, 90, self_trade_prevention=Stp.CANCEL_OLDEST, time_in_force=DAY)
    assert desk.replace(2, 5, 100) == ["2 replaced, 5 @ 100, loses its place", "1 cancelled 5: SELF_TRADE"]
    desk.cancel(2)
    desk.sell(3, 5, 101, ME)
    desk.buy(4, 5, stop_price=100, self_trade_prevention=Stp.CANCEL_BOTH)
    desk.sell(5, 1, 100)
    assert desk.buy(6, 1, 100, OTHER)[1:] == [
        "6 buys 1 @ 100 with 5",
        "4 triggered",
        "3 cancelled 5: SELF_TRADE",
        "4 cancelled 5: SELF_TRADE",
    ]


def test_an_auction_does_not_look_at_it(desk):
    desk.phase(TradingPhase.OPENING_AUCTION)
    desk.sell(1, 5, 100, ME, self_trade_prevention=Stp.CANCEL_BOTH)
    desk.buy(2, 5, 100, ME, self_trade_prevention=Stp.CANCEL_BOTH)
    assert "2 buys 5 @ 100 with 1, auction" in desk.phase(TradingPhase.CONTINUOUS)
