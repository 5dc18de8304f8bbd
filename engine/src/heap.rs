//! Live orders by a number and then by age, the lowest first, of which any can be taken out: a binary heap in which
//! every item knows its place.
//!
//! It says which order is first, and nothing else, so that no outcome depends on how it came about.

/// Of an item's place: in no heap.
pub const NOWHERE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Entry {
    key: u64,
    order_id: u64,
    item: u32,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Heap {
    entries: Vec<Entry>,
}

impl Heap {
    /// The lowest key and its oldest item.
    #[inline]
    pub fn first(&self) -> Option<(u64, u32)> {
        self.entries.first().map(|entry| (entry.key, entry.item))
    }

    /// The items of all keys up to one, in no order.
    pub fn up_to(&self, key: u64) -> impl Iterator<Item = u32> {
        let mut places = vec![0];
        std::iter::from_fn(move || {
            // Below an item that is beyond it, all are.
            while let Some(place) = places.pop() {
                if let Some(entry) = self.entries.get(place).filter(|entry| entry.key <= key) {
                    places.extend([2 * place + 1, 2 * place + 2]);
                    return Some(entry.item);
                }
            }
            None
        })
    }

    /// All items, the first first.
    pub fn in_order(&self) -> impl Iterator<Item = u32> + use<> {
        let mut entries = self.entries.clone();
        entries.sort_unstable_by_key(|entry| (entry.key, entry.order_id));
        entries.into_iter().map(|entry| entry.item)
    }

    /// Adds an item; `moved` is told where each item comes to lie.
    pub fn push(&mut self, key: u64, order_id: u64, item: u32, mut moved: impl FnMut(u32, u32)) {
        self.entries.push(Entry { key, order_id, item });
        self.rise(self.entries.len() - 1, &mut moved);
    }

    /// Takes out the item at a place.
    pub fn remove(&mut self, place: u32, mut moved: impl FnMut(u32, u32)) {
        let place = place as usize;
        let gone = self.entries.swap_remove(place);
        moved(gone.item, NOWHERE);
        if place < self.entries.len() {
            let place = self.rise(place, &mut moved);
            self.sink(place, &mut moved);
        }
    }

    fn is_before(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.entries[a], &self.entries[b]);
        (a.key, a.order_id) < (b.key, b.order_id)
    }

    fn rise(&mut self, mut at: usize, moved: &mut impl FnMut(u32, u32)) -> usize {
        while at > 0 && self.is_before(at, (at - 1) / 2) {
            let parent = (at - 1) / 2;
            self.entries.swap(at, parent);
            moved(self.entries[at].item, at as u32);
            at = parent;
        }
        moved(self.entries[at].item, at as u32);
        at
    }

    fn sink(&mut self, mut at: usize, moved: &mut impl FnMut(u32, u32)) {
        loop {
            let (left, right) = (2 * at + 1, 2 * at + 2);
            if left >= self.entries.len() {
                break;
            }
            let child = if right < self.entries.len() && self.is_before(right, left) { right } else { left };
            if !self.is_before(child, at) {
                break;
            }
            self.entries.swap(at, child);
            moved(self.entries[at].item, at as u32);
            at = child;
        }
        moved(self.entries[at].item, at as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn is_first_what_is_first_in_an_ordered_set(
            steps in prop::collection::vec((0u64..10, any::<prop::sample::Index>(), 0..5), 1..200),
        ) {
            let mut heap = Heap::default();
            let mut places = vec![NOWHERE; steps.len()];
            let mut set = BTreeSet::new();
            for (item, (key, which, kind)) in (0u32..).zip(steps) {
                if kind < 3 || set.is_empty() {
                    heap.push(key, u64::from(item), item, |item, place| places[item as usize] = place);
                    set.insert((key, item));
                } else {
                    let gone = *set.iter().nth(which.index(set.len())).expect("not empty");
                    set.remove(&gone);
                    heap.remove(places[gone.1 as usize], |item, place| places[item as usize] = place);
                }
                prop_assert_eq!(heap.first(), set.first().copied());
                let up_to: BTreeSet<u32> = heap.up_to(key).collect();
                prop_assert_eq!(up_to, set.range(..(key + 1, 0)).map(|&(_, item)| item).collect::<BTreeSet<_>>());
            }
        }
    }
}
