//! A drop copy: what one session is told, told to another as well.

use crate::client::{Frames, logon};
use crate::post::{Heard, Office};
use crate::venue::{EXPIRY_NS, SECOND_NS, Told, Venue, command, instrument, new_order, sell_order, takes};
use engine::event::{Administered, Event, RejectReason, Rejected};
use engine::message;
use messages::boolean::Boolean;
use messages::durability::Durability::Fsync;
use messages::roles::Roles;
use messages::{accepted_codec, administered_codec, drop_copy_codec, filled_codec};
use sequencer::client::ClientSession;
use sequencer::frame::MESSAGE_HEADER_BYTES;
use sequencer::intake::{Attached, Claim};
use sequencer::limits::COPIES_GIVEN_MAX;
use sequencer::replica::Replica;
use sequencer::rows::Each;
use sequencer::sequencer::{Config, Sequencer};
use sequencer::users::{OPERATOR, User};

const TRADE: Roles = Roles(1);
const OBSERVE: Roles = Roles(4);
const TEMPLATE: u16 = drop_copy_codec::SBE_TEMPLATE_ID;
const ACCEPTED: u16 = accepted_codec::SBE_TEMPLATE_ID;
const FILLED: u16 = filled_codec::SBE_TEMPLATE_ID;
/// Connections of the trader, of another one, and of who watches.
const TRADER: u32 = 1;
const OTHER: u32 = 2;
const WATCHER: u32 = 3;

pub fn drop_copy(session: u32, on: bool) -> Vec<u8> {
    let mut body = vec![0; MESSAGE_HEADER_BYTES + drop_copy_codec::SBE_BLOCK_LENGTH as usize];
    let on = if on { Boolean::True } else { Boolean::False };
    message!(drop_copy_codec::DropCopyEncoder, body, |copy| copy.session(session).on(on));
    body
}

fn user(letter: u8, roles: Roles) -> Claim {
    let mut name = [0; 16];
    name[0] = letter;
    Claim { user: User { name, roles }, ..Claim::default() }
}

/// A trader and another one with a book to trade in, and who watches.
fn office() -> (Office, Attached, Attached, Attached) {
    let mut office = Office::new(Venue::new(Fsync));
    let trader = office.log_on(user(b'a', TRADE), TRADER);
    let other = office.log_on(Claim::default(), OTHER);
    let watcher = office.log_on(user(b'w', OBSERVE), WATCHER);
    office.send(OTHER, &command(other, 1, &instrument()));
    office.pass(1);
    for connection in [TRADER, OTHER, WATCHER] {
        office.heard(connection);
    }
    (office, trader, other, watcher)
}

fn told(template: u16, session: u32, number: u64, index: u32, last: bool) -> Heard {
    Heard { template, session, number, index, last }
}

/// What became of the drop copies that were asked for.
fn answers(venue: &mut Venue) -> Vec<Event> {
    while venue.commit() || venue.execute() > 0 {}
    let events = std::mem::take(&mut venue.told).0.into_iter().flat_map(|(_, _, events)| events);
    events.filter(|event| matches!(event, Event::Administered(_) | Event::Rejected(_))).collect()
}

fn refused(session: u32, reason: RejectReason) -> Event {
    Event::Rejected(Rejected { cl_ord_id: 0, session, template: TEMPLATE, reason })
}

fn done(session: u32, id: u32) -> Event {
    Event::Administered(Administered { template: TEMPLATE, id, session })
}

#[test]
fn whoever_asked_is_told_every_event_of_the_other_session_under_its_id_without_a_number() {
    let (mut office, trader, other, watcher) = office();
    office.send(WATCHER, &command(watcher, 1, &drop_copy(trader.session, true)));
    office.send(TRADER, &command(trader, 1, &new_order(1)));
    office.send(OTHER, &command(other, 2, &sell_order(1)));
    office.pass(1);
    let administered = administered_codec::SBE_TEMPLATE_ID;
    let expected = [
        told(administered, watcher.session, 1, 0, true),
        told(ACCEPTED, trader.session, 0, 0, false),
        told(FILLED, trader.session, 0, 1, false),
    ];
    assert_eq!(office.heard(WATCHER), expected);
    assert_eq!(
        office.heard(TRADER),
        [told(ACCEPTED, trader.session, 1, 0, true), told(FILLED, trader.session, 0, 1, false)]
    );
    assert_eq!(
        office.heard(OTHER),
        [told(ACCEPTED, other.session, 2, 0, false), told(FILLED, other.session, 2, 1, true)]
    );
    office.send(WATCHER, &command(watcher, 2, &drop_copy(trader.session, false)));
    office.send(TRADER, &command(trader, 2, &new_order(2)));
    office.pass(1);
    assert_eq!(office.heard(WATCHER), [told(administered, watcher.session, 2, 0, true)]);
}

