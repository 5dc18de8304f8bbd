//! What happened, in canonical form: no time, no seq, no encoding. Whoever publishes adds those.

use crate::command::{Instrument, OrdType, Side, TimeInForce};
pub use messages::{cancel_reason::CancelReason, reject_reason::RejectReason};

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// An order has become live, or is about to be filled.
    Accepted(Accepted),
    /// A command was refused and changed nothing.
    Rejected(Rejected),
    /// Two orders traded.
    Filled(Fill),
    /// An order lost quantity and kept its place.
    Reduced(Reduced),
    /// An order is gone.
    Cancelled(Cancelled),
    /// An order has new terms.
    Replaced(Replaced),
    /// A mass cancel is done; its cancels came before.
    MassCancelled(MassCancelled),
    /// A book has opened.
    InstrumentDefined(InstrumentDefined),
}

/// See [`Event::Accepted`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The n-th accepted order is n.
    pub order_id: u64,
    /// The client's id.
    pub cl_ord_id: u64,
    /// In ticks; none for a market order.
    pub price: Option<i64>,
    /// In lots.
    pub quantity: i64,
    /// The owner.
    pub session: u32,
    /// Which book.
    pub instrument: u32,
    /// The client's own.
    pub account: u32,
    /// Buy or sell.
    pub side: Side,
    /// Market or limit.
    pub ord_type: OrdType,
    /// How long it lives.
    pub time_in_force: TimeInForce,
}

/// See [`Event::Rejected`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Of the order that the command named, 0 if none.
    pub cl_ord_id: u64,
    /// Who sent the command.
    pub session: u32,
    /// The command's template id.
    pub template: u16,
    /// Why.
    pub reason: RejectReason,
}

/// A trade: one event, told to both parties, each its own side of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// The order that came in.
    pub taker: Party,
    /// The order that was there.
    pub maker: Party,
    /// The maker's price in ticks.
    pub price: i64,
    /// In lots.
    pub quantity: i64,
    /// Which book.
    pub instrument: u32,
    /// Of the order that came in.
    pub taker_side: Side,
}

/// One side of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Party {
    /// The engine's id.
    pub order_id: u64,
    /// The client's id.
    pub cl_ord_id: u64,
    /// In lots, after this trade.
    pub leaves: i64,
    /// The owner.
    pub session: u32,
}

/// See [`Event::Reduced`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reduced {
    /// The engine's id.
    pub order_id: u64,
    /// The client's id.
    pub cl_ord_id: u64,
    /// Lots taken off.
    pub quantity: i64,
    /// Lots left.
    pub leaves: i64,
    /// The owner.
    pub session: u32,
    /// Which book.
    pub instrument: u32,
}

/// See [`Event::Cancelled`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled {
    /// The engine's id.
    pub order_id: u64,
    /// The client's id.
    pub cl_ord_id: u64,
    /// Lots that were left.
    pub quantity: i64,
    /// The owner.
    pub session: u32,
    /// Which book.
    pub instrument: u32,
    /// Why.
    pub reason: CancelReason,
}

/// See [`Event::Replaced`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The engine's id, unchanged.
    pub order_id: u64,
    /// The client's new id.
    pub cl_ord_id: u64,
    /// The client's old id.
    pub orig_cl_ord_id: u64,
    /// In ticks.
    pub price: i64,
    /// The new total in lots.
    pub quantity: i64,
    /// Lots left, before it may trade at its new price.
    pub leaves: i64,
    /// The owner.
    pub session: u32,
    /// Which book.
    pub instrument: u32,
    /// Whether it kept its place in the queue.
    pub priority_kept: bool,
}

/// See [`Event::MassCancelled`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MassCancelled {
    /// How many orders.
    pub affected: u32,
    /// Whose.
    pub session: u32,
}

/// See [`Event::InstrumentDefined`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstrumentDefined {
    /// Its terms.
    pub instrument: Instrument,
    /// Who defined it.
    pub session: u32,
}
