//! The price of a call auction: the one at which most can trade. Sources: London Stock Exchange, Guide to the trading system
//! (MIT201), "price determination"; Deutsche Börse, Xetra market model, "principle of most executable volume".

use std::cmp::Reverse;

/// What an uncross gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uncross {
    /// Of all its trades, in ticks.
    pub price: i64,
    /// Of all its trades, in lots.
    pub volume: i64,
    /// Lots wanted at the price less lots offered at it: what cannot trade.
    pub surplus: i64,
}

/// The uncross of two lists of (price, quantity), each price once and the best first; none if they do not cross.
///
/// The volume decides, then the smaller surplus. Of the prices still left the pressure: wherever more is wanted the highest, wherever
/// more is offered the lowest. Else the one closest to the reference, which is the middle if there is none; the higher of two.
pub fn uncross(bids: &[(i64, i64)], asks: &[(i64, i64)], reference: Option<i64>) -> Option<Uncross> {
    let (best_bid, best_ask) = (bids.first()?.0, asks.first()?.0);
    let bids = &bids[..bids.partition_point(|bid| bid.0 >= best_ask)];
    let asks = &asks[..asks.partition_point(|ask| ask.0 <= best_bid)];
    let best = candidates(bids, asks).min_by_key(rank)?;
    let left = || candidates(bids, asks).filter(|candidate| rank(candidate) == rank(&best));
    let (lowest, highest) = (left().next()?, left().last()?);
    // The surplus falls as the price rises, so the ends speak for those between them.
    if highest.surplus > 0 {
        return Some(highest);
    }
    if lowest.surplus < 0 {
        return Some(lowest);
    }
    let reference = reference.unwrap_or(lowest.price.midpoint(highest.price));
    left().min_by_key(|candidate| (candidate.price.abs_diff(reference), Reverse(candidate.price)))
}

fn rank(candidate: &Uncross) -> (Reverse<i64>, u64) {
    (Reverse(candidate.volume), candidate.surplus.unsigned_abs())
}

/// What trading at each limit price would give, the lowest price first, of what crosses.
fn candidates(bids: &[(i64, i64)], asks: &[(i64, i64)]) -> impl Iterator<Item = Uncross> {
    let mut demand: i64 = bids.iter().map(|bid| bid.1).sum();
    let mut supply = 0;
    let mut bids = bids.iter().rev().peekable();
    let mut asks = asks.iter().peekable();
    std::iter::from_fn(move || {
        let price = bids.peek().into_iter().chain(asks.peek()).map(|next| next.0).min()?;
        supply += asks.next_if(|ask| ask.0 == price).map_or(0, |ask| ask.1);
        let candidate = Uncross { price, volume: demand.min(supply), surplus: demand - supply };
        demand -= bids.next_if(|bid| bid.0 == price).map_or(0, |bid| bid.1);
        Some(candidate)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// The rule as it is written, over every price that an order names.
    fn slow(bids: &[(i64, i64)], asks: &[(i64, i64)], reference: Option<i64>) -> Option<Uncross> {
        let (best_bid, best_ask) = (bids.first()?.0, asks.first()?.0);
        let mut left: Vec<Uncross> = bids
            .iter()
            .chain(asks)
            .map(|&(price, _)| price)
            .filter(|price| (best_ask..=best_bid).contains(price))
            .map(|price| {
                let wanted: i64 = bids.iter().filter(|bid| bid.0 >= price).map(|bid| bid.1).sum();
                let offered: i64 = asks.iter().filter(|ask| ask.0 <= price).map(|ask| ask.1).sum();
                Uncross { price, volume: wanted.min(offered), surplus: wanted - offered }
            })
            .collect();
        let volume = left.iter().map(|one| one.volume).max()?;
        left.retain(|one| one.volume == volume);
        let surplus = left.iter().map(|one| one.surplus.abs()).min()?;
        left.retain(|one| one.surplus.abs() == surplus);
        left.sort_by_key(|one| one.price);
        let (lowest, highest) = (left[0], left[left.len() - 1]);
        if left.iter().all(|one| one.surplus > 0) {
            return Some(highest);
        }
        if left.iter().all(|one| one.surplus < 0) {
            return Some(lowest);
        }
        let reference = reference.unwrap_or((lowest.price + highest.price).div_euclid(2));
        left.sort_by_key(|one| ((one.price - reference).abs(), -one.price));
        Some(left[0])
    }

    fn side() -> impl Strategy<Value = BTreeMap<i64, i64>> {
        prop::collection::btree_map(1i64..30, 1i64..6, 0..12)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn is_what_the_rule_says_of_every_price(
            bids in side(),
            asks in side(),
            reference in prop::option::of(1i64..35),
        ) {
            let bids: Vec<_> = bids.into_iter().rev().collect();
            let asks: Vec<_> = asks.into_iter().collect();
            prop_assert_eq!(uncross(&bids, &asks, reference), slow(&bids, &asks, reference));
        }
    }

    fn at(bids: &[(i64, i64)], asks: &[(i64, i64)], reference: Option<i64>) -> Option<(i64, i64, i64)> {
        uncross(bids, asks, reference).map(|found| (found.price, found.volume, found.surplus))
    }

    #[test]
    fn nothing_trades_where_the_sides_do_not_cross() {
        assert_eq!(at(&[(99, 10)], &[(100, 10)], None), None);
        assert_eq!(at(&[], &[(100, 10)], None), None);
        assert_eq!(at(&[(99, 10)], &[], None), None);
    }

    #[test]
    fn the_volume_decides_before_the_surplus() {
        assert_eq!(at(&[(103, 5), (101, 20)], &[(100, 10), (102, 1)], None), Some((101, 10, 15)));
    }

    #[test]
    fn the_surplus_decides_between_prices_of_one_volume() {
        assert_eq!(at(&[(103, 10), (101, 4)], &[(100, 10)], Some(100)), Some((103, 10, 0)));
    }

    #[test]
    fn a_surplus_of_buys_raises_the_price_and_one_of_sells_lowers_it() {
        assert_eq!(at(&[(105, 10)], &[(100, 4)], Some(100)), Some((105, 4, 6)));
        assert_eq!(at(&[(105, 4)], &[(100, 10)], Some(105)), Some((100, 4, -6)));
    }

    #[test]
    fn without_a_surplus_the_reference_decides_and_the_higher_of_two_as_close() {
        let (bids, asks) = ([(105, 4)], [(100, 4)]);
        assert_eq!(at(&bids, &asks, Some(101)), Some((100, 4, 0)));
        assert_eq!(at(&bids, &asks, Some(200)), Some((105, 4, 0)));
        assert_eq!(at(&[(104, 4)], &[(100, 4)], Some(102)), Some((104, 4, 0)), "as close to both");
        assert_eq!(at(&bids, &asks, None), Some((100, 4, 0)), "the middle is rounded down");
    }
}
