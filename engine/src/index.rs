//! A hash index from a key that lives elsewhere to a slot number.
//!
//! It grows without a pause: a table of twice the room takes over one bucket with each key that is added, and until all
//! have gone over, both are in use. A key's home is said by the upper bits of its hash, so a bucket's keys go to two
//! that are side by side, and the new table is filled from front to back.

mod table;

use prefetch::prefetch;
use table::Table;

/// A table is full when its buckets hold this many keys on average: with one more, every sixth lookup went on to the next.
const KEYS_MAX: usize = 3;
/// How many buckets ahead of those that go over keys are asked for: they are all over the memory.
const AHEAD: usize = 4;
/// Above all hashes.
const ALL: u64 = 1 << u32::BITS;

/// See the module.
#[derive(Debug)]
pub struct Index {
    table: Table,
    /// The one that it takes over from: keys with a hash below `moved` have gone over.
    before: Table,
    moved: u64,
    used: usize,
    /// From so many keys on something is to be done first: keys go over, or else the table is full.
    enough: usize,
}

/// What a hash depends on besides the key: who does not know it cannot choose keys that collide. It decides where keys lie, never what
/// comes of a command. 0 where nobody chooses keys.
pub type Secret = u64;

/// The hash of a (session, cl_ord_id); both halves of each product count, so runs of ids spread evenly.
#[inline]
pub fn hash_of(secret: Secret, session: u32, id: u64) -> u32 {
    let one = id ^ secret ^ 0x243f_6a88_85a3_08d3;
    let other = u64::from(session) << 20 ^ secret.rotate_left(32) ^ 0x9e37_79b9_7f4a_7c15;
    let mixed = u128::from(one) * u128::from(other);
    let folded = (mixed >> 64) as u64 ^ mixed as u64;
    (folded.wrapping_mul(0xd6e8_feb8_6659_fd93) >> 32) as u32
}

impl Default for Index {
    fn default() -> Self {
        Self::new()
    }
}

impl Index {
    /// Holds nothing.
    pub fn new() -> Self {
        Self { table: Table::opened(2), before: Table::with_room(2), moved: ALL, used: 0, enough: 2 * KEYS_MAX }
    }

    /// Makes room for so many keys in an index that has none.
    pub fn make_room(&mut self, keys: u32) {
        debug_assert!(self.used == 0, "keys are not moved");
        self.table = Table::opened((keys as usize / KEYS_MAX + 1).next_power_of_two().max(2));
        self.enough = KEYS_MAX * self.table.room();
    }

    /// Where a key with this hash is, or would be. Most of the time there is one table, so this is a branch and not a choice that the
    /// reads behind it wait for.
    #[inline(always)]
    fn table(&self, hash: u32) -> &Table {
        if u64::from(hash) < self.moved { &self.table } else { self.before() }
    }

    #[inline(always)]
    fn table_mut(&mut self, hash: u32) -> &mut Table {
        if u64::from(hash) < self.moved { &mut self.table } else { self.before_mut() }
    }

    #[cold]
    fn before(&self) -> &Table {
        &self.before
    }

    #[cold]
    fn before_mut(&mut self) -> &mut Table {
        &mut self.before
    }

    /// The slot of the key with this hash; `is` tells whether a slot holds the key.
    #[inline]
    pub fn find(&self, hash: u32, is: impl Fn(u32) -> bool) -> Option<u32> {
        self.table(hash).find(hash, is)
    }

    /// A slot whose key may have this hash, most likely the one sought, or most likely none.
    #[inline]
    pub fn likely(&self, hash: u32) -> u32 {
        self.table(hash).likely(hash)
    }

    /// Asks for where a key with this hash would be.
    #[inline]
    pub fn prefetch(&self, hash: u32) {
        self.table(hash).prefetch(hash);
    }

    /// Adds a key that is not in the index. `key` gives the key at any slot of the index, `hash_of` the hash of a key.
    #[inline]
    pub fn insert<'k, K: 'k>(&mut self, hash: u32, slot: u32, key: impl Fn(u32) -> &'k K, hash_of: impl Fn(&K) -> u32) {
        if self.used >= self.enough {
            self.make_way(key, hash_of);
        }
        self.used += 1;
        self.table_mut(hash).put(hash, slot);
    }

