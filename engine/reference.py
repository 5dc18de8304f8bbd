"""The same engine in plain Python: slow and obvious. It judges the native one, so it shares none of its ideas.

A book is the set of live orders with its instrument. Whoever trades first is found by sorting.
"""

import struct
from dataclasses import dataclass
from decimal import Decimal

from seriatim.engine.bodies import template_of
from seriatim.engine.commands import (
    ALL_INSTRUMENTS,
    NO_PRICE,
    CancelOrder,
    Command,
    CommandKind,
    Instrument,
    MassCancel,
    NewOrder,
    ReduceOrder,
    ReplaceOrder,
)
from seriatim.engine.engine import LOGIC_VERSION, ORDERS_MAX
from seriatim.engine.events import (
    Accepted,
    Cancelled,
    Event,
    Filled,
    InstrumentDefined,
    MassCancelled,
    Party,
    Reduced,
    Rejected,
    Replaced,
)
from seriatim.engine.outcome import SEED, extend
from seriatim.engine.queue import QueuePosition
from seriatim.engine.sizes import size_parts
from seriatim.schemas import CancelReason, Liquidity, OptionalSide, OrdType, RejectReason, Side, TimeInForce

PRICE_MAX = 10**12
QUANTITY_MAX = 10**12
INSTRUMENTS_MAX = 2**20
EXPONENT_MAX = 18
SCHEMA_ID = 5301
DEFINE_INSTRUMENT = 60
_TIMES_IN_FORCE = TimeInForce.GOOD_TILL_CANCEL, TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL


@dataclass
class Order:
    """An order on its way in, or live."""

    order_id: int
    cl_ord_id: int
    session: int
    instrument: int
    side: Side
    price: int | None
    leaves: int
    filled: int = 0
    account: int = 0
    arrival: int = 0
    """When it joined the queue of its price."""


class Refused(Exception):  # the outcome of a command, not an error
    """The command is refused."""

    def __init__(self, reason: RejectReason) -> None:
        self.reason = reason


def _check(good: bool, reason: RejectReason) -> None:
    if not good:
        raise Refused(reason)


