"""Short words for the commands and events of the tests, all of session 7 and instrument 1 unless they say otherwise."""

from seriatim.engine import (
    Accepted,
    Cancelled,
    CancelReason,
    Filled,
    Liquidity,
    NewOrder,
    OrdType,
    Party,
    Rejected,
    RejectReason,
    Side,
    TimeInForce,
)

BUY, SELL = Side.BUY, Side.SELL
GTC, IOC, FOK = TimeInForce.GOOD_TILL_CANCEL, TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL
ME, OTHER = 7, 8


def limit(cl_ord_id, side, quantity, price, time_in_force=GTC, *, instrument=1):
    return NewOrder(cl_ord_id, instrument, side, quantity, price, OrdType.LIMIT, time_in_force)


def market(cl_ord_id, side, quantity, time_in_force=IOC):
    return NewOrder(cl_ord_id, 1, side, quantity, None, OrdType.MARKET, time_in_force)


def accepted(order_id, order, session=ME):
    terms = order.price, order.quantity, session, order.instrument, order.account
    return Accepted(order_id, order.cl_ord_id, *terms, order.side, order.ord_type, order.time_in_force)


def filled(own, contra, price, quantity, side, *, trade_id=1):
    """`own` and `contra` are (order_id, cl_ord_id, leaves, session)."""
    return Filled(Party(*own), Party(*contra), price, quantity, 1, side, Liquidity.REMOVED, trade_id)


def cancelled(order_id, cl_ord_id, quantity, session=ME, instrument=1):
    return Cancelled(order_id, cl_ord_id, quantity, session, instrument, CancelReason.REQUESTED)


def unfilled(order_id, cl_ord_id, quantity, session=ME):
    return Cancelled(order_id, cl_ord_id, quantity, session, 1, CancelReason.UNFILLED)


def rejected(reason: RejectReason, cl_ord_id, template_id=10, session=ME):
    return Rejected(cl_ord_id, session, template_id, reason)


def book(engine, side, instrument=1):
    """Price, quantity and number of orders of each level, from either engine."""
    return [(int(level[0]), int(level[1]), int(level[2])) for level in engine.levels(instrument, side, 100)]
