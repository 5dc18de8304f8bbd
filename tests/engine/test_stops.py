"""Stop orders: when they are triggered, in which order, and what becomes of them then."""

from seriatim.engine import Side, TradingPhase
from tests.engine.desk import FOK, IOC, ME, OTHER


def test_a_stop_waits_unseen_until_the_last_price_reaches_it(desk):
    assert desk.buy(1, 5, stop_price=105) == ["1 accepted"]
    assert desk.book(Side.BUY) == []
    assert desk.engine.live_orders == 1
    assert desk.engine.queue_position(ME, 1) is None
    desk.trade(104)
    desk.sell(2, 3, 106)
    desk.sell(3, 1, 105)
    assert desk.buy(4, 1, 105) == [
        "4 accepted",
        "4 buys 1 @ 105 with 3",
        "1 triggered",
        "1 buys 3 @ 106 with 2",
        "1 cancelled 2: UNFILLED",
    ]


def test_a_sell_stop_triggers_on_the_way_down(desk):
    desk.sell(1, 5, stop_price=95, price=94)
    desk.buy(2, 1, 95)
    assert desk.sell(3, 1, 95) == ["3 accepted", "3 sells 1 @ 95 with 2", "1 triggered"]
    assert desk.book(Side.SELL) == [(94, 5)]


def test_a_stop_that_is_reached_when_it_comes_is_triggered_at_once(desk):
    desk.trade(100)
    desk.sell(1, 5, 101)
    assert desk.buy(2, 5, stop_price=100) == ["2 accepted", "2 triggered", "2 buys 5 @ 101 with 1"]
    assert desk.buy(3, 5, 99, stop_price=101) == ["3 accepted", "3 triggered"]
    assert desk.book(Side.BUY) == [(99, 5)]


def test_buys_go_first_then_the_price_that_was_reached_first_then_the_first_to_come(desk):
    desk.trade(100)
    desk.sell(1, 1, stop_price=99, price=50)
    desk.sell(2, 1, stop_price=98, price=50)
    desk.sell(3, 1, stop_price=99, price=50)
    desk.buy(4, 1, stop_price=103, price=40)
    desk.buy(5, 1, stop_price=102, price=40)
    desk.sell(6, 2, 110)
    assert desk.buy(7, 2, 110)[2:] == ["5 triggered", "4 triggered"]
    desk.cancel(4)
    desk.cancel(5)
    desk.buy(8, 2, 60)
    assert desk.sell(9, 2, 60)[2:] == ["1 triggered", "3 triggered", "2 triggered"]


def test_a_cascade_looks_anew_after_each(desk):
    desk.trade(100)
    for name, price in ((1, 101), (2, 103), (3, 105)):
        desk.sell(name, 1, price)
    desk.buy(4, 1, stop_price=101)
    desk.buy(5, 1, stop_price=103)
    desk.buy(6, 1, stop_price=106)
    assert desk.buy(7, 1, 101) == [
        "7 accepted",
        "7 buys 1 @ 101 with 1",
        "4 triggered",
        "4 buys 1 @ 103 with 2",
        "5 triggered",
        "5 buys 1 @ 105 with 3",
    ]
    assert desk.engine.live_orders == 1


def test_a_buy_may_trigger_a_sell_stop(desk):
    desk.trade(100)
    desk.buy(1, 1, 90)
    desk.sell(2, 1, stop_price=95)
    desk.buy(3, 1, stop_price=105)
    desk.sell(4, 1, 106)
    desk.sell(5, 1, stop_price=105, price=91)
    desk.sell(6, 1, 105)
    assert desk.buy(7, 1, 105) == ["7 accepted", "7 buys 1 @ 91 with 5", "2 triggered", "2 sells 1 @ 90 with 1"]


def test_only_the_last_price_after_all_of_a_commands_trading_counts(desk):
    desk.trade(100)
    desk.sell(1, 1, 104)
    desk.sell(2, 1, 105)
    desk.sell(3, 1, stop_price=104, price=120)
    assert desk.buy(4, 2, 105)[1:] == ["4 buys 1 @ 104 with 1", "4 buys 1 @ 105 with 2"]


def test_fill_or_kill_is_judged_at_the_trigger(desk):
    desk.trade(100)
    desk.sell(1, 2, 105)
    assert desk.buy(2, 2, 110, stop_price=104, time_in_force=FOK) == ["2 accepted"]
    assert desk.buy(3, 1, 105)[2:] == ["2 triggered", "2 cancelled 2: UNFILLED"]


