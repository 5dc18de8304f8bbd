//! A hash index from a key that lives elsewhere to a slot number: open addressing, linear probing, backward-shift
//! deletion.
//!
//! An entry is 8 bytes, the upper 32 bits of the key's hash, its tag, and the slot, so that eight fit a cache line
//! and a miss rarely looks at what is in a slot. An entry's home is the top bits of its tag, so growth writes the new
//! table from front to back.

use crate::orders::NONE;

/// Tables are never smaller than this.
const CAPACITY_MIN: u64 = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    tag: u32,
    slot: u32,
}

const EMPTY: Entry = Entry { tag: 0, slot: NONE };

/// See the module.
#[derive(Debug)]
pub struct Index {
    entries: Vec<Entry>,
    /// 32 minus the logarithm of the number of entries: shifting a tag by it gives the home.
    shift: u32,
    used: u32,
}

/// The tag of a (session, cl_ord_id); both halves of each product count, so runs of ids spread evenly.
#[inline]
pub fn tag_of(session: u32, id: u64) -> u32 {
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
        Self { entries: vec![EMPTY; CAPACITY_MIN as usize], shift: 32 - CAPACITY_MIN.trailing_zeros(), used: 0 }
    }

    #[inline]
    fn home(&self, tag: u32) -> u32 {
        tag >> self.shift
    }

    #[inline]
    fn mask(&self) -> u32 {
        (self.entries.len() - 1) as u32
    }

    /// The slot of the key with this tag; `is` tells whether a slot holds the key.
    #[inline]
    pub fn find(&self, tag: u32, is: impl Fn(u32) -> bool) -> Option<u32> {
        let mask = self.mask();
        let mut at = self.home(tag);
        loop {
            let entry = self.entries[at as usize];
            if entry.slot == NONE {
                return None;
            }
            if entry.tag == tag && is(entry.slot) {
                return Some(entry.slot);
            }
            at = (at + 1) & mask;
        }
    }

    /// The first slot whose key has this tag, most likely the one sought, or none.
    #[inline]
    pub fn first_with(&self, tag: u32) -> u32 {
        self.find(tag, |_| true).unwrap_or(NONE)
    }

    /// Adds a key that is not in the index.
    #[inline]
    pub fn insert(&mut self, tag: u32, slot: u32) {
        if u64::from(self.used) * 2 >= self.entries.len() as u64 {
            self.grow();
        }
        self.used += 1;
        self.place(Entry { tag, slot });
    }

    #[inline]
    fn place(&mut self, entry: Entry) {
        let mask = self.mask();
        let mut at = self.home(entry.tag);
        while self.entries[at as usize].slot != NONE {
            at = (at + 1) & mask;
        }
        self.entries[at as usize] = entry;
    }

    #[cold]
    fn grow(&mut self) {
        let doubled = vec![EMPTY; self.entries.len() * 2];
        let entries = std::mem::replace(&mut self.entries, doubled);
        self.shift -= 1;
        for entry in entries {
            if entry.slot != NONE {
                self.place(entry);
            }
        }
    }

    /// Takes out the key that is at this slot, and closes the gap so that no tombstones gather.
    ///
    /// # Panics
    /// If the key is not in the index.
    #[inline]
    pub fn remove(&mut self, tag: u32, slot: u32) {
        let mask = self.mask();
        let mut gap = self.home(tag);
        while self.entries[gap as usize].slot != slot {
            assert!(self.entries[gap as usize].slot != NONE, "every live key is in the index");
            gap = (gap + 1) & mask;
        }
        self.used -= 1;
        let mut at = gap;
        loop {
            at = (at + 1) & mask;
            let entry = self.entries[at as usize];
            if entry.slot == NONE {
                break;
            }
            // An entry may move into the gap unless its home lies behind the gap.
            let from_home = at.wrapping_sub(self.home(entry.tag)) & mask;
            let from_gap = at.wrapping_sub(gap) & mask;
            if from_home >= from_gap {
                self.entries[gap as usize] = entry;
                gap = at;
            }
        }
        self.entries[gap as usize] = EMPTY;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    proptest! {
        /// Tags are drawn from few values at both ends of the table, so that runs form, wrap around and are closed
        /// again.
        #[test]
        fn finds_what_a_hash_map_finds(steps in prop::collection::vec((0u64..60, any::<bool>()), 0..400)) {
            let tag = |key: u64| if key < 50 { (key as u32 % 5) << 30 | u32::MAX >> 4 } else { tag_of(1, key) };
            let mut index = Index::new();
            let mut map = HashMap::new();
            for (key, add) in steps {
                let slot = key as u32 + 7;
                let known = map.contains_key(&key);
                if add && !known {
                    index.insert(tag(key), slot);
                    map.insert(key, slot);
                } else if !add && known {
                    index.remove(tag(key), slot);
                    map.remove(&key);
                }
                for key in 0..60 {
                    let slot = key as u32 + 7;
                    prop_assert_eq!(index.find(tag(key), |found| found == slot), map.get(&key).copied());
                }
            }
        }
    }

    #[test]
    fn runs_of_ids_spread_evenly() {
        for (session, step) in [(1, 1), (1, 8), (7, 1 << 20), (u32::MAX, 1 << 40)] {
            let mut homes = vec![0; 1 << 10];
            (0..1 << 10).for_each(|i| homes[tag_of(session, i * step) as usize >> 22] += 1);
            assert!(homes.iter().all(|&count| count < 12), "step {step} of session {session} piles up");
        }
    }
}
