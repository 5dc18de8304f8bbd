//! The end of a day: the Day orders of an instrument that closes are cancelled, the oldest first.

use crate::engine::Engine;
use crate::event::Event;

impl Engine {
    /// Begins to cancel the Day orders of a book, which has become `Closed`.
    pub(super) fn begin_end_of_day(&mut self, _book: u32) {}

    pub(super) fn end_day(&mut self, _book: u32, _last_order_id: u64, _events: &mut Vec<Event>) -> bool {
        true
    }
}