#[test]
fn a_copy_is_a_row_to_its_client_and_answers_nothing() {
    let (mut office, trader, _, watcher) = office();
    let (mut client, mut out) = (ClientSession::new(logon(watcher, 1)), Frames::default());
    client.send(&drop_copy(trader.session, true), &mut out);
    office.send(WATCHER, &out.0[0]);
    office.send(TRADER, &command(trader, 1, &new_order(1)));
    client.send(&drop_copy(trader.session, false), &mut out);
    office.pass(1);
    let mut rows = Vec::new();
    for frame in office.frames(WATCHER) {
        let mut keep = Each::new(|row| rows.push((u16::from(row.kind), row.session, row.number)));
        client.read(&frame, 0, &mut keep);
    }
    let expected = [(administered_codec::SBE_TEMPLATE_ID, watcher.session, 1), (ACCEPTED, trader.session, 0)];
    assert_eq!((rows.as_slice(), client.answered()), (expected.as_slice(), 1));
}

#[test]
fn while_nobody_is_logged_on_a_copy_is_told_to_nobody_and_it_is_there_after_the_next_logon() {
    let (mut office, trader, _, watcher) = office();
    office.send(WATCHER, &command(watcher, 1, &drop_copy(trader.session, true)));
    office.pass(1);
    office.hang_up(WATCHER);
    office.send(TRADER, &command(trader, 1, &new_order(1)));
    office.pass(1);
    office.heard(WATCHER);
    let again = Claim { session: watcher.session, ..user(b'w', OBSERVE) };
    office.log_on(again, WATCHER);
    office.send(TRADER, &command(trader, 2, &new_order(2)));
    office.pass(1);
    assert_eq!(office.heard(WATCHER)[1..], [told(ACCEPTED, trader.session, 0, 0, false)], "behind the logon");
}

#[test]
fn who_may_not_have_a_copy_is_refused() {
    let mut venue = Venue::new(Fsync);
    let first = venue.sequencer.open_session(user(b'a', TRADE), TRADER).expect("new");
    let second = venue.sequencer.open_session(user(b'a', TRADE), OTHER).expect("new");
    let stranger = venue.sequencer.open_session(user(b'b', TRADE), WATCHER).expect("new");
    let mut send = |connection, logon: Attached, number, body: &[u8]| {
        venue.sequencer.on_command(connection, &command(logon, number, body)).expect("a frame");
    };
    send(OTHER, second, 1, &drop_copy(first.session, true));
    send(OTHER, second, 2, &drop_copy(stranger.session, true));
    send(OTHER, second, 3, &drop_copy(second.session, true));
    send(OTHER, second, 4, &drop_copy(0, true));
    send(OTHER, second, 5, &drop_copy(99, false));
    send(OTHER, second, 6, &drop_copy(first.session, true)[..MESSAGE_HEADER_BYTES + 4]);
    let unclear = [&drop_copy(first.session, true)[..MESSAGE_HEADER_BYTES + 4], &[7]].concat();
    send(OTHER, second, 7, &unclear);
    send(OTHER, second, 8, &drop_copy(stranger.session, false));
    let expected = [
        done(second.session, first.session),
        refused(second.session, RejectReason::NotAllowed),
        refused(second.session, RejectReason::UnknownSession),
        refused(second.session, RejectReason::UnknownSession),
        refused(second.session, RejectReason::UnknownSession),
        refused(second.session, RejectReason::Malformed),
        refused(second.session, RejectReason::Malformed),
        done(second.session, stranger.session),
    ];
    assert_eq!(answers(&mut venue), expected);
    assert_eq!(venue.replayed().state_hash(), venue.sequencer.replica().state_hash());
    assert!(venue.sequencer.replica().sessions().copies().takers(first.session).eq([second.session]));
}

