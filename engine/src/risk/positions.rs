//! What entries hold and may come to hold, per entry and book.

use super::Registry;
use crate::command::Side;

/// What an entry has in one book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Holding {
    /// Lots bought less lots sold. Wide, as nothing bounds how often may be traded.
    pub position: i128,
    /// Lots of its live buys.
    pub buys: i64,
    /// Lots of its live sells.
    pub sells: i64,
}

impl Holding {
    /// What the position would be if every live order of the side traded, and `more` lots: long for a buy, short for a
    /// sell.
    pub fn reach(&self, side: Side, more: i64) -> i128 {
        match side {
            Side::Buy => self.position + i128::from(self.buys) + i128::from(more),
            _ => -self.position + i128::from(self.sells) + i128::from(more),
        }
    }

    fn open(&mut self, side: Side) -> &mut i64 {
        if side == Side::Buy { &mut self.buys } else { &mut self.sells }
    }
}

/// The holdings of all entries.
#[derive(Debug, Default)]
pub(crate) struct Positions {
    places: Registry,
    /// As (entry, book, holding), by place.
    holdings: Vec<(u32, u32, Holding)>,
}

impl Positions {
    /// What an entry has in a book.
    #[inline]
    pub fn of(&self, entry: u32, book: u32) -> Holding {
        let place = self.places.find(key_of(entry, book));
        place.map_or_else(Holding::default, |place| self.holdings[place as usize].2)
    }

    /// The same, to be changed.
    #[inline]
    pub fn at(&mut self, entry: u32, book: u32) -> &mut Holding {
        let key = key_of(entry, book);
        let place = self.places.find(key).unwrap_or_else(|| {
            self.holdings.push((entry, book, Holding::default()));
            self.places.add(key)
        });
        &mut self.holdings[place as usize].2
    }

    /// Lots of live orders come to a side, or go.
    #[inline]
    pub fn open(&mut self, entry: u32, book: u32, side: Side, lots: i64) {
        *self.at(entry, book).open(side) += lots;
    }

    /// Lots are traded.
    #[inline]
    pub fn trade(&mut self, entry: u32, book: u32, side: Side, lots: i64) {
        let signed = if side == Side::Buy { lots } else { -lots };
        self.at(entry, book).position += i128::from(signed);
    }

    /// All holdings with something in them, as (entry, book, holding), in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = &(u32, u32, Holding)> {
        self.holdings.iter().filter(|(_, _, holding)| *holding != Holding::default())
    }
}

fn key_of(entry: u32, book: u32) -> u64 {
    u64::from(entry) << 32 | u64::from(book)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Open(Side, i64),
        Close(Side, i64),
        Trade(Side, i64),
    }

    fn step() -> impl Strategy<Value = Step> {
        (0..3, prop::bool::ANY, 1i64..1_000).prop_map(|(kind, buy, lots)| {
            let side = if buy { Side::Buy } else { Side::Sell };
            match kind {
                0 => Step::Open(side, lots),
                1 => Step::Close(side, lots),
                _ => Step::Trade(side, lots),
            }
        })
    }

    proptest! {
        #[test]
        fn holdings_are_the_sums_of_what_happened(steps in prop::collection::vec((0u32..4, 0u32..30, step()), 0..200)) {
            let (mut positions, mut sums) = (Positions::default(), BTreeMap::<_, [i64; 3]>::new());
            for (entry, book, step) in steps {
                let sum = sums.entry((entry, book)).or_default();
                let place = |side| 1 + usize::from(side == Side::Sell);
                match step {
                    Step::Open(side, lots) => {
                        positions.open(entry, book, side, lots);
                        sum[place(side)] += lots;
                    }
                    Step::Close(side, lots) => {
                        positions.open(entry, book, side, -lots);
                        sum[place(side)] -= lots;
                    }
                    Step::Trade(side, lots) => {
                        positions.trade(entry, book, side, lots);
                        sum[0] += if side == Side::Buy { lots } else { -lots };
                    }
                }
            }
            for (&(entry, book), &[position, buys, sells]) in &sums {
                let expected = Holding { position: position.into(), buys, sells };
                prop_assert_eq!(positions.of(entry, book), expected);
                prop_assert_eq!(expected.reach(Side::Buy, 5), i128::from(position + buys + 5));
                prop_assert_eq!(expected.reach(Side::Sell, 5), i128::from(sells - position + 5));
            }
            prop_assert_eq!(positions.iter().count(), sums.values().filter(|sum| **sum != [0; 3]).count());
        }
    }
}
