"""`QUEU` and `STOP`: live orders, those in queues and those that wait for their trigger."""

from itertools import groupby

from seriatim.engine.reference.auction import candidates
from seriatim.engine.reference.limits import ICEBERG_SLICES_MAX, PRICE_MAX, QUANTITY_MAX
from seriatim.engine.reference.order import Order
from seriatim.engine.reference.snapshot.packing import NONE, Reader, given, or_none, pack
from seriatim.engine.reference.stops import urgency
from seriatim.engine.reference.trading import queue
from seriatim.engine.reference.venue import Venue
from seriatim.engine.reference.vocabulary import RESTING_TIMES, STOP_TYPES
from seriatim.schemas import OrdType, SelfTradePrevention, Side, TimeInForce, TradingPhase

GROUP = "IBI"
ORDER = "QQqqII"
ATTRIBUTES = "BBBIqq"
NO_ATTRIBUTES = pack(ATTRIBUTES, TimeInForce.GOOD_TILL_CANCEL, 0, SelfTradePrevention.NONE, 0, NONE, NONE)


def groups(venue: Venue) -> list[tuple[int, Side]]:
    """Of all live orders, in their order."""
    return sorted({(order.instrument, order.side) for order in venue.live.values()})


def write_queues(venue: Venue) -> bytes:
    """Price by price, the best first."""
    out = b""
    for instrument, side in groups(venue):
        by_price = groupby(queue(venue, instrument, side), key=lambda order: order.price)
        levels = [(price, list(orders)) for price, orders in by_price]
        out += pack(GROUP, instrument, side, len(levels)) if levels else b""
        for price, orders in levels:
            out += pack("qI", price, len(orders)) + b"".join(map(_resting, orders))
    return out


def _resting(order: Order) -> bytes:
    attributes = _attributes(order)
    has_any = attributes != NO_ATTRIBUTES
    return _order(order) + pack("?", has_any) + (pack("q", order.shown) + attributes if has_any else b"")


def write_stops(venue: Venue) -> bytes:
    """The first to be triggered first."""
    out = b""
    for instrument, side in groups(venue):
        stops = sorted((order for order in venue.stops(instrument) if order.side == side), key=urgency)
        out += pack(GROUP, instrument, side, len(stops)) if stops else b""
        for order in stops:
            prices = pack("Bqq", order.ord_type, order.stop_price, order.price or 0)
            out += _order(order) + prices + _attributes(order)
    return out


def _order(order: Order) -> bytes:
    owner = order.session, order.account
    return pack(ORDER, order.order_id, order.cl_ord_id, order.leaves, order.filled, *owner)


def _attributes(order: Order) -> bytes:
    enums = order.time_in_force, order.post_only, order.prevention
    return pack(ATTRIBUTES, *enums, order.group, or_none(order.display), or_none(order.expire_ns))


def read_queues(reader: Reader, venue: Venue) -> None:
    """In the order in which they trade, which is that of arrival at each price."""
    while reader.more:
        instrument, side, levels = _group(reader, venue)
        for _ in range(levels):
            price, count = reader.take("qI")
            reader.check(1 <= price <= PRICE_MAX, "a price out of range")
            for _ in range(count):
                order = _read_order(reader, venue, instrument, side)
                order.price, order.arrival = price, venue.next_arrival()
                _read_resting(reader, order)
    for instrument in {order.instrument for order in venue.live.values()}:
        trades = venue.books[instrument].phase == TradingPhase.CONTINUOUS
        crossed = candidates(*(queue(venue, instrument, side) for side in Side))
        reader.check(not trades or not crossed, "a crossed book in continuous trading")


def _read_resting(reader: Reader, order: Order) -> None:
    (has_any,) = reader.take("?")
    if not has_any:
        return
    (shown,) = reader.take("q")
    _read_attributes(reader, order)
    reader.check(order.time_in_force in RESTING_TIMES, "an order that does not rest")
    most = order.leaves if order.display is None else min(order.display, order.leaves)
    reader.check(1 <= shown <= most, "shown is more than there is, or nothing")
    order.slice_left = 0 if order.display is None else shown


def read_stops(reader: Reader, venue: Venue) -> None:
    """They keep the order in which they were accepted, whatever their stop prices."""
    while reader.more:
        instrument, side, count = _group(reader, venue)
        for _ in range(count):
            order = _read_order(reader, venue, instrument, side)
            ord_type, stop_price, price = reader.take("Bqq")
            reader.check(ord_type in STOP_TYPES, "no type of a stop")
            reader.check(1 <= stop_price <= PRICE_MAX, "a stop price out of range")
            priced = ord_type == OrdType.STOP_LIMIT
            reader.check(1 <= price <= PRICE_MAX if priced else price == 0, "a price out of range")
            order.ord_type, order.stop_price, order.price = OrdType(ord_type), stop_price, price or None
            order.waiting = True
            _read_attributes(reader, order)
            reader.check(not order.post_only, "instructions that no stop has")
            order.show_slice()
    for order in sorted(venue.live.values(), key=lambda order: order.order_id):
        if order.waiting:
            order.arrival = venue.next_arrival()
    ids = {order.order_id for order in venue.live.values()}
    reader.check(len(ids) == len(venue.live) <= venue.orders_max, "an order id twice, or too many orders")


def _group(reader: Reader, venue: Venue) -> tuple[int, Side, int]:
    instrument, side, count = reader.take(GROUP)
    reader.check(instrument in venue.books, "an instrument that is not defined")
    return instrument, reader.known(Side, side), count


def _read_order(reader: Reader, venue: Venue, instrument: int, side: Side) -> Order:
    """A plain one, live from now on."""
    order_id, cl_ord_id, leaves, filled, session, account = reader.take(ORDER)
    reader.check(1 <= order_id <= venue.last_order_id, "an order id that was never given")
    reader.check(leaves >= 1 and filled >= 0 and leaves + filled <= QUANTITY_MAX, "a quantity out of range")
    reader.check((session, cl_ord_id) not in venue.live, "a client id that its session has twice")
    names = order_id, cl_ord_id, session, account, instrument
    order = Order(*names, side, OrdType.LIMIT, TimeInForce.GOOD_TILL_CANCEL, None, leaves, filled)
    venue.live[session, cl_ord_id] = order
    return order


def _read_attributes(reader: Reader, order: Order) -> None:
    time_in_force, instructions, prevention, order.group, display, expire_ns = reader.take(ATTRIBUTES)
    order.time_in_force = reader.known(TimeInForce, time_in_force)
    order.prevention = reader.known(SelfTradePrevention, prevention)
    order.display, order.expire_ns = given(display), given(expire_ns)
    reader.check(instructions in (0, 1), "unknown instructions")
    order.post_only = bool(instructions)
    reader.check(_sound_display(order), "a display quantity out of range")
    dated = order.time_in_force == TimeInForce.GOOD_TILL_DATE
    sound = order.expire_ns is not None and order.expire_ns > 0 if dated else order.expire_ns is None
    reader.check(sound, "a time at which no order expires")


def _sound_display(order: Order) -> bool:
    """None, or a slice of an order that may rest, into not too many of which it falls."""
    display = order.display
    total = order.leaves + order.filled
    return display is None or (
        order.may_rest and 1 <= display <= QUANTITY_MAX and total <= ICEBERG_SLICES_MAX * display
    )
