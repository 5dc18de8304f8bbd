//! What an order would do if it came in, for those that ask before they do: FOK, minimum quantity, post only.

use crate::book::Books;
use crate::command::SelfTradePrevention;
use crate::ladder::opposite;
use crate::orders::NONE;
use crate::taker::Taker;

impl Books {
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
