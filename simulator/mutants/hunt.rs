//! Looks for the first seed that betrays a planted bug: `hunt NUMBER SEEDS STEPS`.

use messages::durability::Durability;
use simulator::faults::Faults;
use simulator::run::run;
use simulator::world::Config;
use std::panic::catch_unwind;

fn main() {
    let arguments: Vec<u64> = std::env::args().skip(1).map(|word| word.parse().expect("a number")).collect();
    let [number, seeds, steps] = arguments[..] else { panic!("hunt NUMBER SEEDS STEPS") };
    std::panic::set_hook(Box::new(|_| {}));
    sequencer::plant(number as u32);
    for seed in 0..seeds {
        let durability = if seed % 4 == 3 { Durability::Relaxed } else { Durability::Fsync };
        let config = Config { seed, durability, clients: 3, faults: Faults::ALL };
        let broken = match catch_unwind(|| run(config, steps).1) {
            Ok(violation) => violation.map(|violation| violation.what),
            Err(_) => Some("a core panicked".into()),
        };
        if let Some(what) = broken {
            return println!("{{\"seeds\": {}, \"what\": {what:?}}}", seed + 1);
        }
    }
    println!("{{\"seeds\": null, \"what\": \"\"}}");
}
