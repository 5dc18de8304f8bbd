//! One seed from beginning to end, and the search for the least that still fails.

use crate::faults::FAULTS;
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

/// Runs `steps` steps with faults, then waits until all is settled, then compares everything with everything.
pub fn run(config: Config, steps: u64) -> (Report, Option<Violation>) {
    let mut world = World::new(config);
    let mut settled = false;
    for step in 0..steps + SETTLE_STEPS {
        if step < steps {
            world.step();
        } else {
            if step == steps {
                world.mend();
            }
            world.calm_step();
            settled = world.is_settled();
        }
        if settled || world.violation().is_some() {
            break;
        }
    }
    if settled {
        world.check_end();
    }
    let step = world.report().steps;
    let broken = world.violation().map(str::to_owned);
    let stuck = (!settled).then(|| format!("not everything settled: {}", world.unsettled()));
    let report = world.report().clone();
    (report, broken.or(stuck).map(|what| Violation { step, what }))
}

/// The smallest configuration found that fails: fewer kinds of faults, fewer clients, fewer steps. None if it does not fail.
pub fn shrink(config: Config, steps: u64) -> Option<(Config, u64, Violation)> {
    let fails = |config: Config, steps: u64| run(config, steps).1;
    let mut found = (config, steps, fails(config, steps)?);
    for fault in FAULTS {
        let fewer = Config { faults: found.0.faults.without(fault), ..found.0 };
        if fewer.faults != found.0.faults
            && let Some(violation) = fails(fewer, found.1)
        {
            found = (fewer, found.1, violation);
        }
    }
    while found.0.clients > 1 {
        let fewer = Config { clients: found.0.clients - 1, ..found.0 };
        let Some(violation) = fails(fewer, found.1) else { break };
        found = (fewer, found.1, violation);
    }
    let (mut passes, mut fails_at) = (0, found.1);
    while passes + 1 < fails_at {
        let middle = passes + (fails_at - passes) / 2;
        match fails(found.0, middle) {
            Some(violation) => {
                fails_at = middle;
                found = (found.0, middle, violation);
            }
            None => passes = middle,
        }
    }
    Some(found)
}
