"""An order against those that wait: whom it meets, and what comes of each meeting."""

from copy import copy

from seriatim.engine.events import Filled, Party, Refreshed
from seriatim.engine.reference import risk
from seriatim.engine.reference.cancelling import cancel, cut
from seriatim.engine.reference.order import Order
from seriatim.engine.reference.venue import Trade, Venue
from seriatim.schemas import CancelReason, Liquidity, SelfTradePrevention, Side, TimeInForce


def collar(venue: Venue, instrument: int, side: int) -> int | None:
    """The worst price that a taker may have; None if any will do."""
    book = venue.books[instrument]
    if book.rules.collar is None or book.reference is None:
        return None
    return book.reference + (book.rules.collar if side == Side.BUY else -book.rules.collar)


def within(side: int, price: int, limit: int | None) -> bool:
    """The price is the limit, or better for who is on that side."""
    if limit is None:
        return True
    return price <= limit if side == Side.BUY else price >= limit


def queue(venue: Venue, instrument: int, side: int) -> list[Order]:
    """The orders of one side of a book in the order in which they trade: the best price first, then the first to
    come.
    """
    sign = -1 if side == Side.BUY else 1
    orders = [order for order in venue.resting(instrument) if order.side == side]
    return sorted(orders, key=lambda order: (sign * (order.price or 0), order.arrival))


def makers(venue: Venue, taker: Order, limit: int | None) -> list[Order]:
    """Those that it meets, from first to last."""
    others = queue(venue, taker.instrument, Side.SELL if taker.side == Side.BUY else Side.BUY)
    return [maker for maker in others if maker.price is not None and within(taker.side, maker.price, limit)]


def is_self(taker: Order, maker: Order) -> bool:
    """The same group, or account, or session: the first of these that the taker has."""
    if taker.group:
        return maker.group == taker.group
    if taker.account:
        return maker.account == taker.account
    return maker.session == taker.session


def trade(venue: Venue, taker: Order, limit: int | None) -> None:
    """Until nothing is left of it, or nobody is left to meet."""
    while taker.leaves and (waiting := makers(venue, taker, limit)):
        maker = waiting[0]
        if venue.is_due(maker):
            cancel(venue, maker, CancelReason.EXPIRED)
        elif taker.prevention != SelfTradePrevention.NONE and is_self(taker, maker):
            prevent(venue, taker, maker)
        else:
            meet(venue, taker, maker)


def prevent(venue: Venue, taker: Order, maker: Order) -> None:
    """They do not trade, because they are the same."""
    if taker.prevention == SelfTradePrevention.DECREMENT:
        quantity = min(taker.leaves, maker.leaves)
        cut(venue, maker, quantity, CancelReason.SELF_TRADE)
        cut(venue, taker, quantity, CancelReason.SELF_TRADE)
        return
    if taker.prevention in (SelfTradePrevention.CANCEL_OLDEST, SelfTradePrevention.CANCEL_BOTH):
        cancel(venue, maker, CancelReason.SELF_TRADE)
    if taker.prevention in (SelfTradePrevention.CANCEL_NEWEST, SelfTradePrevention.CANCEL_BOTH):
        cancel(venue, taker, CancelReason.SELF_TRADE)


def meet(venue: Venue, taker: Order, maker: Order) -> None:
    """They trade as much as is shown; an iceberg whose slice is used up shows the next, behind the others."""
    assert maker.price is not None, "only orders with a price rest"
    fill(venue, (taker, maker), maker.price, min(taker.leaves, maker.shown), Liquidity.REMOVED)
    if maker.leaves and not maker.shown:
        venue.join(maker)
        refreshed(venue, maker)


def refreshed(venue: Venue, order: Order) -> None:
    """Tells what an iceberg shows now."""
    terms = order.order_id, order.cl_ord_id, order.shown, order.leaves, order.session, order.instrument
    venue.tell(Refreshed(*terms))


def fill(venue: Venue, parties: tuple[Order, Order], price: int, quantity: int, liquidity: Liquidity) -> None:
    """One trade, of taker and maker, or of buyer and seller in an auction."""
    taker, maker = parties
    for order in parties:
        order.take(quantity)
        order.filled += quantity
        if not order.leaves:
            venue.leave(order)
    own, contra = (Party(order.order_id, order.cl_ord_id, order.leaves, order.session) for order in parties)
    venue.trade_count = trade_id = venue.trade_count + 1
    venue.tell(Filled(own, contra, price, quantity, taker.instrument, taker.side, liquidity, trade_id))
    done = Trade(
        trade_id,
        taker.instrument,
        price,
        quantity,
        taker.side,
        order_ids=(taker.order_id, maker.order_id),
        cl_ord_ids=(taker.cl_ord_id, maker.cl_ord_id),
        sessions=(taker.session, maker.session),
        accounts=(taker.account, maker.account),
    )
    venue.trades.append(done)
    venue.books[taker.instrument].last = price
    risk.move_positions(venue, done, quantity)


def would_trade(venue: Venue, taker: Order, limit: int | None) -> int:
    """How many lots it would trade: found by doing it, with copies of everything."""
    book = copy(venue.books[taker.instrument])
    orders = {(order.session, order.cl_ord_id): copy(order) for order in venue.resting(taker.instrument)}
    rehearsal = Venue(venue.logic_version, venue.orders_max, venue.now_ns, arrivals=venue.arrivals)
    rehearsal.books[taker.instrument] = book
    rehearsal.live = orders
    trade(rehearsal, copy(taker), limit)
    return sum(done.quantity for done in rehearsal.trades)


def execute(venue: Venue, order: Order) -> bool:
    """An order has its moment: it trades what it can, and what is left rests or is cancelled. Returns whether it
    traded.
    """
    before = len(venue.trades)
    bound = collar(venue, order.instrument, order.side) if order.price is None else None
    limit = bound if order.price is None else order.price
    minimum, order.minimum = order.minimum, None
    if order.time_in_force == TimeInForce.FILL_OR_KILL and would_trade(venue, order, limit) < order.leaves:
        cancel(venue, order, CancelReason.UNFILLED)
    elif minimum is not None and would_trade(venue, order, limit) < minimum:
        cancel(venue, order, CancelReason.MINIMUM_NOT_MET)
    else:
        trade(venue, order, limit)
    if order.leaves and order.may_rest:
        venue.join(order)
    elif order.leaves:
        stopped = bound is not None and makers(venue, order, None)
        cancel(venue, order, CancelReason.COLLAR if stopped else CancelReason.UNFILLED)
    return len(venue.trades) > before


def would_take(venue: Venue, order: Order) -> bool:
    """A post-only order would not stay passive: somebody is there whom it would meet, and not only orders that are
    due.
    """
    return any(not venue.is_due(maker) for maker in makers(venue, order, order.price))
