"""Conditions on trading at once: fill or kill, minimum quantity, post-only; and orders whose time is over."""

from seriatim.engine import SelfTradePrevention as Stp
from seriatim.engine import Side, TradingPhase
from tests.engine.desk import FOK, GTD, IOC, ME, OTHER, SECOND


def test_a_minimum_must_trade_at_once_or_nothing_does(desk):
    desk.sell(1, 5, 100)
    assert desk.buy(2, 9, 100, minimum_quantity=6) == ["2 accepted", "2 cancelled 9: MINIMUM_NOT_MET"]
    assert desk.buy(3, 9, 100, minimum_quantity=5) == ["3 accepted", "3 buys 5 @ 100 with 1"]
    assert desk.book(Side.BUY) == [(100, 4)]


def test_a_minimum_is_looked_at_once(desk):
    desk.sell(1, 5, 100)
    desk.buy(2, 9, 100, minimum_quantity=5)
    desk.sell(3, 1, 101)
    assert desk.replace(2, 9, 101) == ["2 replaced, 4 @ 101, loses its place", "2 buys 1 @ 101 with 3"]


def test_a_market_order_may_have_a_minimum(desk):
    desk.sell(1, 5, 100)
    assert desk.buy(2, 9, minimum_quantity=6)[1:] == ["2 cancelled 9: MINIMUM_NOT_MET"]
    assert desk.buy(2, 9, minimum_quantity=5)[1:] == ["2 buys 5 @ 100 with 1", "2 cancelled 4: UNFILLED"]


def test_post_only_is_refused_rather_than_traded(desk):
    desk.sell(1, 5, 100)
    assert desk.buy(2, 5, 100, post_only=True) == ["rejected: WOULD_TRADE"]
    assert desk.buy(2, 5, 99, post_only=True) == ["2 accepted"]
    assert desk.replace(2, 5, 100) == ["rejected: WOULD_TRADE"]
    assert desk.replace(2, 6, 99) == ["2 replaced, 6 @ 99, loses its place"]
    assert desk.engine.last_order_id == 2


def test_post_only_counts_own_orders(desk):
    desk.sell(1, 5, 100, ME)
    assert desk.buy(2, 5, 100, post_only=True, self_trade_prevention=Stp.CANCEL_OLDEST) == ["rejected: WOULD_TRADE"]


def test_post_only_does_not_count_orders_that_are_due(desk):
    desk.sell(1, 5, 100, time_in_force=GTD, expire_time_ns=10)
    assert desk.buy(2, 5, 100, post_only=True, at=10) == ["2 accepted", "1 cancelled 5: EXPIRED"]
    assert desk.book(Side.BUY) == [(100, 5)]


def test_room_comes_before_post_only(new_desk):
    desk = new_desk(orders_max=1)
    desk.sell(1, 5, 100)
    assert desk.buy(2, 5, 100, post_only=True) == ["rejected: BOOK_FULL"]


def test_an_order_that_is_due_never_trades(desk):
    desk.sell(1, 5, 100, time_in_force=GTD, expire_time_ns=10)
    desk.sell(2, 5, 100)
    assert desk.buy(3, 5, 100, at=10) == ["3 accepted", "1 cancelled 5: EXPIRED", "3 buys 5 @ 100 with 2"]


def test_a_taker_does_not_reach_orders_that_are_due_at_worse_prices(desk):
    desk.sell(1, 5, 101, time_in_force=GTD, expire_time_ns=10)
    assert desk.buy(2, 5, 100, at=10) == ["2 accepted"]
    assert desk.engine.live_orders == 2


def test_orders_that_are_due_do_not_count_for_fill_or_kill_and_stay_if_it_is_killed(desk):
    desk.sell(1, 5, 100, time_in_force=GTD, expire_time_ns=10)
    desk.sell(2, 5, 100)
    assert desk.buy(3, 10, 100, time_in_force=FOK, at=10) == ["3 accepted", "3 cancelled 10: UNFILLED"]
    assert desk.buy(4, 5, 100, time_in_force=FOK)[1:] == ["1 cancelled 5: EXPIRED", "4 buys 5 @ 100 with 2"]


