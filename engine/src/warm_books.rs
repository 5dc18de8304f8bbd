//! As [`crate::warm`], for a venue of many books: what a coming order meets in its own.
//!
//! With thousands of books none is in the cache, and an order goes from its ladders to their best levels and its leaf,
//! from the leaf to its level, from the levels to the orders at their ends. A batch takes each step together.

use crate::book::Books;
use crate::command::Side;
use crate::ladder::{ladder_of, opposite};
use crate::orders::NONE;
use crate::warm::WARM_MAX;
use std::hint::black_box;

/// Fewer books are in the cache anyway, or their parts that matter.
const BOOKS_MIN: usize = 256;

impl Books {
    /// Reads what orders for (instrument, side, price) will need; those beyond [`WARM_MAX`] are not looked at.
    pub fn warm_books(&self, coming: impl Iterator<Item = (u32, Side, i64)>) {
        if self.ladders.books() < BOOKS_MIN {
            return;
        }
        let mut wanted = [(0, 0); WARM_MAX];
        let mut count = 0;
        let mut touched = 0;
        for (instrument, side, price) in coming.take(WARM_MAX) {
            let Some(book) = self.find(instrument) else { continue };
            let ladder = ladder_of(book, side);
            touched ^= self.ladders.best(ladder);
            wanted[count] = (ladder, price);
            count += 1;
        }
        let wanted = &wanted[..count];
        let mut levels = [[NONE; 2]; WARM_MAX];
        for &(ladder, _) in wanted {
            touched ^= self.ladders.warm_leaf(ladder);
        }
        for (found, &(ladder, price)) in levels.iter_mut().zip(wanted) {
            *found = [self.ladders.near(ladder, price), self.ladders.best(opposite(ladder))];
        }
        let met = levels[..count].iter().flatten().filter(|&&level| level != NONE);
        for &level in met.clone() {
            touched ^= self.ladders[level].orders;
        }
        for &level in met {
            for slot in self.ladders.ends(level) {
                touched ^= self.orders[slot].level;
            }
        }
        black_box(touched);
    }
}
