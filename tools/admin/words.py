"""What came of an operator's command, in sentences."""

from collections import Counter
from collections.abc import Iterable, Sequence

from seriatim.engine import (
    BustTrade,
    CancelOn,
    ClearSchedule,
    Command,
    Event,
    Instrument,
    PhaseChanged,
    RiskScope,
    SchedulePhase,
    SetHalt,
    SetInstrumentRules,
    SetKillSwitch,
    SetLimits,
    SetPhase,
    SetPosition,
    TradeBusted,
    TradingPhase,
    Uncrossed,
)
from seriatim.tools.admin.standing import Standing
from seriatim.tools.figures import utc

PHASES_TOLD = 8
"""Instruments that are named; of more, how many they are."""
PIECE_MAX = 256
"""Instruments whose phase a command changes at once; the engine goes on with the rest by itself."""

HOUR_NS = 3_600 * 10**9


def told(command: Command, events: Sequence[Event]) -> Iterable[str]:
    """Sentences without a full stop."""
    match command:
        case Instrument(number, symbol, tick_size, lot_size):
            yield f"instrument {number} is {symbol}: tick size {tick_size}, lot size {lot_size}"
        case SetInstrumentRules():
            yield f"rules of instrument {command.instrument}: {listed(rules(command))}"
        case SetPhase() | SetHalt():
            yield from phases(command, events)
        case SchedulePhase(instrument, phase, time_ns, interval_ns):
            when = f"at {utc(time_ns).partition('.')[0]} UTC"
            again = f", and every {interval_ns / HOUR_NS:g} h from then on" if interval_ns else ""
            yield f"instrument {instrument} will be in {phase_name(phase)} {when}{again}"
        case ClearSchedule(instrument):
            yield f"no phase of instrument {instrument} is scheduled any more"
        case BustTrade(trade_id):
            yield f"trade {trade_id} is busted{trade(events)}"
        case SetLimits():
            yield f"limits of {whose(command.scope, command.id)}: {listed(limits(command))}"
        case SetPosition(scope, owner, instrument, position):
            yield f"the position of {whose(scope, owner)} in instrument {instrument} is {position:+,} lots"
        case SetKillSwitch(scope, owner, engaged):
            done = (
                "its orders are being cancelled, and no new ones are taken" if engaged else "it can place orders again"
            )
            yield f"{whose(scope, owner)} is {'killed' if engaged else 'released'}: {done}"


def caution(command: Command, session: Standing | None) -> Iterable[str]:
    """What an operator may not have meant: a session that nobody has, or can have."""
    if isinstance(command, SetLimits | SetPosition | SetKillSwitch):
        if session is Standing.UNOPENED:
            yield f"session {command.id} was never opened: this holds from its first logon on, if the number is right"
        elif session is Standing.OVER:
            yield f"session {command.id} is over: nobody can log on to it again; is the number right?"


def phases(command: SetPhase | SetHalt, events: Sequence[Event]) -> Iterable[str]:
    """Which instruments are in which phase now, what auctions gave, and what does not hold yet."""
    for event in events:
        if isinstance(event, Uncrossed):
            volume = f"{event.volume:,} lots traded at {event.price:,} ticks"
            yield f"the auction of instrument {event.instrument} has ended: {volume}"
    changed = [event for event in events if isinstance(event, PhaseChanged)]
    if len(changed) <= PHASES_TOLD:
        yield from (f"instrument {event.instrument} is in {phase_name(event.phase)}" for event in changed)
    else:
        for phase, count in sorted(Counter(event.phase for event in changed).items()):
            yield f"{count:,} instruments are in {phase_name(phase)}"
    if len(changed) >= PIECE_MAX:
        yield "any others follow"
    yield from later(command, {event.phase for event in changed})


def later(command: SetPhase | SetHalt, phases: set[int]) -> Iterable[str]:
    """What comes of a command only when something else is over."""
    if isinstance(command, SetPhase) and phases - {command.phase}:
        which = "--all" if command.instrument is None else command.instrument
        waits = f"{phase_name(command.phase)} comes when that ends: `seriatim admin halt {which} --resume`"
        yield f"what is in {phase_name(TradingPhase.HALT)} was halted; {waits}"
    elif isinstance(command, SetHalt) and command.on and TradingPhase.CLOSED in phases:
        yield f"what is in {phase_name(TradingPhase.CLOSED)} will be in {phase_name(TradingPhase.HALT)} when it opens"
    elif isinstance(command, SetHalt) and not command.on and TradingPhase.HALT in phases:
        yield f"what is in {phase_name(TradingPhase.HALT)} has that phase from a command or schedule: set another"


def trade(events: Sequence[Event]) -> str:
    """What was traded, if the answer says so."""
    for event in events:
        if isinstance(event, TradeBusted):
            return f": {event.quantity:,} lots of instrument {event.instrument} at {event.price:,} ticks"
    return ""


def rules(command: SetInstrumentRules) -> Iterable[str]:
    """Each rule that an instrument has now."""
    if command.band_low is not None:
        yield f"no price below {command.band_low:,} ticks"
    if command.band_high is not None:
        yield f"no price above {command.band_high:,} ticks"
    if command.collar is not None:
        yield f"no further than {command.collar:,} ticks from the last price"
    if command.reference_price is not None:
        yield f"reference price {command.reference_price:,} ticks"
    yield from order_maxima(command.order_quantity_max, command.order_value_max)


def limits(command: SetLimits) -> Iterable[str]:
    """Each limit that a session or account has now."""
    yield from order_maxima(command.order_quantity_max, command.order_value_max)
    if command.position_max is not None:
        yield f"at most {command.position_max:,} lots long or short"
    if command.open_orders_max is not None:
        yield f"at most {command.open_orders_max:,} open orders"
    if command.messages_max is not None:
        yield f"at most {command.messages_max:,} messages in {command.rate_interval_ns / 10**9:g} s"
    for event in CancelOn:
        if command.cancel_on & event and event.name:
            yield f"its orders are cancelled on {event.name.lower()}"


def order_maxima(quantity: int | None, value: int | None) -> Iterable[str]:
    """What one order may be."""
    if quantity is not None:
        yield f"at most {quantity:,} lots an order"
    if value is not None:
        yield f"an order's value at most {value:,} ticks × lots"


def listed(parts: Iterable[str]) -> str:
    """In one line, or that there are none."""
    return "; ".join(parts) or "none"


def whose(scope: int, owner: int) -> str:
    """The session or account."""
    return f"{RiskScope(scope).name.lower()} {owner}"


def phase_name(phase: int) -> str:
    """As options name it."""
    return TradingPhase(phase).name.lower().replace("_", "-")
