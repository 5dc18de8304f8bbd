"""What an operator does to instruments and trades."""

from seriatim.engine.commands import BustTrade, Instrument, SetInstrumentRules
from seriatim.engine.events import Administered, BustedParty, InstrumentDefined, TradeBusted
from seriatim.engine.reference.limits import (
    EXPONENT_MAX,
    FILLS_KEPT,
    INSTRUMENTS_MAX,
    PRICE_MAX,
    QUANTITY_MAX,
    VALUE_MAX,
)
from seriatim.engine.reference.refused import check
from seriatim.engine.reference.risk import in_range, move_positions
from seriatim.engine.reference.venue import Book, Venue
from seriatim.engine.sizes import size_parts
from seriatim.schemas import RejectReason


def define(venue: Venue, session: int, terms: Instrument) -> None:
    """Opens a book, or finds it open on the same terms."""
    check(sound_terms(terms), RejectReason.INVALID_INSTRUMENT)
    book = venue.books.setdefault(terms.id, Book(terms, SetInstrumentRules(instrument=terms.id)))
    same = book.terms.symbol == terms.symbol and sizes_of(book.terms) == sizes_of(terms)
    check(same, RejectReason.INSTRUMENT_EXISTS)
    venue.tell(InstrumentDefined(terms, session))


def sound_terms(terms: Instrument) -> bool:
    """Each value by itself."""
    return (
        0 <= terms.id < INSTRUMENTS_MAX
        and 1 <= len(terms.symbol) <= 16
        and all("!" <= letter <= "~" for letter in terms.symbol)
        and all(mantissa > 0 and abs(exponent) <= EXPONENT_MAX for mantissa, exponent in sizes_of(terms))
    )


def sizes_of(terms: Instrument) -> list[tuple[int, int]]:
    """Of tick and lot."""
    return [size_parts("tick_size", terms.tick_size), size_parts("lot_size", terms.lot_size)]


def set_rules(venue: Venue, session: int, rules: SetInstrumentRules) -> None:
    """All rules of an instrument, in place of those before."""
    book = venue.book(rules.instrument)
    check(sound_rules(rules), RejectReason.INVALID_RULES)
    book.rules = rules
    venue.tell(Administered(61, rules.instrument, session))


def sound_rules(rules: SetInstrumentRules) -> bool:
    """Each value by itself, and the band."""
    prices = rules.band_low, rules.band_high, rules.collar, rules.reference_price
    crossed = rules.band_low is not None and rules.band_high is not None and rules.band_low > rules.band_high
    return (
        all(in_range(price, PRICE_MAX) for price in prices)
        and in_range(rules.order_quantity_max, QUANTITY_MAX)
        and in_range(rules.order_value_max, VALUE_MAX)
        and not crossed
    )


def bust(venue: Venue, wanted: BustTrade) -> None:
    """A trade counts no more for positions; all else stays."""
    kept = [trade for trade in venue.trades[-FILLS_KEPT:] if trade.trade_id == wanted.trade_id and not trade.busted]
    check(len(kept) == 1, RejectReason.UNKNOWN_TRADE)
    trade = kept[0]
    trade.busted = True
    move_positions(venue, trade, -trade.quantity)
    own, contra = map(BustedParty, trade.order_ids, trade.cl_ord_ids, trade.sessions)
    venue.tell(TradeBusted(trade.trade_id, own, contra, trade.price, trade.quantity, trade.instrument, trade.side))
