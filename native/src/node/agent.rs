//! The loop of a node: take in, stamp, hand to the journal, execute what is released, tell.

use super::Egress;
use super::counters::{Counters, Counts};
use super::handoff::Handoff;
use super::ingress::Ingress;
use crate::clock::Clock;
use crate::error::{Code, Error};
use crate::idle::Idle;
use sequencer::block::BlockError;
use sequencer::intake::ConnectionId;
use sequencer::sequencer::{Sequencer, TimeJump};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Frames executed before what they caused is sent, so that clients work on it meanwhile.
const FRAMES_PER_FLUSH: usize = 512;
/// Flushes between two looks at the ingress: more frames than one turn takes in, so that they are executed while they are still in the
/// cache, and not so many that the ingress waits for long.
const FLUSHES_PER_TURN: usize = 8;
/// How often the slow work is done: counters, new connections.
const UPKEEP_INTERVAL_NS: i64 = 1_000_000;
const HEARTBEAT_INTERVAL_NS: i64 = 1_000_000_000;
/// How long a stopping node waits for clients to read what it told them last.
const LINGER_NS: i64 = 1_000_000_000;

const CUT_OFF: &str = "Aeron has cut this node off: its media driver is gone, or the process was stopped for too long. What it had \
    stamped is in the journal; start the driver if it is one of its own, then the node again";

/// See the module.
pub struct Agent {
    pub sequencer: Sequencer,
    pub egress: Egress,
    pub ingress: Ingress,
    pub counters: Counters,
    pub counts: Counts,
    pub idle: Idle,
    pub clock: Clock,
    persisted_index: u64,
    upkeep_ns: i64,
    heartbeat_ns: i64,
    lost: Vec<ConnectionId>,
    leaving: Vec<ConnectionId>,
}

impl Agent {
    /// Ready to run.
    pub fn new(
        sequencer: Sequencer,
        egress: Egress,
        ingress: Ingress,
        counters: Counters,
        idle: Idle,
        clock: Clock,
    ) -> Self {
        let (lost, leaving) = (Vec::new(), Vec::new());
        let counts = Counts::default();
        let (persisted_index, upkeep_ns, heartbeat_ns) = (0, 0, 0);
        Self {
            sequencer,
            egress,
            ingress,
            counters,
            counts,
            idle,
            clock,
            persisted_index,
            upkeep_ns,
            heartbeat_ns,
            lost,
            leaving,
        }
    }

    /// Runs until asked to stop. A panic while a command is executed is that command's; any other is ours.
    pub fn run(&mut self, handoff: &Handoff) -> Result<(), Error> {
        handoff.begin();
        let outcome = catch_unwind(AssertUnwindSafe(|| self.turns(handoff)));
        if outcome.is_err() {
            self.commit_rest(handoff);
        }
        handoff.end();
        self.counters.publish(&self.sequencer, &self.egress, &self.counts);
        outcome.unwrap_or_else(|panic| Err(Error::poison(self.sequencer.positions().executed + 1, &*panic)))
    }

    /// After a panic nothing more is executed, but what is stamped goes to the journal: in `relaxed` the poison may not be there yet,
    /// and only what is in the journal can be looked at, and skipped.
    fn commit_rest(&mut self, handoff: &Handoff) {
        self.sequencer.drain();
        let deadline_ns = self.clock.now_ns() + LINGER_NS;
        while !handoff.is_aborted() && self.clock.now_ns() < deadline_ns {
            self.sequencer.persisted(handoff.persisted());
            let positions = self.sequencer.positions();
            if positions.persisted == positions.stamped {
                return;
            }
            if handoff.is_wanted()
                && let Some((index, bytes)) = self.sequencer.next_block()
            {
                handoff.give(index, bytes);
            }
            self.idle.after(0);
        }
    }

    fn turns(&mut self, handoff: &Handoff) -> Result<(), Error> {
        while !handoff.is_stopping() {
            let work = self.turn(handoff, true)?;
            self.idle.after(work);
        }
        self.drain(handoff)
    }

