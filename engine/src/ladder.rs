//! Price levels in order, one ladder for each side of each book. A level's key makes the best price the lowest: an
//! ask's key is its price, a bid's is the price mirrored. So one code serves both sides, and "at this price or
//! better" is `key <= limit`.

mod ahead;

use crate::command::Side;
use crate::limits::{INSTRUMENTS_MAX, PRICE_BITS};
use crate::orders::{NONE, Orders};
use crate::trie::Nodes;

/// All orders of one side at one price, the first to trade at the head.
#[derive(Clone, Debug)]
#[repr(align(32))]
pub struct Level {
    /// Its key in the lower `PRICE_BITS`, its ladder above them: so two levels are a cache line.
    key_and_ladder: u64,
    /// The sum of what its orders show: their leaves, or of icebergs a part.
    pub quantity: i64,
    /// The order that trades first.
    pub head: u32,
    /// Or, of a free level, the next free one.
    tail: u32,
    /// How many orders.
    pub orders: u32,
    leaf: u32,
}

const _: () = assert!(size_of::<Level>() == 32, "two levels are a cache line");
const _: () = assert!(2 * INSTRUMENTS_MAX as u64 <= 1 << (64 - PRICE_BITS), "a ladder fits above a key");

impl Level {
    /// See the module.
    #[inline]
    pub fn key(&self) -> u64 {
        self.key_and_ladder & ((1 << PRICE_BITS) - 1)
    }

    /// Which ladder it belongs to.
    #[inline]
    pub fn ladder(&self) -> u32 {
        (self.key_and_ladder >> PRICE_BITS) as u32
    }
}

/// One side of a book.
#[derive(Clone, Debug)]
#[repr(align(32))]
struct Ladder {
    /// The key of the best level, known here because most orders only look whether they trade; without a level, beyond
    /// all keys.
    best_key: u64,
    best: u32,
    root: u32,
    /// The leaf used last: most orders come near each other.
    leaf: u32,
    /// Another one, used before: prices that lie together may lie on both sides of a border.
    leaf_before: u32,
    instrument: u32,
}

impl Ladder {
    /// A leaf is gone.
    fn forget(&mut self, leaf: u32) {
        for recent in [&mut self.leaf, &mut self.leaf_before] {
            if *recent == leaf {
                *recent = NONE;
            }
        }
    }
}

/// The ladders of all books, over one store of levels and nodes.
#[derive(Debug)]
pub struct Ladders {
    ladders: Vec<Ladder>,
    levels: Vec<Level>,
    free: u32,
    nodes: Nodes,
}

/// The ladder with this side of a book.
#[inline]
pub fn ladder_of(book: u32, side: Side) -> u32 {
    book * 2 + u32::from(side == Side::Sell)
}

/// The ladder that an order in this ladder trades with.
#[inline]
pub fn opposite(ladder: u32) -> u32 {
    ladder ^ 1
}

/// The book that a ladder is a side of.
#[inline]
pub fn book_of(ladder: u32) -> u32 {
    ladder / 2
}

/// The side that rests in a ladder.
#[inline]
pub fn side_of(ladder: u32) -> Side {
    if ladder & 1 == 0 { Side::Buy } else { Side::Sell }
}

/// The key of a price in a ladder, and the price of a key.
#[inline]
pub fn mirror(ladder: u32, key: u64) -> u64 {
    let bids = u64::from(ladder & 1 == 0);
    key ^ (bids << PRICE_BITS).wrapping_sub(bids)
}

impl Ladders {
    /// No ladders.
    pub fn new() -> Self {
        Self { ladders: Vec::new(), levels: Vec::new(), free: NONE, nodes: Nodes::new() }
    }

    /// Adds the two ladders of a new book and returns the book's number.
    pub fn open(&mut self, instrument: u32) -> u32 {
        let book = self.ladders.len() as u32 / 2;
        let empty = Ladder { best_key: u64::MAX, best: NONE, root: NONE, leaf: NONE, leaf_before: NONE, instrument };
        self.ladders.extend([empty.clone(), empty]);
        book
    }

