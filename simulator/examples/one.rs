use messages::durability::Durability;
use simulator::faults::Faults;
use simulator::run::{run, shrink};
use simulator::world::Config;
fn main() {
    let a: Vec<u64> = std::env::args().skip(1).map(|x| x.parse().unwrap()).collect();
    let t = std::time::Instant::now();
    let mut total = vec![0; 64];
    for seed in a[0]..a[1] {
        let config = Config {
            seed,
            durability: if seed % 4 == 3 { Durability::Relaxed } else { Durability::Fsync },
            clients: 3,
            faults: Faults::ALL,
        };
        let (report, v) = run(config, a[2]);
        for (i, c) in report.counts().iter().enumerate() {
            total[i] += c;
        }
        if let Some(v) = v {
            println!("seed {seed} {v:?}");
            if a.len() > 3 {
                if let Some((c, s, v)) = shrink(config, a[2]) {
                    println!("  shrunk {:?} clients {} steps {s} {v:?}", c.faults.list(), c.clients);
                }
            }
        }
    }
    for (n, c) in simulator::report::COUNT_NAMES.iter().zip(total) {
        print!("{n} {c}  ");
    }
    println!("\n{:?}", t.elapsed());
}