class ReferenceEngine:
    """See `seriatim.engine.Engine`, whose methods these are."""

    def __init__(self, *, orders_max: int = ORDERS_MAX, logic_version: int = LOGIC_VERSION) -> None:
        self._logic_version = logic_version
        self.outcome_hash = SEED
        self.last_order_id = 0
        self._orders_max = orders_max
        self._arrivals = 0
        self._trades = 0
        self._instruments: dict[int, Instrument] = {}
        self._live: dict[tuple[int, int], Order] = {}
        self._events: list[Event] = []

    def follow_logic(self, version: int) -> None:
        self._logic_version = version

    def skip(self, session: int, body: bytes) -> list[Event]:
        """Rejects a command instead of executing it; nothing of it is decoded."""
        template = int.from_bytes(body[2:4], "little") if len(body) >= 4 else 0
        self._events = [Rejected(0, session, template, RejectReason.SKIPPED)]
        return self._done()

    @property
    def live_orders(self) -> int:
        return len(self._live)

    def define_instrument(
        self, instrument: int, symbol: str, *, tick_size: Decimal, lot_size: Decimal, session: int = 0
    ) -> list[Event]:
        return self.apply(session, Instrument(instrument, symbol, tick_size, lot_size))

    def instrument(self, instrument: int) -> Instrument | None:
        return self._instruments.get(instrument)

    def levels(self, instrument: int, side: int, depth: int = 10) -> list[tuple[int, int, int]]:
        """Price, quantity and number of orders of each level, the best first."""
        orders = [o for o in self._live.values() if o.instrument == instrument and o.side == side]
        prices = sorted({o.price for o in orders if o.price is not None}, reverse=side == Side.BUY)
        queues = [(price, [o.leaves for o in orders if o.price == price]) for price in prices[:depth]]
        return [(price, sum(queue), len(queue)) for price, queue in queues]

    def queue(self, instrument: int, side: int, price: int) -> list[tuple[int, int, int, int, int]]:
        """The fields of `QUEUED` of each order at the price, in the order in which they trade."""
        return [(o.order_id, o.cl_ord_id, o.leaves, o.session, o.account) for o in self._at(instrument, side, price)]

    def queue_position(self, session: int, cl_ord_id: int) -> QueuePosition | None:
        order = self._live.get((session, cl_ord_id))
        if order is None or order.price is None:
            return None
        ahead = [o.leaves for o in self._at(order.instrument, order.side, order.price) if o.arrival < order.arrival]
        own = order.instrument, order.side, order.price, order.leaves
        return QueuePosition(*own, len(ahead), sum(ahead))

    def _at(self, instrument: int, side: int, price: int) -> list[Order]:
        waiting = [o for o in self._live.values() if (o.instrument, o.side, o.price) == (instrument, side, price)]
        return sorted(waiting, key=lambda order: order.arrival)

    def apply(self, session: int, command: Command, time_ns: int | None = None) -> list[Event]:  # noqa: ARG002
        self._events = []
        if template_of(command) not in _LAYOUTS:
            self._events = [Rejected(0, session, template_of(command), RejectReason.UNKNOWN_COMMAND)]
            return self._done()
        try:
            self._execute(session, command)
        except Refused as refused:
            template, named = _named(command)
            self._events = [Rejected(named, session, template, refused.reason)]
        return self._done()

    def execute_bytes(self, session: int, body: bytes, time_ns: int | None = None) -> list[Event]:  # noqa: ARG002
        try:
            command = decode(body)
        except Refused as refused:
            template = int.from_bytes(body[2:4], "little") if len(body) >= 8 else 0
            self._events = [Rejected(0, session, template, refused.reason)]
            return self._done()
        return self.apply(session, command)

    def _done(self) -> list[Event]:
        for event in self._events:
            self.outcome_hash = extend(self.outcome_hash, event)
        return self._events

    def _execute(self, session: int, command: Command) -> None:
        match command:
            case NewOrder():
                self._new_order(session, command)
            case CancelOrder(orig_cl_ord_id):
                self._cancel(self._find(session, orig_cl_ord_id), CancelReason.REQUESTED)
            case ReduceOrder(orig_cl_ord_id, quantity):
                self._reduce(self._find(session, orig_cl_ord_id), quantity)
            case ReplaceOrder():
                self._replace(self._find(session, command.orig_cl_ord_id), command)
            case MassCancel():
                self._mass_cancel(session, command)
            case Instrument():
                self._define(session, command)
            case _:
                raise AssertionError("refused before")

    def _find(self, session: int, cl_ord_id: int) -> Order:
        _check((session, cl_ord_id) in self._live, RejectReason.UNKNOWN_ORDER)
        return self._live[session, cl_ord_id]

    def _check_cl_ord_id(self, cl_ord_id: int) -> None:
        """From version 2 on: 0 is what a reject says when it names no order."""
        _check(cl_ord_id != 0 or self._logic_version < 2, RejectReason.INVALID_CL_ORD_ID)

    def _new_order(self, session: int, new: NewOrder) -> None:
        _check(new.instrument in self._instruments, RejectReason.UNKNOWN_INSTRUMENT)
        _check(new.side in (Side.BUY, Side.SELL), RejectReason.INVALID_SIDE)
        _check(new.ord_type in (OrdType.MARKET, OrdType.LIMIT), RejectReason.INVALID_ORD_TYPE)
        _check(new.time_in_force in _TIMES_IN_FORCE, RejectReason.INVALID_TIME_IN_FORCE)
        price = None if new.price == NO_PRICE else new.price
        if new.ord_type == OrdType.LIMIT:
            _check(price is not None and 1 <= price <= PRICE_MAX, RejectReason.INVALID_PRICE)
        else:
            _check(price is None, RejectReason.INVALID_PRICE)
        _check(1 <= new.quantity <= QUANTITY_MAX, RejectReason.INVALID_QUANTITY)
        self._check_cl_ord_id(new.cl_ord_id)
        _check((session, new.cl_ord_id) not in self._live, RejectReason.DUPLICATE_CL_ORD_ID)
        may_rest = new.ord_type == OrdType.LIMIT and new.time_in_force == TimeInForce.GOOD_TILL_CANCEL
        _check(not may_rest or self.live_orders < self._orders_max, RejectReason.BOOK_FULL)

        self.last_order_id += 1
        side = Side(new.side)
        order = Order(self.last_order_id, new.cl_ord_id, session, new.instrument, side, price, new.quantity)
        order.account = new.account
        enums = side, OrdType(new.ord_type), TimeInForce(new.time_in_force)
        terms = price, new.quantity, session, new.instrument, new.account
        self._events.append(Accepted(order.order_id, new.cl_ord_id, *terms, *enums))
        available = sum(maker.leaves for maker in self._makers(order))
        if new.time_in_force != TimeInForce.FILL_OR_KILL or available >= new.quantity:
            self._trade(order)
        if order.leaves and may_rest:
            self._rest(order)
        elif order.leaves:
            self._cancel(order, CancelReason.UNFILLED)

    def _makers(self, taker: Order) -> list[Order]:
        """The orders that it could trade with, in the order in which it does: the best price first, then the first to
        come.
        """

        def crosses(maker: Order) -> bool:
            assert maker.price is not None, "only limit orders rest"
            if taker.price is None:
                return True
            return maker.price <= taker.price if taker.side == Side.BUY else maker.price >= taker.price

        others = [o for o in self._live.values() if o.instrument == taker.instrument and o.side != taker.side]
        sign = 1 if taker.side == Side.BUY else -1
        return sorted(filter(crosses, others), key=lambda maker: (sign * (maker.price or 0), maker.arrival))

    def _trade(self, taker: Order) -> None:
        for maker in self._makers(taker):
            if not taker.leaves:
                return
            quantity = min(taker.leaves, maker.leaves)
            for order in (taker, maker):
                order.leaves -= quantity
                order.filled += quantity
            own = Party(taker.order_id, taker.cl_ord_id, taker.leaves, taker.session)
            contra = Party(maker.order_id, maker.cl_ord_id, maker.leaves, maker.session)
            price = maker.price or 0
            self._trades += 1
            terms = price, quantity, taker.instrument, taker.side, Liquidity.REMOVED, self._trades
            self._events.append(Filled(own, contra, *terms))
            if not maker.leaves:
                del self._live[maker.session, maker.cl_ord_id]

    def _rest(self, order: Order) -> None:
        self._arrivals += 1
        order.arrival = self._arrivals
        self._live[order.session, order.cl_ord_id] = order

    def _cancel(self, order: Order, reason: CancelReason) -> None:
        self._live.pop((order.session, order.cl_ord_id), None)
        ids = order.order_id, order.cl_ord_id
        self._events.append(Cancelled(*ids, order.leaves, order.session, order.instrument, reason))

    def _reduce(self, order: Order, quantity: int) -> None:
        _check(1 <= quantity <= QUANTITY_MAX, RejectReason.INVALID_QUANTITY)
        if quantity >= order.leaves:
            self._cancel(order, CancelReason.REQUESTED)
            return
        order.leaves -= quantity
        ids = order.order_id, order.cl_ord_id
        self._events.append(Reduced(*ids, quantity, order.leaves, order.session, order.instrument))

    def _replace(self, order: Order, new: ReplaceOrder) -> None:
        _check(1 <= new.price <= PRICE_MAX, RejectReason.INVALID_PRICE)
        _check(1 <= new.quantity <= QUANTITY_MAX, RejectReason.INVALID_QUANTITY)
        self._check_cl_ord_id(new.cl_ord_id)
        taken = new.cl_ord_id != new.orig_cl_ord_id and (order.session, new.cl_ord_id) in self._live
        _check(not taken, RejectReason.DUPLICATE_CL_ORD_ID)
        _check(new.quantity > order.filled, RejectReason.QUANTITY_NOT_ABOVE_FILLED)
        leaves = new.quantity - order.filled
        kept = new.price == order.price and leaves <= order.leaves
        del self._live[order.session, order.cl_ord_id]
        order.cl_ord_id, order.price, order.leaves = new.cl_ord_id, new.price, leaves
        ids = order.order_id, new.cl_ord_id, new.orig_cl_ord_id
        terms = new.price, new.quantity, leaves, order.session, order.instrument
        self._events.append(Replaced(*ids, *terms, kept))
        if kept:
            self._live[order.session, order.cl_ord_id] = order
            return
        self._trade(order)
        if order.leaves:
            self._rest(order)

    def _mass_cancel(self, session: int, mass: MassCancel) -> None:
        everywhere = mass.instrument in (None, ALL_INSTRUMENTS)
        _check(everywhere or mass.instrument in self._instruments, RejectReason.UNKNOWN_INSTRUMENT)
        _check(mass.side in set(OptionalSide), RejectReason.INVALID_SIDE)
        chosen = [
            order
            for order in self._live.values()
            if order.session == session
            and (everywhere or mass.instrument == order.instrument)
            and mass.side in (OptionalSide.BOTH, order.side)
        ]
        for order in sorted(chosen, key=lambda order: order.order_id):
            self._cancel(order, CancelReason.REQUESTED)
        self._events.append(MassCancelled(len(chosen), session))

    def _define(self, session: int, terms: Instrument) -> None:
        sizes = [size_parts("tick_size", terms.tick_size), size_parts("lot_size", terms.lot_size)]
        sound = (
            0 <= terms.id < INSTRUMENTS_MAX
            and 1 <= len(terms.symbol) <= 16
            and all("!" <= letter <= "~" for letter in terms.symbol)
            and all(mantissa > 0 and abs(exponent) <= EXPONENT_MAX for mantissa, exponent in sizes)
        )
        _check(sound, RejectReason.INVALID_INSTRUMENT)
        known = self._instruments.setdefault(terms.id, terms)
        same = known.symbol == terms.symbol and sizes == [
            size_parts("tick_size", known.tick_size),
            size_parts("lot_size", known.lot_size),
        ]
        _check(same, RejectReason.INSTRUMENT_EXISTS)
        self._events.append(InstrumentDefined(terms, session))


