//! A snapshot of which a piece was lost is not waited for, and one that goes on is not disturbed.

use crate::venue::{Venue, judge_listings, terms};
use engine::command::{Command, NewOrder, OrdType, Side, TimeInForce};
use marketdata::Receiver;

/// A venue with two instruments, each of several pieces, and a receiver that has heard of both and has no book.
fn waiting() -> (Venue, Receiver) {
    let (mut venue, mut receiver) = (Venue::new(), Receiver::default());
    for instrument in [1, 2] {
        venue.execute(1, &Command::DefineInstrument(terms(instrument)));
        for cl_ord_id in 1..=100 {
            venue.execute(instrument, &Command::New(order(cl_ord_id, instrument)));
        }
    }
    venue.block();
    receiver.take(0, &venue.heartbeat());
    (venue, receiver)
}

fn order(cl_ord_id: u64, instrument: u32) -> NewOrder {
    NewOrder {
        cl_ord_id,
        price: Some(100),
        quantity: 1,
        instrument,
        account: 0,
        side: Side::Buy,
        ord_type: OrdType::Limit,
        time_in_force: TimeInForce::GoodTillCancel,
    }
}

/// The stream of snapshots `source` gives all of an instrument's but the last `lost` pieces.
fn give(source: u32, venue: &Venue, instrument: u32, lost: usize, receiver: &mut Receiver) {
    let pieces = venue.snapshot(instrument);
    assert!(pieces.len() > 1, "one piece is all or nothing");
    for piece in &pieces[..pieces.len() - lost] {
        receiver.take(source, piece);
    }
}

fn judge(venue: &Venue, receiver: &Receiver) {
    assert!(receiver.is_all_current());
    assert_eq!(receiver.counts().wrong, 0);
    venue.judge(receiver.book());
    judge_listings(venue, receiver);
}

#[test]
fn another_stream_that_gives_the_same_snapshot_again_is_taken() {
    let (venue, mut receiver) = waiting();
    give(1, &venue, 1, 1, &mut receiver);
    for instrument in [1, 2, 1] {
        give(2, &venue, instrument, 0, &mut receiver);
    }
    judge(&venue, &receiver);
}

#[test]
fn a_stream_that_begins_again_is_taken_at_once() {
    let (venue, mut receiver) = waiting();
    give(1, &venue, 1, 1, &mut receiver);
    for instrument in [1, 2] {
        give(1, &venue, instrument, 0, &mut receiver);
    }
    judge(&venue, &receiver);
}

#[test]
fn another_stream_gives_the_other_instrument_meanwhile() {
    let (venue, mut receiver) = waiting();
    let pieces = venue.snapshot(1);
    let (first, rest) = pieces.split_first().expect("several");
    receiver.take(1, first);
    give(2, &venue, 2, 0, &mut receiver);
    assert!(receiver.is_current(2) && !receiver.is_current(1));
    for piece in rest {
        receiver.take(1, piece);
    }
    judge(&venue, &receiver);
}

#[test]
fn one_that_goes_on_is_not_disturbed_by_any_other() {
    let (mut venue, mut receiver) = waiting();
    let older = venue.snapshot(1);
    venue.execute(1, &Command::New(order(200, 1)));
    let packets = venue.block();
    let newer = venue.snapshot(1);
    assert!(older.len() > 2);
    for (piece, other) in older.iter().zip(&newer) {
        receiver.take(1, piece);
        receiver.take(2, other);
    }
    assert_eq!(receiver.counts().snapshots, 1);
    give(2, &venue, 2, 0, &mut receiver);
    for packet in &packets {
        receiver.take(0, packet);
    }
    judge(&venue, &receiver);
}

#[test]
fn streams_that_take_turns_to_begin_do_not_keep_each_other_from_the_end() {
    let (venue, mut receiver) = waiting();
    give(2, &venue, 2, 0, &mut receiver);
    let pieces = venue.snapshot(1);
    receiver.take(1, &pieces[0]);
    for (turn, piece) in (2..).zip(&pieces[1..]) {
        receiver.take(turn, &pieces[0]);
        receiver.take(1, piece);
    }
    judge(&venue, &receiver);
}
