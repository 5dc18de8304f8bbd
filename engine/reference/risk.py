"""Limits of sessions and accounts, and the positions that they limit."""

from seriatim.engine.commands import ConfigureSession, SetKillSwitch, SetLimits, SetPosition
from seriatim.engine.events import Administered
from seriatim.engine.reference import cancelling
from seriatim.engine.reference.limits import (
    POSITION_MAX,
    QUANTITY_MAX,
    RATE_INTERVAL_MAX_NS,
    RATE_INTERVAL_MIN_NS,
    RISK_ENTRIES_MAX,
    RISK_ENTRIES_OWN_MAX,
    VALUE_MAX,
)
from seriatim.engine.reference.refused import check
from seriatim.engine.reference.venue import Risk, Trade, Venue
from seriatim.engine.reference.vocabulary import known
from seriatim.schemas import CancelOn, RejectReason, RiskScope, Side

CANCEL_ON_KNOWN = int(CancelOn.DISCONNECT | CancelOn.LOGOFF)


def in_range(value: int | None, most: int) -> bool:
    """No limit, or one that makes sense."""
    return value is None or 1 <= value <= most


def entry(venue: Venue, scope: int, number: int) -> Risk:
    """The entry of a session or an account, new if need be."""
    key = RiskScope(scope), number
    check(key in venue.risks or len(venue.risks) < RISK_ENTRIES_MAX, RejectReason.TOO_MANY_LIMITS)
    return venue.risks.setdefault(key, Risk())


def check_scope(scope: int, number: int) -> None:
    """A session or an account, and not nobody."""
    check(known(scope, RiskScope) and number != 0, RejectReason.INVALID_LIMITS)


def set_limits(venue: Venue, session: int, limits: SetLimits) -> None:
    """All limits of a session or account, in place of those before."""
    check_scope(limits.scope, limits.id)
    check(sound_limits(limits), RejectReason.INVALID_LIMITS)
    take_limits(entry(venue, limits.scope, limits.id), limits)
    venue.tell(Administered(66, limits.id, session))


def sound_limits(limits: SetLimits) -> bool:
    """Each value by itself, and what must be there together."""
    rated = limits.messages_max is not None or limits.rate_interval_ns != 0
    return (
        in_range(limits.order_quantity_max, QUANTITY_MAX)
        and in_range(limits.order_value_max, VALUE_MAX)
        and in_range(limits.position_max, QUANTITY_MAX)
        and (not rated or RATE_INTERVAL_MIN_NS <= limits.rate_interval_ns <= RATE_INTERVAL_MAX_NS)
        and (not rated or (limits.messages_max is not None and limits.messages_max >= 1))
        and limits.cancel_on & ~CANCEL_ON_KNOWN == 0
        and (limits.cancel_on == 0 or limits.scope == RiskScope.SESSION)
    )


def take_limits(risk: Risk, limits: SetLimits) -> None:
    """In place of those before; its messages are counted anew."""
    risk.order_quantity_max = limits.order_quantity_max
    risk.order_value_max = limits.order_value_max
    risk.position_max = limits.position_max
    risk.open_orders_max = limits.open_orders_max
    risk.rate_interval_ns = limits.rate_interval_ns
    risk.messages_max = limits.messages_max
    risk.cancel_on = limits.cancel_on
    risk.window_start_ns = None


def set_position(venue: Venue, session: int, wanted: SetPosition) -> None:
    """What somebody has of an instrument, as somebody else knows."""
    venue.book(wanted.instrument)
    check_scope(wanted.scope, wanted.id)
    check(abs(wanted.position) <= POSITION_MAX, RejectReason.INVALID_LIMITS)
    entry(venue, wanted.scope, wanted.id).positions[wanted.instrument] = wanted.position
    venue.tell(Administered(67, wanted.id, session))


def set_kill_switch(venue: Venue, session: int, switch: SetKillSwitch) -> None:
    """Engaged: nothing new comes in, and what is there goes."""
    check_scope(switch.scope, switch.id)
    check(switch.engaged in (0, 1), RejectReason.INVALID_LIMITS)
    entry(venue, switch.scope, switch.id).killed = bool(switch.engaged)
    venue.tell(Administered(68, switch.id, session))
    if switch.engaged:
        cancelling.kill(venue, RiskScope(switch.scope), switch.id)


def configure_session(venue: Venue, session: int, wanted: ConfigureSession) -> None:
    """When the session's orders are to go with it, by its own wish."""
    check(wanted.cancel_on & ~CANCEL_ON_KNOWN == 0, RejectReason.INVALID_LIMITS)
    is_new = (RiskScope.SESSION, session) not in venue.risks
    if wanted.cancel_on or not is_new:
        check(not is_new or len(venue.risks) < RISK_ENTRIES_OWN_MAX, RejectReason.TOO_MANY_LIMITS)
        entry(venue, RiskScope.SESSION, session).own_cancel_on = wanted.cancel_on
    venue.tell(Administered(16, session, session))


def cancels_on(venue: Venue, session: int, end: CancelOn) -> bool:
    """Whether the session's orders go when it ends so."""
    risk = venue.risks.get((RiskScope.SESSION, session), Risk())
    return bool((risk.cancel_on | risk.own_cancel_on) & end)


def move_positions(venue: Venue, trade: Trade, quantity: int) -> None:
    """A trade of so much; a negative quantity takes one back."""
    taker = quantity if trade.side == Side.BUY else -quantity
    for bought, session, account in zip((taker, -taker), trade.sessions, trade.accounts, strict=True):
        for key in ((RiskScope.SESSION, session), (RiskScope.ACCOUNT, account)):
            if key in venue.risks:
                positions = venue.risks[key].positions
                positions[trade.instrument] = positions.get(trade.instrument, 0) + bought
