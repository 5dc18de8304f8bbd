"""Who waits at a price, and where an order stands: the same from both engines, after any commands."""

import numpy as np
import pytest

from seriatim.engine import CancelOrder, Engine, MassCancel, NewOrder, QueuePosition, ReduceOrder, ReplaceOrder, Side
from tests.engine.orders import BUY, ME, OTHER, SELL, limit
from tests.engine.test_agreement import both, random_flow
from tests.engine.test_arrays import new_engine as native_engine


def ids_and_leaves(engine, price, side=BUY, instrument=1):
    """From either engine."""
    return [(int(order[1]), int(order[2])) for order in engine.queue(instrument, side, price)]


def test_a_queue_lists_its_orders_in_the_order_in_which_they_trade(engine):
    for cl_ord_id, quantity in ((1, 10), (2, 20), (3, 30)):
        engine.apply(ME, limit(cl_ord_id, BUY, quantity, 100))
    engine.apply(ME, limit(4, BUY, 5, 99))
    engine.apply(OTHER, limit(1, SELL, 4, 100))
    assert ids_and_leaves(engine, 100) == [(1, 6), (2, 20), (3, 30)]
    engine.apply(ME, CancelOrder(2))
    assert ids_and_leaves(engine, 100) == [(1, 6), (3, 30)]
    assert ids_and_leaves(engine, 99) == [(4, 5)]


@pytest.mark.parametrize(
    ("instrument", "side", "price"),
    [(1, BUY, 101), (1, SELL, 100), (2, BUY, 100), (9, BUY, 100), (1, 0, 100), (1, BUY, 0), (1, BUY, -(2**63))],
)
def test_where_nobody_waits_the_queue_is_empty(engine, instrument, side, price):
    engine.apply(ME, limit(1, BUY, 10, 100))
    assert len(engine.queue(instrument, side, price)) == 0


def test_a_position_counts_the_orders_and_lots_ahead_at_its_price(engine):
    engine.apply(OTHER, limit(1, BUY, 10, 100))
    engine.apply(OTHER, limit(2, BUY, 20, 100))
    engine.apply(OTHER, limit(3, BUY, 500, 101))
    engine.apply(ME, limit(1, BUY, 7, 100))
    engine.apply(OTHER, limit(4, BUY, 90, 100))
    assert engine.queue_position(ME, 1) == QueuePosition(1, Side.BUY, 100, 7, 2, 30)
    engine.apply(OTHER, ReduceOrder(1, 4))
    assert engine.queue_position(ME, 1) == QueuePosition(1, Side.BUY, 100, 7, 2, 26)
    engine.apply(OTHER, ReplaceOrder(5, 1, 100, 60))
    assert engine.queue_position(ME, 1) == QueuePosition(1, Side.BUY, 100, 7, 1, 20)
    engine.apply(OTHER, MassCancel())
    assert engine.queue_position(ME, 1) == QueuePosition(1, Side.BUY, 100, 7, 0, 0)


def test_an_order_that_is_not_live_has_no_position(engine):
    engine.apply(ME, limit(1, BUY, 10, 100))
    assert engine.queue_position(OTHER, 1) is None
    assert engine.queue_position(ME, 2) is None
    engine.apply(ME, CancelOrder(1))
    assert engine.queue_position(ME, 1) is None


def test_a_long_queue_comes_whole():
    engine = native_engine()
    for cl_ord_id in range(1, 1_001):
        engine.apply(ME, NewOrder(cl_ord_id, 1, BUY, cl_ord_id, 100, account=cl_ord_id % 7))
    queue = engine.queue(1, BUY, 100)
    assert queue["cl_ord_id"].tolist() == queue["leaves"].tolist() == list(range(1, 1_001))
    assert (queue["account"] == np.arange(1, 1_001) % 7).all()
    assert engine.queue_position(ME, 501) == QueuePosition(1, Side.BUY, 100, 501, 500, 125_250)


def test_both_engines_show_the_same_queues_and_positions():
    native, reference = both()
    for step, (session, command) in enumerate(random_flow(seed=5, count=3_000)):
        native.apply(session, command)
        reference.apply(session, command)
        if step % 50:
            continue
        queues = 0
        for instrument in (1, 2):
            for side in (BUY, SELL):
                for price, quantity, orders in reference.levels(instrument, side, 100):
                    queue = native.queue(instrument, side, price)
                    assert queue.tolist() == reference.queue(instrument, side, price)
                    assert (queue["leaves"].sum(), len(queue)) == (quantity, orders)
                    assert all(position_is(native, reference, order) for order in queue)
                    queues += orders
        assert queues == native.live_orders


def position_is(native: Engine, reference, order) -> bool:
    named = int(order["session"]), int(order["cl_ord_id"])
    return native.queue_position(*named) == reference.queue_position(*named) is not None
