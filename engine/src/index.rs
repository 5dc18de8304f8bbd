//! A hash index from a key that lives elsewhere to a slot number.
//!
//! Keys hash to buckets of half a cache line: six slots, and a tag of eight bits for each, which are compared all at
//! once. So a lookup reads one line and has no loop whose length nobody can foresee, whether the key is there or not;
//! only a few keys in a hundred find their bucket full and go to the next. A bucket counts the keys that went on.

use crate::orders::NONE;
use prefetch::prefetch;

/// Slots in a bucket.
const PLACES: usize = 6;
/// A table grows when its buckets hold this many keys on average: with one more, every sixth lookup went on to the next.
const KEYS_MAX: u32 = 3;
/// A tag is a byte; this is 1 in each of a word.
const ONES: u64 = 0x0101_0101_0101_0101;
/// All bits but the highest of each byte.
const LOWS: u64 = ONES * 0x7f;
/// The highest bits of a bucket's tags.
const MARKS: u64 = 0x8080_8080_8080;
/// Above the tags: one key that went on.
const WENT_ON: u64 = 1 << (8 * PLACES);
/// So many keys went on that they are counted no longer.
const UNCOUNTED: u64 = 0xffff * WENT_ON;

#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
struct Bucket {
    /// A byte for each place, 0 if it is free; above them, how many keys found the bucket full.
    tags: u64,
    slots: [u32; PLACES],
}

const _: () = assert!(size_of::<Bucket>() == 32, "a bucket is half a cache line");

const EMPTY: Bucket = Bucket { tags: 0, slots: [NONE; PLACES] };

/// The tag in a bucket of a key with this hash, in every byte; never 0.
#[inline(always)]
fn repeated(hash: u32) -> u64 {
    u64::from((hash as u8).max(1)).wrapping_mul(ONES)
}

/// The place that the lowest mark is of, see [`Bucket::marks`].
#[inline(always)]
fn first(marks: u64) -> usize {
    (marks.trailing_zeros() / 8) as usize
}

impl Bucket {
    /// The places with a tag, which is in every byte of `repeated`: the highest bit of each one's byte.
    #[inline(always)]
    fn marks(&self, repeated: u64) -> u64 {
        let others = self.tags ^ repeated;
        // A byte that is not 0 has its highest bit, or gets it from the others; none is carried to the next byte.
        !((others & LOWS).wrapping_add(LOWS) | others) & MARKS
    }

    /// The place of a key, if it is here; `is` tells whether a slot holds the key.
    #[inline(always)]
    fn place(&self, repeated: u64, is: impl Fn(u32) -> bool) -> Option<usize> {
        let mut candidates = self.marks(repeated);
        while candidates != 0 {
            let place = first(candidates);
            if is(self.slots[place]) {
                return Some(place);
            }
            candidates &= candidates - 1;
        }
        None
    }

    #[inline(always)]
    fn has_sent_on(&self) -> bool {
        self.tags >= WENT_ON
    }

    /// Takes in a key, unless there is no room.
    #[inline(always)]
    fn put(&mut self, repeated: u64, slot: u32) -> bool {
        let free = self.marks(0);
        if free == 0 {
            return false;
        }
        let place = first(free);
        self.slots[place] = slot;
        self.tags |= (repeated & 0xff) << (place * 8);
        true
    }

    #[inline(always)]
    fn clear(&mut self, place: usize) {
        self.tags &= !(0xff << (place * 8));
    }

    #[cold]
    fn send_on(&mut self) {
        self.tags += if self.tags < UNCOUNTED { WENT_ON } else { 0 };
    }

    #[cold]
    fn take_back(&mut self) {
        self.tags -= if self.tags < UNCOUNTED { WENT_ON } else { 0 };
    }
}

/// See the module.
#[derive(Debug)]
pub struct Index {
    buckets: Vec<Bucket>,
    /// 32 minus the logarithm of the number of buckets: shifting a hash by it gives the home.
    shift: u32,
    used: u32,
}

