//! A table of buckets that cannot grow, from hashes to slot numbers.
//!
//! A bucket is half a cache line: six slots, and a tag of eight bits for each, which are compared all at once. So a lookup
//! reads one line and has no loop whose length nobody can foresee, whether the key is there or not; only a few keys in a
//! hundred find their bucket full and go to the next. A bucket counts the keys that went on.

use crate::orders::NONE;
use prefetch::prefetch;

/// Slots in a bucket.
const PLACES: usize = 6;
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

    /// The slots of all keys that are here.
    fn taken(&self) -> impl Iterator<Item = u32> {
        let tags = self.tags.to_le_bytes();
        self.slots.into_iter().zip(tags).filter(|&(_, tag)| tag != 0).map(|(slot, _)| slot)
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
pub struct Table {
    /// From the first on, as many as have been needed.
    buckets: Vec<Bucket>,
    /// 32 minus the logarithm of the number of buckets that there can be: shifting a hash by it gives the home.
    shift: u32,
}

impl Table {
    /// Of two buckets at least, a power of two. None is there yet: memory that is written to costs time.
    pub fn with_room(buckets: usize) -> Self {
        Self { buckets: Vec::with_capacity(buckets), shift: 32 - buckets.trailing_zeros() }
    }

    /// The same with all of them there.
    pub fn opened(buckets: usize) -> Self {
        let mut table = Self::with_room(buckets);
        table.open(buckets);
        table
    }

    /// How many buckets there can be.
    #[inline]
    pub fn room(&self) -> usize {
        1 << (32 - self.shift)
    }

    /// Has the first so many buckets there.
    #[inline]
    pub fn open(&mut self, buckets: usize) {
        if self.buckets.len() < buckets {
            self.buckets.resize(buckets, EMPTY);
        }
    }

    /// The bucket that a key with this hash is in, unless it went on.
    #[inline]
    pub fn home(&self, hash: u32) -> usize {
        (hash >> self.shift) as usize
    }

    /// The lowest hash of those whose home is this bucket; behind the last bucket, one above all hashes.
    #[inline]
    pub fn first_hash(&self, home: usize) -> u64 {
        (home as u64) << self.shift
    }

    /// The slots in a bucket, none if it is not there.
    pub fn slots(&self, at: usize) -> impl Iterator<Item = u32> {
        self.buckets.get(at).into_iter().flat_map(Bucket::taken)
    }

    #[inline]
    fn after(&self, at: usize) -> usize {
        (at + 1) & (self.room() - 1)
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

    /// Adds a key that is not in the table, which is not full and has its home there.
    #[inline]
    pub fn put(&mut self, hash: u32, slot: u32) {
        let (mut at, tag) = (self.home(hash), repeated(hash));
        while !self.buckets[at].put(tag, slot) {
            self.buckets[at].send_on();
            at = self.after(at);
            self.open(at + 1);
        }
    }

    /// Takes out the key that is at this slot.
    ///
    /// # Panics
    /// If the key is not in the table.
    #[inline]
    pub fn remove(&mut self, hash: u32, slot: u32) {
        let (mut at, tag) = (self.home(hash), repeated(hash));
        loop {
            if let Some(place) = self.buckets[at].place(tag, |other| other == slot) {
                return self.buckets[at].clear(place);
            }
            assert!(self.buckets[at].has_sent_on(), "every live key is in the index");
            self.buckets[at].take_back();
            at = self.after(at);
        }
    }

    /// A key whose home is this bucket, if there is one: its hash and slot. `hash_of` gives the hash of any slot.
    pub fn any_of(&self, home: usize, hash_of: impl Fn(u32) -> u32) -> Option<(u32, u32)> {
        let mut at = home;
        loop {
            let bucket = &self.buckets[at];
            let mut keys = bucket.taken().map(|slot| (hash_of(slot), slot));
            let found = keys.find(|&(hash, _)| self.home(hash) == home);
            if found.is_some() || !bucket.has_sent_on() {
                return found;
            }
            at = self.after(at);
            if at == home {
                return None;
            }
        }
    }

    /// Whether it holds no key, nor has one that went on.
    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.buckets.iter().all(|bucket| bucket.tags == 0)
    }
}
