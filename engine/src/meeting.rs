//! What happens when a taker meets a maker that is not simply traded with: one that is due, one that is the taker's own, one
//! that shows a part. The order of these questions is that of the rules.

use crate::book::Books;
use crate::event::CancelReason;
use crate::ladder::{book_of, mirror, opposite};
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
}
