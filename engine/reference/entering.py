"""New orders: what is refused, and what becomes of the others."""

from seriatim.engine.commands import NewOrder
from seriatim.engine.events import Accepted, AcceptedExtended
from seriatim.engine.reference.limits import ICEBERG_SLICES_MAX, PRICE_MAX, QUANTITY_MAX
from seriatim.engine.reference.order import Order, is_stop
from seriatim.engine.reference.order_rules import check_phase, check_rules
from seriatim.engine.reference.refused import check
from seriatim.engine.reference.risk_checks import check_risk
from seriatim.engine.reference.stops import Searching, trigger_if_reached
from seriatim.engine.reference.task import begin
from seriatim.engine.reference.trading import execute, would_take
from seriatim.engine.reference.venue import Venue
from seriatim.engine.reference.vocabulary import OLD_ORD_TYPES, OLD_TIMES, PRICED_TYPES, RESTING_TIMES, known
from seriatim.schemas import OrdType, RejectReason, SelfTradePrevention, Side, TimeInForce, TradingPhase


def new_order(venue: Venue, session: int, new: NewOrder, *, extended: bool) -> None:
    """FIX D."""
    book = venue.book(new.instrument)
    check_values(venue, new)
    check_cl_ord_id(venue, new.cl_ord_id)
    check((session, new.cl_ord_id) not in venue.live, RejectReason.DUPLICATE_CL_ORD_ID)
    order = as_order(session, new)
    check_phase(book, order, new=True)
    check_rules(venue, order)
    check_risk(venue, order, None)
    check(not order.needs_room or len(venue.live) < venue.orders_max, RejectReason.BOOK_FULL)
    check_passive(venue, order)
    venue.last_order_id += 1
    order.order_id = venue.last_order_id
    tell_accepted(venue, order, extended=extended)
    if order.waiting:
        venue.join(order)
        trigger_if_reached(venue, order)
    else:
        come(venue, order)


def come(venue: Venue, order: Order) -> None:
    """An order that waits for nothing comes to its book, as a new one or by losing its place."""
    if venue.books[order.instrument].phase != TradingPhase.CONTINUOUS:
        venue.join(order)
    elif execute(venue, order):
        begin(venue, Searching(order.instrument))


def tell_accepted(venue: Venue, order: Order, *, extended: bool) -> None:
    """In the words in which it came."""
    ids = order.order_id, order.cl_ord_id
    terms = order.price, order.leaves, order.session, order.instrument, order.account
    enums = order.side, order.ord_type, order.time_in_force
    if not extended:
        venue.tell(Accepted(*ids, *terms, *enums))
        return
    quantities = order.stop_price, order.display, order.minimum
    rest = order.expire_ns, order.group, order.post_only, order.prevention
    venue.tell(AcceptedExtended(*ids, *terms, *enums, *quantities, *rest))


def check_passive(venue: Venue, order: Order) -> None:
    """Post-only orders do not take, where there is something to take."""
    continuous = venue.books[order.instrument].phase == TradingPhase.CONTINUOUS
    takes = order.post_only and continuous and would_take(venue, order)
    check(not takes, RejectReason.WOULD_TRADE)


def check_cl_ord_id(venue: Venue, cl_ord_id: int) -> None:
    """From version 2 on: 0 is what a reject says when it names no order."""
    check(cl_ord_id != 0 or venue.logic_version < 2, RejectReason.INVALID_CL_ORD_ID)


def check_values(venue: Venue, new: NewOrder) -> None:
    """Each value by itself, and beside the others."""
    check(known(new.side, Side), RejectReason.INVALID_SIDE)
    old = venue.logic_version < 3
    check(new.ord_type in (OLD_ORD_TYPES if old else set(OrdType)), RejectReason.INVALID_ORD_TYPE)
    check(new.time_in_force in (OLD_TIMES if old else set(TimeInForce)), RejectReason.INVALID_TIME_IN_FORCE)
    check(fits(new.price, PRICE_MAX, needed=new.ord_type in PRICED_TYPES), RejectReason.INVALID_PRICE)
    check(1 <= new.quantity <= QUANTITY_MAX, RejectReason.INVALID_QUANTITY)
    check(fits(new.stop_price, PRICE_MAX, needed=is_stop(new.ord_type)), RejectReason.INVALID_STOP_PRICE)
    check(sound_display(new), RejectReason.INVALID_DISPLAY_QUANTITY)
    check(sound_minimum(new), RejectReason.INVALID_MINIMUM_QUANTITY)
    dated = new.time_in_force == TimeInForce.GOOD_TILL_DATE
    expire_ns = new.expire_time_ns
    sound = expire_ns is not None and expire_ns > venue.now_ns if dated else expire_ns is None
    check(sound, RejectReason.INVALID_EXPIRE_TIME)
    check(sound_instructions(new), RejectReason.INVALID_INSTRUCTIONS)


def fits(price: int | None, most: int, *, needed: bool) -> bool:
    """There is a price in range, or there is none, as needed."""
    return price is not None and 1 <= price <= most if needed else price is None


def sound_display(new: NewOrder) -> bool:
    """None, or a slice of an order that may rest, into not too many of which it falls."""
    display = new.display_quantity
    if display is None:
        return True
    may_rest = new.ord_type in PRICED_TYPES and new.time_in_force in RESTING_TIMES
    return may_rest and 1 <= display <= new.quantity <= ICEBERG_SLICES_MAX * display


def sound_minimum(new: NewOrder) -> bool:
    """None, or a part of an order that trades when it comes, and not all of it or nothing."""
    minimum = new.minimum_quantity
    if minimum is None:
        return True
    fok = new.time_in_force == TimeInForce.FILL_OR_KILL
    return 1 <= minimum <= new.quantity and not fok and not is_stop(new.ord_type)


def sound_instructions(new: NewOrder) -> bool:
    """Known ones, on orders that can follow them."""
    minimum = new.minimum_quantity
    if not known(new.self_trade_prevention, SelfTradePrevention) or new.post_only not in (0, 1):
        return False
    passive = new.ord_type == OrdType.LIMIT and new.time_in_force in RESTING_TIMES and minimum is None
    whole = new.time_in_force == TimeInForce.FILL_OR_KILL or minimum is not None
    decrements = new.self_trade_prevention == SelfTradePrevention.DECREMENT
    return (passive or not new.post_only) and not (decrements and whole)


def as_order(session: int, new: NewOrder) -> Order:
    """The order, without an id yet. Its values have been checked."""
    return Order(
        order_id=0,
        cl_ord_id=new.cl_ord_id,
        session=session,
        account=new.account,
        instrument=new.instrument,
        side=Side(new.side),
        ord_type=OrdType(new.ord_type),
        time_in_force=TimeInForce(new.time_in_force),
        price=new.price,
        leaves=new.quantity,
        stop_price=new.stop_price,
        display=new.display_quantity,
        minimum=new.minimum_quantity,
        expire_ns=new.expire_time_ns,
        group=new.self_trade_group,
        post_only=bool(new.post_only),
        prevention=SelfTradePrevention(new.self_trade_prevention),
        waiting=is_stop(new.ord_type),
    )
