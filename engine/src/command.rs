//! What the engine is asked to do, decoded and in range of its types; whether it makes sense is the engine's to say.

use crate::warm::Sought;
pub use messages::{optional_side::OptionalSide, ord_type::OrdType, side::Side, time_in_force::TimeInForce};

/// One command of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// A new order.
    New(NewOrder),
    /// Take a live order off the book.
    Cancel(CancelOrder),
    /// Take quantity off a live order; it keeps its priority.
    Reduce(ReduceOrder),
    /// Change price and quantity of a live order.
    Replace(ReplaceOrder),
    /// Cancel many orders of the session.
    MassCancel(MassCancel),
    /// Open a book.
    DefineInstrument(Instrument),
}

impl Command {
    /// What the command will look for when `session` sends it, if it looks for an order.
    #[inline]
    pub fn sought(&self, session: u32) -> Option<Sought> {
        let named = |cl_ord_id| Sought { session, cl_ord_id, terms: None };
        match self {
            Self::New(order) => {
                let terms = Some((order.instrument, order.side, order.price.unwrap_or(0)));
                Some(Sought { terms, ..named(order.cl_ord_id) })
            }
            Self::Cancel(cancel) => Some(named(cancel.orig_cl_ord_id)),
            Self::Reduce(reduce) => Some(named(reduce.orig_cl_ord_id)),
            Self::Replace(replace) => Some(named(replace.orig_cl_ord_id)),
            Self::MassCancel(_) | Self::DefineInstrument(_) => None,
        }
    }
}

/// FIX D.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// The client's id, unique among its live orders.
    pub cl_ord_id: u64,
    /// In ticks; none for a market order.
    pub price: Option<i64>,
    /// In lots.
    pub quantity: i64,
    /// Which book.
    pub instrument: u32,
    /// The client's own; given back.
    pub account: u32,
    /// Buy or sell.
    pub side: Side,
    /// Market or limit.
    pub ord_type: OrdType,
    /// How long it lives.
    pub time_in_force: TimeInForce,
}

/// FIX F.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CancelOrder {
    /// The live order's id.
    pub orig_cl_ord_id: u64,
}

/// Takes `quantity` off what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReduceOrder {
    /// The live order's id.
    pub orig_cl_ord_id: u64,
    /// In lots.
    pub quantity: i64,
}

/// FIX G. Keeps priority only when the quantity falls at the same price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplaceOrder {
    /// The order's id from now on; may be the old one.
    pub cl_ord_id: u64,
    /// The live order's id.
    pub orig_cl_ord_id: u64,
    /// In ticks.
    pub price: i64,
    /// The new total in lots, what is filled included.
    pub quantity: i64,
}

/// FIX q, for the session's own orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MassCancel {
    /// Only this book, or all.
    pub instrument: Option<u32>,
    /// Only this side, or both.
    pub side: OptionalSide,
}

/// The terms of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// Chosen by whoever defines it.
    pub id: u32,
    /// ASCII, padded with zeros.
    pub symbol: [u8; 16],
    /// The price of one tick.
    pub tick_size: Decimal,
    /// The quantity of one lot.
    pub lot_size: Decimal,
}

/// mantissa × 10^exponent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// Digits.
    pub mantissa: i64,
    /// Power of ten.
    pub exponent: i8,
}
