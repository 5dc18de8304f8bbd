//! The books: live orders by price and time, by client id and by owner, kept in step. Price-time priority lives in
//! [`Books::trade`].

use crate::command::{Instrument, Side};
use crate::event::{Fill, Party};
use crate::index::{Index, tag_of};
use crate::ladder::{Ladders, ladder_of, mirror, opposite, side_of};
use crate::limits::INSTRUMENTS_MAX;
use crate::orders::{NONE, Order, Orders};
use crate::owners::Owners;

/// All books of the venue.
#[derive(Debug)]
pub struct Books {
    /// From instrument id to book number, or none.
    by_instrument: Vec<u32>,
    terms: Vec<Instrument>,
    pub(crate) ladders: Ladders,
    pub(crate) orders: Orders,
    pub(crate) by_cl_ord_id: Index,
    owners: Owners,
}

/// An order on its way into a book.
#[derive(Clone, Copy, Debug)]
pub struct Taker {
    /// The engine's id.
    pub order_id: u64,
    /// The client's id.
    pub cl_ord_id: u64,
    /// The owner.
    pub session: u32,
    /// Where it rests if it does.
    pub ladder: u32,
    /// Lots that have not traded yet.
    pub leaves: i64,
    /// The key up to which it trades, in the opposite ladder.
    pub limit: u64,
}

impl Books {
    /// No books.
    pub fn new() -> Self {
        Self {
            by_instrument: Vec::new(),
            terms: Vec::new(),
            ladders: Ladders::new(),
            orders: Orders::new(),
            by_cl_ord_id: Index::new(),
            owners: Owners::new(),
        }
    }

    /// The instrument's book.
    #[inline]
    pub fn find(&self, instrument: u32) -> Option<u32> {
        self.by_instrument.get(instrument as usize).copied().filter(|&book| book != NONE)
    }

    /// The terms of a book.
    pub fn terms(&self, book: u32) -> &Instrument {
        &self.terms[book as usize]
    }

    /// Opens a book; its instrument has none yet and an id below [`INSTRUMENTS_MAX`].
    pub fn open(&mut self, terms: Instrument) {
        assert!(terms.id < INSTRUMENTS_MAX, "the id has been checked");
        let needed = terms.id as usize + 1;
        if self.by_instrument.len() < needed {
            self.by_instrument.resize(needed, NONE);
        }
        self.by_instrument[terms.id as usize] = self.ladders.open(terms.id);
        self.terms.push(terms);
    }

    /// The slot of a session's live order.
    #[inline]
    pub fn order(&self, session: u32, cl_ord_id: u64) -> Option<u32> {
        self.by_cl_ord_id.find(tag_of(session, cl_ord_id), |slot| {
            let order = &self.orders[slot];
            order.cl_ord_id == cl_ord_id && order.session == session
        })
    }

    /// The ladder that an order rests in.
    #[inline]
    pub fn ladder(&self, slot: u32) -> u32 {
        self.ladders[self.orders[slot].level].ladder
    }

    /// Which instrument an order is of.
    #[inline]
    pub fn instrument(&self, slot: u32) -> u32 {
        self.ladders.instrument(self.ladder(slot))
    }

    /// The session's oldest live order, or none.
    pub fn oldest_of(&self, session: u32) -> u32 {
        self.owners.oldest(session)
    }

    /// Puts what is left of an accepted order into its book.
    #[inline]
    pub fn rest(&mut self, taker: &Taker, price: i64, filled: i64, account: u32) {
        let slot = self.orders.add(Order {
            order_id: taker.order_id,
            cl_ord_id: taker.cl_ord_id,
            leaves: taker.leaves,
            filled,
            session: taker.session,
            account,
            owner: NONE,
            level: NONE,
            next: NONE,
            prev: NONE,
            owner_next: NONE,
            owner_prev: NONE,
        });
        self.by_cl_ord_id.insert(tag_of(taker.session, taker.cl_ord_id), slot);
        self.owners.link(&mut self.orders, slot);
        self.ladders.join(&mut self.orders, taker.ladder, price, slot);
    }

    /// Takes a live order off its book.
    #[inline]
    pub fn remove(&mut self, slot: u32) {
        self.ladders.leave(&mut self.orders, slot);
        self.forget(slot);
    }