    /// Which instrument a ladder is of.
    #[inline]
    pub fn instrument(&self, ladder: u32) -> u32 {
        self.ladders[ladder as usize].instrument
    }

    /// The best level, or none.
    #[inline]
    pub fn best(&self, ladder: u32) -> u32 {
        self.ladders[ladder as usize].best
    }

    /// The best level if its key is at most `limit`, or none.
    #[inline]
    pub fn best_within(&self, ladder: u32, limit: u64) -> u32 {
        let Ladder { best_key, best, .. } = self.ladders[ladder as usize];
        if best_key <= limit { best } else { NONE }
    }

    /// The next worse level, or none.
    pub fn next(&self, level: u32) -> u32 {
        let level = &self[level];
        self.nodes.next(level.leaf, level.key())
    }

    /// The level at a price, or none.
    pub fn find(&self, ladder: u32, price: i64) -> u32 {
        self.nodes.find(self.ladders[ladder as usize].root, mirror(ladder, price as u64)).unwrap_or(NONE)
    }

    /// The price of a level.
    #[inline]
    pub fn price(&self, level: u32) -> i64 {
        let level = &self[level];
        mirror(level.ladder(), level.key()) as i64
    }

    /// Puts an order last in the queue of its price, where it shows so much; the level is opened if there is none.
    #[inline]
    pub fn join(&mut self, orders: &mut Orders, ladder: u32, price: i64, slot: u32, shown: i64) {
        let at = self.find_or_open(ladder, mirror(ladder, price as u64));
        let level = &mut self[at];
        let tail = std::mem::replace(&mut level.tail, slot);
        if tail == NONE {
            level.head = slot;
        } else {
            orders[tail].next = slot;
        }
        let order = &mut orders[slot];
        order.level = at;
        order.prev = tail;
        order.next = NONE;
        level.orders += 1;
        level.quantity += shown;
    }

    /// Takes an order out of its queue, where it showed so much; its level goes with its last order.
    #[inline]
    pub fn leave(&mut self, orders: &mut Orders, slot: u32, shown: i64) {
        let order = &orders[slot];
        let (at, next, prev) = (order.level, order.next, order.prev);
        let level = &mut self[at];
        level.orders -= 1;
        level.quantity -= shown;
        if next == NONE {
            level.tail = prev;
        } else {
            orders[next].prev = prev;
        }
        if prev == NONE {
            level.head = next;
        } else {
            orders[prev].next = next;
        }
        if next == NONE && prev == NONE {
            self.close(at);
        }
    }

    /// Whether a ladder holds at least `quantity` at keys up to `limit`.
    pub fn holds(&self, ladder: u32, limit: u64, quantity: i64) -> bool {
        let mut missing = quantity;
        let mut at = self.best(ladder);
        while at != NONE && self[at].key() <= limit {
            missing -= self[at].quantity.min(missing);
            if missing == 0 {
                return true;
            }
            at = self.next(at);
        }
        false
    }

    #[inline]
    fn find_or_open(&mut self, ladder: u32, key: u64) -> u32 {
        let sides = &mut self.ladders[ladder as usize];
        if !self.nodes.is_leaf_of(sides.leaf, key) {
            std::mem::swap(&mut sides.leaf, &mut sides.leaf_before);
            if !self.nodes.is_leaf_of(sides.leaf, key) {
                sides.leaf = self.nodes.leaf(&mut sides.root, key);
            }
        }
        let leaf = sides.leaf;
        self.nodes.level(leaf, key).unwrap_or_else(|| self.open_level(ladder, leaf, key))
    }

