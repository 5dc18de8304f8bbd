//! All rules: what is public is what the engine shows, whatever is lost on the way.

use crate::channel::{Channel, answer};
use crate::sessions::{happenings, sessions};
use crate::venue::{INSTRUMENTS, Venue, judge_listings};
use marketdata::message::TradingPhase;
use marketdata::packet::Packet;
use marketdata::{Listing, Receiver, Resting};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::{BTreeMap, BTreeSet};

/// Fails unless phases and statistics of the builder are those that the plain model makes of the engine's events, and its
/// indications what the engine says; after a block has ended.
fn judge_builder(venue: &Venue) {
    venue.judge(venue.builder.book());
    let nothing_due = venue.engine.next_due().is_none_or(|due_ns| due_ns > venue.now_ns);
    for listing in venue.builder.book().listings() {
        let Listing { instrument, phase, indication, statistics, .. } = *listing;
        assert_eq!(phase, venue.ledger.phase(instrument), "after seq {}", venue.seq);
        assert_eq!(statistics, venue.ledger.statistics(instrument), "after seq {}", venue.seq);
        if matches!(phase, TradingPhase::Continuous | TradingPhase::Closed) {
            assert_eq!(indication, None);
        } else if nothing_due && venue.builder.is_indicated(instrument) {
            assert_eq!(indication, venue.indication(instrument), "after seq {}", venue.seq);
        }
    }
}

type View = Vec<(Vec<Resting>, String)>;

/// All that a book shows.
fn view(book: &marketdata::Book) -> View {
    let of = |listing: &Listing| {
        let sides = [engine::command::Side::Buy, engine::command::Side::Sell];
        let orders = sides.into_iter().flat_map(|side| book.queue(listing.instrument, side)).collect();
        (
            orders,
            format!("{:?}", (listing.instrument, listing.terms, listing.statistics, listing.phase, listing.indication)),
        )
    };
    let mut found: Vec<_> = book.listings().iter().map(|listing| (listing.instrument, of(listing))).collect();
    found.sort_by_key(|(instrument, _)| *instrument);
    found.into_iter().map(|(_, seen)| seen).collect()
}

/// One receiver behind a channel of its own.
struct Listener {
    receiver: Receiver,
    channel: Channel,
    asks: bool,
}

impl Listener {
    fn hear(&mut self, venue: &Venue, made: Vec<Vec<u8>>, all: &[(u64, Vec<u8>)]) {
        let Self { receiver, channel, asks } = self;
        channel.send(0, made, receiver);
        let instrument = channel.die.below(INSTRUMENTS.into()) as u32;
        match channel.die.below(8) {
            0 => channel.send(0, vec![venue.heartbeat()], receiver),
            1 if *asks => channel.send(0, answer(all, receiver), receiver),
            2 => channel.send(1, venue.snapshot(instrument), receiver),
            3 if !*asks => receiver.skip_gap(),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn after_every_frame_books_phases_statistics_and_indications_are_the_engines(steps in sessions(300)) {
        let (mut venue, mut receiver) = (Venue::new(), Receiver::default());
        receiver.take(0, &venue.heartbeat());
        for step in &steps {
            step.perform(&mut venue, |venue| {
                for packet in venue.block() {
                    receiver.take(0, &packet);
                }
                judge_builder(venue);
                assert!(receiver.is_all_current() && receiver.next_number() == venue.packets.next_number());
                venue.judge(receiver.book());
                judge_listings(venue, &receiver);
            });
        }
        prop_assert_eq!(receiver.counts().wrong, 0);
    }

    #[test]
    fn behind_any_loss_a_book_that_is_exact_is_the_engines_of_that_number(
        steps in sessions(300), seed in 1u64..u64::MAX, loss_percent in 0u64..40, joins_at in 0usize..200, per_block in 1usize..6
    ) {
        let mut venue = Venue::new();
        let mut listeners = [false, true].map(|asks| {
            let channel = Channel::new(seed ^ u64::from(asks) << 40, loss_percent);
            Listener { receiver: Receiver::default(), channel, asks }
        });
        let (mut all, mut views) = (Vec::new(), BTreeMap::from([(1, view(venue.builder.book()))]));
        for (at, step) in steps.iter().enumerate() {
            step.perform(&mut venue, |_| {});
            if at % per_block != 0 {
                continue;
            }
            let made = venue.block();
            judge_builder(&venue);
            views.insert(venue.packets.next_number(), view(venue.builder.book()));
            all.extend(made.iter().map(|packet| (Packet::read(packet).expect("a packet").next_number(), packet.clone())));
            for listener in listeners.iter_mut().filter(|_| at >= joins_at) {
                listener.hear(&venue, made.clone(), &all);
                let receiver = &listener.receiver;
                if let Some(then) = views.get(&receiver.next_number()).filter(|_| receiver.is_exact()) {
                    prop_assert_eq!(&view(receiver.book()), then);
                }
            }
        }
        let last = venue.block();
        judge_builder(&venue);
        for Listener { receiver, .. } in &mut listeners {
            for packet in last.iter().chain([&venue.heartbeat()]) {
                receiver.take(0, packet);
            }
            receiver.skip_gap();
            for piece in (0..2 * INSTRUMENTS).flat_map(|turn| venue.snapshot(turn % INSTRUMENTS)) {
                receiver.take(1, &piece); // in the second turn also where a piece of another stream's was lost
            }
            prop_assert!(receiver.is_all_current());
            prop_assert_eq!(view(receiver.book()), view(venue.builder.book()));
            prop_assert_eq!(receiver.counts().wrong, 0);
        }
    }
}

#[test]
fn these_sessions_bring_about_everything_that_events_can_tell() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..40 {
        let steps = sessions(300).new_tree(&mut runner).expect("nothing is filtered").current();
        let mut venue = Venue::new();
        for step in &steps {
            step.perform(&mut venue, |venue| seen.extend(happenings(venue.events())));
        }
    }
    let wanted = [
        "Accepted",
        "AcceptedExtended",
        "Administered",
        "Cancelled Collar",
        "Cancelled DayEnded",
        "Cancelled Disconnected",
        "Cancelled Expired",
        "Cancelled KillSwitch",
        "Cancelled LoggedOff",
        "Cancelled MinimumNotMet",
        "Cancelled Requested",
        "Cancelled SelfTrade",
        "Cancelled Unfilled",
        "Filled",
        "Filled in an auction",
        "InstrumentDefined",
        "MassCancelled Accepted",
        "MassCancelled Completed",
        "PhaseChanged Closed",
        "PhaseChanged ClosingAuction",
        "PhaseChanged Continuous",
        "PhaseChanged Halt",
        "PhaseChanged OpeningAuction",
        "PhaseChanged PreOpen",
        "Reduced Requested",
        "Reduced SelfTrade",
        "Refreshed",
        "Rejected",
        "Replaced",
        "Replaced in place",
        "TradeBusted",
        "Triggered",
        "Uncrossed",
    ];
    assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), wanted);
}
