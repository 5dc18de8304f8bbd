"""Who trades with whom, at which price, and what becomes of the rest."""

from seriatim.engine import CancelOrder
from tests.engine.orders import (
    BUY,
    FOK,
    GTC,
    IOC,
    ME,
    OTHER,
    SELL,
    accepted,
    book,
    cancelled,
    filled,
    limit,
    market,
    unfilled,
)


def test_an_order_that_crosses_nothing_rests_at_its_price(engine):
    order = limit(1, BUY, 10, 100)
    assert engine.apply(ME, order) == [accepted(1, order)]
    assert book(engine, BUY) == [(100, 10, 1)]
    assert book(engine, SELL) == []
    assert (engine.live_orders, engine.last_order_id) == (1, 1)


def test_a_crossing_order_trades_at_the_price_of_the_order_that_was_there(engine):
    engine.apply(OTHER, limit(1, SELL, 10, 100))
    order = limit(1, BUY, 4, 105)
    assert engine.apply(ME, order) == [accepted(2, order), filled((2, 1, 0, ME), (1, 1, 6, OTHER), 100, 4, BUY)]
    assert book(engine, SELL) == [(100, 6, 1)]


def test_the_best_price_trades_first_and_then_the_first_to_come(engine):
    for cl_ord_id, price in ((1, 101), (2, 100), (3, 100)):
        engine.apply(OTHER, limit(cl_ord_id, SELL, 5, price))
    events = engine.apply(ME, limit(9, BUY, 12, 101))
    assert [(event.contra.cl_ord_id, event.price, event.quantity) for event in events[1:]] == [
        (2, 100, 5),
        (3, 100, 5),
        (1, 101, 2),
    ]


def test_bids_trade_from_the_highest_down(engine):
    for cl_ord_id, price in ((1, 99), (2, 101), (3, 100)):
        engine.apply(OTHER, limit(cl_ord_id, BUY, 5, price))
    assert [level[0] for level in book(engine, BUY)] == [101, 100, 99]
    events = engine.apply(ME, limit(9, SELL, 12, 100))
    assert [event.price for event in events[1:]] == [101, 100]
    assert book(engine, SELL) == [(100, 2, 1)]


def test_what_is_left_of_a_limit_order_rests(engine):
    engine.apply(OTHER, limit(1, SELL, 10, 100))
    engine.apply(ME, limit(1, BUY, 25, 100))
    assert book(engine, BUY) == [(100, 15, 1)]
    assert book(engine, SELL) == []


def test_an_immediate_order_never_rests(engine):
    engine.apply(OTHER, limit(1, SELL, 10, 100))
    order = limit(2, BUY, 25, 100, IOC)
    assert engine.apply(ME, order) == [
        accepted(2, order),
        filled((2, 2, 15, ME), (1, 1, 0, OTHER), 100, 10, BUY),
        unfilled(2, 2, 15),
    ]
    assert engine.live_orders == 0


def test_a_market_order_takes_any_price_and_never_rests_whatever_its_time_in_force(engine):
    for price in (100, 10**12):
        engine.apply(OTHER, limit(price, SELL, 10, price))
    order = market(1, BUY, 30, GTC)
    events = engine.apply(ME, order)
    assert [event.price for event in events[1:-1]] == [100, 10**12]
    assert events[-1] == unfilled(3, 1, 10)
    sell = market(2, SELL, 1)
    assert engine.apply(ME, sell) == [accepted(4, sell), unfilled(4, 2, 1)]


def test_fill_or_kill_trades_nothing_unless_it_can_trade_all(engine):
    for cl_ord_id, price in ((1, 100), (2, 101), (3, 103)):
        engine.apply(OTHER, limit(cl_ord_id, SELL, 10, price))
    order = limit(1, BUY, 21, 102, FOK)
    assert engine.apply(ME, order) == [accepted(4, order), unfilled(4, 1, 21)]
    assert book(engine, SELL) == [(100, 10, 1), (101, 10, 1), (103, 10, 1)]
    events = engine.apply(ME, limit(1, BUY, 20, 102, FOK))
    assert [event.quantity for event in events[1:]] == [10, 10]
    assert book(engine, SELL) == [(103, 10, 1)]


def test_a_session_may_trade_with_itself(engine):
    engine.apply(ME, limit(1, SELL, 10, 100))
    order = limit(2, BUY, 10, 100)
    assert engine.apply(ME, order)[1:] == [filled((2, 2, 0, ME), (1, 1, 0, ME), 100, 10, BUY)]


def test_books_do_not_see_each_other(engine):
    engine.apply(OTHER, limit(1, SELL, 10, 100, instrument=2))
    assert len(engine.apply(ME, limit(1, BUY, 10, 100))) == 1
    assert book(engine, SELL, 2) == [(100, 10, 1)]


def test_a_cancelled_order_is_gone_and_its_id_is_free_again(engine):
    engine.apply(ME, limit(5, BUY, 10, 100))
    assert engine.apply(ME, CancelOrder(5)) == [cancelled(1, 5, 10)]
    assert book(engine, BUY) == []
    again = limit(5, BUY, 10, 100)
    assert engine.apply(ME, again) == [accepted(2, again)]


def test_sessions_may_use_the_same_ids(engine):
    engine.apply(ME, limit(5, BUY, 10, 100))
    engine.apply(OTHER, limit(5, BUY, 20, 100))
    assert engine.apply(OTHER, CancelOrder(5)) == [cancelled(2, 5, 20, session=OTHER)]
    assert book(engine, BUY) == [(100, 10, 1)]


def test_the_best_price_is_found_again_across_far_and_near_levels(engine):
    prices = [1, 2, 63, 64, 65, 4095, 4096, 10**6, 10**9, 10**12]
    for cl_ord_id, price in enumerate(prices, 1):
        engine.apply(OTHER, limit(cl_ord_id, SELL, 1, price))
    assert [level[0] for level in book(engine, SELL)] == prices
    events = engine.apply(ME, market(99, BUY, len(prices)))
    assert [event.price for event in events[1:]] == prices
