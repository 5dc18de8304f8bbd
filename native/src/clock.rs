//! The one place where native code reads a clock.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Wall-clock time at the start plus what has elapsed since: it never goes back. Copies agree.
#[derive(Clone, Copy)]
pub struct Clock {
    start: Instant,
    start_ns: i64,
}

impl Clock {
    /// Starts at the wall clock's time.
    pub fn start() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { start: Instant::now(), start_ns: since_epoch.as_nanos() as i64 }
    }

    /// Nanoseconds since the Unix epoch.
    #[inline]
    pub fn now_ns(&self) -> i64 {
        self.start_ns + self.start.elapsed().as_nanos() as i64
    }
}
