//! Trading: the engine numbers its trades and knows the last price of each book.

use crate::book::Taker;
use crate::engine::{Engine, Outcome};
use crate::event::Event;
use crate::ladder::book_of;

/// What the venue knows of its trades.
#[derive(Debug, Default)]
pub(crate) struct Trades {
    /// How many there have been, which is the id of the last.
    count: u64,
    /// By book: the price of the latest trade, 0 before the first.
    last_prices: Vec<i64>,
}

impl Trades {
    /// The id of the trade that happens now.
    #[inline]
    pub(crate) fn next_id(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// The price of the latest trade in a book, in ticks.
    #[expect(dead_code, reason = "stops and collars ask for it")]
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
    /// Trades with what is in the book, as far as the taker goes.
    #[inline]
    pub(super) fn trade(&mut self, taker: &mut Taker, events: &mut Vec<Event>) {
        let told = events.len();
        let Self { books, trades, outcome_hash, .. } = self;
        let mut outcome = Outcome { events, hash: outcome_hash };
        books.trade(taker, |mut fill| {
            fill.trade_id = trades.next_id();
            outcome.emit(Event::Filled(fill));
        });
        // Under every version of the rules: the next epoch may look at it.
        if let Some(Event::Filled(last)) = events[told..].last() {
            self.trades.set_last_price(book_of(taker.ladder), last.price);
        }
    }
}