    /// Begins to grow, or goes on with it: a bucket goes over. Long before the new table is full all have.
    #[inline(never)]
    fn make_way<'k, K: 'k>(&mut self, key: impl Fn(u32) -> &'k K, hash_of: impl Fn(&K) -> u32) {
        if self.moved == ALL {
            let room = self.table.room();
            self.before = std::mem::replace(&mut self.table, Table::with_room(2 * room));
            (self.moved, self.enough) = (0, 0);
        }
        let home = self.before.home(self.moved as u32);
        self.before.slots(home + AHEAD).for_each(|slot| prefetch(key(slot)));
        self.table.open(2 * home + 2);
        while let Some((hash, slot)) = self.before.any_of(home, |slot| hash_of(key(slot))) {
            self.before.remove(hash, slot);
            self.table.put(hash, slot);
        }
        self.moved = self.before.first_hash(home + 1);
        if self.moved == ALL {
            self.before = Table::with_room(2);
            self.enough = KEYS_MAX * self.table.room();
        }
    }

    /// Takes out the key that is at this slot.
    ///
    /// # Panics
    /// If the key is not in the index.
    #[inline]
    pub fn remove(&mut self, hash: u32, slot: u32) {
        self.used -= 1;
        self.table_mut(hash).remove(hash, slot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    const SECRET: Secret = 0;

    proptest! {
        /// Hashes are drawn from few values at both ends of the table, so that buckets run full, the last into the
        /// first, and are emptied again.
        #[test]
        fn finds_what_a_hash_map_finds(steps in prop::collection::vec((0u64..60, any::<bool>()), 0..400)) {
            let hash = |key: u64| if key < 50 { (key as u32 % 5) << 30 | u32::MAX >> 4 } else { hash_of(SECRET, 1, key) };
            let keys: Vec<u64> = (0..67).map(|slot: u64| slot.saturating_sub(7)).collect();
            let mut index = Index::new();
            let mut map = HashMap::new();
            for (key, add) in steps {
                let slot = key as u32 + 7;
                let known = map.contains_key(&key);
                if add && !known {
                    index.insert(hash(key), slot, |slot| &keys[slot as usize], |&key| hash(key));
                    map.insert(key, slot);
                } else if !add && known {
                    index.remove(hash(key), slot);
                    map.remove(&key);
                }
                for key in 0..60 {
                    let slot = key as u32 + 7;
                    prop_assert_eq!(index.find(hash(key), |found| found == slot), map.get(&key).copied());
                }
            }
            prop_assert_eq!(index.used, map.len());
            for (key, slot) in map {
                index.remove(hash(key), slot);
            }
            prop_assert!(index.table.is_empty() && index.before.is_empty());
        }
    }

    #[test]
    fn no_insertion_waits_for_many_others() {
        let (mut index, looked_at) = (Index::new(), std::cell::Cell::new(0));
        let keys: Vec<u64> = (0..100_000).collect();
        for &key in &keys {
            looked_at.set(0);
            let found = |slot: u32| {
                looked_at.set(looked_at.get() + 1);
                &keys[slot as usize]
            };
            index.insert(hash_of(SECRET, 1, key), key as u32, found, |&key| hash_of(SECRET, 1, key));
            assert!(looked_at.get() < 100, "key {key} had {} others looked at", looked_at.get());
        }
        assert!(keys.iter().all(|&key| index.find(hash_of(SECRET, 1, key), |slot| u64::from(slot) == key).is_some()));
    }

    #[test]
    fn runs_of_ids_spread_evenly() {
        for (session, step) in [(1, 1), (1, 8), (7, 1 << 20), (u32::MAX, 1 << 40)] {
            let mut homes = vec![0; 1 << 10];
            (0..1 << 10).for_each(|i| homes[hash_of(SECRET, session, i * step) as usize >> 22] += 1);
            assert!(homes.iter().all(|&count| count < 12), "step {step} of session {session} piles up");
        }
    }
    #[test]
    fn ids_that_collide_under_one_secret_do_not_under_another() {
        let home = |secret, id| (hash_of(secret, 1, id) >> 22) as usize;
        let chosen: Vec<u64> = (0..).filter(|&id| home(SECRET, id) == 7).take(1 << 10).collect();
        for secret in [1, 0x5bd1_e995, u64::MAX] {
            let mut homes = vec![0; 1 << 10];
            chosen.iter().for_each(|&id| homes[home(secret, id)] += 1);
            assert!(homes.iter().all(|&count| count < 12), "they pile up under {secret:x}");
        }
    }
}
