"""What phase and rules of its instrument say to an order as it would be: a new one, or a live one with other terms."""

from seriatim.engine.reference.order import Order
from seriatim.engine.reference.refused import check
from seriatim.engine.reference.trading import collar, within
from seriatim.engine.reference.venue import Book, Venue
from seriatim.engine.reference.vocabulary import COLLECTING, RESTING_TIMES
from seriatim.schemas import OrdType, RejectReason, TradingPhase


def check_phase(book: Book, wish: Order, *, new: bool) -> None:
    """While nothing trades, only what can wait is taken; while the book is closed or halted, nothing is."""
    immediate = wish.ord_type == OrdType.MARKET or wish.time_in_force not in RESTING_TIMES or wish.minimum is not None
    fits = book.phase == TradingPhase.CONTINUOUS or (book.phase in COLLECTING and not (new and immediate))
    check(fits, RejectReason.WRONG_PHASE)


def check_rules(venue: Venue, wish: Order) -> None:
    """Band, collar, most quantity, most value."""
    book = venue.books[wish.instrument]
    rules = book.rules
    for price in prices(wish):
        below = rules.band_low is not None and price < rules.band_low
        above = rules.band_high is not None and price > rules.band_high
        check(not below and not above, RejectReason.OUTSIDE_PRICE_BAND)
    if wish.price is not None and not wish.waiting and book.phase == TradingPhase.CONTINUOUS:
        bound = collar(venue, wish.instrument, wish.side)
        check(within(wish.side, wish.price, bound), RejectReason.OUTSIDE_COLLAR)
    check_maxima(venue, wish, rules.order_quantity_max, rules.order_value_max)


def check_maxima(venue: Venue, wish: Order, max_quantity: int | None, max_value: int | None) -> None:
    """Of an instrument's rules, or of somebody's limits."""
    check(max_quantity is None or total(wish) <= max_quantity, RejectReason.QUANTITY_ABOVE_MAXIMUM)
    price = value_price(venue, wish)
    fits = max_value is None or price is None or price * total(wish) <= max_value
    check(fits, RejectReason.VALUE_ABOVE_MAXIMUM)


def prices(wish: Order) -> list[int]:
    """Its price, and the stop price that it waits for."""
    stop_price = wish.stop_price if wish.waiting else None
    return [price for price in (wish.price, stop_price) if price is not None]


def total(wish: Order) -> int:
    """Its quantity, what is filled included."""
    return wish.leaves + wish.filled


def value_price(venue: Venue, wish: Order) -> int | None:
    """What a lot of it is taken to be worth."""
    known = prices(wish)
    return known[0] if known else venue.books[wish.instrument].reference
