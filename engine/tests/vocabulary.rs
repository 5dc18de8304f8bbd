//! The events of logic version 3, by themselves: what their hash is, and that bytes and rows say the same.

use engine::command::*;
use engine::event::*;
use engine::limits::EVENT_BODY_BYTES_MAX;
use engine::rows::EventRow;
use engine::{Recipient, encode, hash};

const ATTRIBUTES: Attributes = Attributes { self_trade_group: 4, instructions: ExecInst(1), ..Attributes::NONE };

fn accepted(attributes: Attributes) -> Event {
    Event::AcceptedExtended(AcceptedExtended {
        order_id: 3,
        cl_ord_id: 11,
        price: Some(5_859_400).into(),
        quantity: 100,
        attributes,
        session: 9,
        instrument: 7,
        account: 5,
        side: Side::Buy,
        ord_type: OrdType::StopLimit,
        time_in_force: TimeInForce::GoodTillDate,
    })
}

fn fill() -> Event {
    let party = |order_id, session| Party { order_id, cl_ord_id: 11, leaves: 40, session };
    Event::Filled(Fill {
        taker: party(3, 9),
        maker: party(2, 8),
        price: 585,
        quantity: 60,
        instrument: 7,
        taker_side: Side::Buy,
        auction: true,
        trade_id: 12,
    })
}

/// `tests/engine/test_outcome.py` has the same in Python.
fn events() -> Vec<Event> {
    let (order_id, cl_ord_id, session, instrument) = (3, 11, 9, 7);
    let stop = Attributes {
        stop_price: Some(5_859_300).into(),
        display_quantity: Some(10).into(),
        minimum_quantity: Some(20).into(),
        expire_time_ns: Some(1_340_285_400_004_241_176).into(),
        self_trade_prevention: SelfTradePrevention::Decrement,
        ..ATTRIBUTES
    };
    let party = |order_id, session| BustedParty { order_id, cl_ord_id, session };
    vec![
        accepted(stop),
        accepted(Attributes::NONE),
        fill(),
        Event::Reduced(Reduced {
            order_id,
            cl_ord_id,
            quantity: 30,
            leaves: 10,
            session,
            instrument,
            reason: CancelReason::SelfTrade,
        }),
        Event::MassCancelled(MassCancelled { affected: 256, session, response: MassCancelResponse::Accepted }),
        Event::Triggered(Triggered { order_id, cl_ord_id, session, instrument }),
        Event::Refreshed(Refreshed { order_id, cl_ord_id, shown: 10, leaves: 90, session, instrument }),
        Event::PhaseChanged(PhaseChanged { instrument, phase: TradingPhase::ClosingAuction, session }),
        Event::Uncrossed(Uncrossed { instrument, price: 585, volume: 1_000, session }),
        Event::Administered(Administered { template: 61, id: 7, session }),
        Event::TradeBusted(TradeBusted {
            trade_id: 12,
            first: party(3, 9),
            second: party(2, 8),
            price: 585,
            quantity: 60,
            instrument,
            first_side: Side::Sell,
        }),
    ]
}

#[test]
fn the_hash_of_each_event_is_what_python_makes_of_it() {
    let mut outcome = hash::SEED;
    for event in events() {
        outcome = hash::extend(outcome, &event);
    }
    assert_eq!(outcome, OUTCOME);
}

#[test]
fn an_event_read_from_its_bytes_is_the_row_of_the_event() {
    for event in events() {
        let mut body = [0; EVENT_BODY_BYTES_MAX];
        let length = encode(&event, Recipient::Owner, &mut body);
        let mut own = EventRow::from_event(&event, 0, 0);
        own.session = 0;
        if matches!(event, Event::Filled(_) | Event::TradeBusted(_)) {
            (own.contra_order_id, own.contra_cl_ord_id, own.contra_leaves, own.contra_session) = (0, 0, 0, 0);
        }
        assert_eq!(EventRow::from_body(&body[..length]), Some(own));
    }
}

#[test]
fn each_party_of_a_bust_is_told_its_own_side() {
    let busted = *events().last().expect("it is there");
    assert_eq!((busted.session(), busted.maker_session()), (9, Some(8)));
    let told = |recipient| {
        let mut body = [0; EVENT_BODY_BYTES_MAX];
        let length = encode(&busted, recipient, &mut body);
        let row = EventRow::from_body(&body[..length]).expect("an event");
        (row.order_id, row.side, row.orig_cl_ord_id)
    };
    assert_eq!((told(Recipient::Owner), told(Recipient::Maker)), ((3, 2, 12), (2, 1, 12)));
}

#[test]
fn an_event_of_an_older_schema_says_what_was_true_then() {
    let body = |template: u16, block: &[u8]| {
        let header = [block.len() as u16, template, 5301, 1].map(u16::to_le_bytes).concat();
        EventRow::from_body(&[&header, block].concat()).expect("an event")
    };
    assert_eq!(body(42, &[0; 46]).orig_cl_ord_id, 0);
    assert_eq!(body(43, &[0; 36]).reason, CancelReason::Requested as u8);
    assert_eq!(body(46, &[0; 4]).reason, MassCancelResponse::Completed as u8);
}

const OUTCOME: u64 = 0x61bf_6bbe_40bb_2c8a;
