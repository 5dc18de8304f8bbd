//! What one connection may have in front of the others.

use crate::venue::{Venue, command, new_order};
use messages::durability::Durability::{self, Fsync, Relaxed};
use sequencer::limits::CONNECTION_IN_FLIGHT_BYTES_MAX;
use sequencer::share::Share;

/// Sends orders until the share is used up or there are too many; gives their bytes.
fn flood(venue: &mut Venue, share: &mut Share) -> usize {
    let logon = venue.log_on();
    let mut sent_bytes = 0;
    for number in 1.. {
        if sent_bytes > 2 * CONNECTION_IN_FLIGHT_BYTES_MAX || !venue.sequencer.is_within_share(share) {
            break;
        }
        let order = command(logon, number, &new_order(number));
        venue.send(&order);
        share.add(venue.sequencer.open_block(), order.len());
        sent_bytes += order.len();
    }
    sent_bytes
}

fn committed(durability: Durability) -> Venue {
    let mut venue = Venue::new(durability);
    assert!(venue.commit(), "the epoch");
    venue
}

#[test]
fn a_connection_has_no_more_in_front_of_the_others_than_its_share() {
    let (mut venue, mut share) = (committed(Fsync), Share::default());
    let sent_bytes = flood(&mut venue, &mut share);
    assert!((CONNECTION_IN_FLIGHT_BYTES_MAX..CONNECTION_IN_FLIGHT_BYTES_MAX + 256).contains(&sent_bytes));
    assert!(!venue.sequencer.is_within_share(&mut share));
}

#[test]
fn what_is_on_disk_is_in_nobodys_way() {
    let (mut venue, mut share) = (committed(Fsync), Share::default());
    flood(&mut venue, &mut share);
    assert!(venue.sequencer.next_block().is_some());
    assert!(!venue.sequencer.is_within_share(&mut share), "handed over is not committed");
    let index = venue.sequencer.log().index;
    venue.sequencer.persisted(index);
    assert!(venue.sequencer.is_within_share(&mut share));
    assert_eq!(share.after(index), 0);
}

#[test]
fn only_the_blocks_that_are_committed_are_given_back() {
    let mut share = Share::default();
    for (block, bytes) in [(3, 10), (3, 5), (4, 0), (5, 7)] {
        share.add(block, bytes);
    }
    assert_eq!([2, 3, 4, 5].map(|index| share.after(index)), [22, 7, 7, 0]);
}

#[test]
fn in_relaxed_nobody_waits_for_the_disk_so_nobody_is_held_back() {
    let (mut venue, mut share) = (committed(Relaxed), Share::default());
    assert!(flood(&mut venue, &mut share) > 2 * CONNECTION_IN_FLIGHT_BYTES_MAX);
}
