//! The books as everybody sees them: what public messages say, and nothing else. Publisher and receivers keep the same.

use crate::listing::{Listing, Terms};
use crate::message::{Message, Place, Side, TradingPhase};
use crate::slab::{NONE, Slab};
use engine::index::{Index, hash_of};
use engine::limits::{INSTRUMENTS_MAX, ORDERS_MAX, PRICE_MAX_TICKS, QUANTITY_MAX_LOTS};
use std::ops::RangeInclusive;

const PRICES: RangeInclusive<i64> = 1..=PRICE_MAX_TICKS;
const QUANTITIES: RangeInclusive<i64> = 1..=QUANTITY_MAX_LOTS;

/// Why a message does not fit the book: something before it was missed, or it is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The instrument is not listed.
    Instrument,
    /// The order is not there, or is there already.
    Order,
    /// A price, a quantity or an id out of range, or more orders than there may be.
    Range,
    /// The level that the orders make is another one.
    Level,
}

/// What is shown at a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// In ticks.
    pub price: i64,
    /// Of all orders together, in lots.
    pub quantity: i64,
    /// How many.
    pub orders: u32,
}

/// One order as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resting {
    /// The engine's id.
    pub order_id: u64,
    /// In ticks.
    pub price: i64,
    /// In lots.
    pub shown: i64,
    /// Which book.
    pub instrument: u32,
    /// Buy or sell.
    pub side: Side,
}

#[derive(Debug)]
struct OrderSlot {
    order_id: u64,
    shown: i64,
    level: u32,
    prev: u32,
    next: u32,
}

#[derive(Debug)]
struct LevelSlot {
    price: i64,
    quantity: i64,
    orders: u32,
    listing: u32,
    side: Side,
    head: u32,
    tail: u32,
    /// Quantity and orders when the command began, if it has changed since.
    before: Option<(i64, u32)>,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Book {
    orders: Slab<OrderSlot>,
    levels: Slab<LevelSlot>,
    by_id: Index,
    /// From instrument id to listing, or none.
    by_instrument: Vec<u32>,
    listings: Vec<Listing>,
    /// Levels that have changed since [`Book::settle`], in the order of their first change.
    changed: Vec<u32>,
}

impl Book {
    /// Every instrument that is listed, in the order in which they were.
    pub fn listings(&self) -> &[Listing] {
        &self.listings
    }

    /// One of them.
    #[inline]
    pub fn listing(&self, instrument: u32) -> Option<&Listing> {
        self.place_of(instrument).map(|place| &self.listings[place as usize])
    }

    /// One of them, to be changed.
    #[inline]
    pub fn listing_mut(&mut self, instrument: u32) -> Option<&mut Listing> {
        self.place_of(instrument).map(|place| &mut self.listings[place as usize])
    }

    /// How many orders are shown.
    pub fn orders_shown(&self) -> usize {
        self.orders.used()
    }

    /// An order that is shown.
    #[inline]
    pub fn order(&self, order_id: u64) -> Option<Resting> {
        self.slot_of(order_id).map(|slot| self.resting(slot))
    }

    /// The levels of one side, the best first.
    pub fn levels(&self, instrument: u32, side: Side) -> impl Iterator<Item = Level> + '_ {
        self.slots(instrument, side).map(|slot| {
            let LevelSlot { price, quantity, orders, .. } = self.levels[slot];
            Level { price, quantity, orders }
        })
    }

