//! Self-trade prevention: who a taker's own are, and what becomes of a trade with one of them.

use crate::book::Books;
use crate::command::SelfTradePrevention;
use crate::event::{CancelReason, Cancelled, Event, Reduced};
use crate::taker::Taker;
use crate::tape::Tape;

impl Books {
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

    /// What becomes of the taker and an order of its own, as the taker says.
    pub(crate) fn prevent(&mut self, taker: &mut Taker, slot: u32, tape: &mut Tape) {
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
}