def _named(command: Command) -> tuple[int, int]:
    """The template id of a command and the client id of the order that it names."""
    match command:
        case NewOrder():
            return template_of(command), command.cl_ord_id
        case CancelOrder() | ReduceOrder() | ReplaceOrder():
            return template_of(command), command.orig_cl_ord_id
        case _:
            return template_of(command), 0


_LAYOUTS = {
    CommandKind.NEW_ORDER: "<QqqIIBBB",
    CommandKind.CANCEL_ORDER: "<Q",
    CommandKind.REDUCE_ORDER: "<Qq",
    CommandKind.REPLACE_ORDER: "<QQqq",
    CommandKind.MASS_CANCEL: "<IB",
    DEFINE_INSTRUMENT: "<I16sqbqb",
}


def decode(body: bytes) -> Command:
    """The command that an SBE message holds. Raises `Refused` if it holds none."""
    _check(len(body) >= 8, RejectReason.MALFORMED)
    block, template, schema, _version = struct.unpack_from("<HHHH", body)
    _check(schema == SCHEMA_ID, RejectReason.MALFORMED)
    _check(template in _LAYOUTS, RejectReason.UNKNOWN_COMMAND)
    layout = _LAYOUTS[template]
    _check(struct.calcsize(layout) <= block <= len(body) - 8, RejectReason.MALFORMED)
    fields = struct.unpack_from(layout, body, 8)
    match template:
        case CommandKind.NEW_ORDER:
            cl_ord_id, price, quantity, instrument, account, side, ord_type, time_in_force = fields
            limit = None if price == NO_PRICE else price
            return NewOrder(cl_ord_id, instrument, side, quantity, limit, ord_type, time_in_force, account)
        case CommandKind.CANCEL_ORDER:
            return CancelOrder(*fields)
        case CommandKind.REDUCE_ORDER:
            return ReduceOrder(*fields)
        case CommandKind.REPLACE_ORDER:
            return ReplaceOrder(*fields)
        case CommandKind.MASS_CANCEL:
            instrument, side = fields
            return MassCancel(None if instrument == ALL_INSTRUMENTS else instrument, side)
        case _:
            instrument, symbol, tick, tick_exponent, lot, lot_exponent = fields
            # A zero inside the text stays and is refused with it.
            text = symbol.rstrip(b"\0").decode("latin-1")
            return Instrument(instrument, text, Decimal(tick).scaleb(tick_exponent), Decimal(lot).scaleb(lot_exponent))
