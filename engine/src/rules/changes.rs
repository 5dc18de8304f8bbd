//! Cancels, reduces and replaces of a live order.

use super::Done;
use super::controls::Entry;
use crate::check;
use crate::command::{CancelOrder, ReduceOrder, ReplaceOrder};
use crate::engine::Engine;
use crate::event::{CancelReason, Event, RejectReason, Replaced};
use crate::ladder::{book_of, mirror, opposite};
use crate::orders::NONE;
use crate::taker::Taker;

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
    #[inline]
    pub(super) fn cancel_live(&mut self, slot: u32, reason: CancelReason, events: &mut Vec<Event>) {
        let (books, mut tape) = self.books_and_tape(events);
        books.cancel(slot, reason, &mut tape);
    }

    pub(crate) fn reduce(&mut self, session: u32, reduce: &ReduceOrder, events: &mut Vec<Event>) -> Done {
        let slot = self.find(session, reduce.orig_cl_ord_id)?;
        check::quantity(reduce.quantity)?;
        if reduce.quantity >= self.books.orders[slot].leaves {
            self.cancel_live(slot, CancelReason::Requested, events);
            return Ok(());
        }
        let (books, mut tape) = self.books_and_tape(events);
        books.reduce_live(slot, reduce.quantity, CancelReason::Requested, &mut tape);
        Ok(())
    }

    pub(crate) fn replace(&mut self, session: u32, replace: &ReplaceOrder, events: &mut Vec<Event>) -> Done {
        let slot = self.find(session, replace.orig_cl_ord_id)?;
        let order = self.books.orders[slot];
        if order.is_special() && self.books.is_due(slot, self.time_ns) {
            return Err(RejectReason::UnknownOrder);
        }
        check::price(replace.price)?;
        check::quantity(replace.quantity)?;
        if order.is_special()
            && !check::displays(self.books.specials[order.special()].display_quantity, replace.quantity)
        {
            return Err(RejectReason::InvalidDisplayQuantity);
        }
        self.check_cl_ord_id(replace.cl_ord_id)?;
        let renamed = replace.cl_ord_id != replace.orig_cl_ord_id;
        if renamed && self.books.order(session, replace.cl_ord_id).is_some() {
            return Err(RejectReason::DuplicateClOrdId);
        }
        if replace.quantity <= order.filled() {
            return Err(RejectReason::QuantityNotAboveFilled);
        }
        if self.is_controlled(book_of(self.books.ladder(slot))) {
            self.check_controls(&Entry::of_replace(&self.books, slot, replace))?;
        }
        let leaves = replace.quantity - order.filled();
        let waits = order.level == NONE;
        let priority_kept = waits || replace.price == self.books.ladders.price(order.level) && leaves <= order.leaves;
        let taker = self.replacing_taker(slot, replace, leaves);
        if !priority_kept && self.is_kept_out(slot, &taker) {
            return Err(RejectReason::WouldTrade);
        }
        if renamed {
            self.books.rename(slot, replace.cl_ord_id);
        }
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
        if waits {
            self.replace_waiting(slot, replace.price, leaves, events);
        } else if priority_kept {
            self.tell_changed(slot, leaves);
            self.books.reduce(slot, order.leaves - leaves);
        } else {
            self.move_live(slot, replace.price, taker, events);
        }
        Ok(())
    }

    /// A live order as it would trade on its new terms.
    #[inline]
    fn replacing_taker(&self, slot: u32, replace: &ReplaceOrder, leaves: i64) -> Taker {
        let ladder = self.books.ladder(slot);
        let limit = mirror(opposite(ladder), replace.price as u64);
        Taker { cl_ord_id: replace.cl_ord_id, leaves, limit, ..self.books.live_taker(slot, ladder) }
    }

    /// Whether an order that must not trade on arrival would, at its new price.
    #[inline]
    fn is_kept_out(&self, slot: u32, taker: &Taker) -> bool {
        let order = &self.books.orders[slot];
        order.is_special()
            && self.books.specials[order.special()].instructions.get_post_only()
            && self.trades_now(book_of(taker.ladder))
            && self.books.would_meet(taker, self.time_ns)
    }

    /// Moves an order to the end of its new price's queue, after trading there.
    #[inline]
    fn move_live(&mut self, slot: u32, price: i64, mut taker: Taker, events: &mut Vec<Event>) {
        self.tell_left(slot);
        self.books.leave_queue(slot);
        let before = taker.leaves;
        if self.trades_now(book_of(taker.ladder)) {
            self.trade_and_search(&mut taker, events);
        }
        let filled = before - taker.leaves - taker.lost;
        if self.books.resume(slot, taker.ladder, price, filled, taker.leaves) {
            self.tell_entered(slot);
        }
    }
}
