//! What happened, in canonical form: no time, no seq, no encoding. Whoever publishes adds those.

use crate::command::{Attributes, Instrument, OrdType, Side, TimeInForce, TradingPhase};
use crate::optional::Optional;
pub use messages::{
    cancel_reason::CancelReason, mass_cancel_response::MassCancelResponse, reject_reason::RejectReason,
};

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
    /// A mass cancel is done, or goes on; the cancels that it counts came before.
    MassCancelled(MassCancelled),
    /// A book has opened.
    InstrumentDefined(InstrumentDefined),
    /// As `Accepted`, of an order with attributes.
    AcceptedExtended(AcceptedExtended),
    /// The stop price of a waiting order has traded; it trades next.
    Triggered(Triggered),
    /// An iceberg shows its next part, at the end of its queue.
    Refreshed(Refreshed),
    /// An instrument is in another trading phase.
    PhaseChanged(PhaseChanged),
    /// An auction has ended at one price; its fills follow.
    Uncrossed(Uncrossed),
    /// A command that sets something was carried out.
    Administered(Administered),
    /// A trade is void.
    TradeBusted(TradeBusted),
}

const _: () = assert!(size_of::<Event>() <= 96, "an event is written on the hot path");

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
    /// Whether it was traded in an uncross; then the taker is the buyer.
    pub auction: bool,
    /// The n-th trade is n.
    pub trade_id: u64,
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
    /// Why.
    pub reason: CancelReason,
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
    /// How many orders so far.
    pub affected: u32,
    /// Whose.
    pub session: u32,
    /// Whether that was all.
    pub response: MassCancelResponse,
}

/// See [`Event::InstrumentDefined`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstrumentDefined {
    /// Its terms.
    pub instrument: Instrument,
    /// Who defined it.
    pub session: u32,
}

/// See [`Event::AcceptedExtended`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptedExtended {
    /// The n-th accepted order is n.
    pub order_id: u64,
    /// The client's id.
    pub cl_ord_id: u64,
    /// In ticks; none for a market or a stop order.
    pub price: Optional,
    /// In lots.
    pub quantity: i64,
    /// As the command gave them.
    pub attributes: Attributes,
    /// The owner.
    pub session: u32,
    /// Which book.
    pub instrument: u32,
    /// The client's own.
    pub account: u32,
    /// Buy or sell.
    pub side: Side,
    /// Market or limit, at once or once a stop price has traded.
    pub ord_type: OrdType,
    /// How long it lives.
    pub time_in_force: TimeInForce,
}

/// See [`Event::Triggered`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Triggered {
    /// The engine's id.
    pub order_id: u64,
    /// The client's id.
    pub cl_ord_id: u64,
    /// The owner.
    pub session: u32,
    /// Which book.
    pub instrument: u32,
}

/// See [`Event::Refreshed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refreshed {
    /// The engine's id.
    pub order_id: u64,
    /// The client's id.
    pub cl_ord_id: u64,
    /// Lots shown now.
    pub shown: i64,
    /// Lots left, what is shown included.
    pub leaves: i64,
    /// The owner.
    pub session: u32,
    /// Which book.
    pub instrument: u32,
}

/// See [`Event::PhaseChanged`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhaseChanged {
    /// Whose.
    pub instrument: u32,
    /// From here on.
    pub phase: TradingPhase,
    /// Who set it; 0 if it was scheduled.
    pub session: u32,
}

/// See [`Event::Uncrossed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uncrossed {
    /// Which book.
    pub instrument: u32,
    /// Of all its fills, in ticks.
    pub price: i64,
    /// Of all its fills, in lots.
    pub volume: i64,
    /// Who ended the auction; 0 if it was scheduled.
    pub session: u32,
}

/// See [`Event::Administered`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Administered {
    /// The command's template id.
    pub template: u16,
    /// The instrument, session or account that it named.
    pub id: u32,
    /// Who sent it.
    pub session: u32,
}

/// See [`Event::TradeBusted`]: one event, told to both parties, each its own side of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TradeBusted {
    /// As the fill said.
    pub trade_id: u64,
    /// The fill's taker.
    pub first: BustedParty,
    /// The fill's maker.
    pub second: BustedParty,
    /// In ticks.
    pub price: i64,
    /// In lots.
    pub quantity: i64,
    /// Which book.
    pub instrument: u32,
    /// Of the first party's order.
    pub first_side: Side,
}

/// One side of a trade that is void.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BustedParty {
    /// The engine's id.
    pub order_id: u64,
    /// The client's id.
    pub cl_ord_id: u64,
    /// The owner.
    pub session: u32,
}
