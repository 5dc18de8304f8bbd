"""What happened: one object for each event; `event_rows` has rows for many at once."""

from dataclasses import dataclass
from enum import IntEnum

from seriatim.engine.commands import Instrument
from seriatim.schemas import (
    CancelReason,
    Liquidity,
    MassCancelResponse,
    OrdType,
    RejectReason,
    SelfTradePrevention,
    Side,
    TimeInForce,
    TradingPhase,
)


class EventKind(IntEnum):
    """What `kind` of a row of `EVENT` says: the template id of an event of the engine, or one of the two others that a
    client is told: `OUTCOME` (what became of a command that was sent again, or asked for) and `SESSION_CLOSED`."""

    OUTCOME = 25
    ACCEPTED = 40
    REJECTED = 41
    FILLED = 42
    REDUCED = 43
    CANCELLED = 44
    REPLACED = 45
    MASS_CANCELLED = 46
    SESSION_CLOSED = 48
    INSTRUMENT_DEFINED = 49
    ACCEPTED_EXTENDED = 50
    TRIGGERED = 51
    REFRESHED = 52
    PHASE_CHANGED = 53
    UNCROSSED = 54
    ADMINISTERED = 55
    TRADE_BUSTED = 56


@dataclass(frozen=True, slots=True)
class Accepted:
    """The order is live, or about to be filled. The n-th accepted order has id n."""

    order_id: int
    cl_ord_id: int
    price: int | None
    quantity: int
    session: int
    instrument: int
    account: int
    side: Side
    ord_type: OrdType
    time_in_force: TimeInForce


@dataclass(frozen=True, slots=True)
class Rejected:
    """A command was refused and changed nothing. `cl_ord_id` is that of the order it named, 0 if none."""

    cl_ord_id: int
    session: int
    template_id: int
    reason: RejectReason


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a trade; `leaves` is after it."""

    order_id: int
    cl_ord_id: int
    leaves: int
    session: int


@dataclass(frozen=True, slots=True)
class Filled:
    """A trade at the resting order's price, or at that of an auction. `contra` is the other party: the maker (in an
    auction the seller) in an engine's own events, None in what the bus tells one party.
    """

    own: Party
    contra: Party | None
    price: int
    quantity: int
    instrument: int
    side: Side
    liquidity: Liquidity
    trade_id: int
    """The n-th trade has id n, for both parties."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """`quantity` lots were taken off; the order kept its place."""

    order_id: int
    cl_ord_id: int
    quantity: int
    leaves: int
    session: int
    instrument: int
    reason: CancelReason = CancelReason.REQUESTED


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The order is gone; `quantity` is what was left of it."""

    order_id: int
    cl_ord_id: int
    quantity: int
    session: int
    instrument: int
    reason: CancelReason


@dataclass(frozen=True, slots=True)
class Replaced:
    """The order has new terms; `leaves` is what is left before it trades at them."""

    order_id: int
    cl_ord_id: int
    orig_cl_ord_id: int
    price: int
    quantity: int
    leaves: int
    session: int
    instrument: int
    priority_kept: bool


@dataclass(frozen=True, slots=True)
class MassCancelled:
    """A mass cancel is done and its cancels came before, or, if the response is Accepted, more of them follow."""

    affected: int
    session: int
    response: MassCancelResponse = MassCancelResponse.COMPLETED


@dataclass(frozen=True, slots=True)
class InstrumentDefined:
    """A book has opened, or was open on the same terms."""

    instrument: Instrument
    session: int


@dataclass(frozen=True, slots=True)
class AcceptedExtended:
    """As `Accepted`, of an order that came in the extended message."""

    order_id: int
    cl_ord_id: int
    price: int | None
    quantity: int
    session: int
    instrument: int
    account: int
    side: Side
    ord_type: OrdType
    time_in_force: TimeInForce
    stop_price: int | None = None
    display_quantity: int | None = None
    minimum_quantity: int | None = None
    expire_time_ns: int | None = None
    self_trade_group: int = 0
    post_only: bool = False
    self_trade_prevention: SelfTradePrevention = SelfTradePrevention.NONE


@dataclass(frozen=True, slots=True)
class Triggered:
    """The stop price of a waiting order has traded; it trades next."""

    order_id: int
    cl_ord_id: int
    session: int
    instrument: int


@dataclass(frozen=True, slots=True)
class Refreshed:
    """An iceberg shows its next part, at the end of its queue."""

    order_id: int
    cl_ord_id: int
    shown: int
    leaves: int
    session: int
    instrument: int


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    """An instrument is in another trading phase; `session` is 0 if it was scheduled."""

    instrument: int
    phase: TradingPhase
    session: int


@dataclass(frozen=True, slots=True)
class Uncrossed:
    """An auction has ended at one price; its fills follow."""

    instrument: int
    price: int
    volume: int
    session: int


@dataclass(frozen=True, slots=True)
class Administered:
    """A command that sets something was carried out; `id` is the instrument, session or account that it named."""

    template_id: int
    id: int
    session: int


@dataclass(frozen=True, slots=True)
class BustedParty:
    """One side of a trade that is void."""

    order_id: int
    cl_ord_id: int
    session: int


@dataclass(frozen=True, slots=True)
class TradeBusted:
    """A trade is void; orders stay as they are. `own` is the taker, or the buyer in an auction, and `side` is its side;
    `contra` is None in what the bus tells one party.
    """

    trade_id: int
    own: BustedParty
    contra: BustedParty | None
    price: int
    quantity: int
    instrument: int
    side: Side


Event = (
    Accepted
    | Rejected
    | Filled
    | Reduced
    | Cancelled
    | Replaced
    | MassCancelled
    | InstrumentDefined
    | AcceptedExtended
    | Triggered
    | Refreshed
    | PhaseChanged
    | Uncrossed
    | Administered
    | TradeBusted
)
