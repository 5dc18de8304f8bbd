//! Blocks: what the journal holds.

use crate::venue::{Venue, command, frame, new_order};
use messages::durability::Durability::Fsync;
use sequencer::block::{BlockError, SealedBlock};
use sequencer::frame::{CommandFields, CommandFrame, FrameError};
use sequencer::intake::Verdict;
use sequencer::limits::{
    BLOCK_BODY_BYTES_MAX, BLOCKS_IN_FLIGHT_MAX, COMMAND_BODY_BYTES_MAX, INGRESS_MESSAGE_BYTES_MAX,
};
use sequencer::replica::Replica;

fn one_block() -> Vec<u8> {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    venue.send(&command(logon, 1, &new_order(1)));
    assert!(venue.commit());
    venue.log.remove(0)
}

#[test]
fn a_block_reads_back_as_it_was_stamped() {
    let bytes = one_block();
    let block = SealedBlock::read(&bytes).expect("a block");
    assert_eq!((block.index, block.first_seq, block.count), (1, 1, 3));
    let seqs: Vec<u64> = block.frames().map(|frame| frame.expect("a frame").seq).collect();
    assert_eq!(seqs, [1, 2, 3]);
}

#[test]
fn every_flipped_bit_of_a_block_is_found() {
    let bytes = one_block();
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(Replica::default().apply_block(&damaged, |_, _, _| {}).is_err(), "bit {bit}");
    }
}

#[test]
fn a_truncated_block_is_found_at_every_length() {
    let bytes = one_block();
    for length in 0..bytes.len() {
        assert!(SealedBlock::read(&bytes[..length]).is_err(), "length {length}");
    }
}

#[test]
fn blocks_are_applied_in_order_and_once() {
    let mut venue = Venue::new(Fsync);
    venue.commit();
    venue.log_on();
    venue.commit();
    let mut replica = Replica::default();
    assert_eq!(replica.apply_block(&venue.log[1], |_, _, _| {}), Err(BlockError::Index));
    replica.apply_block(&venue.log[0], |_, _, _| {}).expect("the first");
    assert_eq!(replica.apply_block(&venue.log[0], |_, _, _| {}), Err(BlockError::Index));
    let mut other = Venue::new(Fsync);
    other.log_on();
    other.commit();
    other.log_on();
    other.commit();
    assert_eq!(replica.apply_block(&other.log[1], |_, _, _| {}), Err(BlockError::Chain));
}

#[test]
fn a_full_block_is_followed_by_the_next_and_a_stalled_journal_stops_intake_without_loss() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    let body = vec![1; COMMAND_BODY_BYTES_MAX];
    let mut number = 0;
    while venue.sequencer.has_room(INGRESS_MESSAGE_BYTES_MAX) {
        number += 1;
        assert_eq!(venue.send(&command(logon, number, &body)), Verdict::Stamp);
    }
    let capacity = BLOCKS_IN_FLIGHT_MAX as usize * BLOCK_BODY_BYTES_MAX;
    assert!(number as usize * COMMAND_BODY_BYTES_MAX > capacity - capacity / 8, "most of the ring is used");
    venue.settle();
    assert!(venue.sequencer.has_room(INGRESS_MESSAGE_BYTES_MAX));
    assert_eq!(venue.replayed().sessions().get(logon.session).expect("known").next_number, number + 1);
    assert_eq!(venue.replayed().state_hash(), venue.sequencer.replica().state_hash());
}

#[test]
fn lying_lengths_are_refused() {
    let whole = frame(CommandFields::default(), &new_order(1));
    for length in 0..whole.len() {
        assert!(CommandFrame::read(&whole[..length]).is_err(), "length {length}");
    }
    let mut lying = whole.clone();
    lying[36..40].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(CommandFrame::read(&lying).unwrap_err(), FrameError::TooLong);
    lying[36..40].copy_from_slice(&4096_u32.to_le_bytes());
    assert_eq!(CommandFrame::read(&lying).unwrap_err(), FrameError::Short);
}
