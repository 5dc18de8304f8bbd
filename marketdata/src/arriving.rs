//! The order that a command brings: it may trade, and only what is left of it may rest.

use crate::message::Side;

/// See the module.
#[derive(Clone, Copy, Debug)]
pub struct Arriving {
    /// The engine's id.
    pub order_id: u64,
    /// Which book.
    pub instrument: u32,
    /// Buy or sell.
    pub side: Side,
    /// Where it would rest; a market order does not.
    pub price: Option<i64>,
    /// Lots that have not traded.
    pub leaves: i64,
    /// What it would show at a time; none for all.
    pub display: Option<i64>,
    /// It was replaced, and is still shown where it was.
    pub is_shown: bool,
}
