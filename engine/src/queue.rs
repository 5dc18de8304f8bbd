//! Who waits at a price, and where an order stands in its queue, for those who look at a book; changes nothing.

use crate::command::Side;
use crate::engine::Engine;
use crate::ladder::{ladder_of, side_of};
use crate::limits::PRICE_MAX_TICKS;
use crate::orders::{NONE, Order};

/// One order in the queue of its price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queued {
    /// The engine's id.
    pub order_id: u64,
    /// The client's id.
    pub cl_ord_id: u64,
    /// Lots that may still trade; of an iceberg those that it shows.
    pub leaves: i64,
    /// The owner.
    pub session: u32,
    /// The client's own.
    pub account: u32,
}

/// Where a live order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueuePosition {
    /// In ticks.
    pub price: i64,
    /// Lots of its own that may still trade.
    pub leaves: i64,
    /// Lots that the orders that trade before it at its price show.
    pub quantity_ahead: i64,
    /// How many these are.
    pub orders_ahead: u32,
    /// Of what.
    pub instrument: u32,
    /// Buy or sell.
    pub side: Side,
}

impl Engine {
    /// The orders at a price, in the order in which they trade. None at a price where nobody waits.
    pub fn queue(&self, instrument: u32, side: Side, price: i64) -> impl Iterator<Item = Queued> + '_ {
        let sound = side != Side::NullVal && (1..=PRICE_MAX_TICKS).contains(&price);
        let book = if sound { self.books.find(instrument) } else { None };
        let level = book.map_or(NONE, |book| self.books.ladders.find(ladder_of(book, side), price));
        let head = if level == NONE { NONE } else { self.books.ladders[level].head };
        self.walk(head, |order| order.next).map(|slot| {
            let order = &self.books.orders[slot];
            Queued {
                order_id: order.order_id,
                cl_ord_id: order.cl_ord_id,
                leaves: self.books.shown(slot),
                session: order.session,
                account: order.account,
            }
        })
    }

    /// Where a session's live order stands; walks over the orders ahead of it. None while it waits for its stop price.
    pub fn queue_position(&self, session: u32, cl_ord_id: u64) -> Option<QueuePosition> {
        let slot = self.books.order(session, cl_ord_id)?;
        let order = &self.books.orders[slot];
        if order.level == NONE {
            return None;
        }
        let (orders_ahead, quantity_ahead) = self
            .walk(order.prev, |ahead| ahead.prev)
            .fold((0, 0), |(orders, quantity), ahead| (orders + 1, quantity + self.books.shown(ahead)));
        Some(QueuePosition {
            price: self.books.ladders.price(order.level),
            leaves: order.leaves,
            quantity_ahead,
            orders_ahead,
            instrument: self.books.instrument(slot),
            side: side_of(self.books.ladder(slot)),
        })
    }

    fn walk(&self, first: u32, step: impl Fn(&Order) -> u32) -> impl Iterator<Item = u32> {
        let some = |slot: u32| (slot != NONE).then_some(slot);
        std::iter::successors(some(first), move |&slot| some(step(&self.books.orders[slot])))
    }
}
