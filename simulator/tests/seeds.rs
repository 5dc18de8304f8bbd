//! The same seed gives the same run, and no seed breaks a promise.

use messages::durability::Durability;
use simulator::faults::{Fault, Faults};
use simulator::run::run;
use simulator::world::Config;

const STEPS: u64 = 6_000;

fn config(seed: u64) -> Config {
    let durability = if seed % 4 == 3 { Durability::Relaxed } else { Durability::Fsync };
    Config { seed, durability, clients: 3, faults: Faults::ALL }
}

#[test]
fn no_seed_breaks_a_promise() {
    for seed in 0..50 {
        let (_, violation) = run(config(seed), STEPS);
        assert_eq!(violation, None, "seed {seed}");
    }
}

/// A run that once failed.
fn failed_once(seed: u64, clients: usize, faults: Faults, steps: u64) {
    let (_, violation) = run(Config { seed, durability: Durability::Relaxed, clients, faults }, steps);
    assert_eq!(violation, None, "seed {seed}");
}

#[test]
fn a_number_whose_closing_a_crash_has_lost_holds_nobody_up() {
    failed_once(46, 3, Faults::ALL, 5_000);
    failed_once(131, 3, Faults::ALL, 5_000);
}

#[test]
fn what_is_corrupted_is_a_body_also_where_the_first_one_is_empty() {
    let kinds = [Fault::Crash, Fault::Cut, Fault::Corrupt, Fault::SlowDisk, Fault::FullDisk, Fault::ClockBack];
    let faults = kinds.into_iter().fold(0, |faults, fault| faults | 1 << fault as u32);
    failed_once(61_603, 2, Faults(faults), 12_000);
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let (first, _) = run(config(7), STEPS);
    let (second, _) = run(config(7), STEPS);
    let (other, _) = run(config(8), STEPS);
    assert_eq!(first, second);
    assert_ne!(first.trace, other.trace);
}