    /// The orders of one side as they would trade.
    pub fn queue(&self, instrument: u32, side: Side) -> impl Iterator<Item = Resting> + '_ {
        self.slots(instrument, side).flat_map(|level| self.at(level))
    }

    /// Does what a message says.
    #[inline]
    pub fn apply(&mut self, place: &Place, message: &Message) -> Result<(), Wrong> {
        match *message {
            Message::OrderAdded { order_id, price, shown, side } => {
                self.add(place.instrument, side, order_id, price, shown)
            }
            Message::OrderExecuted { order_id, shown, .. } => self.show(order_id, shown),
            Message::OrderReduced { order_id, shown } if shown > 0 => self.show(order_id, shown),
            Message::OrderReduced { .. } => Err(Wrong::Range),
            Message::OrderReplaced { order_id, shown, priority_kept: true, .. } => self.show(order_id, shown),
            Message::OrderReplaced { order_id, price, shown, .. } => {
                let order = self.order(order_id).ok_or(Wrong::Order)?;
                self.show(order_id, 0)?;
                self.add(order.instrument, order.side, order_id, price, shown)
            }
            Message::OrderRefreshed { order_id, shown, priority_kept: true, .. } => self.show(order_id, shown),
            Message::OrderRefreshed { order_id, price, shown, side, .. } => {
                self.add(place.instrument, side, order_id, price, shown)
            }
            Message::OrderDeleted { order_id } => self.show(order_id, 0),
            Message::LevelChanged { price, quantity, orders, side } => {
                let found =
                    self.level(place.instrument, side, price).unwrap_or(Level { price, quantity: 0, orders: 0 });
                if found == (Level { price, quantity, orders }) { Ok(()) } else { Err(Wrong::Level) }
            }
            _ => self.apply_instrument(place.instrument, message),
        }
    }

    fn apply_instrument(&mut self, instrument: u32, message: &Message) -> Result<(), Wrong> {
        if let Message::InstrumentListed { symbol, tick_size, lot_size } = *message {
            return self.list(instrument, Terms { symbol, tick_size, lot_size });
        }
        let listing = self.listing_mut(instrument).ok_or(Wrong::Instrument)?;
        match *message {
            Message::MarketPhase { phase } => {
                listing.phase = phase;
                if matches!(phase, TradingPhase::Continuous | TradingPhase::Closed) {
                    listing.indication = None;
                }
            }
            Message::Indicative(indication) => listing.indication = indication,
            Message::Statistics(statistics) => listing.statistics = statistics,
            _ => {}
        }
        Ok(())
    }

    /// The levels that a command has changed, as they are now, in the order of their first change; those that nobody is
    /// left on are gone after this.
    pub fn settle(&mut self, mut on_change: impl FnMut(u32, Side, Level)) {
        for place in 0..self.changed.len() {
            let slot = self.changed[place];
            let level = &mut self.levels[slot];
            let before = level.before.take();
            let LevelSlot { price, quantity, orders, listing, side, .. } = *level;
            let listing = &mut self.listings[listing as usize];
            if before != Some((quantity, orders)) {
                on_change(listing.instrument, side, Level { price, quantity, orders });
            }
            if orders == 0 {
                listing.sides[side_index(side)].remove(&price);
                self.levels.remove(slot);
            }
        }
        self.changed.clear();
    }

    /// Takes every order of an instrument off.
    pub fn clear(&mut self, instrument: u32) {
        for side in [Side::Buy, Side::Sell] {
            let ids: Vec<u64> = self.queue(instrument, side).map(|order| order.order_id).collect();
            for order_id in ids {
                self.show(order_id, 0).expect("it was in the queue");
            }
        }
        self.settle(|_, _, _| {});
    }

    fn list(&mut self, instrument: u32, terms: Terms) -> Result<(), Wrong> {
        if instrument >= INSTRUMENTS_MAX {
            return Err(Wrong::Range);
        }
        if let Some(listing) = self.listing_mut(instrument) {
            listing.terms = terms;
            return Ok(());
        }
        let needed = instrument as usize + 1;
        if self.by_instrument.len() < needed {
            self.by_instrument.resize(needed, NONE);
        }
        self.by_instrument[instrument as usize] = self.listings.len() as u32;
        self.listings.push(Listing::new(instrument, terms));
        Ok(())
    }

    #[inline]
    fn add(&mut self, instrument: u32, side: Side, order_id: u64, price: i64, shown: i64) -> Result<(), Wrong> {
        let listing = self.place_of(instrument).ok_or(Wrong::Instrument)?;
        let in_range = PRICES.contains(&price) && QUANTITIES.contains(&shown);
        if !in_range || self.orders.used() >= ORDERS_MAX as usize {
            return Err(Wrong::Range);
        }
        if self.slot_of(order_id).is_some() {
            return Err(Wrong::Order);
        }
        let level = self.level_for(listing, side, price);
        self.touch(level);
        let prev = self.levels[level].tail;
        let slot = self.orders.add(OrderSlot { order_id, shown, level, prev, next: NONE });
        let hash = |order: &OrderSlot| hash_of(0, 0, order.order_id);
        self.by_id.insert(hash(&self.orders[slot]), slot, |slot| &self.orders[slot], hash);
        let found = &mut self.levels[level];
        found.tail = slot;
        found.quantity += shown;
        found.orders += 1;
        match prev {
            NONE => found.head = slot,
            _ => self.orders[prev].next = slot,
        }
        Ok(())
    }

    /// Shows so much of an order from now on; at 0 it is gone.
    #[inline]
    fn show(&mut self, order_id: u64, shown: i64) -> Result<(), Wrong> {
        let slot = self.slot_of(order_id).ok_or(Wrong::Order)?;
        if !(0..=QUANTITY_MAX_LOTS).contains(&shown) {
            return Err(Wrong::Range);
        }
        let level = self.orders[slot].level;
        self.touch(level);
        let before = std::mem::replace(&mut self.orders[slot].shown, shown);
        self.levels[level].quantity += shown - before;
        if shown == 0 {
            self.unlink(slot);
        }
        Ok(())
    }

    fn unlink(&mut self, slot: u32) {
        let OrderSlot { order_id, level, prev, next, .. } = self.orders[slot];
        let found = &mut self.levels[level];
        found.orders -= 1;
        match prev {
            NONE => found.head = next,
            _ => self.orders[prev].next = next,
        }
        match next {
            NONE => found.tail = prev,
            _ => self.orders[next].prev = prev,
        }
        self.by_id.remove(hash_of(0, 0, order_id), slot);
        self.orders[slot].level = NONE; // a slot that is free
        self.orders.remove(slot);
    }

    #[inline]
    fn touch(&mut self, slot: u32) {
        let level = &mut self.levels[slot];
        if level.before.is_none() {
            level.before = Some((level.quantity, level.orders));
            self.changed.push(slot);
        }
    }

    #[inline]
    fn level_for(&mut self, listing: u32, side: Side, price: i64) -> u32 {
        let levels = &mut self.levels;
        *self.listings[listing as usize].sides[side_index(side)].entry(price).or_insert_with(|| {
            let (quantity, orders, head, tail) = (0, 0, NONE, NONE);
            levels.add(LevelSlot { price, quantity, orders, listing, side, head, tail, before: None })
        })
    }

    fn level(&self, instrument: u32, side: Side, price: i64) -> Option<Level> {
        let slot = *self.listing(instrument)?.sides[side_index(side)].get(&price)?;
        let LevelSlot { quantity, orders, .. } = self.levels[slot];
        Some(Level { price, quantity, orders })
    }

    #[inline]
    fn place_of(&self, instrument: u32) -> Option<u32> {
        self.by_instrument.get(instrument as usize).copied().filter(|&place| place != NONE)
    }

    #[inline]
    fn slot_of(&self, order_id: u64) -> Option<u32> {
        self.by_id.find(hash_of(0, 0, order_id), |slot| self.orders[slot].order_id == order_id)
    }

    fn resting(&self, slot: u32) -> Resting {
        let OrderSlot { order_id, shown, level, .. } = self.orders[slot];
        let LevelSlot { price, listing, side, .. } = self.levels[level];
        Resting { order_id, price, shown, instrument: self.listings[listing as usize].instrument, side }
    }

    /// The levels of a side on which somebody is, the best first.
    fn slots(&self, instrument: u32, side: Side) -> impl Iterator<Item = u32> + '_ {
        let listed = self.listing(instrument).filter(|_| side != Side::NullVal);
        let levels = listed.into_iter().flat_map(move |listing| {
            let (buys, sells) = (&listing.sides[0], &listing.sides[1]);
            let best_buys = (side == Side::Buy).then(|| buys.values().rev());
            let best_sells = (side == Side::Sell).then(|| sells.values());
            best_buys.into_iter().flatten().chain(best_sells.into_iter().flatten()).copied()
        });
        levels.filter(|&slot| self.levels[slot].orders > 0)
    }

    fn at(&self, level: u32) -> impl Iterator<Item = Resting> + '_ {
        let some = |slot: u32| (slot != NONE).then_some(slot);
        std::iter::successors(some(self.levels[level].head), move |&slot| some(self.orders[slot].next))
            .map(|slot| self.resting(slot))
    }
}

fn side_index(side: Side) -> usize {
    usize::from(side == Side::Sell)
}
