//! An order on its way into its book: one that came in, was replaced or was triggered.

use crate::command::SelfTradePrevention;
use crate::event::{Fill, Party};
use crate::ladder::side_of;
use crate::orders::Order;

/// See the module.
#[derive(Clone, Copy, Debug)]
pub struct Taker {
    /// The engine's id.
    pub order_id: u64,
    /// The client's id.
    pub cl_ord_id: u64,
    /// The owner.
    pub session: u32,
    /// The client's own.
    pub account: u32,
    /// Where it rests if it does.
    pub ladder: u32,
    /// Lots that have not traded yet.
    pub leaves: i64,
    /// Lots that it lost because it would have traded with itself.
    pub lost: i64,
    /// The key up to which it trades, in the opposite ladder.
    pub limit: u64,
    /// Whose orders are its own, if not its account's or its session's; 0 for none.
    pub self_trade_group: u32,
    /// What becomes of a trade with its own.
    pub prevention: SelfTradePrevention,
}

impl Taker {
    /// Whether it looks whose order it meets.
    #[inline]
    pub fn is_guarded(&self) -> bool {
        self.prevention != SelfTradePrevention::None
    }

    /// Takes what trades off both.
    #[inline(always)]
    pub fn fill(&mut self, maker: &mut Order, price: i64, quantity: i64, instrument: u32) -> Fill {
        maker.leaves -= quantity;
        maker.fill(quantity);
        self.leaves -= quantity;
        Fill {
            taker: Party {
                order_id: self.order_id,
                cl_ord_id: self.cl_ord_id,
                leaves: self.leaves,
                session: self.session,
            },
            maker: Party {
                order_id: maker.order_id,
                cl_ord_id: maker.cl_ord_id,
                leaves: maker.leaves,
                session: maker.session,
            },
            price,
            quantity,
            instrument,
            taker_side: side_of(self.ladder),
            auction: false,
            trade_id: 0, // the tape counts
        }
    }
}