/// The hash of a (session, cl_ord_id); both halves of each product count, so runs of ids spread evenly.
#[inline]
pub fn hash_of(session: u32, id: u64) -> u32 {
    let mixed =
        u128::from(id ^ 0x243f_6a88_85a3_08d3) * u128::from(0x9e37_79b9_7f4a_7c15_u64 ^ (u64::from(session) << 20));
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
        Self { buckets: vec![EMPTY; 2], shift: 31, used: 0 }
    }

    #[inline]
    fn home(&self, hash: u32) -> usize {
        (hash >> self.shift) as usize
    }

    #[inline]
    fn after(&self, at: usize) -> usize {
        (at + 1) & (self.buckets.len() - 1)
    }

    /// The slot of the key with this hash; `is` tells whether a slot holds the key.
    #[inline]
    pub fn find(&self, hash: u32, is: impl Fn(u32) -> bool) -> Option<u32> {
        let (home, tag) = (self.home(hash), repeated(hash));
        let bucket = &self.buckets[home];
        match bucket.place(tag, &is) {
            Some(place) => Some(bucket.slots[place]),
            None if bucket.has_sent_on() => self.find_beyond(home, tag, is),
            None => None,
        }
    }

    #[cold]
    fn find_beyond(&self, home: usize, tag: u64, is: impl Fn(u32) -> bool) -> Option<u32> {
        let mut at = self.after(home);
        while at != home {
            let bucket = &self.buckets[at];
            if let Some(place) = bucket.place(tag, &is) {
                return Some(bucket.slots[place]);
            }
            if !bucket.has_sent_on() {
                break;
            }
            at = self.after(at);
        }
        None
    }

    /// A slot whose key may have this hash, most likely the one sought, or most likely none.
    #[inline]
    pub fn likely(&self, hash: u32) -> u32 {
        let bucket = &self.buckets[self.home(hash)];
        bucket.slots.get(first(bucket.marks(repeated(hash)))).copied().unwrap_or(NONE)
    }

    /// Asks for where a key with this hash would be.
    #[inline]
    pub fn prefetch(&self, hash: u32) {
        prefetch(&self.buckets[self.home(hash)]);
    }

    /// Makes room for so many keys in an index that has none.
    pub fn make_room(&mut self, keys: u32) {
        debug_assert!(self.used == 0, "keys are not moved");
        let buckets = (keys / KEYS_MAX + 1).next_power_of_two().max(2);
        self.buckets = vec![EMPTY; buckets as usize];
        self.shift = 32 - buckets.trailing_zeros();
    }

    /// Adds a key that is not in the index. `others` are the hashes and slots of all that are, should the table have to
    /// grow.
    #[inline]
    pub fn insert(&mut self, hash: u32, slot: u32, others: impl Iterator<Item = (u32, u32)>) {
        if self.used >= self.buckets.len() as u32 * KEYS_MAX {
            self.grow(others);
        }
        self.used += 1;
        self.put(hash, slot);
    }

    #[inline]
    fn put(&mut self, hash: u32, slot: u32) {
        let (mut at, tag) = (self.home(hash), repeated(hash));
        while !self.buckets[at].put(tag, slot) {
            self.buckets[at].send_on();
            at = self.after(at);
        }
    }

    #[cold]
    fn grow(&mut self, keys: impl Iterator<Item = (u32, u32)>) {
        self.buckets = vec![EMPTY; self.buckets.len() * 2];
        self.shift -= 1;
        keys.for_each(|(hash, slot)| self.put(hash, slot));
    }

    /// Takes out the key that is at this slot.
    ///
    /// # Panics
    /// If the key is not in the index.
    #[inline]
    pub fn remove(&mut self, hash: u32, slot: u32) {
        let (home, tag) = (self.home(hash), repeated(hash));
        let mut at = home;
        loop {
            if let Some(place) = self.buckets[at].place(tag, |other| other == slot) {
                self.buckets[at].clear(place);
                break;
            }
            assert!(self.buckets[at].has_sent_on(), "every live key is in the index");
            self.buckets[at].take_back();
            at = self.after(at);
        }
        self.used -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    proptest! {
        /// Hashes are drawn from few values at both ends of the table, so that buckets run full, the last into the
        /// first, and are emptied again.
        #[test]
        fn finds_what_a_hash_map_finds(steps in prop::collection::vec((0u64..60, any::<bool>()), 0..400)) {
            let hash = |key: u64| if key < 50 { (key as u32 % 5) << 30 | u32::MAX >> 4 } else { hash_of(1, key) };
            let mut index = Index::new();
            let mut map = HashMap::new();
            for (key, add) in steps {
                let slot = key as u32 + 7;
                let known = map.contains_key(&key);
                if add && !known {
                    index.insert(hash(key), slot, map.iter().map(|(&key, &slot)| (hash(key), slot)));
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
            prop_assert_eq!(index.used as usize, map.len());
            for (key, slot) in map {
                index.remove(hash(key), slot);
            }
            prop_assert!(index.buckets.iter().all(|bucket| bucket.tags == 0));
        }
    }

    #[test]
    fn runs_of_ids_spread_evenly() {
        for (session, step) in [(1, 1), (1, 8), (7, 1 << 20), (u32::MAX, 1 << 40)] {
            let mut homes = vec![0; 1 << 10];
            (0..1 << 10).for_each(|i| homes[hash_of(session, i * step) as usize >> 22] += 1);
            assert!(homes.iter().all(|&count| count < 12), "step {step} of session {session} piles up");
        }
    }
}
