//! The uncross that ends an auction: everything that can trade does, at one price.

use crate::auction::{self, Uncross};
use crate::command::Side;
use crate::engine::{Engine, Outcome};
use crate::event::{Event, Fill, Party, Uncrossed};
use crate::ladder::{ladder_of, mirror, opposite};
use crate::orders::{NONE, Order};

impl Engine {
    /// What uncrossing the instrument's book would give now; none if it is not crossed, or there is no such instrument.
    /// Walks over the orders that cross.
    pub fn indicative(&self, instrument: u32) -> Option<Uncross> {
        self.uncross_of(self.books.find(instrument)?)
    }

    fn uncross_of(&self, book: u32) -> Option<Uncross> {
        if !self.books.is_crossed(book) {
            return None;
        }
        let [bids, asks] = [Side::Buy, Side::Sell].map(|side| self.crossing(ladder_of(book, side)));
        auction::uncross(&bids, &asks, self.price_reference(book))
    }

    /// The (price, quantity) of one side as far as it crosses, the best price first: icebergs as a whole, without
    /// what is due.
    fn crossing(&self, ladder: u32) -> Vec<(i64, i64)> {
        let ladders = &self.books.ladders;
        let limit = mirror(ladder, ladders.price(ladders.best(opposite(ladder))) as u64);
        let some = |at: u32| (at != NONE).then_some(at);
        let levels = std::iter::successors(some(ladders.best(ladder)), |&level| some(ladders.next(level)));
        let quantity = |level: u32| {
            let queue = std::iter::successors(some(ladders[level].head), |&slot| some(self.books.orders[slot].next));
            queue.filter(|&slot| !self.is_due(slot)).map(|slot| self.books.orders[slot].leaves).sum()
        };
        levels
            .take_while(|&level| ladders[level].key <= limit)
            .map(|level| (ladders.price(level), quantity(level)))
            .filter(|&(_, quantity)| quantity > 0)
            .collect()
    }

    /// Uncrosses a book if it is crossed, for `session` or, if that is 0, by schedule.
    pub(super) fn uncross(&mut self, session: u32, book: u32, events: &mut Vec<Event>) {
        if !self.books.is_crossed(book) {
            return;
        }
        self.cancel_due(book, events);
        let Some(Uncross { price, volume, .. }) = self.uncross_of(book) else { return };
        let instrument = self.books.terms(book).id;
        self.outcome(events).emit(Event::Uncrossed(Uncrossed { instrument, price, volume, session }));
        let mut left = volume;
        while left > 0 {
            left -= self.cross_first(book, price, events);
        }
        self.trades.set_last_price(book, price);
    }

    /// Trades the first buy with the first sell, as much as both have, and returns how much that is.
    fn cross_first(&mut self, book: u32, price: i64, events: &mut Vec<Event>) -> i64 {
        let Self { books, trades, busts, risk, outcome_hash, .. } = self;
        let [buy, sell] = [Side::Buy, Side::Sell].map(|side| books.first(ladder_of(book, side)));
        let (bought, sold) = (books.orders[buy], books.orders[sell]);
        let quantity = bought.leaves.min(sold.leaves);
        let party = |order: &Order| Party {
            order_id: order.order_id,
            cl_ord_id: order.cl_ord_id,
            leaves: order.leaves - quantity,
            session: order.session,
        };
        let fill = Fill {
            taker: party(&bought),
            maker: party(&sold),
            price,
            quantity,
            instrument: books.terms(book).id,
            taker_side: Side::Buy,
            auction: true,
            trade_id: trades.next_id(),
        };
        busts.remember(&fill, bought.account, sold.account);
        risk.filled(&fill, book, bought.account, sold.account);
        Outcome { events, hash: outcome_hash }.emit(Event::Filled(fill));
        books.fill(buy, quantity);
        books.fill(sell, quantity);
        quantity
    }
}
