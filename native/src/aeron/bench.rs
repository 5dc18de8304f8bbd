//! The limits that the Python bindings are measured against: the same messages moved by native threads alone.

use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::gate::Gate;
use super::resource::Publication;
use crate::aeron_sys::*;

const FRAGMENT_LIMIT: usize = 256;
const SPINS_BEFORE_YIELD: u32 = 1_000;
/// A benchmark that moves nothing for this long has failed.
const STALLED: Duration = Duration::from_secs(5);

/// Spins, and lets the driver have the core now and then: there may be more spinning threads than cores.
struct Idle {
    spins: u32,
    spins_before_yield: u32,
}

impl Idle {
    fn new(spins_before_yield: u32) -> Self {
        Self { spins: 0, spins_before_yield }
    }

    fn after(&mut self, count: u64) {
        if count > 0 {
            self.spins = 0;
            return;
        }
        self.spins = self.spins.wrapping_add(1);
        if self.spins > self.spins_before_yield {
            std::thread::yield_now();
        }
    }
}

/// Moved between threads; the gates are held open by the caller for the whole run.
#[derive(Clone, Copy)]
struct Stream(Publication, *mut aeron_subscription_t);
// SAFETY: each end is used by one thread only.
unsafe impl Send for Stream {}

fn stream(publication: &Gate, subscription: &Gate) -> Option<Stream> {
    Some(Stream(publication.resource().publication()?, subscription.resource().subscription()))
}

impl Stream {
    fn offer(self, message: &[u8]) -> i64 {
        let none = std::ptr::null_mut();
        // SAFETY: held open by the caller.
        unsafe {
            match self.0 {
                Publication::Shared(p) => aeron_publication_offer(p, message.as_ptr(), message.len(), None, none),
                Publication::Exclusive(p) => {
                    aeron_exclusive_publication_offer(p, message.as_ptr(), message.len(), None, none)
                }
            }
        }
    }

    fn poll(self) -> u64 {
        unsafe extern "C" fn ignore(_: *mut c_void, _: *const u8, _: usize, _: *mut aeron_header_t) {}
        // SAFETY: held open by the caller.
        let fragments = unsafe { aeron_subscription_poll(self.1, ignore, std::ptr::null_mut(), FRAGMENT_LIMIT) };
        fragments.max(0) as u64
    }
}

/// One thread offers messages of `length` bytes, another polls them; returns messages received per second, or -1.
///
/// # Safety
/// Both gates are live and connected to each other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_bench_throughput(
    publication: *const Gate,
    subscription: *const Gate,
    length: usize,
    duration_ns: u64,
) -> f64 {
    // SAFETY: the caller's promise.
    let (publication, subscription) = unsafe { (&*publication, &*subscription) };
    let (Ok(_one), Ok(_other)) = (publication.enter(), subscription.enter()) else {
        return -1.0;
    };
    let Some(stream) = stream(publication, subscription) else {
        return -1.0;
    };
    let stop = AtomicBool::new(false);
    let received = AtomicU64::new(0);
    let start = Instant::now();
    std::thread::scope(|scope| {
        let (stop, received) = (&stop, &received);
        scope.spawn(move || {
            let stream = stream;
            let message = vec![7u8; length];
            while !stop.load(Ordering::Relaxed) {
                if stream.offer(&message) == AERON_PUBLICATION_BACK_PRESSURED {
                    std::thread::yield_now();
                }
            }
        });
        scope.spawn(move || {
            let stream = stream;
            let mut idle = Idle::new(SPINS_BEFORE_YIELD);
            while !stop.load(Ordering::Relaxed) {
                let count = stream.poll();
                received.fetch_add(count, Ordering::Relaxed);
                idle.after(count);
            }
        });
        std::thread::sleep(Duration::from_nanos(duration_ns));
        stop.store(true, Ordering::Relaxed);
    });
    let rate = received.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64();
    while stream.poll() > 0 {}
    rate
}

/// Sends `count` messages one at a time to an echoing thread and stores each round trip; how many were measured.
///
/// # Safety
/// The gates are live and connected pairwise (there, back), and `round_trips_ns` has `count` entries.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_bench_ping_pong(
    there: *const Gate,
    there_end: *const Gate,
    back: *const Gate,
    back_end: *const Gate,
    length: usize,
    spins_before_yield: u32,
    count: usize,
    round_trips_ns: *mut u64,
) -> i64 {
    // SAFETY: the caller's promise.
    let (there, there_end, back, back_end) = unsafe { (&*there, &*there_end, &*back, &*back_end) };
    let entered = [there.enter(), there_end.enter(), back.enter(), back_end.enter()];
    if entered.iter().any(Result::is_err) {
        return -1;
    }
    let (Some(ping), Some(pong)) = (stream(there, there_end), stream(back, back_end)) else {
        return -1;
    };
    // SAFETY: the caller's promise.
    let round_trips_ns = unsafe { std::slice::from_raw_parts_mut(round_trips_ns, count) };
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let stop = &stop;
        scope.spawn(move || {
            let (ping, pong) = (ping, pong);
            let message = vec![7u8; length];
            let mut idle = Idle::new(spins_before_yield);
            while !stop.load(Ordering::Relaxed) {
                let count = ping.poll();
                idle.after(count);
                for _ in 0..count {
                    while pong.offer(&message) < 0 && !stop.load(Ordering::Relaxed) {}
                }
            }
        });
        let measured = measure(ping, pong, &vec![7u8; length], spins_before_yield, round_trips_ns);
        stop.store(true, Ordering::Relaxed);
        measured
    })
}

fn measure(ping: Stream, pong: Stream, message: &[u8], spins_before_yield: u32, round_trips_ns: &mut [u64]) -> i64 {
    let mut measured = 0;
    for round_trip_ns in round_trips_ns {
        let start = Instant::now();
        while ping.offer(message) < 0 {
            if start.elapsed() > STALLED {
                return measured;
            }
        }
        let mut idle = Idle::new(spins_before_yield);
        while pong.poll() == 0 {
            idle.after(0);
            if idle.spins.is_multiple_of(65_536) && start.elapsed() > STALLED {
                return measured;
            }
        }
        *round_trip_ns = start.elapsed().as_nanos() as u64;
        measured += 1;
    }
    measured
}
