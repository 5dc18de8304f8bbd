"""`FILL`: the latest trades, which can still be busted."""

from seriatim.engine.reference.limits import FILLS_KEPT, PRICE_MAX, QUANTITY_MAX
from seriatim.engine.reference.snapshot.packing import Reader, pack
from seriatim.engine.reference.venue import Trade, Venue
from seriatim.schemas import Side

PARTY = "QQII"
TRADE = PARTY + PARTY + "qqIB?"


def write(venue: Venue) -> bytes:
    """The oldest first."""
    return b"".join(map(_trade, venue.trades[-FILLS_KEPT:]))


def _trade(trade: Trade) -> bytes:
    taker, maker = zip(trade.order_ids, trade.cl_ord_ids, trade.sessions, trade.accounts, strict=True)
    return pack(TRADE, *taker, *maker, trade.price, trade.quantity, trade.instrument, trade.side, trade.busted)


def read(reader: Reader, venue: Venue) -> None:
    """Their numbers follow from how many there have been."""
    while reader.more:
        *parties, price, quantity, instrument, side, busted = reader.take(TRADE)
        order_ids, cl_ord_ids, sessions, accounts = zip(parties[:4], parties[4:], strict=True)
        reader.check(all(1 <= order_id <= venue.last_order_id for order_id in order_ids), "an order id never given")
        reader.check(1 <= price <= PRICE_MAX and 1 <= quantity <= QUANTITY_MAX, "no price or quantity of a trade")
        reader.check(instrument in venue.books, "an instrument that is not defined")
        terms = instrument, price, quantity, reader.known(Side, side)
        venue.trades.append(Trade(0, *terms, order_ids, cl_ord_ids, sessions, accounts, busted))
    kept = min(FILLS_KEPT, venue.trade_count)
    reader.check(len(venue.trades) == kept, "fewer or more trades than are remembered")
    for number, trade in enumerate(venue.trades, start=venue.trade_count - kept + 1):
        trade.trade_id = number
