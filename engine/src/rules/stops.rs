//! Stop orders: they wait until the last price reaches theirs, and trade then.

use crate::engine::Engine;
use crate::event::Event;

impl Engine {
    /// Begins to trigger the stops of a book if one is reached: after trades, and when the book has become `Continuous`.
    pub(super) fn begin_stop_search(&mut self, _book: u32) {}

    pub(super) fn search_stops(&mut self, _book: u32, _events: &mut Vec<Event>) -> bool {
        true
    }
}
