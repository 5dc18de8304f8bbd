//! Bringing what a few coming commands will need into the cache, all at once.
//!
//! In books much larger than the cache a command waits for memory again and again: a cancel for the index, for the
//! order, for the order's neighbours; a new order for the leaf and the level of its price, for the best level on the
//! other side, for the order that it trades with. Each step needs the one before, but those of different commands do
//! not wait for each other. So a batch takes every step for all its commands first, reads only, and the processor
//! overlaps the waits. That holds only as long as no step decides anything by what it has just asked memory for:
//! where it guesses wrong it starts again, and what it would have asked for meanwhile is asked for late. So each step
//! looks at what the step before has read, and touches what the next will look at.
//!
//! It changes nothing and may be left out.

use crate::book::Books;
use crate::command::Side;
use crate::index::hash_of;
use crate::ladder::{ladder_of, mirror, opposite};
use crate::orders::NONE;
use std::hint::black_box;

/// How many commands are warmed together: twice as many as a core has misses under way, for each step begins with a wait.
pub const WARM_MAX: usize = 32;

/// Below this many live orders everything is in the cache anyway.
const LIVE_MIN: u32 = 8_192;

/// What a coming command will look for.
#[derive(Clone, Copy, Debug)]
pub struct Sought {
    /// Who sends it.
    pub session: u32,
    /// The id under which it looks for an order.
    pub cl_ord_id: u64,
    /// Where it will trade and rest, if it is new: instrument, side and price.
    pub terms: Option<(u32, Side, i64)>,
}

/// Where a new order will rest.
#[derive(Clone, Copy)]
struct Place {
    ladder: u32,
    key: u64,
}

impl Books {
    /// Reads what the commands that seek this will need; those beyond [`WARM_MAX`] are not looked at.
    pub fn warm(&self, sought: impl Iterator<Item = Sought>) {
        if self.orders.live() < LIVE_MIN {
            return;
        }
        let (mut hashes, mut places) = ([0; WARM_MAX], [Place { ladder: NONE, key: 0 }; WARM_MAX]);
        let (mut named, mut placed, mut last) = (0, 0, NONE);
        for (hash, sought) in hashes.iter_mut().zip(sought) {
            *hash = hash_of(sought.session, sought.cl_ord_id);
            named += 1;
            // A book that the command before was for is in the cache.
            if let Some((instrument, side, price)) = sought.terms
                && std::mem::replace(&mut last, instrument) != instrument
                && let Some(book) = self.find(instrument)
            {
                let ladder = ladder_of(book, side);
                places[placed] = Place { ladder, key: mirror(ladder, price as u64) };
                placed += 1;
            }
        }
        black_box(self.touch(&hashes[..named], &places[..placed]));
    }

    #[inline(always)]
    fn touch(&self, hashes: &[u32], places: &[Place]) -> u32 {
        let (mut slots, mut makers) = ([NONE; WARM_MAX], [NONE; WARM_MAX]);
        let (mut leaves, mut levels) = ([NONE; WARM_MAX], [NONE; WARM_MAX]);
        let (slots, makers) = (&mut slots[..hashes.len()], &mut makers[..places.len()]);
        let (leaves, levels) = (&mut leaves[..places.len()], &mut levels[..places.len()]);
        let mut touched = 0;
        hashes.iter().for_each(|&hash| touched ^= self.by_cl_ord_id.touch(hash));
        places.iter().for_each(|place| touched ^= self.touch_leaves_and_best(place));
        for (slot, &hash) in slots.iter_mut().zip(hashes) {
            *slot = self.by_cl_ord_id.likely(hash);
            touched ^= self.orders.touch(*slot);
        }
        for (leaf, place) in leaves.iter_mut().zip(places) {
            *leaf = self.ladders.recent_leaf(place.ladder, place.key);
            touched ^= self.ladders.touch_link(*leaf, place.key);
        }
        for (maker, place) in makers.iter_mut().zip(places) {
            *maker = self.maker(place);
            touched ^= self.orders.touch(*maker);
        }
        for ((level, &leaf), place) in levels.iter_mut().zip(&*leaves).zip(places) {
            *level = self.ladders.in_leaf(leaf, place.key);
            touched ^= self.ladders.touch(*level);
        }
        slots.iter().for_each(|&slot| touched ^= self.touch_neighbours(slot));
        makers.iter().for_each(|&maker| touched ^= self.touch_neighbours(maker));
        levels.iter().for_each(|&level| touched ^= self.orders.touch(self.ladders.last(level)));
        touched
    }

    #[inline(always)]
    fn touch_leaves_and_best(&self, place: &Place) -> u32 {
        self.ladders.touch_leaves(place.ladder) ^ self.ladders.touch(self.best(place))
    }

    /// The level with which an order for this place would trade first, or none.
    #[inline(always)]
    fn best(&self, place: &Place) -> u32 {
        let against = opposite(place.ladder);
        self.ladders.best_within(against, mirror(against, mirror(place.ladder, place.key)))
    }

    /// The order with which one for this place would trade first, or none.
    #[inline(always)]
    fn maker(&self, place: &Place) -> u32 {
        let best = self.best(place);
        if best == NONE { NONE } else { self.ladders[best].head }
    }

    /// Reads what it takes to remove an order.
    #[inline(always)]
    fn touch_neighbours(&self, slot: u32) -> u32 {
        if slot == NONE {
            return 0;
        }
        let order = &self.orders[slot];
        let links = [order.next, order.prev, order.owner_next, order.owner_prev];
        links.iter().fold(self.ladders.touch(order.level), |touched, &link| touched ^ self.orders.touch(link))
    }
}
