"""The engine's face: commands in, events out."""

from collections.abc import Callable
from decimal import Decimal
from typing import Self

from seriatim.engine.bodies import command_body, template_of
from seriatim.engine.commands import (
    BustTrade,
    CancelOrder,
    ClearSchedule,
    Command,
    ConfigureSession,
    Instrument,
    MassCancel,
    NewOrder,
    ReduceOrder,
    ReplaceOrder,
    SchedulePhase,
    SetHalt,
    SetInstrumentRules,
    SetKillSwitch,
    SetLimits,
    SetPhase,
    SetPosition,
    command_row,
    fits_row,
)
from seriatim.engine.engine import LEVELS_MAX, LOGIC_VERSION, ORDERS_MAX
from seriatim.engine.events import Event, Rejected
from seriatim.engine.outcome import SEED, extend
from seriatim.engine.queue import QueuePosition
from seriatim.engine.reference import administration, auction, cancelling, phases, reading, risk, time
from seriatim.engine.reference.decoding import EXTENDED, decode, layouts
from seriatim.engine.reference.entering import new_order
from seriatim.engine.reference.limits import PIECE_MAX
from seriatim.engine.reference.nulls import without_nulls
from seriatim.engine.reference.refused import Refused, check
from seriatim.engine.reference.replacing import replace
from seriatim.engine.reference.snapshot import load, save
from seriatim.engine.reference.task import run
from seriatim.engine.reference.venue import Venue
from seriatim.engine.values import I64, U32, whole_number
from seriatim.schemas import CancelReason, RejectReason, SessionEnd


class ReferenceEngine:
    """See `seriatim.engine.Engine`, whose methods these are."""

    def __init__(self, *, orders_max: int = ORDERS_MAX, logic_version: int = LOGIC_VERSION) -> None:
        self.outcome_hash = SEED
        self._venue = Venue(logic_version, orders_max)

    @classmethod
    def load(cls, snapshot: bytes | memoryview) -> Self:
        engine = cls()
        engine._venue, engine.outcome_hash = load(bytes(snapshot))
        return engine

    def snapshot(self) -> bytes:
        return save(self._venue, self.outcome_hash)

    def follow_logic(self, version: int) -> None:
        self._venue.logic_version = version

    @property
    def live_orders(self) -> int:
        return len(self._venue.live)

    @property
    def last_order_id(self) -> int:
        return self._venue.last_order_id

    @property
    def next_due(self) -> int | None:
        return reading.next_due(self._venue)

    def define_instrument(
        self, instrument: int, symbol: str, *, tick_size: Decimal, lot_size: Decimal, session: int = 0
    ) -> list[Event]:
        return self.apply(session, Instrument(instrument, symbol, tick_size, lot_size))

    def instrument(self, instrument: int) -> Instrument | None:
        book = self._venue.books.get(instrument)
        return None if book is None else book.terms

    def levels(self, instrument: int, side: int, depth: int = 10) -> list[tuple[int, int, int]]:
        """Price, quantity and number of orders of each level, the best first."""
        whole_number("depth", depth, (0, LEVELS_MAX))
        return reading.levels(self._venue, instrument, side, depth)

    def queue(self, instrument: int, side: int, price: int) -> list[tuple[int, int, int, int, int]]:
        """The fields of `QUEUED` of each order at the price, in the order in which they trade."""
        orders = reading.waiting_at(self._venue, instrument, side, price)
        return [(order.order_id, order.cl_ord_id, order.shown, order.session, order.account) for order in orders]

    def queue_position(self, session: int, cl_ord_id: int) -> QueuePosition | None:
        return reading.queue_position(self._venue, session, cl_ord_id)

    def indicative(self, instrument: int) -> tuple[int, int, int] | None:
        """Price, volume and surplus (signed) of the uncross, if it happened now; None if the book is not crossed."""
        return auction.indicative(self._venue, instrument) if instrument in self._venue.books else None

    def apply(self, session: int, command: Command, time_ns: int | None = None) -> list[Event]:
        # Only for what they refuse: a value that fits no field.
        whole_number("session", session, U32)
        _ = command_row(session, command) if fits_row(command) else command_body(command)
        return self._execute(session, without_nulls(command), template_of(command), time_ns)

    def execute_bytes(self, session: int, body: bytes, time_ns: int | None = None) -> list[Event]:
        template = int.from_bytes(body[2:4], "little") if len(body) >= 8 else 0
        try:
            command = decode(body, self._venue.logic_version)
        except Refused as refused:
            self.set_time(time_ns)
            return self._reject(0, session, template, refused.reason)
        return self._execute(session, command, template, time_ns)

    def set_time(self, time_ns: int | None) -> None:
        if time_ns is not None:
            self._venue.now_ns = max(self._venue.now_ns, whole_number("time_ns", time_ns, I64))

    def tick(self, time_ns: int | None = None) -> list[Event]:
        return self._frame(time_ns, lambda: time.tick(self._venue))

    def session_closed(self, session: int, end: int, time_ns: int | None = None) -> list[Event]:
        return self._frame(time_ns, lambda: time.session_closed(self._venue, session, SessionEnd(end)))

    def skip(self, session: int, body: bytes) -> list[Event]:
        """Rejects a command instead of executing it; nothing of it is decoded."""
        template = int.from_bytes(body[2:4], "little") if len(body) >= 4 else 0
        return self._reject(0, session, template, RejectReason.SKIPPED)

    def tell(self, event: Event) -> list[Event]:
        """What became of a command that is not the engine's to execute, as if the engine had."""
        self._venue.events = [event]
        return self._done()

    def _execute(self, session: int, command: Command, template: int, time_ns: int | None) -> list[Event]:
        venue = self._venue
        self.set_time(time_ns)
        known = template in layouts(venue.logic_version)
        try:
            check(known, RejectReason.UNKNOWN_COMMAND)
            return self._work(lambda: _do(venue, session, command, template))
        except Refused as refused:
            return self._reject(_named(command) if known else 0, session, template, refused.reason)

    def _frame(self, time_ns: int | None, happen: Callable[[], None]) -> list[Event]:
        """What comes from no command, and only from version 3 on."""
        self.set_time(time_ns)
        return self._work(happen if self._venue.logic_version >= 3 else lambda: None)

    def _work(self, happen: Callable[[], None]) -> list[Event]:
        """Something happens, and what it begins is done as far as the frame's steps go."""
        venue = self._venue
        venue.events = []
        venue.begun = own = []
        happen()
        if venue.begun is own:
            run(venue, own, PIECE_MAX if venue.logic_version >= 3 else len(venue.live) + 1)
            for task in own:
                task.pause(venue)
            venue.tasks += own
        return self._done()

    def _reject(self, cl_ord_id: int, session: int, template: int, reason: RejectReason) -> list[Event]:
        self._venue.events = [Rejected(cl_ord_id, session, template, reason)]
        return self._done()

    def _done(self) -> list[Event]:
        for event in self._venue.events:
            self.outcome_hash = extend(self.outcome_hash, event)
        return self._venue.events


