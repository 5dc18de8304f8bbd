//! Busts: the latest trades are remembered, so that one can be voided. Books, last prices and orders stay as they are.

use super::Done;
use crate::command::{BustTrade, Side};
use crate::engine::Engine;
use crate::event::{BustedParty, Event, Fill, Party, RejectReason, TradeBusted};
use crate::limits::TRADES_KEPT;
use std::collections::TryReserveError;

/// A trade as far as voiding it needs; its id is its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trade {
    pub taker: Trader,
    pub maker: Trader,
    /// In ticks.
    pub price: i64,
    /// In lots.
    pub quantity: i64,
    pub instrument: u32,
    pub taker_side: Side,
    /// Whether it is void already.
    pub busted: bool,
}

/// One side of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trader {
    pub order_id: u64,
    /// As it was at the time.
    pub cl_ord_id: u64,
    pub session: u32,
    pub account: u32,
}

const _: () = assert!(size_of::<Trade>() == 72, "every trade is written here on the hot path");

const NOBODY: Trader = Trader { order_id: 0, cl_ord_id: 0, session: 0, account: 0 };

const NO_TRADE: Trade = Trade {
    taker: NOBODY,
    maker: NOBODY,
    price: 0,
    quantity: 0,
    instrument: 0,
    taker_side: Side::NullVal,
    busted: false,
};

/// The trades that can be voided: a ring, in which the trade of id n + 1 has the place n.
#[derive(Debug)]
pub(crate) struct Busts {
    ring: Vec<Trade>,
}

impl Default for Busts {
    fn default() -> Self {
        // Room is taken at once but not written to, so that no trade waits for the ring to grow, and none costs nothing.
        Self { ring: Vec::with_capacity(TRADES_KEPT) }
    }
}

impl Busts {
    /// Every trade is told here, under every version of the rules.
    #[inline]
    pub(crate) fn remember(&mut self, fill: &Fill, taker_account: u32, maker_account: u32) {
        let trade = Trade {
            taker: Trader::of(&fill.taker, taker_account),
            maker: Trader::of(&fill.maker, maker_account),
            price: fill.price,
            quantity: fill.quantity,
            instrument: fill.instrument,
            taker_side: fill.taker_side,
            busted: false,
        };
        match self.ring.get_mut(place_of(fill.trade_id)) {
            Some(place) => *place = trade,
            None => self.grow(trade),
        }
    }

    /// The ring is not full yet; it has room.
    #[cold]
    fn grow(&mut self, trade: Trade) {
        self.ring.push(trade);
    }

    /// Writes to the room, so that the memory is there when trades come.
    pub(crate) fn take_room(&mut self) -> Result<(), TryReserveError> {
        let kept = self.ring.len();
        self.ring.try_reserve(TRADES_KEPT - kept)?;
        self.ring.resize(TRADES_KEPT, NO_TRADE);
        self.ring.truncate(kept);
        Ok(())
    }

    /// One of the trades that are kept.
    pub(crate) fn trade(&self, trade_id: u64) -> &Trade {
        &self.ring[place_of(trade_id)]
    }

    /// Puts back one of the trades that are kept, the next younger.
    pub(crate) fn put_back(&mut self, trade: Trade) {
        self.ring.push(trade);
    }

    /// All that are kept are back, up to that of an id: they take the places that their ids have.
    pub(crate) fn turn_to(&mut self, last_id: u64) {
        if self.ring.len() == TRADES_KEPT {
            self.ring.rotate_right(place_of(last_id + 1));
        }
    }

    /// Voids a trade, if it is one of the latest of `count` in all and not void yet.
    fn bust(&mut self, trade_id: u64, count: u64) -> Option<Trade> {
        let kept = (1..=count).contains(&trade_id) && count - trade_id < TRADES_KEPT as u64;
        let trade = self.ring.get_mut(place_of(trade_id)).filter(|trade| kept && !trade.busted)?;
        trade.busted = true;
        Some(*trade)
    }
}

#[inline]
fn place_of(trade_id: u64) -> usize {
    trade_id.wrapping_sub(1) as usize % TRADES_KEPT
}

impl Trader {
    #[inline]
    fn of(party: &Party, account: u32) -> Self {
        Self { order_id: party.order_id, cl_ord_id: party.cl_ord_id, session: party.session, account }
    }

    fn told(&self) -> BustedParty {
        BustedParty { order_id: self.order_id, cl_ord_id: self.cl_ord_id, session: self.session }
    }
}

impl Engine {
    pub(crate) fn bust_trade(&mut self, _session: u32, bust: &BustTrade, events: &mut Vec<Event>) -> Done {
        let trade = self.busts.bust(bust.trade_id, self.trades.count()).ok_or(RejectReason::UnknownTrade)?;
        let book = self.books.find(trade.instrument).expect("an instrument stays once it is defined");
        self.risk.busted(&trade, book);
        self.outcome(events).emit(Event::TradeBusted(TradeBusted {
            trade_id: bust.trade_id,
            first: trade.taker.told(),
            second: trade.maker.told(),
            price: trade.price,
            quantity: trade.quantity,
            instrument: trade.instrument,
            first_side: trade.taker_side,
        }));
        Ok(())
    }
}
