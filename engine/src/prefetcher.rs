//! Bringing what coming commands will need into the cache, while those before them are executed.
//!
//! In books much larger than the cache a command waits for memory again and again: a cancel for the index, for the
//! order, for the order's neighbours; a new order for the leaf and the level of its price, for the best level on the
//! other side, for the order that it trades with. Each step needs the one before. So a command is named some time ahead,
//! and takes a step with every [`STRIDE`]th command that is named after it: each step reads what the step before has
//! asked for, which has come by then, and asks for what the next will read. Nothing ever waits.
//!
//! All of it is a guess, for what is executed in between may change what it finds. It decides nothing, and may be left out.

use crate::book::Books;
use crate::command::Side;
use crate::ladder::{ladder_of, mirror, opposite};
use crate::orders::NONE;

/// Commands between two steps of one: together they take longer than memory does.
const STRIDE: usize = 4;
/// From a command's name to the last order that it may touch.
const STEPS: usize = 5;
/// How many commands ahead it pays to name one.
pub const LOOKAHEAD: usize = STEPS * STRIDE;
/// Commands on their way, the one named last included.
const RING: usize = 32;

const _: () = assert!(RING > LOOKAHEAD && RING.is_power_of_two());

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

/// What is known by now of a coming command.
#[derive(Clone, Copy, Debug)]
struct Coming {
    /// Where the order lies that has its id.
    hash: u32,
    slot: u32,
    /// Where it will rest.
    ladder: u32,
    leaf: u32,
    key: u64,
    level: u32,
    /// The order that it trades with.
    maker: u32,
}

const NOTHING: Coming = Coming { hash: 0, slot: NONE, ladder: NONE, leaf: NONE, key: 0, level: NONE, maker: NONE };

/// See the module.
#[derive(Debug)]
pub struct Prefetcher {
    coming: [Coming; RING],
    named: usize,
    /// Of the new order named last: its book is in the cache.
    instrument: u32,
}

impl Default for Prefetcher {
    fn default() -> Self {
        Self { coming: [NOTHING; RING], named: 0, instrument: NONE }
    }
}

impl Prefetcher {
    /// Names the next command that will come, nothing if it is not known or seeks nothing.
    #[inline]
    pub fn name(&mut self, books: &Books, sought: Option<Sought>) {
        self.named = self.named.wrapping_add(1);
        *self.before(0) = sought.map_or(NOTHING, |sought| self.begin(books, sought));
        books.find_order_and_ladder(self.before(STRIDE));
        books.find_leaf_and_maker(self.before(2 * STRIDE));
        books.find_level(self.before(3 * STRIDE));
        books.find_last(self.before(4 * STRIDE));
    }

    #[inline]
    fn before(&mut self, commands: usize) -> &mut Coming {
        &mut self.coming[self.named.wrapping_sub(commands) % RING]
    }

    #[inline]
    fn begin(&mut self, books: &Books, sought: Sought) -> Coming {
        let hash = books.hash_of(sought.session, sought.cl_ord_id);
        books.by_cl_ord_id.prefetch(hash);
        let mut coming = Coming { hash, ..NOTHING };
        if let Some((instrument, side, price)) = sought.terms
            && std::mem::replace(&mut self.instrument, instrument) != instrument
            && let Some(book) = books.find(instrument)
        {
            coming.ladder = ladder_of(book, side);
            coming.key = mirror(coming.ladder, price as u64);
            books.ladders.prefetch_ladder(coming.ladder);
        }
        coming
    }
}

impl Books {
    #[inline(always)]
    fn find_order_and_ladder(&self, coming: &mut Coming) {
        coming.slot = self.by_cl_ord_id.likely(coming.hash);
        self.orders.prefetch(coming.slot);
        if coming.ladder != NONE {
            self.ladders.prefetch_leaves(coming.ladder);
            self.ladders.prefetch(self.best_against(coming));
        }
    }

    #[inline(always)]
    fn find_leaf_and_maker(&self, coming: &mut Coming) {
        self.prefetch_neighbours(coming.slot);
        if coming.ladder != NONE {
            coming.leaf = self.ladders.recent_leaf(coming.ladder, coming.key);
            self.ladders.prefetch_link(coming.leaf, coming.key);
            coming.maker = self.ladders.first(self.best_against(coming));
            self.orders.prefetch(coming.maker);
        }
    }

    #[inline(always)]
    fn find_level(&self, coming: &mut Coming) {
        self.prefetch_neighbours(coming.maker);
        coming.level = self.ladders.in_leaf(coming.leaf, coming.key);
        self.ladders.prefetch(coming.level);
    }

    #[inline(always)]
    fn find_last(&self, coming: &Coming) {
        self.orders.prefetch(self.ladders.last(coming.level));
    }

    /// The level with which the order would trade first, or none.
    #[inline(always)]
    fn best_against(&self, coming: &Coming) -> u32 {
        let against = opposite(coming.ladder);
        self.ladders.best_within(against, mirror(against, mirror(coming.ladder, coming.key)))
    }

    /// What it takes to remove an order.
    #[inline(always)]
    fn prefetch_neighbours(&self, slot: u32) {
        if let Some(order) = self.orders.get(slot) {
            self.ladders.prefetch(order.level);
            let links = [order.next, order.prev, order.owner_next, order.owner_prev];
            links.iter().for_each(|&link| self.orders.prefetch(link));
        }
    }
}
