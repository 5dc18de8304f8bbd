//! Limits of sessions and accounts: what their entries count, and what they say to an order. `limits` sets them.

use super::Done;
use super::busts::Trade;
use super::controls::Entry;
use crate::check;
use crate::command::{CancelOn, OrdType, Side};
use crate::engine::Engine;
use crate::event::{Fill, RejectReason};
use crate::risk::{Entries, Positions, Scope};

/// What is kept of each session and account that limits were ever set for. As long as there is none, a hook is one
/// branch.
#[derive(Debug, Default)]
pub(crate) struct Risk {
    pub(crate) entries: Entries,
    pub(crate) positions: Positions,
}

/// What a live order, in its book or waiting for its stop price, counts for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub session: u32,
    pub account: u32,
    pub book: u32,
    pub side: Side,
    /// Lots that may still trade.
    pub leaves: i64,
}

/// What the books tell: every change of a live order, and every trade. An order that trades on arrival, also one that is
/// replaced or triggered, is not live meanwhile: it has left before and enters, if something is left, after.
impl Risk {
    /// Whether anything is counted, so that the rest must be told.
    #[inline]
    pub(crate) fn watches(&self) -> bool {
        !self.entries.is_empty()
    }

    /// An order has become live.
    #[inline]
    pub(crate) fn entered(&mut self, order: Standing) {
        if self.watches() {
            self.change(&order, 1, order.leaves);
        }
    }

    /// A live order is gone, with what was left of it.
    #[inline]
    pub(crate) fn left(&mut self, order: Standing) {
        if self.watches() {
            self.change(&order, -1, -order.leaves);
        }
    }

    /// A live order now has other leaves.
    #[inline]
    pub(crate) fn changed(&mut self, before: Standing, leaves: i64) {
        if self.watches() {
            self.change(&before, 0, leaves - before.leaves);
        }
    }

    /// A trade: positions move, and the maker (in an auction the taker too), live until now, has lost its quantity; with
    /// nothing left it is gone, which is not told otherwise.
    #[inline]
    pub(crate) fn filled(&mut self, fill: &Fill, book: u32, taker_account: u32, maker_account: u32) {
        if self.watches() {
            self.trade(fill, book, taker_account, maker_account);
        }
    }

    /// A trade of a book is void: positions move back.
    pub(crate) fn busted(&mut self, trade: &Trade, book: u32) {
        let maker_side = opposite(trade.taker_side);
        for (trader, side) in [(&trade.taker, maker_side), (&trade.maker, trade.taker_side)] {
            for entry in self.of(trader.session, trader.account) {
                self.positions.trade(entry, book, side, trade.quantity);
            }
        }
    }

    /// An entry that has just come to be counts an order that is live already.
    pub(super) fn count(&mut self, entry: u32, order: &Standing) {
        self.entries[entry].open_orders += 1;
        self.positions.open(entry, order.book, order.side, order.leaves);
    }

    /// When a session's orders are cancelled: as it asked itself, or as its limits say.
    pub(super) fn cancel_on(&self, session: u32) -> CancelOn {
        let entry = self.entries.find(Scope::Session, session).map(|entry| &self.entries[entry]);
        CancelOn(entry.map_or(0, |entry| entry.own_cancel_on | entry.limits.cancel_on))
    }

    /// The entries of an order: its session's first, then its account's.
    fn of(&self, session: u32, account: u32) -> impl Iterator<Item = u32> + use<> {
        let session = self.entries.find(Scope::Session, session);
        session.into_iter().chain(self.entries.find(Scope::Account, account))
    }

    #[cold]
    fn change(&mut self, order: &Standing, orders: i32, lots: i64) {
        for entry in self.of(order.session, order.account) {
            let open = &mut self.entries[entry].open_orders;
            *open = open.checked_add_signed(orders).expect("no more orders go than came");
            self.positions.open(entry, order.book, order.side, lots);
        }
    }

    #[cold]
    fn trade(&mut self, fill: &Fill, book: u32, taker_account: u32, maker_account: u32) {
        let taker = (&fill.taker, taker_account, fill.taker_side, fill.auction);
        let maker = (&fill.maker, maker_account, opposite(fill.taker_side), true);
        for (party, account, side, was_live) in [taker, maker] {
            for entry in self.of(party.session, account) {
                self.positions.trade(entry, book, side, fill.quantity);
            }
            if was_live {
                let standing = Standing { session: party.session, account, book, side, leaves: fill.quantity };
                self.change(&standing, if party.leaves == 0 { -1 } else { 0 }, -fill.quantity);
            }
        }
    }
}

fn opposite(side: Side) -> Side {
    if side == Side::Buy { Side::Sell } else { Side::Buy }
}

impl Engine {
    /// Whether the limits of the session, then those of the account, allow the order.
    #[inline]
    pub(super) fn check_risk(&mut self, order: &Entry) -> Done {
        if self.risk.watches() { self.check_entries(order) } else { Ok(()) }
    }

    #[cold]
    fn check_entries(&mut self, order: &Entry) -> Done {
        let value = self.value_of(order);
        for place in self.risk.of(order.session, order.account) {
            self.check_limits(place, order, value)?;
        }
        Ok(())
    }

