//! The engine: one command at a time, each of its effects an event, each event in the hash.

use crate::book::{Books, Taker};
use crate::check;
use crate::command::{
    CancelOrder, Command, Instrument, MassCancel, NewOrder, OptionalSide, OrdType, ReduceOrder,
    ReplaceOrder, Side, TimeInForce,
};
use crate::decode::{Refusal, decode};
use crate::event::{
    Accepted, CancelReason, Cancelled, Event, InstrumentDefined, MassCancelled, Reduced,
    RejectReason, Replaced,
};
use crate::hash;
use crate::ladder::{ladder_of, mirror, opposite, side_of};
use crate::limits::ORDERS_MAX;
use crate::orders::NONE;
use crate::warm::WARM_MAX;

/// Of a market order: any price will do.
const NO_LIMIT: u64 = u64::MAX;

/// All books of a venue and the hash of what has happened in them.
#[derive(Debug)]
pub struct Engine {
    books: Books,
    outcome_hash: u64,
    last_order_id: u64,
    orders_max: u32,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

/// Where the events of one command go: to the caller, and into the hash.
struct Outcome<'a> {
    events: &'a mut Vec<Event>,
    hash: &'a mut u64,
}

impl Outcome<'_> {
    #[inline(always)]
    fn emit(&mut self, event: Event) {
        *self.hash = hash::extend(*self.hash, &event);
        self.events.push(event);
    }
}

impl Engine {
    /// A venue without instruments.
    pub fn new() -> Self {
        Self::with_orders_max(ORDERS_MAX)
    }

    /// A venue that holds fewer live orders than [`ORDERS_MAX`].
    pub fn with_orders_max(orders_max: u32) -> Self {
        assert!(
            orders_max <= ORDERS_MAX,
            "the limits hold for at most ORDERS_MAX live orders"
        );
        Self {
            books: Books::new(),
            outcome_hash: hash::SEED,
            last_order_id: 0,
            orders_max,
        }
    }

    /// The hash over all events so far; see [`crate::hash`].
    pub fn outcome_hash(&self) -> u64 {
        self.outcome_hash
    }

    /// How many orders are in the books.
    pub fn live_orders(&self) -> u64 {
        u64::from(self.books.orders.live())
    }

    /// The id of the order accepted last, which is how many have been accepted.
    pub fn last_order_id(&self) -> u64 {
        self.last_order_id
    }

