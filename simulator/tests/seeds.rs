//! The same seed gives the same run, and no seed breaks a promise.

use messages::durability::Durability;
use simulator::faults::Faults;
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

/// Seeds that once broke one, with the steps in which they did.
#[test]
fn no_seed_that_once_broke_a_promise_does_so_again() {
    for (seed, steps) in [(46, 5_000), (131, 5_000)] {
        let config = Config { durability: Durability::Relaxed, ..config(seed) };
        assert_eq!(run(config, steps).1, None, "seed {seed}");
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let (first, _) = run(config(7), STEPS);
    let (second, _) = run(config(7), STEPS);
    let (other, _) = run(config(8), STEPS);
    assert_eq!(first, second);
    assert_ne!(first.trace, other.trace);
}
