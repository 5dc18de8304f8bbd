//! Snapshots of the order at many places: whoever loads one goes on as whoever read all of it.

use sequencer::replica::Replica;

/// Blocks between two snapshots.
const EVERY: usize = 7;

const CLUSTER: [u8; 16] = *b"of the simulator";

/// What is wrong if a replica that is saved and loaded every few blocks of a log does not stay the same as one that is not.
pub fn check(log: &[Vec<u8>]) -> Result<(), String> {
    let (mut whole, mut loaded) = (Replica::default(), Replica::default());
    for (place, block) in log.iter().enumerate() {
        for replica in [&mut whole, &mut loaded] {
            replica.apply_block(block, |_, _, _| {}).map_err(|error| format!("{error:?} at block {}", place + 1))?;
        }
        let hashes = [&whole, &loaded].map(|replica| (replica.state_hash(), replica.engine().outcome_hash()));
        if hashes[0] != hashes[1] {
            return Err(format!("after block {} it has other hashes than a replay", place + 1));
        }
        if place % EVERY == 0 {
            let bytes = loaded.save(&CLUSTER);
            if bytes != whole.save(&CLUSTER) {
                return Err(format!("after block {} its bytes are others than those of a replay", place + 1));
            }
            loaded = Replica::load(&bytes, &CLUSTER).map_err(|error| format!("{error}, after block {}", place + 1))?;
        }
    }
    Ok(())
}
