//! The uncross that ends an auction: everything that can trade does, at one price.

use crate::auction::{self, Uncross};
use crate::book::Books;
use crate::command::Side;
use crate::engine::Engine;
use crate::event::{Event, Uncrossed};
use crate::ladder::{book_of, ladder_of, mirror, opposite};
use crate::orders::NONE;
use crate::tape::Tape;

impl Engine {
    /// What uncrossing the instrument's book would give now; none if it is not crossed, or there is no such instrument.
    /// Walks over the prices that cross, and over their orders if any of the side is special.
    pub fn indicative(&self, instrument: u32) -> Option<Uncross> {
        self.uncross_of(self.books.find(instrument)?)
    }

    fn uncross_of(&self, book: u32) -> Option<Uncross> {
        let [bids, asks] = [Side::Buy, Side::Sell].map(|side| self.books.crossing(ladder_of(book, side), self.time_ns));
        auction::uncross(&bids, &asks, self.price_reference(book))
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
        let (books, mut tape) = self.books_and_tape(events);
        books.trade_at(book, price, volume, &mut tape);
        self.trades.set_last_price(book, price);
    }
}

impl Books {
    /// Whether the best bid is at the best ask or above.
    pub(crate) fn is_crossed(&self, book: u32) -> bool {
        let [bid, ask] = [Side::Buy, Side::Sell].map(|side| self.ladders.best(ladder_of(book, side)));
        bid != NONE && ask != NONE && self.ladders.price(bid) >= self.ladders.price(ask)
    }

    /// The (price, quantity) of one side as far as it crosses, the best price first: icebergs as a whole, without
    /// what is due.
    fn crossing(&self, ladder: u32, now_ns: i64) -> Vec<(i64, i64)> {
        if !self.is_crossed(book_of(ladder)) {
            return Vec::new();
        }
        let ladders = &self.ladders;
        let limit = mirror(ladder, ladders.price(ladders.best(opposite(ladder))) as u64);
        let some = |at: u32| (at != NONE).then_some(at);
        let levels = std::iter::successors(some(ladders.best(ladder)), |&level| some(ladders.next(level)));
        let all_plain = !self.specials.any_rests(ladder);
        let quantity = |level: u32| {
            if all_plain {
                return ladders[level].quantity;
            }
            let queue = std::iter::successors(some(ladders[level].head), |&slot| some(self.orders[slot].next));
            queue.filter(|&slot| !self.is_due(slot, now_ns)).map(|slot| self.orders[slot].leaves).sum()
        };
        levels
            .take_while(|&level| ladders[level].key() <= limit)
            .map(|level| (ladders.price(level), quantity(level)))
            .filter(|&(_, quantity)| quantity > 0)
            .collect()
    }

    /// Trades `volume` at one price, the first buy with the first sell; each trades all that is left of it.
    fn trade_at(&mut self, book: u32, price: i64, mut volume: i64, tape: &mut Tape) {
        let [buys, sells] = [Side::Buy, Side::Sell].map(|side| ladder_of(book, side));
        while volume > 0 {
            let [buy, sell] = [buys, sells].map(|ladder| self.ladders[self.ladders.best(ladder)].head);
            let quantity = self.orders[buy].leaves.min(self.orders[sell].leaves);
            let instrument = self.ladders.instrument(buys);
            let mut taker = self.live_taker(buy, buys);
            let mut fill = taker.fill(&mut self.orders[sell], price, quantity, instrument);
            fill.auction = true;
            tape.filled(fill, book, self.orders[buy].account, self.orders[sell].account);
            let order = &mut self.orders[buy];
            order.leaves -= quantity;
            order.fill(quantity);
            volume -= quantity;
            for slot in [buy, sell] {
                self.leave_filled(slot, quantity, volume == 0, tape);
            }
        }
    }

    /// An order that has just traded is gone if it is filled. Of one that the last trade leaves in part the level counts what
    /// it shows from now on; an iceberg's may be another part.
    fn leave_filled(&mut self, slot: u32, quantity: i64, is_last: bool, tape: &mut Tape) {
        let order = &self.orders[slot];
        let (level, leaves, special) = (order.level, order.leaves, order.special());
        if special == 0 {
            self.ladders[level].quantity -= quantity;
        }
        if leaves == 0 {
            self.remove(slot);
        } else if is_last && special != 0 {
            let record = &mut self.specials[special];
            let before = std::mem::replace(&mut record.shown, record.display_quantity.min(leaves));
            let (shown, is_iceberg) = (record.shown, record.is_iceberg());
            self.ladders[level].quantity += shown - before;
            if is_iceberg && shown != before {
                tape.refreshed(&self.orders[slot], shown, self.instrument(slot));
            }
        }
    }
}
