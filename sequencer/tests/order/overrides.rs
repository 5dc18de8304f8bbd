//! Commands that an operator has had skipped, and the rules that an epoch opens with.

use crate::venue::{CONNECTION, SECOND_NS, Told, Venue, command, new_order};
use engine::event::{Event, RejectReason, Rejected};
use messages::durability::Durability::Fsync;
use sequencer::block::{BlockError, SealedBlock};
use sequencer::intake::Claim;
use sequencer::replica::Replica;
use sequencer::sequencer::{Config, Sequencer};

/// A venue that has executed three orders, and the seq and CRC of the second.
fn venue() -> (Venue, u64, u32) {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    for number in 1..=3 {
        venue.send(&command(logon, number, &new_order(number)));
    }
    venue.settle();
    let frames = venue.log.iter().flat_map(|block| SealedBlock::read(block).expect("a block").frames());
    let second = frames.map(|frame| frame.expect("a frame")).find(|frame| frame.command.number == 2).expect("sent");
    let (seq, crc) = (second.seq, crc32c::crc32c(second.command.bytes));
    (venue, seq, crc)
}

/// A replay with one override; the events of the seq that it is for.
fn replayed(venue: &Venue, seq: u64, crc: u32) -> Result<(Replica, Vec<Event>), BlockError> {
    let (mut replica, mut caused) = (Replica::default(), Vec::new());
    replica.skip(seq, crc);
    for block in &venue.log {
        replica.apply_block(block, |frame, _, replica| {
            if frame.seq == seq {
                caused = replica.events().to_vec();
            }
        })?;
    }
    Ok((replica, caused))
}

#[test]
fn a_skipped_command_is_rejected_and_consumes_its_number() {
    let (venue, seq, crc) = venue();
    let (replica, caused) = replayed(&venue, seq, crc).expect("an override that fits");
    let rejected = Rejected { cl_ord_id: 0, session: 1, template: 10, reason: RejectReason::Skipped };
    assert_eq!(caused, [Event::Rejected(rejected)]);
    let session = replica.sessions().get(1).expect("logged on");
    assert_eq!(session.next_number, 4);
    assert_eq!(session.outcome(2).expect("kept").reason, Some(RejectReason::Skipped));
    assert_ne!(replica.state_hash(), venue.replayed().state_hash());
    let again = replayed(&venue, seq, crc).expect("the same").0;
    assert_eq!(again.state_hash(), replica.state_hash());
}

#[test]
fn an_override_for_another_command_or_for_the_nodes_own_is_an_error() {
    let (venue, seq, crc) = venue();
    assert_eq!(replayed(&venue, seq, crc ^ 1).err(), Some(BlockError::Skip));
    assert_eq!(replayed(&venue, seq + 1, crc).err(), Some(BlockError::Skip));
    assert_eq!(replayed(&venue, 1, crc).err(), Some(BlockError::Skip), "the epoch's opening");
}

#[test]
fn an_epoch_opens_with_its_rules_and_rules_never_go_back() {
    let open = |replica: Replica, logic_version: u32| {
        let config = Config { durability: Fsync, tick_interval_ns: SECOND_NS, session_expiry_ns: 0, logic_version };
        let mut sequencer = Sequencer::new(config, replica, 0);
        sequencer.open_session(Claim::default(), CONNECTION).expect("a new session");
        let (index, block) = sequencer.next_block().expect("the opening");
        let block = block.to_vec();
        sequencer.persisted(index);
        let executed = sequencer.execute(9, &mut Told::default());
        (block, executed.map(|_| sequencer.replica().logic_version()))
    };
    let (block, version) = open(Replica::default(), 1);
    assert_eq!(version, Ok(1));
    let unknown = Err(BlockError::Logic);
    for (next, opened) in [(1, Ok(1)), (2, Ok(2)), (3, Ok(3)), (4, Ok(4)), (0, unknown), (5, unknown)] {
        let mut replica = Replica::default();
        replica.apply_block(&block, |_, _, _| {}).expect("the first epoch");
        assert_eq!(open(replica, next).1, opened);
    }
    assert_eq!(open(Replica::default(), 99).1, Err(BlockError::Logic));
}
