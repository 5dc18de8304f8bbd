//! What time and the ends of logons cause: ticks, and events of frames that no session sent.

use crate::drop_copies::drop_copy;
use crate::post::{Heard, Office};
use crate::venue::{SECOND_NS, Venue, command, instrument, logoff, new_order, takes};
use engine::event::{CancelReason, Event};
use engine::limits::PIECE_MAX;
use engine::message;
use messages::durability::Durability::Fsync;
use messages::{cancel_on::CancelOn, optional_side::OptionalSide, ord_type::OrdType, side::Side};
use messages::{cancelled_codec, mass_cancelled_codec, session_closed_codec, session_opened_codec};
use messages::{exec_inst::ExecInst, self_trade_prevention::SelfTradePrevention, time_in_force::TimeInForce};
use sequencer::intake::{Attached, Claim};

const TRADER: u32 = 1;
const WATCHER: u32 = 3;
const CANCELLED: u16 = cancelled_codec::SBE_TEMPLATE_ID;
const DISCONNECT: CancelOn = CancelOn(1);
const LOGOFF: CancelOn = CancelOn(2);

fn body(write: impl FnOnce(&mut [u8]) -> usize) -> Vec<u8> {
    let mut bytes = vec![0; 128];
    let length = write(&mut bytes);
    bytes.truncate(length);
    bytes
}

fn order_until(cl_ord_id: u64, expire_time_ns: i64) -> Vec<u8> {
    body(|bytes| {
        message!(new_order_extended_codec::NewOrderExtendedEncoder, bytes, |order| {
            order.cl_ord_id(cl_ord_id).price(100).stop_px_opt(None).order_qty(10).display_qty_opt(None);
            order.min_qty_opt(None).expire_time(expire_time_ns).instrument(1).account(0).self_trade_group(0);
            order.side(Side::Buy).ord_type(OrdType::Limit).time_in_force(TimeInForce::GoodTillDate);
            order.instructions(ExecInst(0));
            order.self_trade_prevention(SelfTradePrevention::None)
        })
    })
}

fn cancel_on(bits: CancelOn) -> Vec<u8> {
    body(|bytes| {
        message!(configure_session_codec::ConfigureSessionEncoder, bytes, |configure| configure.cancel_on(bits))
    })
}

fn mass_cancel() -> Vec<u8> {
    body(|bytes| {
        message!(mass_cancel_codec::MassCancelEncoder, bytes, |cancel| {
            cancel.instrument_opt(None).side(OptionalSide::Both).account_opt(None)
        })
    })
}

fn told(template: u16, session: u32, number: u64, index: u32, last: bool) -> Heard {
    Heard { template, session, number, index, last }
}

/// A trader with a book, and who gets copies of what the trader is told.
fn office() -> (Office, Attached) {
    let mut office = Office::new(Venue::new(Fsync));
    let trader = office.log_on(Claim::default(), TRADER);
    let watcher = office.log_on(Claim::default(), WATCHER);
    office.send(TRADER, &command(trader, 1, &instrument()));
    office.send(WATCHER, &command(watcher, 1, &drop_copy(trader.session, true)));
    office.pass(1);
    office.heard(TRADER);
    office.heard(WATCHER);
    (office, trader)
}

/// The same with an order in the book, of a session that wants its orders cancelled.
fn office_with_an_order(bits: CancelOn) -> (Office, Attached) {
    let (mut office, trader) = office();
    office.send(TRADER, &command(trader, 2, &cancel_on(bits)));
    office.send(TRADER, &command(trader, 3, &new_order(1)));
    office.pass(1);
    office.heard(TRADER);
    office.heard(WATCHER);
    (office, trader)
}

fn replays_the_same(office: &Office) {
    assert_eq!(office.venue.replayed().state_hash(), office.venue.sequencer.replica().state_hash());
}

#[test]
fn a_tick_comes_when_an_order_expires_and_its_session_is_told_without_a_number() {
    let (mut office, trader) = office();
    let until_ns = office.venue.now_ns + SECOND_NS / 2;
    office.send(TRADER, &command(trader, 2, &order_until(1, until_ns)));
    assert_eq!(office.pass(1), 1);
    office.heard(TRADER);
    office.heard(WATCHER);
    assert_eq!(office.pass(SECOND_NS / 2 - 2), 0, "not yet");
    assert_eq!(office.pass(2), 1, "a tick, long before a quiet order would have one");
    assert_eq!(office.heard(TRADER), [told(CANCELLED, trader.session, 0, 0, false)]);
    assert_eq!(office.heard(WATCHER), [told(CANCELLED, trader.session, 0, 0, false)]);
    assert_eq!(office.pass(SECOND_NS / 2), 0, "nothing is left");
    replays_the_same(&office);
}

