//! The books: live orders by price and time, by client id and by owner, kept in step. Price-time priority lives in
//! [`Books::trade`].

use crate::command::{Instrument, SelfTradePrevention, Side};
use crate::event::CancelReason;
use crate::index::{Index, Secret, hash_of};
use crate::ladder::{Ladders, book_of, ladder_of, mirror, opposite, side_of};
use crate::limits::INSTRUMENTS_MAX;
use crate::orders::{NONE, Order, Orders};
use crate::owners::Owners;
use crate::rules::Standing;
use crate::special::{Special, Specials};
use crate::taker::Taker;
use crate::tape::Tape;

/// All books of the venue.
#[derive(Debug)]
pub struct Books {
    /// From instrument id to book number, or none.
    by_instrument: Vec<u32>,
    terms: Vec<Instrument>,
    pub(crate) ladders: Ladders,
    pub(crate) orders: Orders,
    pub(crate) by_cl_ord_id: Index,
    secret: Secret,
    pub(crate) owners: Owners,
    pub(crate) specials: Specials,
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
            secret: 0,
            owners: Owners::new(),
            specials: Specials::new(),
        }
    }

    /// The instrument's book.
    #[inline]
    pub fn find(&self, instrument: u32) -> Option<u32> {
        self.by_instrument.get(instrument as usize).copied().filter(|&book| book != NONE)
    }

    /// The lowest id of an instrument from `id` on.
    pub fn instrument_from(&self, id: u32) -> Option<u32> {
        let later = self.by_instrument.get(id as usize..)?;
        later.iter().position(|&book| book != NONE).map(|place| id + place as u32)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.terms.len()
    }

    /// All books by ascending id of their instruments.
    pub fn in_order(&self) -> impl Iterator<Item = u32> {
        self.by_instrument.iter().copied().filter(|&book| book != NONE)
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
        self.specials.open();
    }

    /// The slot of a session's live order.
    #[inline]
    pub fn order(&self, session: u32, cl_ord_id: u64) -> Option<u32> {
        self.by_cl_ord_id.find(self.hash_of(session, cl_ord_id), |slot| {
            let order = &self.orders[slot];
            order.cl_ord_id == cl_ord_id && order.session == session
        })
    }

    /// The ladder that an order rests in, or would if it did not wait.
    #[inline]
    pub fn ladder(&self, slot: u32) -> u32 {
        let order = &self.orders[slot];
        if order.level == NONE { self.specials[order.special()].ladder } else { self.ladders[order.level].ladder() }
    }

    /// Lots of a live order that its level counts.
    #[inline]
    pub fn shown(&self, slot: u32) -> i64 {
        let order = &self.orders[slot];
        if order.is_special() { self.specials[order.special()].shown } else { order.leaves }
    }

    /// Which instrument an order is of.
    #[inline]
    pub fn instrument(&self, slot: u32) -> u32 {
        self.ladders.instrument(self.ladder(slot))
    }

    /// What a live order counts for.
    #[cold]
    pub fn standing(&self, slot: u32) -> Standing {
        let (order, ladder) = (&self.orders[slot], self.ladder(slot));
        Standing {
            session: order.session,
            account: order.account,
            book: book_of(ladder),
            side: side_of(ladder),
            leaves: order.leaves,
        }
    }

    /// The session's oldest live order, or none.
    pub fn oldest_of(&self, session: u32) -> u32 {
        self.owners.oldest(session)
    }

    /// Puts what is left of an accepted order into its book.
    #[inline]
    pub fn rest(&mut self, taker: &Taker, price: i64, filled: i64) -> u32 {
        let slot = self.add(taker, filled);
        self.ladders.join(&mut self.orders, taker.ladder, price, slot, taker.leaves);
        slot
    }

    /// As [`Books::rest`], of an order with a record.
    pub fn rest_special(&mut self, taker: &Taker, price: i64, filled: i64, special: Special) -> u32 {
        let slot = self.add(taker, filled);
        self.specials.add(&mut self.orders, slot, special);
        self.join_queue(slot, taker.ladder, price);
        slot
    }

    /// Has an accepted stop order wait for its price.
    pub fn wait(&mut self, taker: &Taker, special: Special) -> u32 {
        let slot = self.add(taker, 0);
        self.specials.add(&mut self.orders, slot, special);
        self.specials.wait(self.orders[slot].special(), taker.order_id);
        slot
    }

    /// Gives an order a slot, in which it is known by its id and owner but in no queue.
    #[inline]
    fn add(&mut self, taker: &Taker, filled: i64) -> u32 {
        let slot = self.orders.add(Order {
            order_id: taker.order_id,
            cl_ord_id: taker.cl_ord_id,
            leaves: taker.leaves,
            filled_and_special: filled as u64,
            session: taker.session,
            account: taker.account,
            owner: NONE,
            level: NONE,
            next: NONE,
            prev: NONE,
            owner_next: NONE,
            owner_prev: NONE,
        });
        self.index(slot);
        self.owners.link(&mut self.orders, slot);
        slot
    }

    /// Puts a live order last in the queue of a price.
    #[inline]
    pub fn join_queue(&mut self, slot: u32, ladder: u32, price: i64) {
        let order = &self.orders[slot];
        let shown = if order.is_special() { self.specials.joins(order.special(), order.leaves) } else { order.leaves };
        self.ladders.join(&mut self.orders, ladder, price, slot, shown);
    }

    /// Takes a live order out of its queue, or out of those that wait; it stays known by its id and owner.
    #[inline]
    pub fn leave_queue(&mut self, slot: u32) {
        let order = &self.orders[slot];
        let shown = match order.special() {
            0 => order.leaves,
            special if order.level == NONE => return self.specials.stop_waiting(special),
            special => self.specials.leaves(special),
        };
        self.ladders.leave(&mut self.orders, slot, shown);
    }

    /// Takes a live order off its book.
    #[inline]
    pub fn remove(&mut self, slot: u32) {
        self.leave_queue(slot);
        self.forget(slot);
    }

    /// Forgets an order that is in no queue any more.
    #[inline]
    pub fn forget(&mut self, slot: u32) {
        let order = &self.orders[slot];
        if order.is_special() {
            self.specials.remove(order.special());
        }
        self.by_cl_ord_id.remove(self.hash_of(order.session, order.cl_ord_id), slot);
        self.owners.unlink(&mut self.orders, slot);
        self.orders.remove(slot);
    }

    /// Gives a live order another client id, which its session does not use yet.
    pub fn rename(&mut self, slot: u32, cl_ord_id: u64) {
        let order = &mut self.orders[slot];
        let old = std::mem::replace(&mut order.cl_ord_id, cl_ord_id);
        let session = order.session;
        self.by_cl_ord_id.remove(self.hash_of(session, old), slot);
        self.index(slot);
    }

    /// Has an order found by its session and client id.
    #[inline]
    pub(crate) fn index(&mut self, slot: u32) {
        let secret = self.secret;
        let hash = |order: &Order| hash_of(secret, order.session, order.cl_ord_id);
        self.by_cl_ord_id.insert(hash(&self.orders[slot]), slot, |slot| &self.orders[slot], hash);
    }

    /// Has ids hashed with another secret, those of live orders too.
    pub fn scatter(&mut self, secret: Secret) {
        self.secret = secret;
        self.by_cl_ord_id = Index::new();
        self.by_cl_ord_id.make_room(self.orders.live());
        let live: Vec<u32> = self.orders.owned().map(|(slot, _)| slot).collect();
        live.into_iter().for_each(|slot| self.index(slot));
    }

    /// Whether somebody has given a secret.
    pub fn is_scattered(&self) -> bool {
        self.secret != 0
    }

    /// Where the index has an order.
    #[inline]
    pub fn hash_of(&self, session: u32, cl_ord_id: u64) -> u32 {
        hash_of(self.secret, session, cl_ord_id)
    }

    /// Takes quantity, less than all that is left, off a live order; it keeps its place.
    #[inline]
    pub fn reduce(&mut self, slot: u32, quantity: i64) {
        let order = &mut self.orders[slot];
        order.leaves -= quantity;
        if order.is_special() {
            let (level, leaves) = (order.level, order.leaves);
            let special = &mut self.specials[order.special()];
            let lost = (special.shown - leaves).max(0);
            special.shown -= lost;
            if level != NONE {
                self.ladders[level].quantity -= lost;
            }
        } else {
            self.ladders[order.level].quantity -= quantity;
        }
    }

    /// Takes a live order off its book and tells it.
    #[inline]
    pub(crate) fn cancel(&mut self, slot: u32, reason: CancelReason, tape: &mut Tape) {
        if tape.risk.watches() {
            tape.risk.left(self.standing(slot));
        }
        let (order, instrument) = (self.orders[slot], self.instrument(slot));
        self.remove(slot);
        tape.gone(&order, instrument, reason);
    }

    /// Takes quantity, less than all that is left, off a live order and tells it.
    #[inline]
    pub(crate) fn reduce_live(&mut self, slot: u32, quantity: i64, reason: CancelReason, tape: &mut Tape) {
        if tape.risk.watches() {
            tape.risk.changed(self.standing(slot), self.orders[slot].leaves - quantity);
        }
        self.reduce(slot, quantity);
        tape.reduced(&self.orders[slot], quantity, self.instrument(slot), reason);
    }

    /// A live order as one that trades without a limit.
    #[inline]
    pub fn live_taker(&self, slot: u32, ladder: u32) -> Taker {
        let order = &self.orders[slot];
        let mut taker = Taker {
            order_id: order.order_id,
            cl_ord_id: order.cl_ord_id,
            session: order.session,
            account: order.account,
            ladder,
            leaves: order.leaves,
            lost: 0,
            limit: u64::MAX,
            self_trade_group: 0,
            prevention: SelfTradePrevention::None,
        };
        if order.is_special() {
            self.specials[order.special()].guard(&mut taker);
        }
        taker
    }

    /// Puts an order that was out of its queue to trade, with `filled` more lots and `leaves` left, last in the queue of
    /// `price`; one with nothing left is gone. True if it is live.
    pub fn resume(&mut self, slot: u32, ladder: u32, price: i64, filled: i64, leaves: i64) -> bool {
        let order = &mut self.orders[slot];
        order.fill(filled);
        order.leaves = leaves;
        if leaves == 0 {
            self.forget(slot);
        } else {
            self.join_queue(slot, ladder, price);
        }
        leaves != 0
    }

    /// Trades with the best opposite orders, the first to come first, until the order is filled or its limit reached.
    #[inline]
    pub(crate) fn trade(&mut self, taker: &mut Taker, now_ns: i64, tape: &mut Tape) {
        let against = opposite(taker.ladder);
        while taker.leaves > 0 {
            let best = self.ladders.best_within(against, taker.limit);
            if best == NONE {
                return;
            }
            let instrument = self.ladders.instrument(against);
            let level = &mut self.ladders[best];
            let price = mirror(against, level.key()) as i64;
            let slot = level.head;
            let maker = &mut self.orders[slot];
            if maker.is_special() || taker.is_guarded() {
                self.meet(taker, slot, now_ns, tape);
                continue;
            }
            let quantity = taker.leaves.min(maker.leaves);
            level.quantity -= quantity;
            let fill = taker.fill(maker, price, quantity, instrument);
            tape.filled(fill, book_of(against), taker.account, maker.account);
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