    /// Finishes what was taken in: everything stamped is committed, executed and told.
    fn drain(&mut self, handoff: &Handoff) -> Result<(), Error> {
        self.sequencer.drain();
        let deadline_ns = self.clock.now_ns() + LINGER_NS;
        while !handoff.is_aborted() {
            let work = self.turn(handoff, false)?;
            let positions = self.sequencer.positions();
            let finished = positions.executed == positions.stamped && positions.persisted == positions.stamped;
            if finished && (!self.flush() || self.clock.now_ns() > deadline_ns) {
                return Ok(());
            }
            self.idle.after(work);
        }
        Ok(())
    }

    #[inline]
    fn turn(&mut self, handoff: &Handoff, take_in: bool) -> Result<usize, Error> {
        let now_ns = self.clock.now_ns();
        self.sequencer.advance_time(now_ns).map_err(time_jump)?;
        self.persisted(handoff);
        let mut work = 0;
        if take_in {
            let taken =
                self.ingress.poll(&mut self.sequencer, &mut self.egress, &mut self.counts, handoff.is_intake_stopped());
            work += taken.map_err(|panic| Error::new(Code::Panic, panic))?;
        }
        if handoff.is_wanted()
            && let Some((index, bytes)) = self.sequencer.next_block()
        {
            handoff.give(index, bytes);
            work += 1;
        }
        work += self.execute()?;
        if now_ns >= self.upkeep_ns {
            self.upkeep_ns = now_ns + UPKEEP_INTERVAL_NS;
            work += self.upkeep(now_ns)?;
        }
        if take_in {
            self.egress.connections.unseen(&mut self.leaving);
            self.part();
        }
        Ok(work)
    }

    #[inline]
    fn persisted(&mut self, handoff: &Handoff) {
        let index = handoff.persisted();
        if index != self.persisted_index {
            self.persisted_index = index;
            self.counts.saw_persisted(self.clock.now_ns() - handoff.committed_ns());
            self.sequencer.persisted(index);
        }
    }

    #[inline]
    fn execute(&mut self) -> Result<usize, Error> {
        let mut executed = 0;
        for _ in 0..FLUSHES_PER_TURN {
            let count = self.sequencer.execute(FRAMES_PER_FLUSH, &mut self.egress).map_err(bad_frame)?;
            self.flush();
            executed += count;
            if count < FRAMES_PER_FLUSH {
                break;
            }
        }
        Ok(executed)
    }

    /// Sends what waits; true if some still waits.
    #[inline]
    fn flush(&mut self) -> bool {
        let waiting = self.egress.connections.flush(&mut self.lost);
        for connection in self.lost.drain(..) {
            self.counts.cut += 1;
            self.egress.connections.cut(connection);
        }
        waiting
    }

    fn upkeep(&mut self, now_ns: i64) -> Result<usize, Error> {
        if self.egress.connections.is_cut_off() {
            return Err(Error::new(Code::Aeron, CUT_OFF));
        }
        if now_ns >= self.heartbeat_ns {
            self.heartbeat_ns = now_ns + HEARTBEAT_INTERVAL_NS;
            self.egress.heartbeat(now_ns, self.sequencer.positions().released);
        }
        self.counters.publish(&self.sequencer, &self.egress, &self.counts);
        for image in self.egress.connections.unreachable(now_ns) {
            self.ingress.reject(image);
        }
        Ok(self.egress.connections.complete())
    }

    /// Ends the sessions of connections that are gone.
    #[inline]
    fn part(&mut self) {
        while let Some(connection) = self.leaving.pop() {
            if !self.sequencer.disconnect(connection) {
                break; // no room to stamp it: the next turn sees it gone again
            }
            self.egress.forget(connection);
            self.egress.connections.remove(connection);
        }
        self.leaving.clear();
    }
}

fn time_jump(jump: TimeJump) -> Error {
    let seconds = (jump.to_ns - jump.from_ns) / 1_000_000_000;
    let text = format!(
        "time went on by {seconds} s between two looks at the clock: the machine was suspended or the process \
        stopped. Check the clock, then start the node again"
    );
    Error::new(Code::TimeJump, text)
}

fn bad_frame(error: BlockError) -> Error {
    Error::new(Code::BadBlock, format!("a stamped frame cannot be executed: {error:?}"))
}