    /// The limits of one entry in their order. A message that gets as far as the rate is counted, whatever becomes of it.
    fn check_limits(&mut self, place: u32, order: &Entry, value: Option<i128>) -> Done {
        let entry = &mut self.risk.entries[place];
        let limits = entry.limits;
        if entry.killed {
            return Err(RejectReason::Killed);
        }
        if limits.rate_interval_ns != 0 && !entry.rate.count(self.time_ns, limits.rate_interval_ns, limits.messages_max)
        {
            return Err(RejectReason::RateExceeded);
        }
        if limits.order_quantity_max.get().is_some_and(|max| order.quantity > max) {
            return Err(RejectReason::QuantityAboveMaximum);
        }
        if limits.order_value_max.get().zip(value).is_some_and(|(max, value)| value > max.into()) {
            return Err(RejectReason::ValueAboveMaximum);
        }
        let one_more = order.replaced.is_none() && order.may_stay();
        if one_more && limits.open_orders_max.is_some_and(|max| entry.open_orders >= max) {
            return Err(RejectReason::TooManyOpenOrders);
        }
        let reached = || {
            // A replace gives up what was left of the order.
            let more = match order.replaced {
                Some(slot) => {
                    let live = &self.books.orders[slot];
                    order.quantity - live.filled() - live.leaves
                }
                None => order.quantity,
            };
            self.risk.positions.of(place, order.book).reach(order.side, more)
        };
        if limits.position_max.get().is_some_and(|max| reached() > max.into()) {
            return Err(RejectReason::PositionAboveMaximum);
        }
        Ok(())
    }
}

impl Entry {
    /// Whether the order may rest in its book, or wait for its stop price: then it needs room.
    fn may_stay(&self) -> bool {
        check::is_stop(self.ord_type) || (self.ord_type == OrdType::Limit && check::stays(self.time_in_force))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{
        CancelOrder, Command, Decimal, Instrument, NewOrder, ReduceOrder, ReplaceOrder, RiskScope, SetKillSwitch,
        SetPhase, TimeInForce, TradingPhase,
    };
    use crate::risk::Holding;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn order(cl_ord_id: u64, account: u32, buy: bool, price: i64, instrument: u32) -> Command {
        Command::New(NewOrder {
            cl_ord_id,
            price: Some(price),
            quantity: 1 + price % 7,
            instrument,
            account,
            side: if buy { Side::Buy } else { Side::Sell },
            ord_type: OrdType::Limit,
            time_in_force: TimeInForce::GoodTillCancel,
        })
    }

    fn step() -> impl Strategy<Value = (u32, Command)> {
        let ids = (0u32..12, 1u32..4, 1u64..12, 1u64..12, 0u32..3);
        (ids, any::<bool>(), 95i64..105, 1u32..3).prop_map(|(ids, buy, price, instrument)| {
            let (kind, session, cl_ord_id, orig_cl_ord_id, account) = ids;
            let scope = if buy { RiskScope::Session } else { RiskScope::Account };
            let phase = if buy { TradingPhase::Continuous } else { TradingPhase::OpeningAuction };
            let command = match kind {
                0 => Command::Cancel(CancelOrder { orig_cl_ord_id }),
                1 => Command::Reduce(ReduceOrder { orig_cl_ord_id, quantity: price % 3 + 1 }),
                2 => Command::Replace(ReplaceOrder { cl_ord_id, orig_cl_ord_id, price, quantity: 2 + price % 5 }),
                3 => Command::SetKillSwitch(SetKillSwitch { scope, id: session, engaged: Some(false) }),
                4 => Command::SetPhase(SetPhase { instrument: None, phase }),
                _ => order(cl_ord_id, account, buy, price, instrument),
            };
            (session, command)
        })
    }

    /// Of an entry: its open orders, and its open buys and sells by book.
    type Counted = (u32, BTreeMap<u32, (i64, i64)>);

    fn counted(engine: &Engine, place: u32) -> Counted {
        let mut holdings = BTreeMap::new();
        for &(entry, book, Holding { buys, sells, .. }) in engine.risk.positions.iter() {
            if entry == place && (buys, sells) != (0, 0) {
                holdings.insert(book, (buys, sells));
            }
        }
        (engine.risk.entries[place].open_orders, holdings)
    }

    fn recounted(engine: &Engine, scope: Scope, id: u32) -> Counted {
        let (mut orders, mut holdings) = (0, BTreeMap::<u32, (i64, i64)>::new());
        for (slot, _) in engine.books.orders.owned() {
            let standing = engine.books.standing(slot);
            if id == (if scope == Scope::Session { standing.session } else { standing.account }) {
                orders += 1;
                let open = holdings.entry(standing.book).or_default();
                let side = if standing.side == Side::Buy { &mut open.0 } else { &mut open.1 };
                *side += standing.leaves;
            }
        }
        (orders, holdings)
    }

    proptest! {
        /// Entries come to be at any time, in auctions too.
        #[test]
        fn entries_count_what_is_live(steps in prop::collection::vec(step(), 1..120)) {
            let (mut engine, mut events) = (Engine::new(), Vec::new());
            for id in 1..3 {
                let size = Decimal { mantissa: 1, exponent: 0 };
                let terms = Instrument { id, symbol: *b"AAPL\0\0\0\0\0\0\0\0\0\0\0\0", tick_size: size, lot_size: size };
                engine.apply(0, &Command::DefineInstrument(terms), &mut events);
            }
            for (session, command) in &steps {
                engine.apply(*session, command, &mut events);
                for (place, entry) in (0..).zip(engine.risk.entries.iter()) {
                    prop_assert_eq!(counted(&engine, place), recounted(&engine, entry.scope, entry.id));
                }
            }
        }
    }
}
