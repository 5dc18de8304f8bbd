//! What is told while orders trade: to the events, to the hash, and to the parts of the venue that count along.

use crate::engine::Outcome;
use crate::event::{CancelReason, Cancelled, Event, Fill, Reduced, Refreshed};
use crate::orders::Order;
use crate::rules::{Busts, Risk, Trades};

/// See the module.
pub(crate) struct Tape<'a> {
    pub outcome: Outcome<'a>,
    pub trades: &'a mut Trades,
    pub busts: &'a mut Busts,
    pub risk: &'a mut Risk,
}

impl Tape<'_> {
    /// Two orders have traded. The trade gets its number here.
    #[inline(always)]
    pub fn filled(&mut self, mut fill: Fill, book: u32, taker_account: u32, maker_account: u32) {
        fill.trade_id = self.trades.next_id(fill.price);
        self.busts.remember(&fill, taker_account, maker_account);
        self.risk.filled(&fill, book, taker_account, maker_account);
        self.outcome.emit(Event::Filled(fill));
    }

    /// A live order, as it stood, is gone.
    #[inline(always)]
    pub fn gone(&mut self, order: &Order, instrument: u32, reason: CancelReason) {
        self.outcome.emit(Event::Cancelled(Cancelled {
            order_id: order.order_id,
            cl_ord_id: order.cl_ord_id,
            quantity: order.leaves,
            session: order.session,
            instrument,
            reason,
        }));
    }

    /// A live order, as it stands now, has lost quantity.
    pub fn reduced(&mut self, order: &Order, quantity: i64, instrument: u32, reason: CancelReason) {
        self.outcome.emit(Event::Reduced(Reduced {
            order_id: order.order_id,
            cl_ord_id: order.cl_ord_id,
            quantity,
            leaves: order.leaves,
            session: order.session,
            instrument,
            reason,
        }));
    }

    /// A live order shows another part.
    pub fn refreshed(&mut self, order: &Order, shown: i64, instrument: u32) {
        self.outcome.emit(Event::Refreshed(Refreshed {
            order_id: order.order_id,
            cl_ord_id: order.cl_ord_id,
            shown,
            leaves: order.leaves,
            session: order.session,
            instrument,
        }));
    }
}
