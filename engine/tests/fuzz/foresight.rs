//! What an engine is told of coming commands, true or not, and with what secret it hashes, changes nothing.

use crate::common::{Random, Step, steps, take};
use engine::command::Side;
use engine::{Engine, LOOKAHEAD, Sought};

/// Something that nobody will look for, within and far beyond what there is.
fn nonsense(random: &mut Random) -> Sought {
    let far = random.below(2) == 0;
    let instrument = random.below(if far { 1 << 32 } else { 5 }) as u32;
    let side = [Side::Buy, Side::Sell, Side::NullVal][random.below(3) as usize];
    let price = if far { random.below(u64::MAX) as i64 } else { random.below(120) as i64 - 10 };
    let terms = (random.below(3) > 0).then_some((instrument, side, price));
    Sought { session: random.below(12) as u32, cl_ord_id: random.below(400), terms }
}

fn sought(step: Option<&Step>) -> Option<Sought> {
    match step {
        Some(Step::Command(session, command)) => command.sought(*session),
        _ => None,
    }
}

#[test]
fn neither_what_is_foreseen_nor_a_secret_changes_anything() {
    for seed in 0..40 {
        let (mut plain, mut foreseeing) = (Engine::new(), Engine::new());
        let (mut told, mut told_too, mut random) = (Vec::new(), Vec::new(), Random::new(seed));
        let steps = steps(seed, 400);
        for (place, step) in steps.iter().enumerate() {
            match random.below(4) {
                0 => foreseeing.foresee(None),
                1 => foreseeing.foresee(Some(nonsense(&mut random))),
                _ => foreseeing.foresee(sought(steps.get(place + LOOKAHEAD))),
            }
            if random.below(100) == 0 {
                foreseeing.scatter(random.below(u64::MAX));
            }
            take(&mut plain, step, &mut told);
            take(&mut foreseeing, step, &mut told_too);
        }
        assert_eq!(told, told_too, "seed {seed}");
        assert_eq!(plain.snapshot(), foreseeing.snapshot(), "seed {seed}");
    }
}