#[test]
fn no_more_than_so_many_get_copies_of_one_session() {
    let mut venue = Venue::new(Fsync);
    let watched = venue.log_on();
    let takers: Vec<_> = (0..=COPIES_GIVEN_MAX).map(|_| venue.log_on()).collect();
    for taker in &takers {
        venue.send(&command(*taker, 1, &drop_copy(watched.session, true)));
    }
    venue.send(&command(takers[0], 2, &drop_copy(watched.session, true)));
    venue.send(&command(takers[0], 3, &drop_copy(watched.session, false)));
    venue.send(&command(takers[COPIES_GIVEN_MAX], 2, &drop_copy(watched.session, true)));
    let mut expected: Vec<_> = takers.iter().map(|taker| done(taker.session, watched.session)).collect();
    expected[COPIES_GIVEN_MAX] = refused(takers[COPIES_GIVEN_MAX].session, RejectReason::TooManyLimits);
    expected.extend([takers[0], takers[0], takers[COPIES_GIVEN_MAX]].map(|taker| done(taker.session, watched.session)));
    assert_eq!(answers(&mut venue), expected);
}

#[test]
fn a_logon_keeps_the_copies_that_whoever_logs_on_may_have() {
    let mut venue = Venue::new(Fsync);
    let own = venue.sequencer.open_session(user(b'a', TRADE), TRADER).expect("new").session;
    let sibling = venue.sequencer.open_session(user(b'a', TRADE), TRADER).expect("new").session;
    let stranger = venue.sequencer.open_session(user(b'b', TRADE), TRADER).expect("new").session;
    assert_eq!(takes(own).user.name, OPERATOR);
    let operator = venue.sequencer.open_session(takes(own), OTHER).expect("anybody's");
    for (number, source) in [(1, sibling), (2, stranger)] {
        venue.sequencer.on_command(OTHER, &command(operator, number, &drop_copy(source, true))).expect("a frame");
    }
    venue.settle_and_go_on();
    assert!(venue.sequencer.replica().sessions().copies().sources(own).eq([sibling, stranger]));
    venue.sequencer.open_session(Claim { session: own, ..user(b'a', TRADE) }, TRADER).expect("its own");
    venue.settle_and_go_on();
    assert!(venue.sequencer.replica().sessions().copies().sources(own).eq([sibling]));
    assert_eq!(venue.replayed().state_hash(), venue.sequencer.replica().state_hash());
    assert!(venue.replayed().sessions().copies().sources(own).eq([sibling]));
}

#[test]
fn copies_end_with_either_session() {
    let (mut office, trader, other, watcher) = office();
    office.send(WATCHER, &command(watcher, 1, &drop_copy(trader.session, true)));
    office.send(OTHER, &command(other, 2, &drop_copy(trader.session, true)));
    office.send(OTHER, &command(other, 3, &drop_copy(watcher.session, true)));
    office.pass(1);
    office.hang_up(WATCHER);
    for _ in 0..EXPIRY_NS / SECOND_NS + 2 {
        office.pass(SECOND_NS);
    }
    let copies = office.venue.sequencer.replica().sessions().copies();
    assert!(copies.takers(trader.session).eq([other.session]) && copies.sources(watcher.session).next().is_none());
    assert!(copies.takers(watcher.session).next().is_none() && copies.sources(other.session).eq([trader.session]));
    office.send(OTHER, &command(other, 4, &drop_copy(watcher.session, true)));
    office.send(OTHER, &command(other, 5, &drop_copy(trader.session, false)));
    let mut told = Told::default();
    office.venue.commit();
    office.venue.sequencer.execute(usize::MAX, &mut told).expect("frames that can be executed");
    let events: Vec<_> = told.0.into_iter().flat_map(|(_, _, events)| events).collect();
    assert_eq!(events, [refused(other.session, RejectReason::UnknownSession), done(other.session, trader.session)]);
    assert!(office.venue.sequencer.replica().sessions().copies().is_empty());
}

#[test]
fn before_the_third_version_of_the_rules_there_is_none() {
    let mut venue = Venue::new(Fsync);
    let (durability, tick_interval_ns, session_expiry_ns) = (Fsync, SECOND_NS, 0);
    let config = Config { durability, tick_interval_ns, session_expiry_ns, logic_version: 2 };
    venue.sequencer = Sequencer::new(config, Replica::default(), venue.now_ns);
    let (first, second) = (venue.log_on(), venue.log_on());
    venue.send(&command(first, 1, &drop_copy(second.session, true)));
    venue.send(&command(first, 2, &drop_copy(second.session, true)[..MESSAGE_HEADER_BYTES]));
    assert_eq!(answers(&mut venue), [refused(first.session, RejectReason::UnknownCommand); 2]);
    assert!(venue.sequencer.replica().sessions().copies().is_empty());
}