def test_an_immediate_stop_limit_waits_but_does_not_rest(desk):
    desk.trade(100)
    desk.buy(1, 5, 103, stop_price=102, time_in_force=IOC)
    desk.sell(2, 3, 102)
    assert desk.buy(3, 2, 102)[2:] == ["1 triggered", "1 buys 1 @ 102 with 2", "1 cancelled 4: UNFILLED"]


def test_a_triggered_stop_limit_stands_behind_those_that_were_there(desk):
    desk.trade(100)
    desk.buy(1, 5, 101, stop_price=102)
    desk.buy(2, 5, 101)
    desk.sell(3, 1, 102)
    desk.buy(4, 1, 102)
    assert desk.queue(Side.BUY, 101) == [(2, 5), (1, 5)]


def test_a_replace_of_a_stop_moves_its_stop_price_and_of_a_stop_limit_its_limit(desk):
    desk.trade(100)
    desk.buy(1, 5, stop_price=105)
    desk.buy(2, 5, 110, stop_price=105)
    assert desk.replace(1, 9, 106) == ["1 replaced, 9 @ 106, keeps its place"]
    assert desk.replace(2, 9, 106) == ["2 replaced, 9 @ 106, keeps its place"]
    desk.sell(3, 1, 105)
    assert desk.buy(4, 1, 105)[2:] == ["2 triggered"]
    assert desk.book(Side.BUY) == [(106, 9)]
    assert desk.replace(1, 9, 105) == ["1 replaced, 9 @ 105, keeps its place", "1 triggered", "1 cancelled 9: UNFILLED"]


def test_waiting_stops_are_reduced_and_cancelled_like_others(desk):
    desk.buy(1, 5, stop_price=105)
    assert desk.reduce(1, 2) == ["1 reduced by 2 to 3"]
    assert desk.cancel(1) == ["1 cancelled 3: REQUESTED"]
    desk.buy(2, 5, stop_price=105)
    desk.buy(3, 5, 90)
    assert desk.mass_cancel() == ["2 cancelled 5: REQUESTED", "3 cancelled 5: REQUESTED", "mass cancelled 2"]


def test_waiting_stops_need_room(new_desk):
    desk = new_desk(orders_max=1)
    desk.buy(1, 5, stop_price=105)
    assert desk.buy(2, 5, stop_price=105) == ["rejected: BOOK_FULL"]
    assert desk.buy(3, 5, 105) == ["rejected: BOOK_FULL"]


def test_stops_sleep_outside_of_continuous_trading_and_are_looked_at_when_it_begins(desk):
    desk.trade(100)
    desk.phase(TradingPhase.PRE_OPEN)
    assert desk.buy(1, 5, 99, stop_price=100) == ["1 accepted"]
    assert desk.phase(TradingPhase.CONTINUOUS) == ["instrument 1: CONTINUOUS", "1 triggered"]


def test_the_price_of_an_auction_triggers(desk):
    desk.phase(TradingPhase.OPENING_AUCTION)
    desk.buy(1, 5, 100)
    desk.sell(2, 9, 100)
    desk.buy(3, 2, stop_price=100)
    assert desk.phase(TradingPhase.CONTINUOUS) == [
        "uncrossed 5 @ 100",
        "1 buys 5 @ 100 with 2, auction",
        "instrument 1: CONTINUOUS",
        "3 triggered",
        "3 buys 2 @ 100 with 2",
    ]


def test_more_than_256_are_triggered_in_pieces(desk):
    desk.trade(100)
    for name in range(1, 301):
        desk.buy(name, 1, 50, stop_price=102)
    desk.sell(401, 1, 102, OTHER)
    events = desk.buy(402, 1, 102)
    assert events[2:] == [f"{name} triggered" for name in range(1, 257)]
    assert desk.engine.next_due == -(2**63)
    assert desk.buy(403, 1, 10) == ["403 accepted"]
    assert desk.tick(1) == [f"{name} triggered" for name in range(257, 301)]
    assert desk.engine.next_due is None


def test_a_stop_limit_that_was_triggered_has_no_stop_price_any_more(desk):
    desk.trade(103)
    assert desk.buy(1, 8, 99, stop_price=103) == ["1 accepted", "1 triggered"]
    desk.rules(band_high=102)
    assert desk.replace(1, 3, 98) == ["1 replaced, 3 @ 98, loses its place"]
