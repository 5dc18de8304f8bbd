//! The engine from outside: event lists of the main rules, bytes that lie, and what each recipient is told.

use engine::command::*;
use engine::limits::{COMMAND_BODY_BYTES_MAX, EVENT_BODY_BYTES_MAX};
use engine::rows::{CommandRow, EventRow, NO_PRICE, encode_command};
use engine::{Engine, LOGIC_VERSION, Recipient, decode, encode};
use proptest::prelude::*;

fn terms(id: u32) -> Instrument {
    let mut symbol = [0; 16];
    symbol[..4].copy_from_slice(b"AAPL");
    let size = Decimal { mantissa: 1, exponent: -2 };
    Instrument { id, symbol, tick_size: size, lot_size: size }
}

fn limit(cl_ord_id: u64, side: Side, quantity: i64, price: i64) -> Command {
    Command::New(NewOrder {
        cl_ord_id,
        price: Some(price),
        quantity,
        instrument: 1,
        account: 0,
        side,
        ord_type: OrdType::Limit,
        time_in_force: TimeInForce::GoodTillCancel,
    })
}

fn opened() -> Engine {
    let mut engine = Engine::new();
    engine.apply(0, &Command::DefineInstrument(terms(1)), &mut Vec::new());
    engine
}

#[test]
fn a_fill_is_told_to_each_party_from_its_own_side() {
    let mut engine = opened();
    let mut events = Vec::new();
    engine.apply(8, &limit(5, Side::Sell, 10, 100), &mut events);
    engine.apply(7, &limit(6, Side::Buy, 4, 101), &mut events);
    let fill = events.last().expect("the second order trades");
    let mut body = [0; EVENT_BODY_BYTES_MAX];
    let mut told = |recipient| {
        let length = encode(fill, recipient, &mut body);
        EventRow::from_body(&body[..length]).expect("an event")
    };
    let (taker, maker) = (told(Recipient::Taker), told(Recipient::Maker));
    assert_eq!(told(Recipient::Owner), taker);
    assert_eq!((taker.order_id, taker.cl_ord_id, taker.side, taker.leaves, taker.liquidity), (2, 6, 1, 0, 2));
    assert_eq!((maker.order_id, maker.cl_ord_id, maker.side, maker.leaves, maker.liquidity), (1, 5, 2, 6, 1));
    assert_eq!((taker.price, taker.quantity, maker.price, maker.quantity), (100, 4, 100, 4));
}

#[test]
fn a_batch_gives_the_events_of_its_commands_one_by_one_even_when_it_foresees_them() {
    let order = |id, side, price| CommandRow {
        kind: 10,
        side,
        ord_type: 2,
        time_in_force: 1,
        instrument: 1,
        session: 1,
        cl_ord_id: id,
        price,
        quantity: if side == 1 { 5 } else { 3 },
        ..CommandRow::default()
    };
    let commands: Vec<CommandRow> = (1..40_000u64)
        .map(|id| match id % 4 {
            0 => CommandRow { kind: 11, session: 1, orig_cl_ord_id: id / 2 + 1, ..CommandRow::default() },
            1 => order(id, 1, 1_000 - (id % 97) as i64),
            _ => order(id, 2, 990 + (id % 89) as i64),
        })
        .collect();
    let (mut single, mut batch) = (opened(), opened());
    let (mut expected, mut told) = (Vec::new(), Vec::new());
    for row in &commands {
        single.apply(1, &row.command().expect("a command"), &mut expected);
    }
    batch.apply_rows(&commands, &mut Vec::new(), |_, events| told.extend_from_slice(events));
    assert!(single.live_orders() > 8_192, "the books are large enough for it");
    assert!(told == expected);
    assert_eq!(batch.outcome_hash(), single.outcome_hash());
}

