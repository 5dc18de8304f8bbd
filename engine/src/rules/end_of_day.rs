//! The end of a day: the Day orders of an instrument that closes are cancelled, the oldest first.

use crate::engine::Engine;
use crate::event::{CancelReason, Event};
use crate::orders::NONE;
use crate::rules::tasks::Task;

impl Engine {
    /// Begins to cancel the Day orders of a book, which has become `Closed`.
    pub(super) fn begin_end_of_day(&mut self, book: u32) {
        if self.books.specials.oldest_of_day(book) != NONE {
            self.tasks.begin(Task::EndDay { book, last_order_id: self.last_order_id });
        }
    }

    /// Cancels Day orders up to an id, as far as the frame's steps go. True if none is left.
    pub(super) fn end_day(&mut self, book: u32, last_order_id: u64, events: &mut Vec<Event>) -> bool {
        loop {
            let oldest = self.books.specials.oldest_of_day(book);
            if oldest == NONE || self.books.orders[oldest].order_id > last_order_id {
                return true;
            }
            if self.tasks.is_spent() {
                return false;
            }
            self.tasks.step();
            self.cancel_live(oldest, CancelReason::DayEnded, events);
        }
    }
}
