//! What happens when a taker meets a maker that is not simply traded with: one that is due, one that is the taker's own, one
//! that shows a part. The order of these questions is that of the rules.

use crate::book::Books;
use crate::command::SelfTradePrevention;
use crate::event::{CancelReason, Cancelled, Event, Reduced};
use crate::ladder::{book_of, mirror, opposite};
use crate::orders::NONE;
use crate::taker::Taker;
use crate::tape::Tape;

impl Books {
    /// The taker and the first of the best opposite level; one of them is special.
    #[cold]
    pub(crate) fn meet(&mut self, taker: &mut Taker, slot: u32, now_ns: i64, tape: &mut Tape) {
        if self.is_due(slot, now_ns) {
            self.cancel(slot, CancelReason::Expired, tape);
        } else if taker.is_guarded() && self.is_own(taker, slot) {
            self.prevent(taker, slot, tape);
        } else {
            self.trade_shown(taker, slot, tape);
        }
    }

    /// Whether an order's time has come.
    #[inline]
    pub fn is_due(&self, slot: u32, now_ns: i64) -> bool {
        let order = &self.orders[slot];
        order.is_special() && self.specials[order.special()].is_due(now_ns)
    }

    /// Whether the taker would trade with itself, as it counts itself: by group, else by account, else by session.
    pub fn is_own(&self, taker: &Taker, slot: u32) -> bool {
        let maker = &self.orders[slot];
        if taker.self_trade_group != 0 {
            taker.self_trade_group == self.specials[maker.special()].self_trade_group
        } else if taker.account != 0 {
            taker.account == maker.account
        } else {
            taker.session == maker.session
        }
    }

    fn prevent(&mut self, taker: &mut Taker, slot: u32, tape: &mut Tape) {
        match taker.prevention {
            SelfTradePrevention::CancelOldest => self.cancel(slot, CancelReason::SelfTrade, tape),
            SelfTradePrevention::Decrement => self.decrement(taker, slot, tape),
            SelfTradePrevention::CancelBoth => {
                self.cancel(slot, CancelReason::SelfTrade, tape);
                self.lose(taker, taker.leaves, tape);
            }
            _ => self.lose(taker, taker.leaves, tape),
        }
    }

    /// Takes off both what would have traded, of an iceberg also what it does not show.
    fn decrement(&mut self, taker: &mut Taker, slot: u32, tape: &mut Tape) {
        let leaves = self.orders[slot].leaves;
        let quantity = taker.leaves.min(leaves);
        if quantity == leaves {
            self.cancel(slot, CancelReason::SelfTrade, tape);
        } else {
            self.reduce_live(slot, quantity, CancelReason::SelfTrade, tape);
        }
        self.lose(taker, quantity, tape);
    }

    /// Takes quantity off a taker that would have traded with itself.
    fn lose(&self, taker: &mut Taker, quantity: i64, tape: &mut Tape) {
        let instrument = self.ladders.instrument(taker.ladder);
        let Taker { order_id, cl_ord_id, session, .. } = *taker;
        let reason = CancelReason::SelfTrade;
        taker.leaves -= quantity;
        taker.lost += quantity;
        tape.outcome.emit(if taker.leaves == 0 {
            Event::Cancelled(Cancelled { order_id, cl_ord_id, quantity, session, instrument, reason })
        } else {
            Event::Reduced(Reduced { order_id, cl_ord_id, quantity, leaves: taker.leaves, session, instrument, reason })
        });
    }

    /// A trade with what the maker shows. If that is all gone it shows its next part, at the end of its queue.
    fn trade_shown(&mut self, taker: &mut Taker, slot: u32, tape: &mut Tape) {
        let (level, shown) = (self.orders[slot].level, self.shown(slot));
        let against = opposite(taker.ladder);
        let price = mirror(against, self.ladders[level].key()) as i64;
        let quantity = taker.leaves.min(shown);
        self.ladders[level].quantity -= quantity;
        let special = self.orders[slot].special();
        if special != 0 {
            self.specials[special].shown -= quantity;
        }
        let instrument = self.ladders.instrument(against);
        let maker = &mut self.orders[slot];
        let fill = taker.fill(maker, price, quantity, instrument);
        tape.filled(fill, book_of(against), taker.account, maker.account);
        if maker.leaves == 0 {
            self.remove(slot);
        } else if shown == quantity {
            self.leave_queue(slot);
            self.join_queue(slot, against, price);
            tape.refreshed(&self.orders[slot], self.shown(slot), instrument);
        }
    }

    /// Whether `quantity` of the taker would trade, exactly as if it came in.
    pub fn would_trade(&self, taker: &Taker, quantity: i64, now_ns: i64) -> bool {
        let against = opposite(taker.ladder);
        if !taker.is_guarded() && !self.specials.any_rests(against) {
            return self.ladders.holds(against, taker.limit, quantity);
        }
        let mut missing = quantity;
        let mut level = self.ladders.best(against);
        while level != NONE && self.ladders[level].key() <= taker.limit {
            // A taker that stops at its own order goes around the queue up to there once, and meets what is shown; else it
            // goes around until all is gone.
            let (mut all, mut shown) = (0, 0);
            let mut slot = self.ladders[level].head;
            while slot != NONE {
                if self.is_due(slot, now_ns) {
                    // It would be cancelled.
                } else if taker.is_guarded() && self.is_own(taker, slot) {
                    if taker.prevention != SelfTradePrevention::CancelOldest {
                        return shown >= missing;
                    }
                } else {
                    all += self.orders[slot].leaves;
                    shown += self.shown(slot);
                }
                slot = self.orders[slot].next;
            }
            missing -= all.min(missing);
            if missing == 0 {
                return true;
            }
            level = self.ladders.next(level);
        }
        false
    }

    /// Whether the taker would meet an order that is not due, its own or another's.
    pub fn would_meet(&self, taker: &Taker, now_ns: i64) -> bool {
        let mut level = self.ladders.best(opposite(taker.ladder));
        while level != NONE && self.ladders[level].key() <= taker.limit {
            let mut slot = self.ladders[level].head;
            while slot != NONE {
                if !self.is_due(slot, now_ns) {
                    return true;
                }
                slot = self.orders[slot].next;
            }
            level = self.ladders.next(level);
        }
        false
    }
}
