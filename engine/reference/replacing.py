"""FIX G: a live order gets other terms."""

from copy import copy

from seriatim.engine.commands import ReplaceOrder
from seriatim.engine.events import Replaced
from seriatim.engine.reference.entering import check_cl_ord_id, check_passive, come
from seriatim.engine.reference.limits import ICEBERG_SLICES_MAX, PRICE_MAX, QUANTITY_MAX
from seriatim.engine.reference.order import Order
from seriatim.engine.reference.order_rules import check_phase, check_rules
from seriatim.engine.reference.refused import check
from seriatim.engine.reference.risk_checks import check_risk
from seriatim.engine.reference.stops import trigger_if_reached
from seriatim.engine.reference.venue import Venue
from seriatim.schemas import OrdType, RejectReason


def replace(venue: Venue, order: Order, new: ReplaceOrder) -> None:
    """A new total quantity and a new price: of a stop without a limit, its stop price."""
    check(not venue.is_due(order), RejectReason.UNKNOWN_ORDER)
    check_values(venue, order, new)
    wish = copy(order)
    wish.cl_ord_id, wish.leaves = new.cl_ord_id, new.quantity - order.filled
    if order.waiting and order.ord_type == OrdType.STOP:
        wish.stop_price = new.price
    else:
        wish.price = new.price
    kept = order.waiting or (wish.price == order.price and wish.leaves <= order.leaves)
    check_phase(venue.books[order.instrument], wish, new=False)
    check_rules(venue, wish)
    check_risk(venue, wish, order)
    if not kept:
        check_passive(venue, wish)
    venue.leave(order)
    moved = wish.stop_price != order.stop_price
    tell_replaced(venue, wish, new, kept=kept)
    if not kept:
        come(venue, wish)
        return
    wish.lose(0)
    venue.live[wish.session, wish.cl_ord_id] = wish
    if wish.waiting and moved:
        trigger_if_reached(venue, wish)


def check_values(venue: Venue, order: Order, new: ReplaceOrder) -> None:
    """Each value by itself, and beside those of the order."""
    check(1 <= new.price <= PRICE_MAX, RejectReason.INVALID_PRICE)
    check(1 <= new.quantity <= QUANTITY_MAX, RejectReason.INVALID_QUANTITY)
    slices = order.display is None or new.quantity <= ICEBERG_SLICES_MAX * order.display
    check(slices, RejectReason.INVALID_DISPLAY_QUANTITY)
    check_cl_ord_id(venue, new.cl_ord_id)
    taken = new.cl_ord_id != new.orig_cl_ord_id and (order.session, new.cl_ord_id) in venue.live
    check(not taken, RejectReason.DUPLICATE_CL_ORD_ID)
    check(new.quantity > order.filled, RejectReason.QUANTITY_NOT_ABOVE_FILLED)


def tell_replaced(venue: Venue, order: Order, new: ReplaceOrder, *, kept: bool) -> None:
    """Before it trades at its new price."""
    ids = order.order_id, new.cl_ord_id, new.orig_cl_ord_id
    terms = new.price, new.quantity, order.leaves, order.session, order.instrument
    venue.tell(Replaced(*ids, *terms, kept))
