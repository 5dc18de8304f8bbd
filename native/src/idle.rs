//! What a loop does when it found no work: spin, then yield, then park for longer and longer.

use std::time::Duration;

/// Turns that spin, a few microseconds. Not more: whoever is to send what we wait for may be waiting for this core.
const SPINS: u32 = 50;
const YIELDS: u32 = 50;
const PARK_MIN: Duration = Duration::from_micros(2);

/// See the module.
pub struct Idle {
    /// Never park: lowest latency, one core. It still yields, because the journal may be waiting for that core.
    hot: bool,
    park_max: Duration,
    idle_turns: u32,
    park: Duration,
}

impl Idle {
    /// `hot` spins and yields for ever; otherwise parks grow to `park_max`.
    pub fn new(hot: bool, park_max: Duration) -> Self {
        Self { hot, park_max, idle_turns: 0, park: PARK_MIN }
    }

    /// After each turn of the loop: how much was there to do?
    #[inline]
    pub fn after(&mut self, work: usize) {
        if work > 0 {
            self.idle_turns = 0;
            self.park = PARK_MIN;
        } else {
            self.rest();
        }
    }

    #[inline]
    fn rest(&mut self) {
        self.idle_turns = self.idle_turns.saturating_add(1);
        if self.idle_turns < SPINS {
            std::hint::spin_loop();
        } else if self.hot || self.idle_turns < SPINS + YIELDS {
            std::thread::yield_now();
        } else {
            std::thread::park_timeout(self.park);
            self.park = (self.park * 2).min(self.park_max);
        }
    }
}
