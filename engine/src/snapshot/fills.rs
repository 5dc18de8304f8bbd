//! The trades that can be voided, the oldest first.

use super::{Reader, SnapshotError, Writer};
use crate::check;
use crate::command::Side;
use crate::engine::Engine;
use crate::limits::TRADES_KEPT;
use crate::rules::{Trade, Trader};

impl Engine {
    pub(super) fn save_fills(&self, out: &mut Writer) {
        let count = self.trades.count();
        for id in count.saturating_sub(TRADES_KEPT as u64) + 1..=count {
            let trade = self.busts.trade(id);
            for trader in [&trade.taker, &trade.maker] {
                out.u64(trader.order_id);
                out.u64(trader.cl_ord_id);
                out.u32(trader.session);
                out.u32(trader.account);
            }
            out.i64(trade.price);
            out.i64(trade.quantity);
            out.u32(trade.instrument);
            out.u8(trade.taker_side as u8);
            out.flag(trade.busted);
        }
    }

    pub(super) fn load_fills(&mut self, from: &mut Reader) -> Result<(), SnapshotError> {
        let count = self.trades.count();
        for _ in 0..count.min(TRADES_KEPT as u64) {
            let (taker, maker) = (self.load_trader(from)?, self.load_trader(from)?);
            let price = from.i64()?;
            from.check(check::price(price).is_ok(), "a price that no trade can have")?;
            let quantity = from.i64()?;
            from.check(check::quantity(quantity).is_ok(), "a quantity that no trade can have")?;
            let instrument = from.u32()?;
            from.check(self.books.find(instrument).is_some(), "an instrument that is not defined")?;
            let taker_side = Side::from(from.u8()?);
            from.check(taker_side != Side::NullVal, "neither buy nor sell")?;
            let busted = from.flag()?;
            self.busts.put_back(Trade { taker, maker, price, quantity, instrument, taker_side, busted });
        }
        self.busts.turn_to(count);
        Ok(())
    }

    fn load_trader(&self, from: &mut Reader) -> Result<Trader, SnapshotError> {
        let order_id = from.u64()?;
        from.check((1..=self.last_order_id).contains(&order_id), "an order id that was never given")?;
        Ok(Trader { order_id, cl_ord_id: from.u64()?, session: from.u32()?, account: from.u32()? })
    }
}
