"""Icebergs: what they show, when they show more, and what hidden lots count for."""

from seriatim.engine import Side
from tests.engine.desk import FOK, IOC, ME, OTHER


def test_an_iceberg_shows_a_slice_and_then_the_next_one_behind_the_others(desk):
    desk.sell(1, 25, 100, display_quantity=10)
    desk.sell(2, 5, 100)
    assert desk.book(Side.SELL) == [(100, 15)]
    assert desk.buy(3, 10, 100) == ["3 accepted", "3 buys 10 @ 100 with 1", "1 shows 10 of 15"]
    assert desk.queue(Side.SELL, 100) == [(2, 5), (1, 10)]


def test_a_taker_goes_around_the_queue_and_meets_the_slices_again(desk):
    desk.sell(1, 25, 100, display_quantity=10)
    desk.sell(2, 5, 100)
    assert desk.buy(3, 30, 100) == [
        "3 accepted",
        "3 buys 10 @ 100 with 1",
        "1 shows 10 of 15",
        "3 buys 5 @ 100 with 2",
        "3 buys 10 @ 100 with 1",
        "1 shows 5 of 5",
        "3 buys 5 @ 100 with 1",
    ]
    assert desk.book(Side.SELL) == []


def test_a_slice_that_is_partly_taken_keeps_its_place(desk):
    desk.sell(1, 25, 100, display_quantity=10)
    desk.sell(2, 5, 100)
    assert desk.buy(3, 4, 100) == ["3 accepted", "3 buys 4 @ 100 with 1"]
    assert desk.queue(Side.SELL, 100) == [(1, 6), (2, 5)]


def test_the_last_slice_may_be_smaller(desk):
    desk.sell(1, 12, 100, display_quantity=10)
    assert desk.buy(2, 10, 100)[-1] == "1 shows 2 of 2"
    assert desk.buy(3, 10, 100, time_in_force=IOC) == ["3 accepted", "3 buys 2 @ 100 with 1", "3 cancelled 8: UNFILLED"]


def test_what_is_left_of_an_iceberg_that_took_shows_its_slice(desk):
    desk.sell(1, 7, 100)
    assert desk.buy(2, 20, 100, display_quantity=5) == ["2 accepted", "2 buys 7 @ 100 with 1"]
    assert desk.book(Side.BUY) == [(100, 5)]


def test_fill_or_kill_and_minimum_quantity_count_what_is_hidden(desk):
    desk.sell(1, 25, 100, display_quantity=1)
    assert desk.buy(2, 20, 100, time_in_force=FOK, session=ME)[-1] == "1 shows 1 of 5"
    assert desk.buy(3, 6, 100, time_in_force=FOK) == ["3 accepted", "3 cancelled 6: UNFILLED"]
    assert desk.buy(4, 9, 100, time_in_force=IOC, minimum_quantity=5)[-2:] == [
        "4 buys 1 @ 100 with 1",
        "4 cancelled 4: UNFILLED",
    ]


def test_a_reduce_takes_hidden_lots_first(desk):
    desk.sell(1, 25, 100, display_quantity=10)
    desk.sell(2, 5, 100)
    assert desk.reduce(1, 12, OTHER) == ["1 reduced by 12 to 13"]
    assert desk.queue(Side.SELL, 100) == [(1, 10), (2, 5)]
    assert desk.reduce(1, 9, OTHER) == ["1 reduced by 9 to 4"]
    assert desk.queue(Side.SELL, 100) == [(1, 4), (2, 5)]


def test_a_replace_keeps_what_is_displayed(desk):
    desk.sell(1, 25, 100, display_quantity=10)
    desk.sell(2, 5, 100)
    desk.buy(3, 4, 100)
    assert desk.replace(1, 20, 100, OTHER) == ["1 replaced, 16 @ 100, keeps its place"]
    assert desk.queue(Side.SELL, 100) == [(1, 6), (2, 5)]
    assert desk.replace(1, 30, 100, OTHER) == ["1 replaced, 26 @ 100, loses its place"]
    assert desk.queue(Side.SELL, 100) == [(2, 5), (1, 10)]
    assert desk.replace(1, 8, 101, OTHER) == ["1 replaced, 4 @ 101, loses its place"]
    assert desk.queue(Side.SELL, 101) == [(1, 4)]


def test_a_replace_may_not_make_too_many_slices(desk):
    desk.sell(1, 1000, 100, display_quantity=1)
    assert desk.replace(1, 1001, 100, OTHER) == ["rejected: INVALID_DISPLAY_QUANTITY"]


def test_queue_positions_count_what_is_shown(desk):
    desk.sell(1, 25, 100, display_quantity=10)
    desk.sell(2, 5, 100)
    position = desk.engine.queue_position(OTHER, 2)
    assert (position.orders_ahead, position.quantity_ahead) == (1, 10)
    assert desk.engine.queue_position(OTHER, 1).leaves == 25
