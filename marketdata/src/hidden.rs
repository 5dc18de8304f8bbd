//! What the order tells and nobody may see: stop orders that wait, and how much icebergs show at a time.

use crate::message::Side;
use std::collections::BTreeMap;

/// A stop order that waits for its trigger.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    /// Which book.
    pub instrument: u32,
    /// Buy or sell.
    pub side: Side,
    /// Its limit once it is triggered; none for a market order.
    pub price: Option<i64>,
    /// Lots.
    pub leaves: i64,
    /// What it shows at a time; none for all.
    pub display: Option<i64>,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Hidden {
    /// By order id.
    pub stops: BTreeMap<u64, Stop>,
    /// By order id: what an iceberg in a book shows at a time.
    pub icebergs: BTreeMap<u64, i64>,
}

impl Hidden {
    /// What is shown of an order that joins a queue.
    pub fn joining(display: Option<i64>, leaves: i64) -> i64 {
        display.map_or(leaves, |display| display.min(leaves))
    }

    /// What is shown of a resting order that shows `shown` and of which so much is left now; it keeps its place.
    pub fn staying(&self, order_id: u64, shown: i64, leaves: i64) -> i64 {
        if self.is_iceberg(order_id) { shown.min(leaves) } else { leaves }
    }

    /// Whether more than it shows may be left of a resting order.
    pub fn is_iceberg(&self, order_id: u64) -> bool {
        !self.icebergs.is_empty() && self.icebergs.contains_key(&order_id)
    }

    /// The order is gone.
    pub fn forget(&mut self, order_id: u64) {
        if !self.icebergs.is_empty() {
            self.icebergs.remove(&order_id);
        }
    }
}
