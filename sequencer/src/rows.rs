//! Where a client's events go, row by row: each is written where it stays.

use engine::rows::EventRow;

/// Room for one row after the other.
pub trait Rows {
    /// Where the next row is written. It counts once it is kept.
    fn room(&mut self) -> &mut EventRow;
    /// What was written is an event.
    fn keep(&mut self);
}

/// Rows that are only looked at.
pub struct Each<F> {
    row: EventRow,
    look: F,
}

impl<F: FnMut(&EventRow)> Each<F> {
    /// `look` gets each row.
    pub fn new(look: F) -> Self {
        Self { row: EventRow::default(), look }
    }
}

impl<F: FnMut(&EventRow)> Rows for Each<F> {
    fn room(&mut self) -> &mut EventRow {
        &mut self.row
    }

    fn keep(&mut self) {
        (self.look)(&self.row);
    }
}
