//! Expiry: orders that live until a time. From then on they are due, and do not trade even if no tick has cancelled them
//! yet.

use crate::engine::Engine;
use crate::event::{CancelReason, Event};

impl Engine {
    /// Takes a step and cancels the earliest order that is due, if there is one. False if there is none.
    pub(super) fn expire_next(&mut self, events: &mut Vec<Event>) -> bool {
        match self.books.specials.first_due() {
            Some((time_ns, slot)) if time_ns <= self.time_ns => {
                self.tasks.step();
                self.cancel_live(slot, CancelReason::Expired, events);
                true
            }
            _ => false,
        }
    }
}
