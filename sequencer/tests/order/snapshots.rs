//! Snapshots of a replica: after any block, loaded, with the rest of the log, they give what the whole log gives.

use crate::drop_copies::drop_copy;
use crate::queries::query;
use crate::venue::{Venue, command, instrument, logoff, new_order, sell_order};
use engine::snapshot::{Fault, SnapshotError};
use messages::durability::Durability::Fsync;
use sequencer::replica::Replica;

const CLUSTER: [u8; 16] = *b"sixteen letters.";

fn replayed(log: &[Vec<u8>], mut replica: Replica) -> Replica {
    for block in log {
        replica.apply_block(block, |_, _, _| {}).expect("a block that follows");
    }
    replica
}

/// Saves and loads after each block of a log.
pub fn every_cut_agrees(log: &[Vec<u8>]) {
    let whole = replayed(log, Replica::default());
    for cut in 0..=log.len() {
        let saved = replayed(&log[..cut], Replica::default()).save(&CLUSTER);
        let loaded = Replica::load(&saved, &CLUSTER).expect("what was saved can be loaded");
        assert!(loaded.save(&CLUSTER) == saved);
        let rest = replayed(&log[cut..], loaded);
        assert_eq!(rest.state_hash(), whole.state_hash());
        assert_eq!(rest.engine().outcome_hash(), whole.engine().outcome_hash());
        assert!(rest.save(&CLUSTER) == whole.save(&CLUSTER));
    }
}

/// Two sessions that trade, one with copies of the other, one with a number that a query has closed, one logged off; a restart.
fn venue() -> Venue {
    let mut venue = Venue::new(Fsync);
    let (one, other) = (venue.log_on(), venue.log_on());
    venue.settle_and_go_on();
    for (number, body) in (1..).zip([instrument(), new_order(1), new_order(2), drop_copy(other.session, true)]) {
        let _ = venue.send(&command(one, number, &body));
        venue.settle_and_go_on();
    }
    let _ = venue.send(&command(other, 1, &sell_order(1)));
    let _ = venue.send(&query(other, 5));
    venue.settle_and_go_on();
    let _ = venue.send(&command(other, 2, &logoff()));
    venue.settle_and_go_on();
    venue.settle();
    venue.restarted(Fsync)
}

#[test]
fn a_replica_loaded_after_any_block_has_the_hashes_of_a_replay() {
    let mut venue = venue();
    venue.settle_and_go_on();
    venue.settle();
    let replica = venue.replayed();
    assert_eq!(replica.sessions().copies().iter().count(), 1);
    assert_eq!(replica.engine().live_orders(), 1);
    every_cut_agrees(&venue.log);
}

#[test]
fn a_snapshot_of_another_journal_is_refused() {
    let saved = venue().replayed().save(&CLUSTER);
    let refused = Replica::load(&saved, b"another cluster.").err();
    let offset = 40;
    assert_eq!(
        refused,
        Some(SnapshotError { section: *b"PLAC", offset, fault: Fault::Value("it is of another journal") })
    );
}

#[test]
fn a_snapshot_that_is_damaged_or_cut_short_is_refused() {
    let saved = venue().replayed().save(&CLUSTER);
    for at in 0..saved.len() {
        let mut bytes = saved.clone();
        bytes[at] ^= 1;
        assert!(Replica::load(&bytes, &CLUSTER).is_err());
        assert!(Replica::load(&bytes[..at], &CLUSTER).is_err());
    }
    assert!(Replica::load(&[saved, vec![0]].concat(), &CLUSTER).is_err());
}
