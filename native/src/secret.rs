//! A number that nobody else knows, for what must not be foreseen and decides nothing: the cores draw none themselves.

use std::hash::{BuildHasher, RandomState};

/// Another one each time, from the operating system's.
pub fn secret() -> u64 {
    RandomState::new().hash_one(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine_api::seriatim_engine_new;
    use crate::replica_api::seriatim_replica_new;
    use crate::snapshot_api::{seriatim_engine_load, seriatim_replica_load};
    use engine::Engine;
    use sequencer::replica::Replica;
    use std::ptr;

    #[test]
    fn nobody_can_know_it() {
        let drawn: std::collections::BTreeSet<u64> = (0..100).map(|_| secret()).collect();
        assert_eq!(drawn.len(), 100);
    }

    #[test]
    fn every_engine_that_takes_a_clients_ids_has_one() {
        let (bytes, cluster) = (Engine::new().snapshot(), [7; 16]);
        let order = Replica::default().save(&cluster);
        let (mut engine, mut replica) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: the bytes are as long as said, and what is made is freed below.
        let (new, loaded, new_replica, loaded_replica) = unsafe {
            assert_eq!(seriatim_engine_load(bytes.as_ptr(), bytes.len(), &mut engine), 0);
            assert_eq!(seriatim_replica_load(order.as_ptr(), order.len(), &cluster, &mut replica), 0);
            (
                Box::from_raw(seriatim_engine_new(1)),
                Box::from_raw(engine),
                Box::from_raw(seriatim_replica_new()),
                Box::from_raw(replica),
            )
        };
        for handle in [new, loaded] {
            assert_eq!(handle.guarded(|state| i64::from(state.engine.is_scattered())), 1);
        }
        assert!(new_replica.engine().is_scattered() && loaded_replica.engine().is_scattered());
    }
}
