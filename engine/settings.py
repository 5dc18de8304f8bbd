"""What is set at an engine: instruments with phases, rules and schedules, limits of sessions and accounts, kill
switches and positions, and how much of the limits is used.

    engine.settings().instruments[0].phase

Prices are in ticks, quantities in lots, values in ticks × lots, times in nanoseconds since 1970, as in the commands
that set them. It is read from a snapshot, of which only the sections that hold settings are read, and the orders only
if somebody has an entry, for which they are counted.
"""

from dataclasses import dataclass

from seriatim.engine.commands import Instrument, SetInstrumentRules, SetLimits
from seriatim.engine.open_orders import Open, Owner, open_orders
from seriatim.engine.reference.snapshot import MAGIC, instruments, read_venue, risks
from seriatim.engine.reference.venue import Book, Risk, Venue
from seriatim.engine.sections import Sections
from seriatim.engine.values import whole_bytes
from seriatim.schemas import CancelOn, RiskScope, Side, TradingPhase


@dataclass(frozen=True, slots=True)
class ScheduledPhase:
    """A phase that an instrument will be in."""

    time_ns: int
    """When it comes next."""
    interval_ns: int
    """And after how long again; 0 if it comes once."""
    phase: TradingPhase


@dataclass(frozen=True, slots=True)
class InstrumentSettings:
    """Of one instrument."""

    terms: Instrument
    """Id, symbol, tick size and lot size."""
    phase: TradingPhase
    """The one that holds."""
    last_price: int | None
    """Of the latest trade; None before the first."""
    rules: SetInstrumentRules
    """The command that would set what holds now; None is no rule."""
    schedule: tuple[ScheduledPhase, ...]
    """In the order in which they were scheduled."""
    under_halt: TradingPhase | None
    """If it is halted (`SetHalt`), the phase that it goes on in; else None."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What an owner has of one instrument, in lots."""

    instrument: int
    position: int
    """Bought less sold; short is below 0."""
    open_buys: int
    """Left of its live buy orders."""
    open_sells: int


@dataclass(frozen=True, slots=True)
class OwnerSettings:
    """Of one session or one account that has an entry: an operator or the session itself has set something once."""

    scope: RiskScope
    id: int
    limits: SetLimits
    """The command that would set what holds now; None is no limit."""
    killed: bool
    """Its kill switch is engaged."""
    own_cancel_on: CancelOn
    """When its orders are cancelled by its own wish (`ConfigureSession`); `limits.cancel_on` is the operator's."""
    open_orders: int
    """Live now, stops that wait included; `limits.open_orders_max` is the most."""
    messages: int
    """Counted in the open window of the rate; `limits.messages_max` is the most. 0 if no window is open."""
    window_start_ns: int | None
    """When that window began; None if none is open."""
    holdings: tuple[Holding, ...]
    """By ascending instrument; none of an instrument in which it has neither a position nor an open order."""

    @property
    def cancel_on(self) -> CancelOn:
        """When its orders are cancelled, whoever wants it."""
        return CancelOn(self.limits.cancel_on) | self.own_cancel_on

    @property
    def exposure(self) -> int:
        """The most lots that it could be long or short in any one instrument, with its open orders of one side filled;
        `limits.position_max` is the most.
        """
        long = max((held.position + held.open_buys for held in self.holdings), default=0)
        return max(long, *(held.open_sells - held.position for held in self.holdings), 0)


@dataclass(frozen=True, slots=True)
class Settings:
    """Of an engine."""

    time_ns: int
    """The last stamp; a window of messages that had ended by then is not open."""
    logic_version: int
    orders_max: int
    """Most live orders."""
    instruments: tuple[InstrumentSettings, ...]
    """By ascending id."""
    owners: tuple[OwnerSettings, ...]
    """Sessions by ascending id, then accounts."""

    def instrument(self, number: int) -> InstrumentSettings | None:
        """One of them, or None."""
        return next((each for each in self.instruments if each.terms.id == number), None)

    def owner(self, scope: RiskScope, number: int) -> OwnerSettings | None:
        """One of them; None if nothing was ever set for it."""
        return next((each for each in self.owners if (each.scope, each.id) == (scope, number)), None)


def settings_of(snapshot: bytes | memoryview) -> Settings:
    """What is set at the engine that made the snapshot (`Engine.snapshot`, `ReferenceEngine.snapshot`).

    Raises TypeError for what holds no bytes, `SnapshotError` for bytes that are no snapshot of an engine, or of which a
    section that is read is damaged. What is not read, trades and unfinished work, is not checked; `Engine.load` does.
    """
    sections = Sections(whole_bytes("snapshot", snapshot), MAGIC)
    venue, _outcome_hash = read_venue(sections.open(b"VENU"))
    for name, read in ((b"INST", instruments.read), (b"RISK", risks.read)):
        section = sections.open(name)
        read(section, venue)
        section.finish()
    counted = open_orders(sections.payload(b"QUEU"), sections.payload(b"STOP"), venue.risks) if venue.risks else {}
    return Settings(
        venue.now_ns,
        venue.logic_version,
        venue.orders_max,
        tuple(_instrument(book) for _, book in sorted(venue.books.items())),
        tuple(_owner(venue, owner, counted[owner]) for owner in sorted(venue.risks)),
    )


def _instrument(book: Book) -> InstrumentSettings:
    schedule = tuple(ScheduledPhase(entry.time_ns, entry.interval_ns, entry.phase) for entry in book.schedule)
    return InstrumentSettings(book.terms, book.phase, book.last, book.rules, schedule, book.under_halt)


def _owner(venue: Venue, owner: Owner, counted: Open) -> OwnerSettings:
    (scope, number), risk = owner, venue.risks[owner]
    held = {instrument for instrument, position in risk.positions.items() if position}
    holdings = [_holding(risk, counted, each) for each in sorted(held | {instrument for instrument, _ in counted.lots})]
    return OwnerSettings(
        scope,
        number,
        _limits(scope, number, risk),
        risk.killed,
        CancelOn(risk.own_cancel_on),
        counted.orders,
        risk.messages,
        risk.window_start_ns,
        tuple(holdings),
    )


def _limits(scope: RiskScope, number: int, risk: Risk) -> SetLimits:
    return SetLimits(
        scope,
        number,
        order_quantity_max=risk.order_quantity_max,
        order_value_max=risk.order_value_max,
        position_max=risk.position_max,
        rate_interval_ns=risk.rate_interval_ns,
        messages_max=risk.messages_max,
        open_orders_max=risk.open_orders_max,
        cancel_on=CancelOn(risk.cancel_on),
    )


def _holding(risk: Risk, counted: Open, instrument: int) -> Holding:
    buys, sells = (counted.lots.get((instrument, side), 0) for side in (Side.BUY, Side.SELL))
    return Holding(instrument, risk.positions.get(instrument, 0), buys, sells)
