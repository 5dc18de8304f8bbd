//! Cancels, reduces and replaces of a live order.

use super::Done;
use super::controls::Entry;
use crate::book::Taker;
use crate::check;
use crate::command::{CancelOrder, ReduceOrder, ReplaceOrder};
use crate::engine::Engine;
use crate::event::{CancelReason, Cancelled, Event, Reduced, RejectReason, Replaced};
use crate::ladder::{mirror, opposite};
use crate::logic::VENUE_CONTROLS;

impl Engine {
    fn find(&self, session: u32, cl_ord_id: u64) -> Result<u32, RejectReason> {
        self.books.order(session, cl_ord_id).ok_or(RejectReason::UnknownOrder)
    }

    pub(crate) fn cancel(&mut self, session: u32, cancel: &CancelOrder, events: &mut Vec<Event>) -> Done {
        let slot = self.find(session, cancel.orig_cl_ord_id)?;
        self.cancel_live(slot, CancelReason::Requested, events);
        Ok(())
    }

    /// Takes a live order off its book.
    pub(super) fn cancel_live(&mut self, slot: u32, reason: CancelReason, events: &mut Vec<Event>) {
        let order = self.books.orders[slot];
        let instrument = self.books.instrument(slot);
        self.books.remove(slot);
        self.outcome(events).emit(Event::Cancelled(Cancelled {
            order_id: order.order_id,
            cl_ord_id: order.cl_ord_id,
            quantity: order.leaves,
            session: order.session,
            instrument,
            reason,
        }));
    }

    pub(crate) fn reduce(&mut self, session: u32, reduce: &ReduceOrder, events: &mut Vec<Event>) -> Done {
        let slot = self.find(session, reduce.orig_cl_ord_id)?;
        check::quantity(reduce.quantity)?;
        let order = self.books.orders[slot];
        if reduce.quantity >= order.leaves {
            self.cancel_live(slot, CancelReason::Requested, events);
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
            reason: CancelReason::Requested,
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
        if self.logic_version >= VENUE_CONTROLS {
            self.check_controls(&Entry::of_replace(&self.books, slot, replace))?;
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
}
