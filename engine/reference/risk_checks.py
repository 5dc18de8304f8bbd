"""What the limits of a session and of an account say to an order as it would be."""

from seriatim.engine.reference.order import Order
from seriatim.engine.reference.order_rules import check_maxima
from seriatim.engine.reference.refused import check
from seriatim.engine.reference.venue import Risk, Venue
from seriatim.schemas import RejectReason, RiskScope, Side


def check_risk(venue: Venue, wish: Order, replaced: Order | None) -> None:
    """The session's limits, then the account's. `replaced` is the live order whose place it would take."""
    ours = [order for order in venue.live.values() if order.session == wish.session]
    _check(venue, venue.risks.get((RiskScope.SESSION, wish.session)), ours, wish, replaced)
    ours = [order for order in venue.live.values() if order.account == wish.account]
    _check(venue, venue.risks.get((RiskScope.ACCOUNT, wish.account)), ours, wish, replaced)


def _check(venue: Venue, risk: Risk | None, ours: list[Order], wish: Order, replaced: Order | None) -> None:
    if risk is None:
        return
    check(not risk.killed, RejectReason.KILLED)
    _check_rate(venue, risk)
    check_maxima(venue, wish, risk.order_quantity_max, risk.order_value_max)
    another = replaced is None and wish.needs_room
    fits = risk.open_orders_max is None or not another or len(ours) + 1 <= risk.open_orders_max
    check(fits, RejectReason.TOO_MANY_OPEN_ORDERS)
    same_way = [o for o in ours if (o.instrument, o.side) == (wish.instrument, wish.side) and o is not replaced]
    position = risk.positions.get(wish.instrument, 0)
    exposed = position if wish.side == Side.BUY else -position
    exposed += sum(order.leaves for order in same_way) + wish.leaves
    check(risk.position_max is None or exposed <= risk.position_max, RejectReason.POSITION_ABOVE_MAXIMUM)


def _check_rate(venue: Venue, risk: Risk) -> None:
    if risk.messages_max is None:
        return
    if risk.window_start_ns is None or venue.now_ns >= risk.window_start_ns + risk.rate_interval_ns:
        risk.window_start_ns, risk.messages = venue.now_ns, 0
    risk.messages += 1
    check(risk.messages <= risk.messages_max, RejectReason.RATE_EXCEEDED)
