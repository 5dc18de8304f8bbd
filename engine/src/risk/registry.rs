//! From keys to the places of things that never go: open addressing, linear probing, nothing to take out.

/// Of a cell: no key.
const FREE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Cell {
    key: u64,
    place: u32,
}

/// The n-th key that came in has the place n, from 0.
#[derive(Debug)]
pub(crate) struct Registry {
    /// A power of two, at most half of them in use.
    cells: Vec<Cell>,
    used: u32,
}

impl Default for Registry {
    fn default() -> Self {
        Self { cells: vec![Cell { key: 0, place: FREE }; 16], used: 0 }
    }
}

impl Registry {
    /// The place of a key.
    #[inline]
    pub fn find(&self, key: u64) -> Option<u32> {
        let cell = self.cells[self.cell_of(key)];
        (cell.place != FREE).then_some(cell.place)
    }

    /// Takes in a key that is not there and gives its place.
    pub fn add(&mut self, key: u64) -> u32 {
        if self.used as usize * 2 >= self.cells.len() {
            self.grow();
        }
        let at = self.cell_of(key);
        debug_assert!(self.cells[at].place == FREE, "the key is new");
        self.cells[at] = Cell { key, place: self.used };
        self.used += 1;
        self.used - 1
    }

    /// The cell with the key, or the free one where it would be.
    #[inline]
    fn cell_of(&self, key: u64) -> usize {
        let mask = self.cells.len() - 1;
        // Both halves of the product count, so that ids in a row, and ids that differ in high bits alone, spread evenly.
        let product = u128::from(key ^ 0x243f_6a88_85a3_08d3) * 0x9e37_79b9_7f4a_7c15;
        let mut at = ((product >> 64) ^ product) as usize & mask;
        while self.cells[at].place != FREE && self.cells[at].key != key {
            at = (at + 1) & mask;
        }
        at
    }

    #[cold]
    fn grow(&mut self) {
        let doubled = vec![Cell { key: 0, place: FREE }; self.cells.len() * 2];
        for cell in std::mem::replace(&mut self.cells, doubled) {
            if cell.place != FREE {
                let at = self.cell_of(cell.key);
                self.cells[at] = cell;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    proptest! {
        #[test]
        fn finds_what_a_hash_map_finds(keys in prop::collection::vec((0u64..40, 0u32..3), 0..200)) {
            let (mut registry, mut map) = (Registry::default(), HashMap::new());
            for (low, high) in keys {
                let key = low << (high * 20);
                prop_assert_eq!(registry.find(key), map.get(&key).copied());
                if !map.contains_key(&key) {
                    let place = map.len() as u32;
                    prop_assert_eq!(registry.add(key), place);
                    map.insert(key, place);
                }
            }
            prop_assert!(map.iter().all(|(&key, &place)| registry.find(key) == Some(place)));
        }
    }

    #[test]
    fn keys_in_a_row_do_not_pile_up() {
        for step in [1, 1 << 8, 1 << 32] {
            let mut registry = Registry::default();
            for number in 0..30_000 {
                registry.add(number * step);
            }
            let longest = registry.cells.split(|cell| cell.place == FREE).map(<[Cell]>::len).max();
            assert!(longest < Some(64), "step {step} has a run of {longest:?}");
        }
    }
}
