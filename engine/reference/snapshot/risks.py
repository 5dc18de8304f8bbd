"""`RISK`: limits, kill switches and positions of sessions and accounts."""

from seriatim.engine.commands import SetLimits
from seriatim.engine.reference.limits import HELD_MAX, RISK_ENTRIES_MAX
from seriatim.engine.reference.risk import CANCEL_ON_KNOWN, sound_limits, take_limits
from seriatim.engine.reference.snapshot.packing import Reader, flagged, given, or_none, pack
from seriatim.engine.reference.venue import Risk, Venue
from seriatim.schemas import RiskScope

WHOSE = "BI"
LIMITS = "qqqqI?IB"
STATE = "?BqII"
POSITION = "I16s"


def write(venue: Venue) -> bytes:
    """Sessions, then accounts, each by ascending id."""
    return b"".join(pack(WHOSE, *whose) + _entry(venue, venue.risks[whose]) for whose in sorted(venue.risks))


def _entry(venue: Venue, risk: Risk) -> bytes:
    maxima = [or_none(limit) for limit in (risk.order_quantity_max, risk.order_value_max, risk.position_max)]
    rate = risk.rate_interval_ns, risk.messages_max or 0
    window = (risk.window_start_ns, risk.messages) if _is_open(venue, risk) else (0, 0)
    held = sorted((instrument, position) for instrument, position in risk.positions.items() if position)
    return (
        pack(LIMITS, *maxima, *rate, *flagged(risk.open_orders_max), risk.cancel_on)
        + pack(STATE, risk.killed, risk.own_cancel_on, *window, len(held))
        + b"".join(pack(POSITION, where, position.to_bytes(16, "little", signed=True)) for where, position in held)
    )


def _is_open(venue: Venue, risk: Risk) -> bool:
    """The window of messages has begun and not ended."""
    return risk.window_start_ns is not None and venue.now_ns < risk.window_start_ns + risk.rate_interval_ns


def read(reader: Reader, venue: Venue) -> None:
    """What a limit counts of live orders is not kept: it is counted."""
    while reader.more:
        scope, number = reader.take(WHOSE)
        whose = reader.known(RiskScope, scope), number
        reader.check(number != 0 or scope == RiskScope.SESSION, "an account that is none")
        venue.risks[whose] = risk = _read_limits(reader, *whose)
        risk.killed, risk.own_cancel_on, start_ns, risk.messages, count = reader.take(STATE)
        reader.check(risk.own_cancel_on & ~CANCEL_ON_KNOWN == 0, "unknown ends of a session")
        reader.check(risk.own_cancel_on == 0 or scope == RiskScope.SESSION, "the end of an account")
        if risk.messages:
            reader.check(0 <= start_ns <= venue.now_ns, "a window of messages that cannot be open")
            risk.window_start_ns = start_ns
        for _ in range(count):
            instrument, held = reader.take(POSITION)
            position = int.from_bytes(held, "little", signed=True)
            reader.check(instrument in venue.books, "an instrument that is not defined")
            reader.check(abs(position) <= HELD_MAX, "no position that can be held")
            risk.positions[instrument] = position
    reader.check(len(venue.risks) <= RISK_ENTRIES_MAX, "more entries than there may be")


def _read_limits(reader: Reader, scope: RiskScope, number: int) -> Risk:
    quantity, value, position, interval_ns, messages, bounded, orders, cancel_on = reader.take(LIMITS)
    limits = SetLimits(
        scope,
        number,
        order_quantity_max=given(quantity),
        order_value_max=given(value),
        position_max=given(position),
        rate_interval_ns=interval_ns,
        messages_max=messages or None,
        open_orders_max=orders if bounded else None,
        cancel_on=cancel_on,
    )
    reader.check(sound_limits(limits), "limits that nobody has")
    risk = Risk()
    take_limits(risk, limits)
    return risk
