//! Whatever two clients send and ask in whatever order, each number has one fate, and a replay of the journal agrees.

use crate::queries::query;
use crate::snapshots::every_cut_agrees;
use crate::venue::{CONNECTION, SECOND_NS, Venue, acknowledging, new_order, takes};
use messages::durability::Durability::{self, Fsync, Relaxed};
use messages::outcome_kind::OutcomeKind;
use messages::refusal_reason::RefusalReason;
use proptest::prelude::*;
use sequencer::frame::SequencedFrame;
use sequencer::intake::Attached;
use sequencer::outcome::Outcome;
use sequencer::replica::{Applied, Replica};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
enum Step {
    Send { client: usize, number: u64, salt: u64 },
    Query { client: usize, number: u64 },
    Disconnect,
    Wait { seconds: i64 },
    Commit,
    Execute,
    Restart,
    Crash,
    LogOnAgain { client: usize },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..2_usize, 1..12_u64, 0..3_u64).prop_map(|(client, number, salt)| Step::Send { client, number, salt }),
        2 => (0..2_usize, 1..14_u64).prop_map(|(client, number)| Step::Query { client, number }),
        1 => Just(Step::Disconnect),
        1 => (1..40_i64).prop_map(|seconds| Step::Wait { seconds }),
        3 => Just(Step::Commit),
        3 => Just(Step::Execute),
        1 => Just(Step::Restart),
        1 => Just(Step::Crash),
        1 => (0..2_usize).prop_map(|client| Step::LogOnAgain { client }),
    ]
}

fn run(durability: Durability, steps: &[Step]) {
    let mut venue = Venue::new(durability);
    let mut logons = [venue.log_on(), venue.log_on()];
    venue.settle_and_go_on();
    let mut told = BTreeSet::new();
    for step in steps {
        match step {
            Step::Send { client, number, salt } => {
                let logon = logons[*client];
                let acked = if *salt == 2 { number - 1 } else { 0 };
                let _ = venue.send(&acknowledging(logon, *number, acked, &new_order(number * 10 + salt)));
            }
            Step::Query { client, number } => {
                let _ = venue.send(&query(logons[*client], *number));
            }
            Step::Disconnect => drop(venue.sequencer.disconnect(CONNECTION)),
            Step::Wait { seconds } => {
                venue.now_ns += seconds * SECOND_NS;
                venue.sequencer.advance_time(venue.now_ns).expect("less than a minute");
            }
            Step::Commit => drop(venue.commit()),
            Step::Execute => drop(venue.execute()),
            Step::Restart | Step::Crash => {
                if matches!(step, Step::Restart) {
                    venue.settle_and_go_on();
                }
                told.extend(venue.told_of());
                venue = venue.restarted(durability);
                let ids = logons.map(|logon| logon.session);
                logons = logons.map(|logon| venue.log_on_again(logon));
                let fresh = logons.iter().map(|logon| logon.session).filter(|id| !ids.contains(id));
                assert!(fresh.into_iter().all(|id| !told.contains(&id)), "an id was given twice");
            }
            Step::LogOnAgain { client } => {
                logons[*client] = venue.log_on_again(logons[*client]);
            }
        }
    }
    venue.settle();
    let replayed = venue.replayed();
    assert_eq!(replayed.state_hash(), venue.sequencer.replica().state_hash());
    assert_eq!(replayed.position(), venue.sequencer.replica().position());
    sessions_agree(&replayed, venue.sequencer.replica());
    decided_once(&venue);
    every_cut_agrees(&venue.log);
}

impl Venue {
    /// The session again, or a new one if that is over or was lost in a crash.
    fn log_on_again(&mut self, old: Attached) -> Attached {
        self.sequencer.open_session(takes(old.session), CONNECTION).unwrap_or_else(|refused| {
            assert!(matches!(refused, RefusalReason::SessionExpired | RefusalReason::UnknownSession), "{refused:?}");
            self.log_on()
        })
    }

    /// Sessions whose logon was told.
    fn told_of(&self) -> impl Iterator<Item = u32> {
        self.told.0.iter().filter_map(|(_, applied, _)| match applied {
            Applied::SessionOpened { session, .. } => Some(*session),
            _ => None,
        })
    }
}

fn sessions_agree(one: &Replica, other: &Replica) {
    assert_eq!(one.sessions().count(), other.sessions().count());
    for ((id, a), (other_id, b)) in one.sessions().iter().zip(other.sessions().iter()) {
        assert_eq!((id, a.epoch, a.open, a.expired), (other_id, b.epoch, b.open, b.expired));
        assert_eq!((a.next_number, a.kept()), (b.next_number, b.kept()));
        assert!((1..a.next_number + 20).all(|number| a.outcome(number) == b.outcome(number)));
    }
}

/// No number is executed twice, and what was once said of it stays true.
fn decided_once(venue: &Venue) {
    let mut fates: BTreeMap<(u32, u64), (u64, OutcomeKind)> = BTreeMap::new();
    let mut replica = Replica::default();
    for block in &venue.log {
        let check = |frame: &SequencedFrame, applied: Applied, after: &Replica| {
            let (session, seq) = (frame.command.session, frame.seq);
            match applied {
                Applied::Command => {
                    let kind = Outcome::of(seq, frame.time_ns, 0, after.events()).kind;
                    let before = fates.insert((session, frame.command.number), (seq, kind));
                    assert_eq!(before, None, "executed twice, or after it was closed");
                }
                Applied::Queried { outcome, .. } if outcome.kind == OutcomeKind::Forgotten => {}
                Applied::Queried { number, outcome } => {
                    let fate = (outcome.seq, outcome.kind);
                    assert_eq!(*fates.entry((session, number)).or_insert(fate), fate);
                }
                _ => {}
            }
        };
        replica.apply_block(block, check).expect("a block that follows");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_number_has_one_fate_and_replay_gives_the_same_sessions(steps in prop::collection::vec(step(), 1..80), fsync: bool) {
        run(if fsync { Fsync } else { Relaxed }, &steps);
    }

    #[test]
    fn any_bytes_are_a_frame_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let _ = sequencer::frame::CommandFrame::read(&bytes);
        let _ = sequencer::frame::SequencedFrame::read(&bytes);
        let _ = sequencer::block::SealedBlock::read(&bytes);
    }
}