fn any_row() -> impl Strategy<Value = CommandRow> {
    let small = (8u8..15, 0u8..4, 0u8..6, 0u8..8);
    let wide = (0u32..4, any::<u32>(), 1u32..3);
    let values = prop_oneof![Just(NO_PRICE), -2i64..200, any::<i64>()];
    (small, wide, 0u64..20, 0u64..20, values, -2i64..200).prop_map(|(small, wide, new, old, price, quantity)| {
        CommandRow {
            kind: small.0,
            side: small.1,
            ord_type: small.2,
            time_in_force: small.3,
            instrument: wide.0,
            account: wide.1,
            session: wide.2,
            cl_ord_id: new,
            orig_cl_ord_id: old,
            price,
            quantity,
        }
    })
}

proptest! {
    #[test]
    fn any_bytes_give_events(messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 1..20)) {
        let (mut engine, mut events) = (opened(), Vec::new());
        for message in &messages {
            events.clear();
            engine.execute(1, message, &mut events);
            prop_assert!(!events.is_empty());
        }
    }

    #[test]
    fn any_fields_behind_a_good_header_give_events(
        template in prop::sample::select((10u16..=17).chain(60..=68).collect::<Vec<_>>()),
        block in 0u16..100,
        fields in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let header = [block.to_le_bytes(), template.to_le_bytes(), 5301u16.to_le_bytes(), [0; 2]].concat();
        let (mut engine, mut events) = (opened(), Vec::new());
        engine.execute(1, &[header, fields].concat(), &mut events);
        prop_assert!(!events.is_empty());
    }

    #[test]
    fn a_row_means_the_same_as_its_bytes(rows in prop::collection::vec(any_row(), 1..60)) {
        let (mut by_row, mut by_bytes) = (opened(), opened());
        let (mut events, mut told, mut expected) = (Vec::new(), Vec::new(), Vec::new());
        by_row.apply_rows(&rows, &mut Vec::new(), |place, events| {
            told.extend((0..).zip(events).map(|(index, event)| EventRow::from_event(event, place as u64, index)));
        });
        for (number, row) in (0..).zip(&rows) {
            let mut body = [0; COMMAND_BODY_BYTES_MAX];
            let length = encode_command(row, &mut body);
            if let Ok(command) = row.command() {
                prop_assert_eq!(decode(&body[..length], LOGIC_VERSION), Ok(command));
            }
            events.clear();
            by_bytes.execute(row.session, &body, &mut events);
            expected.extend((0..).zip(&events).map(|(index, event)| EventRow::from_event(event, number, index)));
        }
        prop_assert_eq!(told, expected);
        prop_assert_eq!(by_row.outcome_hash(), by_bytes.outcome_hash());
    }

    #[test]
    fn an_event_read_from_its_bytes_is_the_row_of_the_event(rows in prop::collection::vec(any_row(), 1..60)) {
        let (mut engine, mut events) = (opened(), Vec::new());
        for row in &rows {
            if let Ok(command) = row.command() {
                engine.apply(row.session, &command, &mut events);
            }
        }
        for event in &events {
            let mut body = [0; EVENT_BODY_BYTES_MAX];
            let length = encode(event, Recipient::Owner, &mut body);
            prop_assert!(length <= EVENT_BODY_BYTES_MAX);
            let row = EventRow::from_event(event, 0, 0);
            let mut own = EventRow { contra_order_id: 0, contra_cl_ord_id: 0, contra_leaves: 0, ..row };
            (own.contra_session, own.session) = (0, 0);
            prop_assert_eq!(EventRow::from_body(&body[..length]), Some(own));
            prop_assert_eq!(EventRow::from_body(&body[..length - 1]), None);
        }
    }

    #[test]
    fn no_bytes_break_the_reading_of_events(body in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = EventRow::from_body(&body);
    }
}

#[test]
fn the_hash_of_a_known_history_never_changes() {
    let mut engine = opened();
    let mut events = Vec::new();
    engine.apply(8, &limit(5, Side::Sell, 10, 100), &mut events);
    engine.apply(7, &limit(6, Side::Buy, 4, 101), &mut events);
    engine.apply(7, &limit(6, Side::Buy, 4, 0), &mut events);
    engine.apply(8, &Command::Cancel(CancelOrder { orig_cl_ord_id: 5 }), &mut events);
    assert_eq!(engine.outcome_hash(), 0xca0e_6ced_a880_57b0);
}
