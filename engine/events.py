"""What happened: one object for each event, or rows of `EVENT` for many at once."""

from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from seriatim.engine.commands import NO_PRICE, Instrument
from seriatim.schemas import CancelReason, Liquidity, OrdType, RejectReason, Side, TimeInForce


class EventKind(IntEnum):
    """Template ids of the engine's events."""

    ACCEPTED = 40
    REJECTED = 41
    FILLED = 42
    REDUCED = 43
    CANCELLED = 44
    REPLACED = 45
    MASS_CANCELLED = 46
    INSTRUMENT_DEFINED = 49


EVENT = np.dtype(
    [
        ("seq", "<u8"),
        ("time_ns", "<i8"),
        ("number", "<u8"),
        ("order_id", "<u8"),
        ("cl_ord_id", "<u8"),
        ("orig_cl_ord_id", "<u8"),
        ("price", "<i8"),
        ("quantity", "<i8"),
        ("leaves", "<i8"),
        ("contra_order_id", "<u8"),
        ("contra_cl_ord_id", "<u8"),
        ("contra_leaves", "<i8"),
        ("contra_session", "<u4"),
        ("session", "<u4"),
        ("index", "<u4"),
        ("instrument", "<u4"),
        ("account", "<u4"),
        ("template_id", "<u2"),
        ("kind", "u1"),
        ("side", "u1"),
        ("ord_type", "u1"),
        ("time_in_force", "u1"),
        ("reason", "u1"),
        ("liquidity", "u1"),
        ("priority_kept", "u1"),
        ("flags", "u1"),
        ("outcome", "u1"),
        ("reserved", "V1"),
    ]
)
"""One event, 128 bytes. Fields that its kind does not have are 0.

`kind` is an `EventKind`; `reason` is a `RejectReason` or a `CancelReason` by kind; `template_id` is that of a
rejected command; `quantity` is what was ordered, traded, taken off or cancelled, of a mass cancel the number of
orders; `leaves` is what is left. `number` is the session's number of the command; from an `Engine` without a bus,
which leaves `seq` and `time_ns` 0, the command's place in its array. `index` counts the events of one command. A fill
from an `Engine` names both parties, the taker in the plain fields and the maker in those with `contra_`; the bus
tells each party its own side, with `contra_` fields 0.
"""


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
    """A trade at the resting order's price. `contra` is the other party: the maker in an engine's own events, None in
    what the bus tells one party.
    """

    own: Party
    contra: Party | None
    price: int
    quantity: int
    instrument: int
    side: Side
    liquidity: Liquidity


@dataclass(frozen=True, slots=True)
class Reduced:
    """`quantity` lots were taken off; the order kept its place."""

    order_id: int
    cl_ord_id: int
    quantity: int
    leaves: int
    session: int
    instrument: int


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
    """A mass cancel is done; its cancels came before."""

    affected: int
    session: int


@dataclass(frozen=True, slots=True)
class InstrumentDefined:
    """A book has opened, or was open on the same terms."""

    instrument: Instrument
    session: int


Event = Accepted | Rejected | Filled | Reduced | Cancelled | Replaced | MassCancelled | InstrumentDefined

_Row = namedtuple("_Row", EVENT.names or (), rename=False)  # noqa: PYI024  the names are those of the dtype


def _accepted(r: _Row) -> Accepted:
    price = None if r.price == NO_PRICE else r.price
    enums = Side(r.side), OrdType(r.ord_type), TimeInForce(r.time_in_force)
    return Accepted(r.order_id, r.cl_ord_id, price, r.quantity, r.session, r.instrument, r.account, *enums)


def _filled(r: _Row) -> Filled:
    own = Party(r.order_id, r.cl_ord_id, r.leaves, r.session)
    contra = Party(r.contra_order_id, r.contra_cl_ord_id, r.contra_leaves, r.contra_session)
    told = contra if contra.order_id else None
    return Filled(own, told, r.price, r.quantity, r.instrument, Side(r.side), Liquidity(r.liquidity))


def _cancelled(r: _Row) -> Cancelled:
    return Cancelled(r.order_id, r.cl_ord_id, r.quantity, r.session, r.instrument, CancelReason(r.reason))


def _replaced(r: _Row) -> Replaced:
    ids = r.order_id, r.cl_ord_id, r.orig_cl_ord_id
    return Replaced(*ids, r.price, r.quantity, r.leaves, r.session, r.instrument, bool(r.priority_kept))


_OF_KIND: dict[int, Callable[[_Row], Event]] = {
    EventKind.ACCEPTED: _accepted,
    EventKind.REJECTED: lambda r: Rejected(r.cl_ord_id, r.session, r.template_id, RejectReason(r.reason)),
    EventKind.FILLED: _filled,
    EventKind.REDUCED: lambda r: Reduced(r.order_id, r.cl_ord_id, r.quantity, r.leaves, r.session, r.instrument),
    EventKind.CANCELLED: _cancelled,
    EventKind.REPLACED: _replaced,
    EventKind.MASS_CANCELLED: lambda r: MassCancelled(r.quantity, r.session),
}


def events_of(rows: NDArray[np.void], terms: Callable[[int], Instrument]) -> list[Event]:
    """The objects for an array of `EVENT` rows. `terms` gives an instrument by its id: no row holds its terms."""
    events: list[Event] = []
    for values in rows.tolist():
        row = _Row(*values)
        if row.kind == EventKind.INSTRUMENT_DEFINED:
            events.append(InstrumentDefined(terms(row.instrument), row.session))
        else:
            events.append(_OF_KIND[row.kind](row))
    return events
