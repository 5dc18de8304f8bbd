"""The uncross: everybody who can trades at one price, the one at which most trades.

Source: London Stock Exchange, Guide to the Trading System (MIT201), and the Xetra market model: the principle of most
executable volume.
"""

from dataclasses import dataclass

from seriatim.engine.events import Uncrossed
from seriatim.engine.reference.cancelling import cancel
from seriatim.engine.reference.order import Order
from seriatim.engine.reference.trading import fill, queue, refreshed, within
from seriatim.engine.reference.venue import Venue
from seriatim.schemas import CancelReason, Liquidity, Side


@dataclass
class Candidate:
    """A price at which the book could be uncrossed."""

    price: int
    buys: int
    """Lots that would be bought at that price."""
    sells: int

    @property
    def volume(self) -> int:
        """How much would trade."""
        return min(self.buys, self.sells)

    @property
    def surplus(self) -> int:
        """How much more would be bought than sold."""
        return self.buys - self.sells


def candidates(buys: list[Order], sells: list[Order]) -> list[Candidate]:
    """The limits between the best of both sides, if these cross: none otherwise."""
    bids = [order.price for order in buys if order.price is not None]
    asks = [order.price for order in sells if order.price is not None]
    if not bids or not asks:
        return []
    prices = sorted({price for price in bids + asks if min(asks) <= price <= max(bids)})
    return [Candidate(price, _lots(buys, price), _lots(sells, price)) for price in prices]


def _lots(orders: list[Order], price: int) -> int:
    return sum(order.leaves for order in orders if within(order.side, price, order.price))


def best(found: list[Candidate], reference: int | None) -> Candidate | None:
    """Most volume; then least surplus; then the side with more sets the price; then who is closest to the reference."""
    if not found:
        return None
    volume = max(candidate.volume for candidate in found)
    left = [candidate for candidate in found if candidate.volume == volume]
    surplus = min(abs(candidate.surplus) for candidate in left)
    left = [candidate for candidate in left if abs(candidate.surplus) == surplus]
    if all(candidate.surplus > 0 for candidate in left):
        return left[-1]
    if all(candidate.surplus < 0 for candidate in left):
        return left[0]
    near = (left[0].price + left[-1].price) // 2 if reference is None else reference
    return min(left, key=lambda candidate: (abs(candidate.price - near), -candidate.price))


def indicative(venue: Venue, instrument: int) -> tuple[int, int, int] | None:
    """Price, volume and surplus of the uncross, if it happened now."""
    sides = [queue(venue, instrument, side) for side in (Side.BUY, Side.SELL)]
    buys, sells = ([order for order in orders if not venue.is_due(order)] for orders in sides)
    found = best(candidates(buys, sells), venue.books[instrument].reference)
    return None if found is None else (found.price, found.volume, found.surplus)


def uncross(venue: Venue, instrument: int, session: int) -> None:
    """If the book is crossed."""
    if not candidates(queue(venue, instrument, Side.BUY), queue(venue, instrument, Side.SELL)):
        return
    for order in sorted(venue.resting(instrument), key=lambda order: order.order_id):
        if venue.is_due(order):
            cancel(venue, order, CancelReason.EXPIRED)
    found = indicative(venue, instrument)
    if found is None:
        return
    price, volume, _surplus = found
    venue.tell(Uncrossed(instrument, price, volume, session))
    shown = {order.order_id: order.shown for order in venue.resting(instrument)}
    traded = allocate(venue, instrument, price)
    for order in sorted(traded, key=lambda order: order.order_id):
        order.show_slice()
        if order.display is not None and order.leaves and order.shown != shown[order.order_id]:
            refreshed(venue, order)


def allocate(venue: Venue, instrument: int, price: int) -> list[Order]:
    """The first buyer buys from the first seller, until nobody is left who can; returns everybody who traded, once."""
    traded: dict[int, Order] = {}
    while True:
        buys, sells = queue(venue, instrument, Side.BUY), queue(venue, instrument, Side.SELL)
        if not buys or not sells or not within(Side.BUY, price, buys[0].price):
            return list(traded.values())
        if not within(Side.SELL, price, sells[0].price):
            return list(traded.values())
        buy, sell = buys[0], sells[0]
        fill(venue, (buy, sell), price, min(buy.leaves, sell.leaves), Liquidity.AUCTION)
        traded |= {buy.order_id: buy, sell.order_id: sell}
