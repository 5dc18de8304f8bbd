//! The load that benchmarks put on a node: rows over and over, a bounded number unanswered, each answer timed.

use super::session::Session;
use crate::error::Error;
use crate::idle::Idle;
use engine::rows::{CommandRow, EventRow};
use messages::filled_codec;
use std::time::{Duration, Instant};

/// What to do.
pub struct Load<'a> {
    /// Sent in order, then again from the start, with client order ids shifted by `id_stride` each time.
    pub rows: &'a [CommandRow],
    /// More than any client order id in `rows`.
    pub id_stride: u64,
    /// How many commands may be unanswered.
    pub window: u64,
    /// How long.
    pub duration: Duration,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct LoadResult {
    /// Commands answered.
    pub commands: u64,
    /// Events read.
    pub events: u64,
    /// Fills among them.
    pub fills: u64,
    /// From the first command to the last answer.
    pub elapsed_ns: u64,
    /// How many latencies were written.
    pub latencies: u64,
}

/// Commands written between two looks at the events, so that neither side waits for the other.
const BATCH: usize = 512;
const EVENTS_MAX: usize = 8192;
const PARK_MAX: Duration = Duration::from_micros(50);

/// Puts `load` on the session. The latency of command n goes to `latencies_ns[n % its length]`.
pub fn run(session: &mut Session, load: &Load, latencies_ns: &mut [u32]) -> Result<LoadResult, Error> {
    let mut driver = Driver::new(session, load);
    let deadline = driver.start + load.duration;
    // One in flight is a question of latency, so it spins. Many are a question of throughput: a client that has caught up
    // leaves its core to the journal and the driver, which would otherwise take the node's.
    let mut idle = Idle::new(load.window == 1, PARK_MAX);
    let mut now = driver.start;
    while now < deadline {
        let work = driver.send()? + driver.receive(now, latencies_ns)?;
        idle.after(work);
        now = Instant::now();
    }
    let patience = now + Duration::from_secs(10);
    while driver.answered < driver.sent && now < patience {
        driver.receive(now, latencies_ns)?;
        now = Instant::now();
    }
    Ok(driver.result())
}

struct Driver<'a, 'b> {
    session: &'a mut Session,
    load: &'a Load<'b>,
    start: Instant,
    place: usize,
    shift: u64,
    sent: u64,
    answered: u64,
    sent_at: Vec<Instant>,
    events: Vec<EventRow>,
    batch: Vec<CommandRow>,
    result: LoadResult,
}

impl<'a, 'b> Driver<'a, 'b> {
    fn new(session: &'a mut Session, load: &'a Load<'b>) -> Self {
        let start = Instant::now();
        let sent_at = vec![start; load.window.next_power_of_two() as usize];
        let events = vec![EventRow::default(); EVENTS_MAX];
        let (place, shift, sent, answered) = (0, 0, 0, 0);
        let (batch, result) = (Vec::with_capacity(BATCH), LoadResult::default());
        Self { session, load, start, place, shift, sent, answered, sent_at, events, batch, result }
    }

    #[inline]
    fn send(&mut self) -> Result<usize, Error> {
        let room = self.load.window - (self.sent - self.answered);
        let count = (room as usize).min(BATCH);
        if count == 0 || !self.session.flush()? {
            return Ok(0);
        }
        self.batch.clear();
        for _ in 0..count {
            self.batch.push(shifted(&self.load.rows[self.place], self.shift));
            self.place += 1;
            if self.place == self.load.rows.len() {
                self.place = 0;
                self.shift += self.load.id_stride;
            }
        }
        let now = Instant::now();
        let taken = self.session.send(&self.batch)?;
        debug_assert_eq!(taken, count);
        let mask = self.sent_at.len() as u64 - 1;
        for number in self.sent..self.sent + taken as u64 {
            self.sent_at[(number & mask) as usize] = now;
        }
        self.sent += taken as u64;
        Ok(taken)
    }

    #[inline]
    fn receive(&mut self, now: Instant, latencies_ns: &mut [u32]) -> Result<usize, Error> {
        let before = self.session.answered();
        let now_ns = now.duration_since(self.start).as_nanos() as i64;
        let count = self.session.poll(&mut self.events, now_ns)?;
        if count == 0 {
            return Ok(0);
        }
        let answered = self.answered + (self.session.answered() - before);
        let now = Instant::now();
        let mask = self.sent_at.len() as u64 - 1;
        for number in self.answered..answered {
            let latency = now.duration_since(self.sent_at[(number & mask) as usize]);
            let place = number as usize % latencies_ns.len();
            latencies_ns[place] = latency.as_nanos().min(u128::from(u32::MAX)) as u32;
        }
        self.answered = answered;
        self.result.events += count as u64;
        self.result.fills +=
            self.events[..count].iter().filter(|event| u16::from(event.kind) == filled_codec::SBE_TEMPLATE_ID).count()
                as u64;
        self.result.elapsed_ns = now.duration_since(self.start).as_nanos() as u64;
        Ok(count)
    }

    fn result(self) -> LoadResult {
        LoadResult { commands: self.answered, latencies: self.answered, ..self.result }
    }
}

/// The same command about other orders: ids of 0 name none.
fn shifted(row: &CommandRow, by: u64) -> CommandRow {
    let shift = |id: u64| if id == 0 { 0 } else { id + by };
    CommandRow { cl_ord_id: shift(row.cl_ord_id), orig_cl_ord_id: shift(row.orig_cl_ord_id), ..*row }
}
