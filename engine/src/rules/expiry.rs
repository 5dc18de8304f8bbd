//! Expiry: orders that live until a time.

use crate::engine::Engine;
use crate::event::Event;

/// When the orders that have a time will be due.
#[derive(Debug, Default)]
pub(crate) struct Expiries {}

impl Expiries {
    /// The earliest time at which an order is due.
    pub(super) fn next_due(&self) -> Option<i64> {
        None
    }
}

impl Engine {
    /// Takes a step and cancels the earliest order that is due, if there is one. False if there is none.
    pub(super) fn expire_next(&mut self, _events: &mut Vec<Event>) -> bool {
        false
    }
}
