//! Trading: the engine numbers its trades and knows the last price of each book.

use crate::book::Books;
use crate::command::TimeInForce;
use crate::engine::{Engine, Outcome};
use crate::event::{CancelReason, Cancelled, Event};
use crate::ladder::{book_of, opposite};
use crate::orders::NONE;
use crate::taker::Taker;
use crate::tape::Tape;

/// What the venue knows of its trades.
#[derive(Debug, Default)]
pub(crate) struct Trades {
    /// How many there have been, which is the id of the last.
    count: u64,
    /// Of the last.
    price: i64,
    /// By book: the price of the latest trade, 0 before the first.
    last_prices: Vec<i64>,
}

impl Trades {
    /// The id of the trade that happens now.
    #[inline]
    pub(crate) fn next_id(&mut self, price: i64) -> u64 {
        self.price = price;
        self.count += 1;
        self.count
    }

    /// How many there have been, which is the id of the last.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// So many have been before a snapshot was made.
    pub(crate) fn set_count(&mut self, count: u64) {
        self.count = count;
    }

    /// The price of the latest trade in a book, in ticks.
    pub(crate) fn last_price(&self, book: u32) -> Option<i64> {
        self.last_prices.get(book as usize).copied().filter(|&price| price != 0)
    }

    pub(crate) fn set_last_price(&mut self, book: u32, price: i64) {
        let place = book as usize;
        if self.last_prices.len() <= place {
            self.last_prices.resize(place + 1, 0);
        }
        self.last_prices[place] = price;
    }
}

impl Engine {
    /// The books, and what is told while they trade.
    #[inline(always)]
    pub(super) fn books_and_tape<'a>(&'a mut self, events: &'a mut Vec<Event>) -> (&'a mut Books, Tape<'a>) {
        let Self { books, trades, busts, risk, outcome_hash, .. } = self;
        (books, Tape { outcome: Outcome { events, hash: outcome_hash }, trades, busts, risk })
    }

    /// Trades with what is in the book, as far as the taker goes. True if there was a trade.
    pub(super) fn trade(&mut self, taker: &mut Taker, events: &mut Vec<Event>) -> bool {
        let before = self.trades.count;
        let now_ns = self.time_ns;
        let (books, mut tape) = self.books_and_tape(events);
        books.trade(taker, now_ns, &mut tape);
        let traded = self.trades.count != before;
        if traded {
            self.trades.set_last_price(book_of(taker.ladder), self.trades.price);
        }
        traded
    }

    /// Trades, then looks for stops that the last price has reached. Most orders meet nobody, and ask no more than that.
    #[inline(always)]
    pub(super) fn trade_and_search(&mut self, taker: &mut Taker, events: &mut Vec<Event>) {
        if self.books.ladders.best_within(opposite(taker.ladder), taker.limit) != NONE
            && self.trade(taker, events)
            && self.books.specials.any_waits()
        {
            self.begin_stop_search(book_of(taker.ladder));
        }
    }

    /// Whether as much would trade at once as an order asks for that takes no less.
    #[inline]
    pub(super) fn asks_too_much(
        &self,
        taker: &Taker,
        time_in_force: TimeInForce,
        minimum: Option<i64>,
    ) -> Option<CancelReason> {
        let (quantity, reason) = match (time_in_force, minimum) {
            (TimeInForce::FillOrKill, _) => (taker.leaves, CancelReason::Unfilled),
            (_, Some(minimum)) => (minimum, CancelReason::MinimumNotMet),
            _ => return None,
        };
        (!self.books.would_trade(taker, quantity, self.time_ns)).then_some(reason)
    }

    /// Why what is left of an order that does not rest is cancelled: a collar is reached if there is still an order to
    /// trade with, and its own price did not hold it.
    pub(super) fn unfilled(&self, taker: &Taker, price: Option<i64>) -> CancelReason {
        let is_held = price.is_none() && self.books.ladders.best(opposite(taker.ladder)) != NONE;
        if is_held { CancelReason::Collar } else { CancelReason::Unfilled }
    }

    /// Tells that what is left of an order that came in is gone.
    pub(super) fn cancel_taker(&mut self, taker: &Taker, reason: CancelReason, events: &mut Vec<Event>) {
        let instrument = self.books.ladders.instrument(taker.ladder);
        self.outcome(events).emit(Event::Cancelled(Cancelled {
            order_id: taker.order_id,
            cl_ord_id: taker.cl_ord_id,
            quantity: taker.leaves,
            session: taker.session,
            instrument,
            reason,
        }));
    }
}
