//! Stamped, persisted, released; time.

use crate::venue::{SECOND_NS, Venue, command, new_order};
use messages::durability::Durability::{Fsync, Relaxed};
use sequencer::limits::{RELAXED_COMMIT_DELAY_NS, TIME_JUMP_NS_MAX};

#[test]
fn with_fsync_nothing_is_executed_before_its_block_is_committed() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    venue.send(&command(logon, 1, &new_order(1)));
    assert_eq!(venue.execute(), 0);
    let (index, _) = venue.sequencer.next_block().expect("due at once");
    assert_eq!(venue.execute(), 0, "handed over is not committed");
    venue.send(&command(logon, 2, &new_order(2)));
    venue.sequencer.persisted(index);
    assert_eq!(venue.execute(), 3, "epoch, logon, first order; the second order came later");
    let positions = venue.sequencer.positions();
    assert_eq!((positions.stamped, positions.released, positions.persisted, positions.executed), (4, 3, 3, 3));
}

#[test]
fn relaxed_executes_at_once_and_the_journal_follows_at_its_own_pace() {
    let mut venue = Venue::new(Relaxed);
    assert!(venue.commit(), "the epoch");
    let logon = venue.log_on();
    venue.send(&command(logon, 1, &new_order(1)));
    assert_eq!(venue.execute(), 3);
    assert!(venue.sequencer.next_block().is_none(), "too young to be worth a commit");
    venue.sequencer.advance_time(venue.now_ns + RELAXED_COMMIT_DELAY_NS).expect("a small step");
    assert!(venue.commit());
    assert_eq!(venue.sequencer.positions().persisted, 3);
}

#[test]
fn a_relaxed_block_grows_old_while_the_clock_is_behind_the_order() {
    let mut venue = Venue::new(Relaxed);
    venue.sequencer.advance_time(venue.now_ns + SECOND_NS).expect("a small step");
    venue.settle();
    let mut venue = venue.restarted(Relaxed); // its clock shows a second less than the last stamp
    assert!(venue.commit(), "the epoch");
    venue.log_on();
    assert!(!venue.commit(), "too young");
    venue.sequencer.advance_time(venue.now_ns + RELAXED_COMMIT_DELAY_NS - 1).expect("a small step");
    assert!(!venue.commit());
    venue.sequencer.advance_time(venue.now_ns + RELAXED_COMMIT_DELAY_NS).expect("a small step");
    assert!(venue.commit());
    assert_eq!(venue.sequencer.positions().persisted, venue.sequencer.positions().stamped);
}

#[test]
fn even_relaxed_tells_nothing_of_an_epoch_whose_opening_is_not_on_disk() {
    let mut venue = Venue::new(Relaxed);
    let logon = venue.log_on();
    venue.send(&command(logon, 1, &new_order(1)));
    assert_eq!(venue.execute(), 0);
    assert!(venue.commit(), "due at once, however young");
    assert_eq!(venue.execute(), 3);
}

#[test]
fn a_commit_of_a_block_that_was_never_handed_over_changes_nothing() {
    let mut venue = Venue::new(Fsync);
    venue.log_on();
    venue.sequencer.persisted(1);
    assert_eq!(venue.execute(), 0);
}

#[test]
fn stamps_never_go_back_and_quiet_time_is_stamped_as_a_tick() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    venue.sequencer.advance_time(venue.now_ns + SECOND_NS).expect("a small step");
    assert_eq!(venue.sequencer.positions().stamped, 3, "a tick");
    venue.sequencer.advance_time(venue.now_ns - SECOND_NS).expect("back is ignored");
    venue.send(&command(logon, 1, &new_order(1)));
    venue.settle();
    assert_eq!(venue.sequencer.replica().position().time_ns, venue.now_ns + SECOND_NS);
}

#[test]
fn a_jump_of_the_clock_is_an_error() {
    let mut venue = Venue::new(Fsync);
    let jump = venue.sequencer.advance_time(venue.now_ns + TIME_JUMP_NS_MAX + 1).unwrap_err();
    assert_eq!(jump.from_ns, venue.now_ns);
}

#[test]
fn the_next_epoch_begins_with_a_stamp_of_its_own_and_no_earlier_than_the_last() {
    let mut venue = Venue::new(Fsync);
    venue.sequencer.advance_time(venue.now_ns + 50 * SECOND_NS).expect("a small step");
    venue.settle();
    let mut venue = venue.restarted(Fsync);
    venue.settle();
    let position = venue.sequencer.replica().position();
    assert_eq!((position.epoch, position.time_ns), (2, venue.now_ns + 50 * SECOND_NS));
}
