"""`outcome_hash` in plain Python, from the definition in `engine/src/hash.rs`."""

from collections.abc import Callable
from typing import Any

from seriatim.engine.events import (
    Accepted,
    AcceptedExtended,
    Administered,
    Cancelled,
    Event,
    EventKind,
    Filled,
    InstrumentDefined,
    MassCancelled,
    PhaseChanged,
    Reduced,
    Refreshed,
    Rejected,
    Replaced,
    TradeBusted,
    Triggered,
    Uncrossed,
)
from seriatim.engine.sizes import size_parts
from seriatim.schemas import CancelReason, ExecInst, Liquidity, MassCancelResponse

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
_NONE = 2**63


def extend(outcome_hash: int, event: Event) -> int:
    """The hash after one more event."""
    outcome_hash = _chain(outcome_hash, digest(words_of(event)))
    if isinstance(event, AcceptedExtended):
        # Eleven words are one more than there are keys, so the last one makes a step of its own.
        outcome_hash = _chain(outcome_hash, digest([_or_none(event.expire_time_ns), event.order_id]))
    return outcome_hash


def _chain(outcome_hash: int, digested: int) -> int:
    mixed = outcome_hash ^ digested
    rotated = (mixed << 29 | mixed >> 35) & _MASK
    return rotated * _GROWTH & _MASK


def digest(words: list[int]) -> int:
    """The digest of an even number of words: the xor of the folded products of them, taken in pairs."""
    keyed = [(word & _MASK) ^ key for word, key in zip(words, _KEYS, strict=False)]
    result = 0
    for a, b in zip(keyed[::2], keyed[1::2], strict=True):
        product = a * b
        result ^= product >> 64 ^ product & _MASK
    return result


def _or_none(value: int | None) -> int:
    return _NONE if value is None else value


def _head(kind: EventKind, wide: int, *small: int) -> int:
    head = kind | wide << 32
    for place, value in enumerate(small, start=1):
        head |= (value & 0xFF) << 8 * place
    return head


def words_of(event: Event) -> list[int]:
    """The canonical words of an event, of which each counts modulo 2^64."""
    return _WORDS[type(event)](event)


def _accepted_words(e: Accepted | AcceptedExtended, kind: EventKind = EventKind.ACCEPTED) -> list[int]:
    head = _head(kind, e.instrument, e.side, e.ord_type, e.time_in_force)
    return [head, e.session | e.account << 32, e.order_id, e.cl_ord_id, _or_none(e.price), e.quantity]


def _extended_words(e: AcceptedExtended) -> list[int]:
    parts = [_or_none(value) for value in (e.stop_price, e.display_quantity, e.minimum_quantity)]
    instructions = ExecInst.POST_ONLY if e.post_only else 0
    last = e.self_trade_group | (instructions | e.self_trade_prevention << 8) << 32
    return [*_accepted_words(e, EventKind.ACCEPTED_EXTENDED), *parts, last]


def _filled_words(e: Filled) -> list[int]:
    own, contra = e.own, e.contra
    assert contra is not None, "what the bus tells one party does not enter the hash"
    head = _head(EventKind.FILLED, e.instrument, e.side, e.liquidity == Liquidity.AUCTION)
    taker = [own.order_id, own.cl_ord_id, own.leaves]
    maker = [contra.order_id, contra.cl_ord_id, contra.leaves]
    return [head, own.session | contra.session << 32, *taker, *maker, e.price, e.quantity]


def _reduced_words(e: Reduced) -> list[int]:
    reason = 0 if e.reason == CancelReason.REQUESTED else e.reason
    return [_head(EventKind.REDUCED, e.instrument, reason), e.session, e.order_id, e.cl_ord_id, e.quantity, e.leaves]


def _cancelled_words(e: Cancelled) -> list[int]:
    head = _head(EventKind.CANCELLED, e.instrument, e.reason)
    return [head, e.session, e.order_id, e.cl_ord_id, e.quantity, 0]


def _replaced_words(e: Replaced) -> list[int]:
    head = _head(EventKind.REPLACED, e.instrument, e.priority_kept)
    return [head, e.session, e.order_id, e.cl_ord_id, e.orig_cl_ord_id, e.price, e.quantity, e.leaves]


def _mass_cancelled_words(e: MassCancelled) -> list[int]:
    unfinished = e.response != MassCancelResponse.COMPLETED
    return [_head(EventKind.MASS_CANCELLED, e.affected, unfinished), e.session]


def _instrument_words(e: InstrumentDefined) -> list[int]:
    terms = e.instrument
    tick, lot = size_parts("tick_size", terms.tick_size), size_parts("lot_size", terms.lot_size)
    symbol = terms.symbol.encode("ascii").ljust(16, b"\0")
    halves = [int.from_bytes(symbol[:8], "little"), int.from_bytes(symbol[8:], "little")]
    return [_head(EventKind.INSTRUMENT_DEFINED, terms.id, tick[1], lot[1]), e.session, *halves, tick[0], lot[0]]


def _refreshed_words(e: Refreshed) -> list[int]:
    return [_head(EventKind.REFRESHED, e.instrument), e.session, e.order_id, e.cl_ord_id, e.shown, e.leaves]


def _busted_words(e: TradeBusted) -> list[int]:
    assert e.contra is not None, "what the bus tells one party does not enter the hash"
    head = _head(EventKind.TRADE_BUSTED, e.instrument, e.side)
    orders = [e.own.order_id, e.contra.order_id]
    return [head, e.own.session | e.contra.session << 32, e.trade_id, *orders, e.price, e.quantity, 0]


_WORDS: dict[type[Event], Callable[[Any], list[int]]] = {
    Accepted: _accepted_words,
    Rejected: lambda e: [_head(EventKind.REJECTED, e.template_id, e.reason), e.session, e.cl_ord_id, 0],
    Filled: _filled_words,
    Reduced: _reduced_words,
    Cancelled: _cancelled_words,
    Replaced: _replaced_words,
    MassCancelled: _mass_cancelled_words,
    InstrumentDefined: _instrument_words,
    AcceptedExtended: _extended_words,
    Triggered: lambda e: [_head(EventKind.TRIGGERED, e.instrument), e.session, e.order_id, e.cl_ord_id],
    Refreshed: _refreshed_words,
    PhaseChanged: lambda e: [_head(EventKind.PHASE_CHANGED, e.instrument, e.phase), e.session],
    Uncrossed: lambda e: [_head(EventKind.UNCROSSED, e.instrument), e.price, e.volume, 0],
    Administered: lambda e: [_head(EventKind.ADMINISTERED, e.template_id), e.session | e.id << 32],
    TradeBusted: _busted_words,
}
