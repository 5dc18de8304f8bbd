"""Events as rows of `EVENT`, for many at once, and rows as objects."""

from collections import namedtuple
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from seriatim.engine.commands import NO_PRICE, Instrument
from seriatim.engine.events import (
    Accepted,
    AcceptedExtended,
    Administered,
    BustedParty,
    Cancelled,
    Event,
    EventKind,
    Filled,
    InstrumentDefined,
    MassCancelled,
    Party,
    PhaseChanged,
    Reduced,
    Refreshed,
    Rejected,
    Replaced,
    TradeBusted,
    Triggered,
    Uncrossed,
)
from seriatim.schemas import (
    CancelReason,
    ExecInst,
    Liquidity,
    MassCancelResponse,
    OrdType,
    RejectReason,
    SelfTradePrevention,
    Side,
    TimeInForce,
    TradingPhase,
)

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

`kind` is an `EventKind`; `reason` is a `RejectReason` or a `CancelReason` by kind; `template_id` is that of a rejected
or administrative command; `quantity` is what was ordered, traded, shown, taken off or cancelled, of a mass cancel the
number of orders; `leaves` is what is left. `number` is the session's number of the command; from an `Engine` without a
bus, which leaves `seq` and `time_ns` 0, the command's place in its array. `index` counts the events of one command. A
fill from an `Engine` names both parties, the taker in the plain fields and the maker in those with `contra_`; the bus
tells each party its own side, with `contra_` fields 0.

Some kinds say more in fields that they have no other use for. A fill and a bust: the trade id in `orig_cl_ord_id`. A
mass cancel: its `MassCancelResponse` in `reason`. A phase change: the `TradingPhase` in `reason`. An administered
command: what it named in `account`. An extended order, 0 for none: `stop_price` in `contra_order_id`,
`display_quantity` in `contra_leaves`, `minimum_quantity` in `contra_cl_ord_id`, `expire_time_ns` in `orig_cl_ord_id`,
`self_trade_group` in `contra_session`, instructions in `template_id`, `self_trade_prevention` in `reason`.
"""

_Row = namedtuple("_Row", EVENT.names or (), rename=False)  # noqa: PYI024  the names are those of the dtype


def _accepted(r: _Row) -> Accepted:
    price = None if r.price == NO_PRICE else r.price
    enums = Side(r.side), OrdType(r.ord_type), TimeInForce(r.time_in_force)
    return Accepted(r.order_id, r.cl_ord_id, price, r.quantity, r.session, r.instrument, r.account, *enums)


def _filled(r: _Row) -> Filled:
    own = Party(r.order_id, r.cl_ord_id, r.leaves, r.session)
    contra = Party(r.contra_order_id, r.contra_cl_ord_id, r.contra_leaves, r.contra_session)
    told = contra if contra.order_id else None
    side, liquidity, trade_id = Side(r.side), Liquidity(r.liquidity), r.orig_cl_ord_id
    return Filled(own, told, r.price, r.quantity, r.instrument, side, liquidity, trade_id)


def _reduced(r: _Row) -> Reduced:
    ids = r.order_id, r.cl_ord_id
    return Reduced(*ids, r.quantity, r.leaves, r.session, r.instrument, CancelReason(r.reason))


def _cancelled(r: _Row) -> Cancelled:
    return Cancelled(r.order_id, r.cl_ord_id, r.quantity, r.session, r.instrument, CancelReason(r.reason))


def _replaced(r: _Row) -> Replaced:
    ids = r.order_id, r.cl_ord_id, r.orig_cl_ord_id
    return Replaced(*ids, r.price, r.quantity, r.leaves, r.session, r.instrument, bool(r.priority_kept))


def _accepted_extended(r: _Row) -> AcceptedExtended:
    price = None if r.price == NO_PRICE else r.price
    enums = Side(r.side), OrdType(r.ord_type), TimeInForce(r.time_in_force)
    return AcceptedExtended(
        *(r.order_id, r.cl_ord_id, price, r.quantity, r.session, r.instrument, r.account, *enums),
        stop_price=r.contra_order_id or None,
        display_quantity=r.contra_leaves or None,
        minimum_quantity=r.contra_cl_ord_id or None,
        expire_time_ns=r.orig_cl_ord_id or None,
        self_trade_group=r.contra_session,
        post_only=bool(r.template_id & ExecInst.POST_ONLY),
        self_trade_prevention=SelfTradePrevention(r.reason),
    )


def _busted(r: _Row) -> TradeBusted:
    own = BustedParty(r.order_id, r.cl_ord_id, r.session)
    contra = BustedParty(r.contra_order_id, r.contra_cl_ord_id, r.contra_session) if r.contra_order_id else None
    return TradeBusted(r.orig_cl_ord_id, own, contra, r.price, r.quantity, r.instrument, Side(r.side))


_OF_KIND: dict[int, Callable[[_Row], Event]] = {
    EventKind.ACCEPTED: _accepted,
    EventKind.REJECTED: lambda r: Rejected(r.cl_ord_id, r.session, r.template_id, RejectReason(r.reason)),
    EventKind.FILLED: _filled,
    EventKind.REDUCED: _reduced,
    EventKind.CANCELLED: _cancelled,
    EventKind.REPLACED: _replaced,
    EventKind.MASS_CANCELLED: lambda r: MassCancelled(r.quantity, r.session, MassCancelResponse(r.reason)),
    EventKind.ACCEPTED_EXTENDED: _accepted_extended,
    EventKind.TRIGGERED: lambda r: Triggered(r.order_id, r.cl_ord_id, r.session, r.instrument),
    EventKind.REFRESHED: lambda r: Refreshed(r.order_id, r.cl_ord_id, r.quantity, r.leaves, r.session, r.instrument),
    EventKind.PHASE_CHANGED: lambda r: PhaseChanged(r.instrument, TradingPhase(r.reason), r.session),
    EventKind.UNCROSSED: lambda r: Uncrossed(r.instrument, r.price, r.quantity, r.session),
    EventKind.ADMINISTERED: lambda r: Administered(r.template_id, r.account, r.session),
    EventKind.TRADE_BUSTED: _busted,
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
