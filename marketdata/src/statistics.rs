//! Statistics of one instrument's day.

use crate::message::Statistics;

impl Statistics {
    /// Counts a trade.
    pub fn count(&mut self, price: i64, quantity: i64) {
        self.open.get_or_insert(price);
        self.high = self.high.max(Some(price));
        self.low = Some(self.low.map_or(price, |low| low.min(price)));
        self.last = Some(price);
        self.volume = self.volume.saturating_add(quantity);
        self.trades += 1;
    }

    /// A trade is void: it leaves volume and count. The prices stay, as those of a day are what was traded at then.
    pub fn break_trade(&mut self, quantity: i64) {
        self.volume = self.volume.saturating_sub(quantity);
        self.trades = self.trades.saturating_sub(1);
    }

    /// A new day: only the latest price stays.
    pub fn begin_day(&mut self) {
        *self = Self { last: self.last, ..Self::default() };
    }
}
