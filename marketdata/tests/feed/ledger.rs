//! Statistics and phases the plain way: every trade is kept, and a day is summed up anew whenever somebody asks.

use engine::command::TradingPhase;
use engine::event::Event;
use marketdata::Statistics;
use std::collections::{BTreeMap, BTreeSet};

struct Trade {
    id: u64,
    instrument: u32,
    day: u32,
    price: i64,
    quantity: i64,
}

/// See the module.
#[derive(Default)]
pub struct Ledger {
    trades: Vec<Trade>,
    void: BTreeSet<u64>,
    phases: BTreeMap<u32, TradingPhase>,
    days: BTreeMap<u32, u32>,
    /// The day is over, and no other has begun.
    ended: BTreeSet<u32>,
}

impl Ledger {
    /// What happened in a frame.
    pub fn note(&mut self, events: &[Event]) {
        for event in events {
            match *event {
                Event::Filled(fill) => self.trades.push(Trade {
                    id: fill.trade_id,
                    instrument: fill.instrument,
                    day: self.day(fill.instrument),
                    price: fill.price,
                    quantity: fill.quantity,
                }),
                Event::TradeBusted(trade) => assert!(self.void.insert(trade.trade_id)),
                Event::Uncrossed(result) => self.begin_day(result.instrument),
                Event::PhaseChanged(change) => {
                    self.phases.insert(change.instrument, change.phase);
                    if change.phase == TradingPhase::Closed {
                        self.ended.insert(change.instrument);
                    } else {
                        self.begin_day(change.instrument);
                    }
                }
                _ => {}
            }
        }
    }

    /// In which phase an instrument is.
    pub fn phase(&self, instrument: u32) -> TradingPhase {
        self.phases.get(&instrument).copied().unwrap_or(TradingPhase::Continuous)
    }

    /// Of an instrument's day.
    pub fn statistics(&self, instrument: u32) -> Statistics {
        let own = || self.trades.iter().filter(|trade| trade.instrument == instrument);
        let today = || own().filter(|trade| trade.day == self.day(instrument));
        let valid = || today().filter(|trade| !self.void.contains(&trade.id));
        Statistics {
            open: today().next().map(|trade| trade.price),
            high: today().map(|trade| trade.price).max(),
            low: today().map(|trade| trade.price).min(),
            last: own().next_back().map(|trade| trade.price),
            volume: valid().map(|trade| trade.quantity).sum(),
            trades: valid().count() as u64,
        }
    }

    fn day(&self, instrument: u32) -> u32 {
        self.days.get(&instrument).copied().unwrap_or(0)
    }

    fn begin_day(&mut self, instrument: u32) {
        if self.ended.remove(&instrument) {
            *self.days.entry(instrument).or_default() += 1;
        }
    }
}