#[test]
fn there_is_never_more_than_one_tick_that_is_not_executed_and_it_stands_before_what_is_taken_in() {
    let (mut office, trader) = office();
    let until_ns = office.venue.now_ns + 100;
    office.send(TRADER, &command(trader, 2, &order_until(1, until_ns)));
    office.pass(1);
    let before = office.venue.sequencer.positions().stamped;
    for _ in 0..3 {
        office.venue.now_ns += 3 * SECOND_NS;
        office.venue.sequencer.advance_time(office.venue.now_ns).expect("a small step");
        assert_eq!(office.venue.sequencer.positions().stamped, before + 1);
    }
    office.send(TRADER, &command(trader, 3, &new_order(2)));
    office.heard(TRADER);
    assert_eq!(office.pass(1), 2);
    let templates: Vec<_> = office.heard(TRADER).iter().map(|heard| (heard.template, heard.number)).collect();
    assert_eq!(templates[0], (CANCELLED, 0));
    assert_eq!(templates[1].1, 3);
}

#[test]
fn what_is_unfinished_goes_on_tick_by_tick_with_commands_between() {
    let (mut office, trader) = office();
    let orders = 2 * u64::from(PIECE_MAX) + 10;
    for id in 1..=orders {
        office.send(TRADER, &command(trader, 1 + id, &new_order(id)));
    }
    office.pass(1);
    office.heard(TRADER);
    office.send(TRADER, &command(trader, orders + 2, &mass_cancel()));
    assert_eq!(office.pass(1), 1);
    let first = office.heard(TRADER);
    let answer = told(mass_cancelled_codec::SBE_TEMPLATE_ID, trader.session, orders + 2, PIECE_MAX, true);
    assert_eq!((first.len(), first.last()), (PIECE_MAX as usize + 1, Some(&answer)));
    office.send(TRADER, &command(trader, orders + 3, &new_order(orders + 1)));
    assert_eq!(office.pass(1), 2, "a command and a tick");
    assert_eq!(office.heard(TRADER).iter().filter(|heard| heard.number == 0).count(), PIECE_MAX as usize);
    assert_eq!(office.pass(1), 1, "the last tick");
    let rest = office.heard(TRADER);
    let done = told(mass_cancelled_codec::SBE_TEMPLATE_ID, trader.session, 0, 10, false);
    assert_eq!((rest.len(), rest.last()), (11, Some(&done)));
    assert_eq!(office.venue.sequencer.replica().engine().live_orders(), 1, "what came after it");
    assert_eq!(office.pass(1), 0);
    replays_the_same(&office);
}

#[test]
fn a_session_that_wants_it_has_no_orders_after_its_connection_and_who_gets_copies_hears_of_it() {
    let (mut office, trader) = office_with_an_order(DISCONNECT);
    office.hang_up(TRADER);
    office.pass(1);
    assert_eq!(office.heard(WATCHER), [told(CANCELLED, trader.session, 0, 0, false)]);
    assert_eq!(office.venue.sequencer.replica().engine().live_orders(), 0);
    replays_the_same(&office);
}

#[test]
fn a_logon_that_takes_the_session_ends_the_one_before_it_and_is_told_of_the_orders() {
    let (mut office, trader) = office_with_an_order(DISCONNECT);
    office.log_on(takes(trader.session), 2);
    office.pass(1);
    let opened = session_opened_codec::SBE_TEMPLATE_ID;
    let expected = [told(opened, trader.session, 0, 0, false), told(CANCELLED, trader.session, 0, 0, false)];
    assert_eq!(office.heard(2), expected);
    assert_eq!(office.heard(WATCHER), expected[1..]);
    replays_the_same(&office);
}

#[test]
fn a_logoff_is_told_of_the_orders_that_it_cancels_before_it_is_answered() {
    let (mut office, trader) = office_with_an_order(LOGOFF);
    office.send(TRADER, &command(trader, 4, &logoff()));
    office.pass(1);
    let closed = session_closed_codec::SBE_TEMPLATE_ID;
    let expected = [told(CANCELLED, trader.session, 4, 0, false), told(closed, trader.session, 4, 1, true)];
    assert_eq!(office.heard(TRADER), expected);
    replays_the_same(&office);
}

#[test]
fn the_start_of_a_node_ends_the_logons_of_the_one_before_it() {
    let (mut office, _) = office_with_an_order(DISCONNECT);
    assert_eq!(office.venue.sequencer.replica().engine().live_orders(), 1);
    office.pass(1);
    let mut venue = office.venue.restarted(Fsync);
    while venue.commit() || venue.execute() > 0 {}
    assert_eq!(venue.sequencer.replica().engine().live_orders(), 0);
    let [Event::Cancelled(cancelled)] = venue.told.0[0].2[..] else { panic!("{:?}", venue.told.0) };
    assert_eq!(cancelled.reason, CancelReason::Disconnected);
    assert_eq!(venue.replayed().state_hash(), venue.sequencer.replica().state_hash());
}
