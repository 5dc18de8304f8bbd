"""Reduce, replace and mass cancel: what changes, and who keeps priority."""

import pytest

from seriatim.engine import (
    MassCancel,
    MassCancelled,
    Reduced,
    ReduceOrder,
    RejectReason,
    Replaced,
    ReplaceOrder,
    Side,
)
from tests.engine.orders import BUY, ME, OTHER, SELL, book, cancelled, filled, limit, rejected


def makers_of(events):
    return [event.contra.cl_ord_id for event in events[1:]]


def test_a_reduced_order_keeps_its_place(engine):
    engine.apply(ME, limit(1, BUY, 10, 100))
    engine.apply(ME, limit(2, BUY, 10, 100))
    assert engine.apply(ME, ReduceOrder(1, 4)) == [Reduced(1, 1, 4, 6, ME, 1)]
    assert book(engine, BUY) == [(100, 16, 2)]
    assert makers_of(engine.apply(OTHER, limit(1, SELL, 7, 100))) == [1, 2]


@pytest.mark.parametrize("quantity", [10, 11, 10**12])
def test_a_reduce_by_all_that_is_left_or_more_cancels(engine, quantity):
    engine.apply(ME, limit(1, BUY, 10, 100))
    assert engine.apply(ME, ReduceOrder(1, quantity)) == [cancelled(1, 1, 10)]


@pytest.mark.parametrize(
    ("price", "quantity", "kept"), [(100, 9, True), (100, 10, True), (100, 11, False), (99, 9, False)]
)
def test_a_replaced_order_keeps_its_place_only_at_its_price_with_no_more_quantity(engine, price, quantity, kept):
    engine.apply(ME, limit(1, BUY, 10, 100))
    engine.apply(ME, limit(2, BUY, 10, price))
    replaced = engine.apply(ME, ReplaceOrder(3, 1, price, quantity))
    assert replaced == [Replaced(1, 3, 1, price, quantity, quantity, ME, 1, kept)]
    first = makers_of(engine.apply(OTHER, limit(1, SELL, 1, price)))
    assert first == ([3] if kept else [2])


def test_a_replace_counts_what_is_filled(engine):
    engine.apply(ME, limit(1, BUY, 10, 100))
    engine.apply(OTHER, limit(1, SELL, 4, 100))
    assert engine.apply(ME, ReplaceOrder(1, 1, 100, 8)) == [Replaced(1, 1, 1, 100, 8, 4, ME, 1, True)]
    assert engine.apply(ME, ReplaceOrder(1, 1, 100, 4)) == [rejected(RejectReason.QUANTITY_NOT_ABOVE_FILLED, 1, 13)]
    assert book(engine, BUY) == [(100, 4, 1)]


def test_a_replaced_order_may_trade_at_its_new_price(engine):
    engine.apply(OTHER, limit(1, SELL, 6, 105))
    engine.apply(ME, limit(1, BUY, 10, 100))
    assert engine.apply(ME, ReplaceOrder(2, 1, 105, 10)) == [
        Replaced(2, 2, 1, 105, 10, 10, ME, 1, False),
        filled((2, 2, 4, ME), (1, 1, 0, OTHER), 105, 6, BUY),
    ]
    assert book(engine, BUY) == [(105, 4, 1)]
    assert engine.apply(ME, ReplaceOrder(2, 2, 105, 6)) == [rejected(RejectReason.QUANTITY_NOT_ABOVE_FILLED, 2, 13)]


def test_an_order_that_a_replace_fills_is_gone(engine):
    engine.apply(OTHER, limit(1, SELL, 10, 105))
    engine.apply(ME, limit(1, BUY, 10, 100))
    engine.apply(ME, ReplaceOrder(2, 1, 105, 10))
    assert engine.live_orders == 0
    assert engine.apply(ME, ReduceOrder(2, 1)) == [rejected(RejectReason.UNKNOWN_ORDER, 2, 12)]


def test_a_replace_may_not_take_the_id_of_another_live_order(engine):
    engine.apply(ME, limit(1, BUY, 10, 100))
    engine.apply(ME, limit(2, BUY, 10, 100))
    assert engine.apply(ME, ReplaceOrder(2, 1, 100, 5)) == [rejected(RejectReason.DUPLICATE_CL_ORD_ID, 1, 13)]
    assert book(engine, BUY) == [(100, 20, 2)]


def test_a_mass_cancel_takes_the_sessions_orders_the_oldest_first(engine):
    engine.apply(ME, limit(3, BUY, 1, 90))
    engine.apply(OTHER, limit(3, BUY, 1, 100))
    engine.apply(ME, limit(2, SELL, 2, 110))
    engine.apply(ME, limit(1, BUY, 3, 95, instrument=2))
    engine.apply(ME, ReplaceOrder(4, 3, 91, 1))
    assert engine.apply(ME, MassCancel()) == [
        cancelled(1, 4, 1),
        cancelled(3, 2, 2),
        cancelled(4, 1, 3, instrument=2),
        MassCancelled(3, ME),
    ]
    assert engine.apply(ME, MassCancel()) == [MassCancelled(0, ME)]
    assert engine.live_orders == 1


def test_a_mass_cancel_may_be_for_one_book_and_one_side(engine):
    engine.apply(ME, limit(1, BUY, 1, 90))
    engine.apply(ME, limit(2, SELL, 2, 110))
    engine.apply(ME, limit(3, SELL, 3, 110, instrument=2))
    assert engine.apply(ME, MassCancel(1, Side.SELL)) == [cancelled(2, 2, 2), MassCancelled(1, ME)]
    assert engine.apply(ME, MassCancel(2)) == [cancelled(3, 3, 3, instrument=2), MassCancelled(1, ME)]
    assert engine.apply(ME, MassCancel(3)) == [rejected(RejectReason.UNKNOWN_INSTRUMENT, 0, 14)]
    assert engine.apply(ME, MassCancel(None, 9)) == [rejected(RejectReason.INVALID_SIDE, 0, 14)]
