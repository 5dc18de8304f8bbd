//! Bringing what a few coming commands will need into the cache, all at once.
//!
//! In a book much larger than the cache a cancel waits for memory three times: for the index, for the order, for the
//! order's neighbours. Each step needs the one before, but those of different commands do not wait for each other. So
//! a batch takes every step for all its commands first, reads only, and the processor overlaps the waits. It changes
//! nothing and may be left out.

use crate::book::Books;
use crate::index::tag_of;
use crate::orders::NONE;
use std::hint::black_box;

/// How many commands are worth warming together: about as many misses as a core can have under way.
pub const WARM_MAX: usize = 16;

/// Below this many live orders everything is in the cache anyway.
const LIVE_MIN: u32 = 8_192;

impl Books {
    /// Reads what the commands that name these orders, (session, client id), will need; those beyond [`WARM_MAX`] are
    /// not looked at.
    pub fn warm(&self, named: impl Iterator<Item = (u32, u64)>) {
        if self.orders.live() < LIVE_MIN {
            return;
        }
        let mut tags = [0; WARM_MAX];
        let mut slots = [NONE; WARM_MAX];
        let mut count = 0;
        for (tag, (session, cl_ord_id)) in tags.iter_mut().zip(named) {
            *tag = tag_of(session, cl_ord_id);
            count += 1;
        }
        for (slot, &tag) in slots.iter_mut().zip(&tags[..count]) {
            *slot = self.by_cl_ord_id.first_with(tag);
        }
        let mut touched = 0;
        for &slot in slots.iter().filter(|&&slot| slot != NONE) {
            touched ^= self.orders[slot].level;
        }
        for &slot in slots.iter().filter(|&&slot| slot != NONE) {
            let order = &self.orders[slot];
            for link in [order.next, order.prev, order.owner_next, order.owner_prev] {
                if link != NONE {
                    touched ^= self.orders[link].level;
                }
            }
            if order.level != NONE {
                touched ^= self.ladders[order.level].head;
            }
        }
        black_box(touched);
    }
}
