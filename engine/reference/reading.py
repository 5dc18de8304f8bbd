"""What can be read of the books from outside."""

from seriatim.engine.queue import QueuePosition
from seriatim.engine.reference import phases
from seriatim.engine.reference.order import Order
from seriatim.engine.reference.venue import Venue
from seriatim.schemas import Side

UNFINISHED = -(2**63)
"""Due now, whatever the time."""


def levels(venue: Venue, instrument: int, side: int, depth: int) -> list[tuple[int, int, int]]:
    """Price, shown quantity and number of orders of each level, the best first."""
    orders = [order for order in venue.resting(instrument) if order.side == side]
    prices = sorted({order.price for order in orders if order.price is not None}, reverse=side == Side.BUY)
    queues = [(price, [order.shown for order in orders if order.price == price]) for price in prices[:depth]]
    return [(price, sum(queue), len(queue)) for price, queue in queues]


def waiting_at(venue: Venue, instrument: int, side: int, price: int) -> list[Order]:
    """The orders at a price, in the order in which they trade."""
    waiting = [order for order in venue.resting(instrument) if (order.side, order.price) == (side, price)]
    return sorted(waiting, key=lambda order: order.arrival)


def queue_position(venue: Venue, session: int, cl_ord_id: int) -> QueuePosition | None:
    """Where an order stands; None if it stands nowhere."""
    order = venue.live.get((session, cl_ord_id))
    if order is None or order.waiting or order.price is None:
        return None
    at_price = waiting_at(venue, order.instrument, order.side, order.price)
    ahead = [other.shown for other in at_price if other.arrival < order.arrival]
    return QueuePosition(order.instrument, order.side, order.price, order.leaves, len(ahead), sum(ahead))


def next_due(venue: Venue) -> int | None:
    """The earliest time at which a tick would do something."""
    if venue.tasks:
        return UNFINISHED
    times = [order.expire_ns for order in venue.live.values() if order.expire_ns is not None]
    scheduled = phases.next_entry(venue)
    if scheduled is not None:
        times.append(scheduled[1].time_ns)
    return min(times, default=None)