    /// The best `depth` levels of one side: price in ticks, quantity in lots, number of orders. Nothing for an unknown instrument.
    pub fn levels(
        &self,
        instrument: u32,
        side: Side,
        depth: usize,
    ) -> impl Iterator<Item = (i64, i64, u32)> + '_ {
        self.books.levels(instrument, side).take(depth)
    }

    /// Executes `body`, an SBE command with its header, padding allowed, for `session` and appends what happened to `events`.
    /// Any bytes give events; those that are no command give one reject.
    pub fn execute(&mut self, session: u32, body: &[u8], events: &mut Vec<Event>) {
        match decode(body) {
            Ok(command) => self.apply(session, &command, events),
            Err(refusal) => self
                .outcome(events)
                .emit(Event::Rejected(refusal.rejected(session))),
        }
    }

    /// Executes commands of (session, command) in order, as [`Engine::apply`] does, but waits less for memory when the books are large.
    pub fn apply_all(&mut self, commands: &[(u32, Command)], events: &mut Vec<Event>) {
        for batch in commands.chunks(WARM_MAX) {
            self.warm(
                batch
                    .iter()
                    .filter_map(|(session, command)| Some((*session, command.names()?))),
            );
            for (session, command) in batch {
                self.apply(*session, command, events);
            }
        }
    }

    /// Brings the orders that up to [`WARM_MAX`] coming commands name, as (session, client id), into the cache. Changes nothing.
    #[inline]
    pub fn warm(&self, named: impl Iterator<Item = (u32, u64)>) {
        self.books.warm(named);
    }

    /// Executes `command` for `session` and appends what happened to `events`.
    #[inline]
    pub fn apply(&mut self, session: u32, command: &Command, events: &mut Vec<Event>) {
        let done = match command {
            Command::New(order) => self.new_order(session, order, events),
            Command::Cancel(cancel) => self.cancel(session, cancel, events),
            Command::Reduce(reduce) => self.reduce(session, reduce, events),
            Command::Replace(replace) => self.replace(session, replace, events),
            Command::MassCancel(cancel) => self.mass_cancel(session, cancel, events),
            Command::DefineInstrument(terms) => self.define_instrument(session, terms, events),
        };
        if let Err(reason) = done {
            let refusal = Refusal::of(command, reason);
            self.outcome(events)
                .emit(Event::Rejected(refusal.rejected(session)));
        }
    }

    #[inline]
    fn outcome<'a>(&'a mut self, events: &'a mut Vec<Event>) -> Outcome<'a> {
        Outcome {
            events,
            hash: &mut self.outcome_hash,
        }
    }

    fn new_order(
        &mut self,
        session: u32,
        order: &NewOrder,
        events: &mut Vec<Event>,
    ) -> Result<(), RejectReason> {
        let book = self
            .books
            .find(order.instrument)
            .ok_or(RejectReason::UnknownInstrument)?;
        check::terms(order)?;
        if self.books.order(session, order.cl_ord_id).is_some() {
            return Err(RejectReason::DuplicateClOrdId);
        }
        let may_rest =
            order.ord_type == OrdType::Limit && order.time_in_force == TimeInForce::GoodTillCancel;
        if may_rest && self.books.orders.live() >= self.orders_max {
            return Err(RejectReason::BookFull);
        }
        self.last_order_id += 1;
        let ladder = ladder_of(book, order.side);
        let mut taker = Taker {
            order_id: self.last_order_id,
            cl_ord_id: order.cl_ord_id,
            session,
            ladder,
            leaves: order.quantity,
            limit: order
                .price
                .map_or(NO_LIMIT, |price| mirror(opposite(ladder), price as u64)),
        };
        self.outcome(events).emit(Event::Accepted(Accepted {
            order_id: taker.order_id,
            cl_ord_id: order.cl_ord_id,
            price: order.price,
            quantity: order.quantity,
            session,
            instrument: order.instrument,
            account: order.account,
            side: order.side,
            ord_type: order.ord_type,
            time_in_force: order.time_in_force,
        }));
        if order.time_in_force != TimeInForce::FillOrKill || self.books.would_fill(&taker) {
            self.trade(&mut taker, events);
        }
        match order.price {
            _ if taker.leaves == 0 => {}
            Some(price) if may_rest => {
                self.books
                    .rest(&taker, price, order.quantity - taker.leaves, order.account);
            }
            _ => self.outcome(events).emit(Event::Cancelled(Cancelled {
                order_id: taker.order_id,
                cl_ord_id: taker.cl_ord_id,
                quantity: taker.leaves,
                session,
                instrument: order.instrument,
                reason: CancelReason::Unfilled,
            })),
        }
        Ok(())
    }

    #[inline]
    fn trade(&mut self, taker: &mut Taker, events: &mut Vec<Event>) {
        let mut outcome = Outcome {
            events,
            hash: &mut self.outcome_hash,
        };
        self.books
            .trade(taker, |fill| outcome.emit(Event::Filled(fill)));
    }

    fn find(&self, session: u32, cl_ord_id: u64) -> Result<u32, RejectReason> {
        self.books
            .order(session, cl_ord_id)
            .ok_or(RejectReason::UnknownOrder)
    }

    fn cancel(
        &mut self,
        session: u32,
        cancel: &CancelOrder,
        events: &mut Vec<Event>,
    ) -> Result<(), RejectReason> {
        let slot = self.find(session, cancel.orig_cl_ord_id)?;
        self.cancel_live(slot, events);
        Ok(())
    }

    fn cancel_live(&mut self, slot: u32, events: &mut Vec<Event>) {
        let order = self.books.orders[slot];
        let instrument = self.books.instrument(slot);
        self.books.remove(slot);
        self.outcome(events).emit(Event::Cancelled(Cancelled {
            order_id: order.order_id,
            cl_ord_id: order.cl_ord_id,
            quantity: order.leaves,
            session: order.session,
            instrument,
            reason: CancelReason::Requested,
        }));
    }

    fn reduce(
        &mut self,
        session: u32,
        reduce: &ReduceOrder,
        events: &mut Vec<Event>,
    ) -> Result<(), RejectReason> {
        let slot = self.find(session, reduce.orig_cl_ord_id)?;
        check::quantity(reduce.quantity)?;
        let order = self.books.orders[slot];
        if reduce.quantity >= order.leaves {
            self.cancel_live(slot, events);
            return Ok(());
        }
        let instrument = self.books.instrument(slot);
        self.books.reduce(slot, reduce.quantity);
        self.outcome(events).emit(Event::Reduced(Reduced {
            order_id: order.order_id,
            cl_ord_id: order.cl_ord_id,
            quantity: reduce.quantity,
            leaves: order.leaves - reduce.quantity,
            session,
            instrument,
        }));
        Ok(())
    }

    fn replace(
        &mut self,
        session: u32,
        replace: &ReplaceOrder,
        events: &mut Vec<Event>,
    ) -> Result<(), RejectReason> {
        let slot = self.find(session, replace.orig_cl_ord_id)?;
        check::price(replace.price)?;
        check::quantity(replace.quantity)?;
        let renamed = replace.cl_ord_id != replace.orig_cl_ord_id;
        if renamed && self.books.order(session, replace.cl_ord_id).is_some() {
            return Err(RejectReason::DuplicateClOrdId);
        }
        let order = self.books.orders[slot];
        if replace.quantity <= order.filled {
            return Err(RejectReason::QuantityNotAboveFilled);
        }
        if renamed {
            self.books.rename(slot, replace.cl_ord_id);
        }
        let leaves = replace.quantity - order.filled;
        let priority_kept =
            replace.price == self.books.ladders.price(order.level) && leaves <= order.leaves;
        let ladder = self.books.ladder(slot);
        let instrument = self.books.instrument(slot);
        self.outcome(events).emit(Event::Replaced(Replaced {
            order_id: order.order_id,
            cl_ord_id: replace.cl_ord_id,
            orig_cl_ord_id: replace.orig_cl_ord_id,
            price: replace.price,
            quantity: replace.quantity,
            leaves,
            session,
            instrument,
            priority_kept,
        }));
        if priority_kept {
            self.books.reduce(slot, order.leaves - leaves);
            return Ok(());
        }
        let mut taker = Taker {
            order_id: order.order_id,
            cl_ord_id: replace.cl_ord_id,
            session,
            ladder,
            leaves,
            limit: mirror(opposite(ladder), replace.price as u64),
        };
        self.books.suspend(slot);
        self.trade(&mut taker, events);
        self.books
            .resume(slot, ladder, replace.price, leaves, taker.leaves);
        Ok(())
    }

    fn mass_cancel(
        &mut self,
        session: u32,
        cancel: &MassCancel,
        events: &mut Vec<Event>,
    ) -> Result<(), RejectReason> {
        if cancel
            .instrument
            .is_some_and(|instrument| self.books.find(instrument).is_none())
        {
            return Err(RejectReason::UnknownInstrument);
        }
        let only = match cancel.side {
            OptionalSide::Both => None,
            OptionalSide::Buy => Some(Side::Buy),
            OptionalSide::Sell => Some(Side::Sell),
            OptionalSide::NullVal => return Err(RejectReason::InvalidSide),
        };
        let mut affected = 0;
        let mut at = self.books.oldest_of(session);
        while at != NONE {
            let next = self.books.orders[at].owner_next;
            let wanted = cancel
                .instrument
                .is_none_or(|instrument| instrument == self.books.instrument(at))
                && only.is_none_or(|side| side == side_of(self.books.ladder(at)));
            if wanted {
                self.cancel_live(at, events);
                affected += 1;
            }
            at = next;
        }
        self.outcome(events)
            .emit(Event::MassCancelled(MassCancelled { affected, session }));
        Ok(())
    }

    fn define_instrument(
        &mut self,
        session: u32,
        terms: &Instrument,
        events: &mut Vec<Event>,
    ) -> Result<(), RejectReason> {
        check::instrument(terms)?;
        match self.books.find(terms.id) {
            Some(book) if self.books.terms(book) != terms => {
                return Err(RejectReason::InstrumentExists);
            }
            Some(_) => {}
            None => self.books.open(*terms),
        }
        let defined = InstrumentDefined {
            instrument: *terms,
            session,
        };
        self.outcome(events).emit(Event::InstrumentDefined(defined));
        Ok(())
    }
}
