//! Whatever two clients send in whatever order, each number is executed once, and a replay of the journal agrees.

use crate::venue::{Venue, command, new_order};
use messages::durability::Durability::{self, Fsync, Relaxed};
use proptest::prelude::*;
use sequencer::intake::Verdict;
use sequencer::replica::Applied;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Step {
    Send { client: usize, number: u64, salt: u64 },
    Commit,
    Execute,
    Restart,
    LogOnAgain { client: usize },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..2_usize, 1..12_u64, 0..2_u64).prop_map(|(client, number, salt)| Step::Send { client, number, salt }),
        3 => Just(Step::Commit),
        3 => Just(Step::Execute),
        1 => Just(Step::Restart),
        1 => (0..2_usize).prop_map(|client| Step::LogOnAgain { client }),
    ]
}

fn run(durability: Durability, steps: &[Step]) {
    let mut venue = Venue::new(durability);
    let mut logons = [venue.log_on(), venue.log_on()];
    venue.settle_and_go_on();
    for step in steps {
        match step {
            Step::Send { client, number, salt } => {
                let logon = logons[*client];
                let verdict = venue.send(&command(logon, *number, &new_order(number * 10 + salt)));
                assert!(!matches!(verdict, Verdict::Refuse { expected: 0, .. }), "the session is known");
            }
            Step::Commit => drop(venue.commit()),
            Step::Execute => drop(venue.execute()),
            Step::Restart => {
                venue.settle_and_go_on();
                venue = venue.restarted(durability);
                logons = logons.map(|logon| venue.sequencer.open_session(logon.session, 7).expect("known"));
            }
            Step::LogOnAgain { client } => {
                logons[*client] = venue.sequencer.open_session(logons[*client].session, 7).expect("known");
            }
        }
    }
    venue.settle();
    let replayed = venue.replayed();
    assert_eq!(replayed.state_hash(), venue.sequencer.replica().state_hash());
    assert_eq!(replayed.position(), venue.sequencer.replica().position());
    executed_once(&venue);
}

impl Venue {
    fn settle_and_go_on(&mut self) {
        self.now_ns += 10_000_000;
        self.sequencer.advance_time(self.now_ns).expect("a small step");
        while self.commit() || self.execute() > 0 {}
    }
}

fn executed_once(venue: &Venue) {
    let mut next: BTreeMap<u32, u64> = BTreeMap::new();
    let mut replica = sequencer::replica::Replica::default();
    for block in &venue.log {
        let check = |frame: &sequencer::frame::SequencedFrame, applied: Applied, _: &sequencer::replica::Replica| {
            if applied == Applied::Command {
                let number = next.entry(frame.command.session).or_insert(1);
                assert_eq!(frame.command.number, *number);
                *number += 1;
            }
        };
        replica.apply_block(block, check).expect("a block that follows");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_number_is_executed_once_and_replay_agrees(steps in prop::collection::vec(step(), 1..80), fsync: bool) {
        run(if fsync { Fsync } else { Relaxed }, &steps);
    }

    #[test]
    fn any_bytes_are_a_frame_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let _ = sequencer::frame::CommandFrame::read(&bytes);
        let _ = sequencer::frame::SequencedFrame::read(&bytes);
        let _ = sequencer::block::SealedBlock::read(&bytes);
    }
}
