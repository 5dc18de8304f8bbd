//! Expiry: orders that live until a time. From then on they are due, and do not trade even if no tick has cancelled them
//! yet.

use crate::engine::Engine;
use crate::event::{CancelReason, Event};
use crate::ladder::book_of;
use crate::orders::NONE;

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

    /// Cancels the orders in the queues of a book that are due, by order id, before an uncross. Takes no steps.
    pub(super) fn cancel_due(&mut self, book: u32, events: &mut Vec<Event>) {
        let mut due = self.books.specials.due(self.time_ns);
        let rests = |&slot: &u32| self.books.orders[slot].level != NONE && book_of(self.books.ladder(slot)) == book;
        due.retain(rests);
        due.sort_unstable_by_key(|&slot| self.books.orders[slot].order_id);
        for slot in due {
            self.cancel_live(slot, CancelReason::Expired, events);
        }
    }
}
