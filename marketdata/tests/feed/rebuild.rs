//! Whatever is lost on the way, the receiver's books are the engine's whenever it says that they are current.

use crate::venue::{INSTRUMENTS, Venue, commands, judge_listings};
use marketdata::Receiver;
use proptest::prelude::*;

/// Draws like a die: the next of a row of numbers that a seed gives.
struct Die(u64);

impl Die {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// What is on the way to a receiver that may lose a part of it, and hear the rest twice or out of order.
struct Channel {
    die: Die,
    loss_percent: u64,
    late: Vec<Vec<u8>>,
}

impl Channel {
    fn send(&mut self, source: u32, packets: Vec<Vec<u8>>, receiver: &mut Receiver) {
        for packet in packets {
            if self.die.below(100) < self.loss_percent {
                continue;
            }
            match self.die.below(20) {
                0 => self.late.push(packet),
                1 => {
                    receiver.take(source, &packet);
                    receiver.take(source, &packet);
                }
                _ => receiver.take(source, &packet),
            }
        }
        if self.die.below(4) == 0 {
            for packet in self.late.drain(..) {
                receiver.take(source, &packet);
            }
        }
    }
}

/// All packets so far, for those that ask again.
fn answer(all: &[(u64, Vec<u8>)], receiver: &Receiver) -> Vec<Vec<u8>> {
    let Some(gap) = receiver.gap() else { return Vec::new() };
    let (from, until) = (gap.from_number, gap.from_number + gap.count);
    all.iter()
        .filter(|(next, packet)| {
            let first = marketdata::packet::Packet::read(packet).expect("a packet").first_number;
            *next > from && first < until
        })
        .map(|(_, packet)| packet.clone())
        .collect()
}

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
        let mut channel = Channel { die: Die(seed), loss_percent, late: Vec::new() };
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
            match channel.die.below(8) {
                0 => channel.send(0, vec![venue.heartbeat()], &mut receiver),
                1 if asks => channel.send(0, answer(&all, &receiver), &mut receiver),
                2 => channel.send(1, venue.snapshot(channel.die.0 as u32 % INSTRUMENTS), &mut receiver),
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
