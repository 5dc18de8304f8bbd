//! Whatever is lost on the way, the receiver's books are the engine's whenever it says that they are current.

use crate::channel::{Channel, answer};
use crate::venue::{INSTRUMENTS, Venue, commands, judge_listings, terms};
use engine::command::Command;
use marketdata::Receiver;
use proptest::prelude::*;

fn is_judged(venue: &Venue, receiver: &Receiver) -> bool {
    let current = receiver.is_all_current() && receiver.next_number() == venue.packets.next_number();
    if current {
        venue.judge(receiver.book());
        judge_listings(venue, receiver);
    }
    current
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn without_loss_the_books_are_the_engines_after_every_command(flow in commands(300)) {
        let (mut venue, mut receiver) = (Venue::new(), Receiver::default());
        receiver.take(0, &venue.heartbeat());
        for (session, command) in &flow {
            venue.execute(*session, command);
            for packet in venue.block() {
                receiver.take(0, &packet);
            }
            venue.judge(venue.builder.book());
            prop_assert!(is_judged(&venue, &receiver));
        }
        prop_assert_eq!(receiver.counts().wrong, 0);
        prop_assert_eq!(receiver.counts().applied, venue.packets.next_number() - 1);
    }

    #[test]
    fn with_loss_the_books_are_the_engines_whenever_they_are_current(
        flow in commands(400), seed in 1u64..u64::MAX, loss_percent in 0u64..40, joins_at in 0usize..300, asks in any::<bool>()
    ) {
        let (mut venue, mut receiver) = (Venue::new(), Receiver::default());
        let mut channel = Channel::new(seed, loss_percent);
        let (mut all, mut judged) = (Vec::new(), 0);
        for (at, (session, command)) in flow.iter().enumerate() {
            venue.execute(*session, command);
            if at % 3 != 0 {
                continue;
            }
            let made = venue.block();
            all.extend(made.iter().map(|packet| {
                let read = marketdata::packet::Packet::read(packet).expect("a packet");
                (read.next_number(), packet.clone())
            }));
            if at < joins_at {
                continue;
            }
            channel.send(0, made, &mut receiver);
            let instrument = channel.die.below(INSTRUMENTS.into()) as u32;
            match channel.die.below(8) {
                0 => channel.send(0, vec![venue.heartbeat()], &mut receiver),
                1 if asks => channel.send(0, answer(&all, &receiver), &mut receiver),
                2 => channel.send(1, venue.snapshot(instrument), &mut receiver),
                3 if !asks => receiver.skip_gap(),
                _ => {}
            }
            judged += usize::from(is_judged(&venue, &receiver));
        }
        // The loss ends: everybody catches up.
        channel.loss_percent = 0;
        channel.send(0, venue.block(), &mut receiver);
        for _ in 0..4 {
            channel.send(0, vec![venue.heartbeat()], &mut receiver);
            receiver.take(0, &venue.heartbeat());
            receiver.skip_gap();
            for instrument in 0..INSTRUMENTS {
                for piece in venue.snapshot(instrument) {
                    receiver.take(1, &piece);
                }
            }
        }
        prop_assert!(is_judged(&venue, &receiver), "{:?} {} {:?} {} {} {}", receiver.counts(), judged, receiver.gap(), receiver.next_number(), venue.packets.next_number(), receiver.listed());
        prop_assert_eq!(receiver.counts().wrong, 0);
    }

    #[test]
    fn a_snapshot_that_is_older_or_newer_than_the_stream_is_brought_up_to_it(flow in commands(200), takes in 20usize..180) {
        let (mut venue, mut receiver) = (Venue::new(), Receiver::default());
        let mut snapshots = Vec::new();
        let mut blocks = Vec::new();
        for (at, (session, command)) in flow.iter().enumerate() {
            venue.execute(*session, command);
            blocks.push(venue.block());
            if at == takes {
                snapshots = (0..INSTRUMENTS).flat_map(|instrument| venue.snapshot(instrument)).collect();
            }
        }
        // The receiver joins at 10, hears the snapshot at 100, wherever that was taken.
        for (at, block) in blocks.iter().enumerate().skip(10) {
            for packet in block {
                receiver.take(0, packet);
            }
            if at == 100 {
                receiver.take(0, &blocks[10].first().cloned().unwrap_or_default());
                for piece in &snapshots {
                    receiver.take(1, piece);
                }
            }
        }
        receiver.take(0, &venue.heartbeat());
        prop_assert_eq!(receiver.counts().wrong, 0);
        prop_assert!(is_judged(&venue, &receiver) || receiver.next_number() == 0 || snapshots.is_empty());
    }
}

/// A venue with one instrument, and a receiver that knows how many there are but has heard nothing of it.
fn late() -> (Venue, Receiver) {
    let (mut venue, mut receiver) = (Venue::new(), Receiver::default());
    venue.execute(1, &Command::DefineInstrument(terms(1)));
    venue.block();
    receiver.take(0, &venue.heartbeat());
    (venue, receiver)
}

#[test]
fn an_instrument_whose_snapshot_came_before_its_listing_does_not_stand_for_another() {
    let (mut venue, mut receiver) = late();
    venue.execute(1, &Command::DefineInstrument(terms(2)));
    let listing = venue.block();
    for piece in venue.snapshot(2) {
        receiver.take(1, &piece);
    }
    receiver.take(0, &listing[0]);
    assert_eq!((receiver.next_number(), receiver.listed()), (venue.packets.next_number(), 2));
    assert!(!receiver.is_all_current(), "nothing was heard of the first one");
}

#[test]
fn an_instrument_whose_listing_was_given_up_is_missed() {
    let (mut venue, mut receiver) = late();
    for piece in venue.snapshot(1) {
        receiver.take(1, &piece);
    }
    assert!(receiver.is_all_current());
    venue.execute(1, &Command::DefineInstrument(terms(2)));
    venue.block();
    receiver.take(0, &venue.heartbeat());
    receiver.skip_gap();
    for piece in venue.snapshot(1) {
        receiver.take(1, &piece);
    }
    assert!(!receiver.is_all_current(), "the second one has no book yet");
}