def test_a_due_order_can_be_cancelled_and_reduced_and_not_replaced(desk):
    desk.buy(1, 5, 100, time_in_force=GTD, expire_time_ns=10)
    assert desk.replace(1, 5, 101, at=10) == ["rejected: UNKNOWN_ORDER"]
    assert desk.reduce(1, 2) == ["1 reduced by 2 to 3"]
    assert desk.cancel(1) == ["1 cancelled 3: REQUESTED"]


def test_a_tick_cancels_what_is_due_by_time_and_then_by_age(desk):
    desk.buy(1, 5, 100, time_in_force=GTD, expire_time_ns=20)
    desk.buy(2, 5, 100, time_in_force=GTD, expire_time_ns=10)
    desk.sell(3, 5, stop_price=90, time_in_force=GTD, expire_time_ns=20)
    desk.sell(4, 5, 110, time_in_force=GTD, expire_time_ns=30)
    assert desk.engine.next_due == 10
    assert desk.tick(9) == []
    assert desk.tick(20) == ["2 cancelled 5: EXPIRED", "1 cancelled 5: EXPIRED", "3 cancelled 5: EXPIRED"]
    assert desk.engine.next_due == 30


def test_an_order_may_not_be_due_when_it_comes(desk):
    assert desk.buy(1, 5, 100, time_in_force=GTD, expire_time_ns=10, at=10) == ["rejected: INVALID_EXPIRE_TIME"]
    assert desk.buy(1, 5, 100, time_in_force=GTD, expire_time_ns=11) == ["1 accepted"]


def test_time_never_falls(desk):
    desk.tick(SECOND)
    assert desk.buy(1, 5, 100, time_in_force=GTD, expire_time_ns=SECOND, at=5) == ["rejected: INVALID_EXPIRE_TIME"]


def test_the_last_time_of_all_is_a_time_and_no_order_without_one_is_due_then(desk):
    last = 2**63 - 1
    desk.buy(1, 1, 100, time_in_force=GTD, expire_time_ns=last)
    desk.sell(2, 5, 110, display_quantity=2)
    assert desk.engine.next_due == last
    assert desk.tick(last) == ["1 cancelled 1: EXPIRED"]
    assert desk.buy(3, 5, 110)[1] == "3 buys 2 @ 110 with 2"


def test_a_stop_that_is_due_goes_instead_of_being_triggered(desk):
    desk.trade(100)
    desk.buy(1, 5, stop_price=101, time_in_force=GTD, expire_time_ns=10)
    desk.sell(2, 1, 101)
    assert desk.buy(3, 1, 101, OTHER, at=10)[2:] == ["1 cancelled 5: EXPIRED"]


def test_expiries_go_in_pieces(desk):
    for name in range(1, 301):
        desk.buy(name, 1, 100, time_in_force=GTD, expire_time_ns=10)
    assert len(desk.tick(10)) == 256
    assert desk.engine.next_due == 10
    assert len(desk.tick(10)) == 44


def test_expiry_goes_on_in_every_phase(desk):
    desk.buy(1, 1, 100, time_in_force=GTD, expire_time_ns=10)
    desk.phase(TradingPhase.CLOSED)
    assert desk.tick(10) == ["1 cancelled 1: EXPIRED"]


def test_what_is_left_of_an_immediate_order_is_cancelled_once(desk):
    desk.sell(1, 5, 100, ME)
    newest = {"time_in_force": IOC, "self_trade_prevention": Stp.CANCEL_NEWEST}
    assert desk.buy(2, 5, 100, **newest) == ["2 accepted", "2 cancelled 5: SELF_TRADE"]