def _do(venue: Venue, session: int, command: Command, template: int) -> None:  # noqa: C901, PLR0912  one arm for each command
    match command:
        case NewOrder():
            new_order(venue, session, command, extended=template == EXTENDED)
        case CancelOrder(orig_cl_ord_id):
            cancelling.cancel(venue, venue.find(session, orig_cl_ord_id), CancelReason.REQUESTED)
        case ReduceOrder(orig_cl_ord_id, quantity):
            cancelling.reduce(venue, venue.find(session, orig_cl_ord_id), quantity)
        case ReplaceOrder():
            replace(venue, venue.find(session, command.orig_cl_ord_id), command)
        case MassCancel():
            cancelling.mass_cancel(venue, session, command)
        case Instrument():
            administration.define(venue, session, command)
        case ConfigureSession():
            risk.configure_session(venue, session, command)
        case SetInstrumentRules():
            administration.set_rules(venue, session, command)
        case SetPhase():
            phases.set_phase(venue, session, command)
        case SetHalt():
            phases.set_halt(venue, session, command)
        case SchedulePhase():
            phases.schedule_phase(venue, session, command)
        case ClearSchedule():
            phases.clear_schedule(venue, session, command)
        case BustTrade():
            administration.bust(venue, command)
        case SetLimits():
            risk.set_limits(venue, session, command)
        case SetPosition():
            risk.set_position(venue, session, command)
        case SetKillSwitch():
            risk.set_kill_switch(venue, session, command)
        case _:
            raise Refused(RejectReason.UNKNOWN_COMMAND)


def _named(command: Command) -> int:
    """The client id of the order that a command names."""
    match command:
        case NewOrder():
            return command.cl_ord_id
        case CancelOrder() | ReduceOrder() | ReplaceOrder():
            return command.orig_cl_ord_id
        case _:
            return 0
