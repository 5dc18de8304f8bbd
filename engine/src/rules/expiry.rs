//! Expiry: orders that live until a time.

use super::tasks::Steps;
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
    /// Cancels the orders that are due, as far as `steps` go.
    pub(super) fn expire(&mut self, _steps: &mut Steps, _events: &mut Vec<Event>) {}
}
