"""`outcome_hash` in plain Python, from the definition in `engine/src/hash.rs`."""

from typing import assert_never

from seriatim.engine.commands import Instrument
from seriatim.engine.engine import size_parts
from seriatim.engine.events import (
    Accepted,
    Cancelled,
    Event,
    EventKind,
    Filled,
    InstrumentDefined,
    MassCancelled,
    Reduced,
    Rejected,
    Replaced,
)

_MASK = 2**64 - 1
_KEYS = (
    0x6A09E667F3BCC908,
    0xBB67AE8584CAA73B,
    0x3C6EF372FE94F82B,
    0xA54FF53A5F1D36F1,
    0x510E527FADE682D1,
    0x9B05688C2B3E6C1F,
    0x1F83D9ABFB41BD6B,
    0x5BE0CD19137E2179,
    0xCBBB9D5DC1059ED8,
    0x629A292A367CD507,
)
SEED = 0x243F6A8885A308D3
"""The hash before anything has happened."""
_GROWTH = 0x9E3779B97F4A7C15
_NO_PRICE = 2**63


def extend(outcome_hash: int, event: Event) -> int:
    """The hash after one more event."""
    mixed = outcome_hash ^ digest(event)
    rotated = (mixed << 29 | mixed >> 35) & _MASK
    return rotated * _GROWTH & _MASK


def digest(event: Event) -> int:
    """The digest of one event: the xor of the folded products of its words, taken in pairs."""
    words = [(word & _MASK) ^ key for word, key in zip(words_of(event), _KEYS, strict=False)]
    result = 0
    for a, b in zip(words[::2], words[1::2], strict=True):
        product = a * b
        result ^= product >> 64 ^ product & _MASK
    return result


def _head(kind: EventKind, wide: int, *small: int) -> int:
    head = kind | wide << 32
    for place, value in enumerate(small, start=1):
        head |= (value & 0xFF) << 8 * place
    return head


def words_of(event: Event) -> list[int]:  # noqa: PLR0911  one for each kind of event
    """The canonical words of an event, of which each counts modulo 2^64."""
    match event:
        case Accepted() as e:
            head = _head(EventKind.ACCEPTED, e.instrument, e.side, e.ord_type, e.time_in_force)
            price = _NO_PRICE if e.price is None else e.price
            return [head, e.session | e.account << 32, e.order_id, e.cl_ord_id, price, e.quantity]
        case Rejected() as e:
            return [_head(EventKind.REJECTED, e.template_id, e.reason), e.session, e.cl_ord_id, 0]
        case Filled(own, contra) as e:
            assert contra is not None, "what the bus tells one party does not enter the hash"
            head = _head(EventKind.FILLED, e.instrument, e.side)
            taker = [own.order_id, own.cl_ord_id, own.leaves]
            maker = [contra.order_id, contra.cl_ord_id, contra.leaves]
            return [head, own.session | contra.session << 32, *taker, *maker, e.price, e.quantity]
        case Reduced() as e:
            head = _head(EventKind.REDUCED, e.instrument)
            return [head, e.session, e.order_id, e.cl_ord_id, e.quantity, e.leaves]
        case Cancelled() as e:
            head = _head(EventKind.CANCELLED, e.instrument, e.reason)
            return [head, e.session, e.order_id, e.cl_ord_id, e.quantity, 0]
        case Replaced() as e:
            head = _head(EventKind.REPLACED, e.instrument, e.priority_kept)
            return [head, e.session, e.order_id, e.cl_ord_id, e.orig_cl_ord_id, e.price, e.quantity, e.leaves]
        case MassCancelled() as e:
            return [_head(EventKind.MASS_CANCELLED, e.affected), e.session]
        case InstrumentDefined(instrument, session):
            return _instrument_words(instrument, session)
    assert_never(event)


def _instrument_words(terms: Instrument, session: int) -> list[int]:
    tick, lot = size_parts("tick_size", terms.tick_size), size_parts("lot_size", terms.lot_size)
    symbol = terms.symbol.encode("ascii").ljust(16, b"\0")
    halves = [int.from_bytes(symbol[:8], "little"), int.from_bytes(symbol[8:], "little")]
    return [_head(EventKind.INSTRUMENT_DEFINED, terms.id, tick[1], lot[1]), session, *halves, tick[0], lot[0]]