    fn open_level(&mut self, ladder: u32, leaf: u32, key: u64) -> u32 {
        let level = Level {
            key_and_ladder: u64::from(ladder) << PRICE_BITS | key,
            quantity: 0,
            head: NONE,
            tail: NONE,
            orders: 0,
            leaf,
        };
        let mut at = self.free;
        if at == NONE {
            at = self.levels.len() as u32;
            self.levels.push(level);
        } else {
            self.free = self[at].tail;
            self[at] = level;
        }
        self.nodes.set_level(leaf, key, at);
        let ladder = &mut self.ladders[ladder as usize];
        if key < ladder.best_key {
            (ladder.best_key, ladder.best) = (key, at);
        }
        at
    }

    fn close(&mut self, at: u32) {
        let (key, leaf) = (self[at].key(), self[at].leaf);
        let ladder = &mut self.ladders[self.levels[at as usize].ladder() as usize];
        let leaf_stays = self.nodes.clear_level(&mut ladder.root, leaf, key);
        if !leaf_stays {
            ladder.forget(leaf);
        }
        if ladder.best == at {
            (ladder.best_key, ladder.best) = if leaf_stays {
                self.nodes.lowest_of_leaf(leaf)
            } else {
                self.nodes.lowest(ladder.root).unwrap_or((u64::MAX, NONE))
            };
        }
        self[at].tail = self.free;
        self.free = at;
    }
}

impl std::ops::Index<u32> for Ladders {
    type Output = Level;
    #[inline]
    fn index(&self, level: u32) -> &Level {
        &self.levels[level as usize]
    }
}

impl std::ops::IndexMut<u32> for Ladders {
    #[inline]
    fn index_mut(&mut self, level: u32) -> &mut Level {
        &mut self.levels[level as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::{BLANK, Order};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn price() -> impl Strategy<Value = i64> {
        prop_oneof![1i64..200, (0u32..41).prop_map(|bit| 1 << bit), 1i64..=crate::limits::PRICE_MAX_TICKS]
    }

    fn order() -> Order {
        Order { leaves: 3, ..BLANK }
    }

    fn queue(ladders: &Ladders, orders: &Orders, level: u32) -> Vec<u32> {
        let some = |slot: u32| (slot != NONE).then_some(slot);
        std::iter::successors(some(ladders[level].head), |&slot| some(orders[slot].next)).collect()
    }

    proptest! {
        #[test]
        fn holds_what_a_map_of_queues_holds(
            side in prop::sample::select(vec![Side::Buy, Side::Sell]),
            steps in prop::collection::vec((price(), any::<prop::sample::Index>(), 0..5), 1..200),
        ) {
            let (mut ladders, mut orders) = (Ladders::new(), Orders::new());
            let ladder = ladder_of(ladders.open(1), side);
            let mut map: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
            let mut live = Vec::new();
            for (price, which, kind) in steps {
                if kind < 3 || live.is_empty() {
                    let slot = orders.add(order());
                    ladders.join(&mut orders, ladder, price, slot, 3);
                    map.entry(price).or_default().push(slot);
                    live.push((price, slot));
                } else {
                    let (price, slot) = live.swap_remove(which.index(live.len()));
                    ladders.leave(&mut orders, slot, 3);
                    orders.remove(slot);
                    map.get_mut(&price).expect("live").retain(|&other| other != slot);
                    map.retain(|_, queue| !queue.is_empty());
                }
                let mut levels = Vec::new();
                let mut at = ladders.best(ladder);
                while at != NONE {
                    prop_assert_eq!(ladders[at].quantity, 3 * i64::from(ladders[at].orders));
                    levels.push((ladders.price(at), queue(&ladders, &orders, at)));
                    at = ladders.next(at);
                }
                prop_assert_eq!(ladders.find(ladder, price) != NONE, map.contains_key(&price));
                let mut expected: Vec<_> = map.clone().into_iter().collect();
                if side == Side::Buy {
                    expected.reverse();
                }
                prop_assert_eq!(levels, expected);
                prop_assert!(ladders.nodes.used() <= 2 * map.len());
            }
            for (_, slot) in live {
                ladders.leave(&mut orders, slot, 3);
            }
            prop_assert_eq!(ladders.nodes.used(), 0);
        }
    }
}
