//! The rules of each command: what is refused and why, what happens and in which order. A refusal changes nothing.

use crate::book::Taker;
use crate::check;
use crate::command::{
    CancelOrder, Instrument, MassCancel, NewOrder, OptionalSide, OrdType, ReduceOrder, ReplaceOrder, Side, TimeInForce,
};
use crate::engine::{Engine, Outcome};
use crate::event::{
    Accepted, CancelReason, Cancelled, Event, InstrumentDefined, MassCancelled, Reduced, RejectReason, Replaced,
};
use crate::ladder::{ladder_of, mirror, opposite, side_of};
use crate::logic::CL_ORD_ID_ZERO_REFUSED;
use crate::orders::NONE;

/// Of a market order: any price will do.
const NO_LIMIT: u64 = u64::MAX;

type Done = Result<(), RejectReason>;

impl Engine {
    pub(crate) fn new_order(&mut self, session: u32, order: &NewOrder, events: &mut Vec<Event>) -> Done {
        let book = self.books.find(order.instrument).ok_or(RejectReason::UnknownInstrument)?;
        check::terms(order)?;
        self.check_cl_ord_id(order.cl_ord_id)?;
        if self.books.order(session, order.cl_ord_id).is_some() {
            return Err(RejectReason::DuplicateClOrdId);
        }
        let may_rest = order.ord_type == OrdType::Limit && order.time_in_force == TimeInForce::GoodTillCancel;
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
            limit: order.price.map_or(NO_LIMIT, |price| mirror(opposite(ladder), price as u64)),
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
                self.books.rest(&taker, price, order.quantity - taker.leaves, order.account);
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
        let mut outcome = Outcome { events, hash: &mut self.outcome_hash };
        self.books.trade(taker, |fill| outcome.emit(Event::Filled(fill)));
    }

    #[inline]
    fn check_cl_ord_id(&self, cl_ord_id: u64) -> Done {
        let refused = cl_ord_id == 0 && self.logic_version >= CL_ORD_ID_ZERO_REFUSED;
        if refused { Err(RejectReason::InvalidClOrdId) } else { Ok(()) }
    }

    fn find(&self, session: u32, cl_ord_id: u64) -> Result<u32, RejectReason> {
        self.books.order(session, cl_ord_id).ok_or(RejectReason::UnknownOrder)
    }

    pub(crate) fn cancel(&mut self, session: u32, cancel: &CancelOrder, events: &mut Vec<Event>) -> Done {
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

    pub(crate) fn reduce(&mut self, session: u32, reduce: &ReduceOrder, events: &mut Vec<Event>) -> Done {
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

    pub(crate) fn replace(&mut self, session: u32, replace: &ReplaceOrder, events: &mut Vec<Event>) -> Done {
        let slot = self.find(session, replace.orig_cl_ord_id)?;
        check::price(replace.price)?;
        check::quantity(replace.quantity)?;
        self.check_cl_ord_id(replace.cl_ord_id)?;
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
        let priority_kept = replace.price == self.books.ladders.price(order.level) && leaves <= order.leaves;
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
        self.books.resume(slot, ladder, replace.price, leaves, taker.leaves);
        Ok(())
    }

    pub(crate) fn mass_cancel(&mut self, session: u32, cancel: &MassCancel, events: &mut Vec<Event>) -> Done {
        if cancel.instrument.is_some_and(|instrument| self.books.find(instrument).is_none()) {
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
            let wanted = cancel.instrument.is_none_or(|instrument| instrument == self.books.instrument(at))
                && only.is_none_or(|side| side == side_of(self.books.ladder(at)));
            if wanted {
                self.cancel_live(at, events);
                affected += 1;
            }
            at = next;
        }
        self.outcome(events).emit(Event::MassCancelled(MassCancelled { affected, session }));
        Ok(())
    }

    pub(crate) fn define_instrument(&mut self, session: u32, terms: &Instrument, events: &mut Vec<Event>) -> Done {
        check::instrument(terms)?;
        match self.books.find(terms.id) {
            Some(book) if self.books.terms(book) != terms => {
                return Err(RejectReason::InstrumentExists);
            }
            Some(_) => {}
            None => self.books.open(*terms),
        }
        let defined = InstrumentDefined { instrument: *terms, session };
        self.outcome(events).emit(Event::InstrumentDefined(defined));
        Ok(())
    }
}
