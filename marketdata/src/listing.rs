//! What is known of one instrument besides its book.

use crate::message::{Decimal, Indication, Statistics, TradingPhase};
use std::collections::BTreeMap;

/// With what an instrument was listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// ASCII, padded with zeros.
    pub symbol: [u8; 16],
    /// The price of one tick.
    pub tick_size: Decimal,
    /// The quantity of one lot.
    pub lot_size: Decimal,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Its id.
    pub instrument: u32,
    /// With what it was listed.
    pub terms: Terms,
    /// Of the day so far.
    pub statistics: Statistics,
    /// What trading it is in.
    pub phase: TradingPhase,
    /// What an auction would give.
    pub indication: Option<Indication>,
    /// Levels by price, to buy and to sell.
    pub(crate) sides: [BTreeMap<i64, u32>; 2],
}

impl Listing {
    pub(crate) fn new(instrument: u32, terms: Terms) -> Self {
        Self {
            instrument,
            terms,
            statistics: Statistics::default(),
            phase: TradingPhase::Continuous,
            indication: None,
            sides: Default::default(),
        }
    }
}
