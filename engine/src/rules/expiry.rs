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

    /// Whether the time of a live order has come: it does not trade any more.
    pub(super) fn is_due(&self, _slot: u32) -> bool {
        false
    }

    /// Cancels the orders of a book that are due, by order id, for an uncross; stops that wait stay. Takes no steps.
    pub(super) fn cancel_due(&mut self, _book: u32, _events: &mut Vec<Event>) {}
}
