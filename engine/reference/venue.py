"""All that the engine knows: books, live orders, trades, risk entries, unfinished work, and the events so far."""

from dataclasses import dataclass, field

from seriatim.engine.commands import Instrument, SetInstrumentRules
from seriatim.engine.events import Event
from seriatim.engine.reference.limits import TIME_MAX
from seriatim.engine.reference.order import Order
from seriatim.engine.reference.refused import check
from seriatim.engine.reference.task import Task
from seriatim.schemas import RejectReason, RiskScope, Side, TradingPhase


@dataclass
class Entry:
    """One line of an instrument's schedule."""

    time_ns: int
    interval_ns: int
    phase: TradingPhase
    place: int
    """Its place in the order of entry."""


@dataclass
class Book:
    """What is known of one instrument; its orders are among the venue's live ones."""

    terms: Instrument
    rules: SetInstrumentRules
    phase: TradingPhase = TradingPhase.CONTINUOUS
    """The one that holds."""
    under_halt: TradingPhase | None = None
    """The one that would hold without the halt that there is; None if there is none."""
    last: int | None = None
    """Price of the latest trade."""
    schedule: list[Entry] = field(default_factory=list)

    @property
    def reference(self) -> int | None:
        """The price that others are measured by."""
        return self.rules.reference_price if self.last is None else self.last


@dataclass
class Trade:
    """A trade as it is remembered. The first party is the taker, in an auction the buyer."""

    trade_id: int
    instrument: int
    price: int
    quantity: int
    side: Side
    order_ids: tuple[int, int]
    cl_ord_ids: tuple[int, int]
    sessions: tuple[int, int]
    accounts: tuple[int, int]
    busted: bool = False


@dataclass
class Risk:
    """Limits and positions of one session or one account."""

    order_quantity_max: int | None = None
    order_value_max: int | None = None
    position_max: int | None = None
    open_orders_max: int | None = None
    rate_interval_ns: int = 0
    messages_max: int | None = None
    cancel_on: int = 0
    """As the limits say."""
    own_cancel_on: int = 0
    """As the session says itself."""
    killed: bool = False
    positions: dict[int, int] = field(default_factory=dict)
    """By instrument; 0 where there is none."""
    window_start_ns: int | None = None
    messages: int = 0
    """How many have come in the window."""


@dataclass
class Venue:
    """The state. Nothing here decides anything."""

    logic_version: int
    orders_max: int
    now_ns: int = 0
    last_order_id: int = 0
    arrivals: int = 0
    entries: int = 0
    trade_count: int = 0
    """Of all trades ever; `trades` need hold no more than can be busted."""
    books: dict[int, Book] = field(default_factory=dict)
    live: dict[tuple[int, int], Order] = field(default_factory=dict)
    """By session and client id."""
    trades: list[Trade] = field(default_factory=list)
    risks: dict[tuple[RiskScope, int], Risk] = field(default_factory=dict)
    tasks: list[Task] = field(default_factory=list)
    """Unfinished work, the oldest first."""
    begun: list[Task] = field(default_factory=list)
    """Where the work goes that this frame begins."""
    events: list[Event] = field(default_factory=list)

    def book(self, instrument: int | None) -> Book:
        """Refuses an instrument that is not defined."""
        check(instrument in self.books, RejectReason.UNKNOWN_INSTRUMENT)
        assert instrument is not None, "None is no key"
        return self.books[instrument]

    def tell(self, event: Event) -> None:
        """One more event."""
        self.events.append(event)

    def find(self, session: int, cl_ord_id: int) -> Order:
        """Refuses an order that is not live."""
        check((session, cl_ord_id) in self.live, RejectReason.UNKNOWN_ORDER)
        return self.live[session, cl_ord_id]

    def next_arrival(self) -> int:
        """Later than all before."""
        self.arrivals += 1
        return self.arrivals

    def join(self, order: Order) -> None:
        """The order becomes live, or live again: the last of its queue."""
        order.arrival = self.next_arrival()
        order.show_slice()
        self.live[order.session, order.cl_ord_id] = order

    def leave(self, order: Order) -> None:
        """The order is live no longer. One that is not live does not mind."""
        self.live.pop((order.session, order.cl_ord_id), None)

    def is_due(self, order: Order) -> bool:
        """Its time is over, whether a tick has seen it or not."""
        return (TIME_MAX + 1 if order.expire_ns is None else order.expire_ns) <= self.now_ns

    def resting(self, instrument: int) -> list[Order]:
        """All orders in a book, in no order."""
        return [order for order in self.live.values() if order.instrument == instrument and not order.waiting]

    def stops(self, instrument: int) -> list[Order]:
        """All stops of an instrument that wait for their trigger, in no order."""
        return [order for order in self.live.values() if order.instrument == instrument and order.waiting]
