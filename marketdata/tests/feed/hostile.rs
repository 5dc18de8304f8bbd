//! Any bytes are counted, and change nothing that they have no right to.

use crate::venue::{Venue, commands, terms};
use engine::command::Command;
use marketdata::{Receiver, decode};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_decoded_or_are_not(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes);
        let mut receiver = Receiver::default();
        receiver.take(0, &bytes);
        receiver.skip_gap();
    }

    #[test]
    fn a_packet_with_any_byte_changed_breaks_nothing(
        flow in commands(120), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 1..40)
    ) {
        let (mut venue, mut receiver) = (Venue::new(), Receiver::default());
        let mut packets = Vec::new();
        for (session, command) in &flow {
            venue.execute(*session, command);
            packets.extend(venue.block());
        }
        packets.extend((0..3).flat_map(|instrument| venue.snapshot(instrument)));
        prop_assume!(!packets.is_empty());
        for (which, place, value) in changes {
            let packet = which.get(&packets).clone();
            let mut changed = packet;
            let at = place.index(changed.len());
            changed[at] = value;
            receiver.take(0, &changed);
            for packet in &packets {
                receiver.take(0, packet);
            }
            receiver.skip_gap();
            receiver.drop_updates(receiver.updates().len());
        }
    }

    #[test]
    fn a_packet_of_another_feed_is_left_out_once_a_book_was_made(flow in commands(20)) {
        let (mut venue, mut receiver) = (Venue::new(), Receiver::default());
        venue.execute(1, &Command::DefineInstrument(terms(1)));
        for packet in venue.block() {
            receiver.take(0, &packet);
        }
        let next_number = receiver.next_number();
        let others = said_by_another_venue(&flow);
        for packet in &others {
            receiver.take(0, packet);
        }
        prop_assert_eq!(receiver.counts().applied, 1);
        prop_assert_eq!(receiver.counts().foreign, others.len() as u64);
        prop_assert_eq!(receiver.next_number(), next_number);
    }

    #[test]
    fn the_last_words_of_a_venue_that_is_gone_do_not_keep_the_next_one_out(flow in commands(20)) {
        let (mut venue, mut receiver) = (Venue::new(), Receiver::default());
        venue.execute(1, &Command::DefineInstrument(terms(1)));
        venue.block();
        receiver.take(0, &venue.heartbeat());
        for packet in said_by_another_venue(&flow) {
            receiver.take(0, &packet);
        }
        prop_assert!(receiver.is_all_current());
        prop_assert_eq!(receiver.counts().foreign, 0);
    }
}

fn said_by_another_venue(flow: &[(u32, Command)]) -> Vec<Vec<u8>> {
    let mut other = Venue::new();
    other.packets = marketdata::Packets::new(78);
    let mut said = vec![other.heartbeat()];
    for (session, command) in flow {
        other.execute(*session, command);
        said.extend(other.block());
    }
    said
}