    /// Forgets an order that is on no price level any more.
    #[inline]
    pub fn forget(&mut self, slot: u32) {
        let order = &self.orders[slot];
        self.by_cl_ord_id.remove(tag_of(order.session, order.cl_ord_id), slot);
        self.owners.unlink(&mut self.orders, slot);
        self.orders.remove(slot);
    }

    /// Gives a live order another client id, which its session does not use yet.
    pub fn rename(&mut self, slot: u32, cl_ord_id: u64) {
        let order = &mut self.orders[slot];
        let old = std::mem::replace(&mut order.cl_ord_id, cl_ord_id);
        let session = order.session;
        self.by_cl_ord_id.remove(tag_of(session, old), slot);
        self.by_cl_ord_id.insert(tag_of(session, cl_ord_id), slot);
    }

    /// Takes quantity, less than all that is left, off a live order; it keeps its place.
    #[inline]
    pub fn reduce(&mut self, slot: u32, quantity: i64) {
        let order = &mut self.orders[slot];
        order.leaves -= quantity;
        self.ladders[order.level].quantity -= quantity;
    }

    /// Takes a live order out of its queue for a while; it stays known by its id and owner.
    pub fn suspend(&mut self, slot: u32) {
        self.ladders.leave(&mut self.orders, slot);
    }

    /// Puts a suspended order, of which `before` lots were left and now are `leaves`, last in the queue of `price`; a
    /// filled one is gone.
    pub fn resume(&mut self, slot: u32, ladder: u32, price: i64, before: i64, leaves: i64) {
        let order = &mut self.orders[slot];
        order.filled += before - leaves;
        order.leaves = leaves;
        if leaves == 0 {
            self.forget(slot);
        } else {
            self.ladders.join(&mut self.orders, ladder, price, slot);
        }
    }

    /// Whether all of the order would trade at once.
    pub fn would_fill(&self, taker: &Taker) -> bool {
        self.ladders.holds(opposite(taker.ladder), taker.limit, taker.leaves)
    }

    /// Trades with the best opposite orders, the first to come first, until the order is filled or its limit reached.
    #[inline]
    pub fn trade(&mut self, taker: &mut Taker, mut emit: impl FnMut(Fill)) {
        let against = opposite(taker.ladder);
        let taker_side = side_of(taker.ladder);
        while taker.leaves > 0 {
            let best = self.ladders.best(against);
            if best == NONE || self.ladders[best].key > taker.limit {
                return;
            }
            let instrument = self.ladders.instrument(against);
            let level = &mut self.ladders[best];
            let price = mirror(against, level.key) as i64;
            let slot = level.head;
            let maker = &mut self.orders[slot];
            let quantity = taker.leaves.min(maker.leaves);
            level.quantity -= quantity;
            maker.leaves -= quantity;
            maker.filled += quantity;
            taker.leaves -= quantity;
            emit(Fill {
                taker: Party {
                    order_id: taker.order_id,
                    cl_ord_id: taker.cl_ord_id,
                    leaves: taker.leaves,
                    session: taker.session,
                },
                maker: Party {
                    order_id: maker.order_id,
                    cl_ord_id: maker.cl_ord_id,
                    leaves: maker.leaves,
                    session: maker.session,
                },
                price,
                quantity,
                instrument,
                taker_side,
                auction: false,
                trade_id: 0, // the engine counts
            });
            if maker.leaves == 0 {
                self.remove(slot);
            }
        }
    }

    /// The price levels of one side, best first: price in ticks, quantity in lots, number of orders.
    pub fn levels(&self, instrument: u32, side: Side) -> impl Iterator<Item = (i64, i64, u32)> + '_ {
        let best = self
            .find(instrument)
            .filter(|_| side != Side::NullVal)
            .map_or(NONE, |book| self.ladders.best(ladder_of(book, side)));
        let some = |level: u32| (level != NONE).then_some(level);
        std::iter::successors(some(best), move |&level| some(self.ladders.next(level))).map(|level| {
            let found = &self.ladders[level];
            (self.ladders.price(level), found.quantity, found.orders)
        })
    }
}
