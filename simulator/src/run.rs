//! One seed from beginning to end.

use crate::report::Report;
use crate::world::{Config, World};

/// Steps in which everything must settle once nothing goes wrong any more.
const SETTLE_STEPS: u64 = 400_000;

/// A broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The step in which it was noticed.
    pub step: u64,
    /// What is wrong.
    pub what: String,
}

/// So many steps with faults, then until all is settled, then everything is compared with everything.
pub struct Run {
    world: World,
    steps: u64,
    settled: bool,
}

impl Run {
    /// Before its first step.
    pub fn new(config: Config, steps: u64) -> Self {
        Self { world: World::new(config), steps, settled: false }
    }

    /// Goes on for at most so many steps. True once it has ended.
    pub fn advance(&mut self, steps: u64) -> bool {
        for _ in 0..steps {
            if self.has_ended() {
                break;
            }
            self.step();
        }
        self.has_ended()
    }

    /// What has happened, and what is wrong if it has ended.
    pub fn outcome(&self) -> (Report, Option<Violation>) {
        let report = self.world.report().clone();
        let broken = self.world.violation().map(str::to_owned);
        let stuck = (!self.settled).then(|| format!("not everything settled: {}", self.world.unsettled()));
        let violation = broken.or(stuck).map(|what| Violation { step: report.steps, what });
        (report, violation)
    }

    fn step(&mut self) {
        let done = self.world.report().steps;
        if done < self.steps {
            return self.world.step();
        }
        if done == self.steps {
            self.world.mend();
        }
        self.world.calm_step();
        self.settled = self.world.is_settled();
        if self.settled {
            self.world.check_end();
        }
    }

    fn has_ended(&self) -> bool {
        let too_late = self.world.report().steps >= self.steps + SETTLE_STEPS;
        self.settled || too_late || self.world.violation().is_some()
    }
}

/// The whole of it.
pub fn run(config: Config, steps: u64) -> (Report, Option<Violation>) {
    let mut run = Run::new(config, steps);
    while !run.advance(u64::MAX) {}
    run.outcome()
}
