//! Whom an event is told, and what answers a command.

use crate::post::{Heard, Office};
use crate::venue::{SECOND_NS, Told, Venue, command, instrument, new_order, sell_order};
use engine::event::Event;
use engine::message;
use messages::durability::Durability::Fsync;
use messages::trading_phase::TradingPhase;
use messages::{filled_codec, phase_changed_codec, trade_busted_codec, uncrossed_codec};
use sequencer::intake::{Attached, Claim};

const BUYER: u32 = 1;
const SELLER: u32 = 2;
const VENUE: u32 = 3;
const FILLED: u16 = filled_codec::SBE_TEMPLATE_ID;
const BUSTED: u16 = trade_busted_codec::SBE_TEMPLATE_ID;

fn body(write: impl FnOnce(&mut [u8]) -> usize) -> Vec<u8> {
    let mut bytes = vec![0; 64];
    let length = write(&mut bytes);
    bytes.truncate(length);
    bytes
}

fn set_phase(phase: TradingPhase) -> Vec<u8> {
    body(|bytes| message!(set_phase_codec::SetPhaseEncoder, bytes, |set| set.instrument(1).phase(phase)))
}

fn bust(trade_id: u64) -> Vec<u8> {
    body(|bytes| message!(bust_trade_codec::BustTradeEncoder, bytes, |bust| bust.trade_id(trade_id)))
}

fn told(template: u16, session: u32, number: u64, index: u32, last: bool) -> Heard {
    Heard { template, session, number, index, last }
}

/// Buyer, seller and who runs the venue, with a book to trade in.
fn office() -> (Office, [Attached; 3]) {
    let mut office = Office::new(Venue::new(Fsync));
    let parties = [BUYER, SELLER, VENUE].map(|connection| office.log_on(Claim::default(), connection));
    office.send(VENUE, &command(parties[2], 1, &instrument()));
    office.pass(1);
    listen(&mut office);
    (office, parties)
}

fn listen(office: &mut Office) -> [Vec<Heard>; 3] {
    [BUYER, SELLER, VENUE].map(|connection| office.heard(connection))
}

#[test]
fn a_bust_is_told_to_both_parties_and_answers_whoever_asked_for_it() {
    let (mut office, [buyer, seller, venue]) = office();
    office.send(BUYER, &command(buyer, 1, &new_order(1)));
    office.send(SELLER, &command(seller, 1, &sell_order(1)));
    office.send(BUYER, &command(buyer, 2, &new_order(2)));
    office.send(SELLER, &command(seller, 2, &sell_order(2)));
    office.pass(1);
    listen(&mut office);
    office.send(VENUE, &command(venue, 2, &bust(1)));
    office.pass(1);
    let expected = [
        vec![told(BUSTED, buyer.session, 0, 0, false)],
        vec![told(BUSTED, seller.session, 0, 0, false)],
        vec![told(BUSTED, venue.session, 2, 0, true)],
    ];
    assert_eq!(listen(&mut office), expected, "by somebody else");
    office.send(BUYER, &command(buyer, 3, &bust(2)));
    office.pass(1);
    let expected =
        [vec![told(BUSTED, buyer.session, 3, 0, true)], vec![told(BUSTED, seller.session, 0, 0, false)], vec![]];
    assert_eq!(listen(&mut office), expected, "by the maker");
}

#[test]
fn an_auction_is_told_to_its_parties_and_answered_where_its_phase_ends() {
    let (mut office, [buyer, seller, venue]) = office();
    office.send(VENUE, &command(venue, 2, &set_phase(TradingPhase::OpeningAuction)));
    office.send(SELLER, &command(seller, 1, &sell_order(1)));
    office.send(BUYER, &command(buyer, 1, &new_order(1)));
    office.pass(1);
    listen(&mut office);
    office.send(VENUE, &command(venue, 3, &set_phase(TradingPhase::Continuous)));
    office.pass(1);
    let expected = [
        vec![told(FILLED, buyer.session, 0, 1, false)],
        vec![told(FILLED, seller.session, 0, 1, false)],
        vec![
            told(uncrossed_codec::SBE_TEMPLATE_ID, venue.session, 3, 0, false),
            told(phase_changed_codec::SBE_TEMPLATE_ID, venue.session, 3, 2, true),
        ],
    ];
    assert_eq!(listen(&mut office), expected);
}

#[test]
fn what_a_schedule_sets_is_told_to_nobody_and_is_in_the_order() {
    let (mut office, [_, _, venue]) = office();
    let time_ns = office.venue.now_ns + SECOND_NS / 2;
    let entry = body(|bytes| {
        message!(schedule_phase_codec::SchedulePhaseEncoder, bytes, |entry| {
            entry.instrument(1).time(time_ns).interval(0).phase(TradingPhase::Halt)
        })
    });
    office.send(VENUE, &command(venue, 2, &entry));
    office.pass(1);
    listen(&mut office);
    let told_before = (office.egress.told, office.egress.unheard);
    office.venue.now_ns += SECOND_NS / 2;
    office.venue.sequencer.advance_time(office.venue.now_ns).expect("a small step");
    office.venue.commit();
    let mut told = Told::default();
    office.venue.sequencer.execute(usize::MAX, &mut told).expect("frames that can be executed");
    let [(_, _, events)] = &told.0[..] else { panic!("{:?}", told.0) };
    assert!(matches!(events[..], [Event::PhaseChanged(changed)] if changed.session == 0), "{events:?}");
    office.pass(1);
    assert_eq!(listen(&mut office), [vec![], vec![], vec![]]);
    assert_eq!((office.egress.told, office.egress.unheard), told_before);
}
