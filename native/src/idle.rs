//! What a loop does when it found no work: spin, then yield, then park for longer and longer.

use std::time::Duration;

/// Turns that spin, a few microseconds. Not more: whoever is to send what we wait for may be waiting for this core.
const SPINS: u32 = 50;
const YIELDS: u32 = 50;
const PARK_MIN: Duration = Duration::from_micros(2);
/// So much work in one turn is a queue, not one message that somebody waits for.
const BULK: usize = 256;
/// How often even a hot loop parks after there was a queue. Yielding, it would look busy to the system, which then leaves those who
/// fill the queue on one core: a loop that parked took in 2.9 instead of 2.4 M commands/s.
const BULK_RESTS: u32 = 200;
const BULK_PARK_MAX: Duration = Duration::from_micros(50);

/// See the module.
pub struct Idle {
    /// Park after bulk only: lowest latency, one core. It still yields, because the journal may be waiting for that core.
    hot: bool,
    park_max: Duration,
    idle_turns: u32,
    park: Duration,
    /// Parks that the last queue is still good for.
    bulk_rests: u32,
}

impl Idle {
    /// `hot` spins and yields for as long as messages come one by one; otherwise parks grow to `park_max`.
    pub fn new(hot: bool, park_max: Duration) -> Self {
        Self { hot, park_max, idle_turns: 0, park: PARK_MIN, bulk_rests: 0 }
    }

    /// After each turn of the loop: how much was there to do?
    #[inline]
    pub fn after(&mut self, work: usize) {
        if work > 0 {
            self.idle_turns = 0;
            self.park = PARK_MIN;
            if work >= BULK {
                self.bulk_rests = BULK_RESTS;
            }
        } else {
            self.rest();
        }
    }

    #[inline]
    fn rest(&mut self) {
        self.idle_turns = self.idle_turns.saturating_add(1);
        if self.idle_turns < SPINS {
            std::hint::spin_loop();
        } else if self.bulk_rests > 0 {
            self.bulk_rests -= 1;
            self.park(BULK_PARK_MAX);
        } else if self.hot || self.idle_turns < SPINS + YIELDS {
            std::thread::yield_now();
        } else {
            self.park(self.park_max);
        }
    }

    fn park(&mut self, max: Duration) {
        std::thread::park_timeout(self.park);
        self.park = (self.park * 2).min(max);
    }
}
