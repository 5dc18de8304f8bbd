//! Nothing on the public stream tells who owns an order.

use engine::Engine;
use engine::command::{Command, Decimal, Instrument, NewOrder, OrdType, Side, TimeInForce};
use marketdata::{Builder, Packets};

/// Planted where an owner's values go; none of them may come out, in either order of bytes.
const SESSION: u32 = 0x5e55_1041;
const ACCOUNT: u32 = 0xacc0_4242;
const CL_ORD_ID: u64 = 0xc104_d1d0_c104_d1d0;

#[test]
fn no_session_account_or_client_id_is_in_any_packet() {
    let (mut engine, mut builder, mut packets) = (Engine::new(), Builder::default(), Packets::new(1));
    let one = Decimal { mantissa: 1, exponent: 0 };
    let mut events = Vec::new();
    let terms = Instrument { id: 1, symbol: [b'X'; 16], tick_size: one, lot_size: one };
    engine.apply(SESSION, &Command::DefineInstrument(terms), &mut events);
    for (id, side) in [(0, Side::Buy), (1, Side::Sell), (2, Side::Sell)] {
        let order = NewOrder {
            cl_ord_id: CL_ORD_ID + id,
            price: Some(100),
            quantity: 10 + id as i64,
            instrument: 1,
            account: ACCOUNT,
            side,
            ord_type: OrdType::Limit,
            time_in_force: TimeInForce::GoodTillCancel,
        };
        engine.apply(SESSION, &Command::New(order), &mut events);
    }
    for (seq, event) in (1..).zip(&events) {
        if let Ok(told) = builder.frame(seq, 1, std::slice::from_ref(event)) {
            told.iter().for_each(|(place, message)| packets.push(place, message));
        }
    }
    assert!(packets.next_number() > 6);
    let bytes = packets.close().bytes();
    for planted in [&SESSION.to_le_bytes()[..], &ACCOUNT.to_le_bytes()[..], &CL_ORD_ID.to_le_bytes()[1..]] {
        let reversed: Vec<u8> = planted.iter().rev().copied().collect();
        assert!(!bytes.windows(planted.len()).any(|window| window == planted || window == reversed));
    }
}
