//! Snapshots from outside: what is loaded goes on as what was saved would have; the bytes are canonical; bad bytes are named.

mod common;

use common::{HEADER_BYTES, Step, seal, sections, steps, take};
use engine::Engine;
use engine::command::*;
use engine::event::Event;
use engine::snapshot::{FORMAT_VERSION, Fault, SnapshotError};
use proptest::prelude::*;

/// What an engine does and comes to after some more steps.
fn go_on(engine: &mut Engine, steps: &[Step]) -> (Vec<Event>, u64, Option<i64>) {
    let mut events = Vec::new();
    steps.iter().for_each(|step| take(engine, step, &mut events));
    (events, engine.outcome_hash(), engine.next_due())
}

fn load(bytes: &[u8]) -> Engine {
    Engine::load(bytes).unwrap_or_else(|error| panic!("what was saved can be loaded: {error}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_loaded_goes_on_as_what_was_saved(seed: u64, count in 0usize..900, cut: prop::sample::Index) {
        let steps = steps(seed, count);
        let (before, after) = steps.split_at(cut.index(steps.len() + 1));
        let mut whole = Engine::new();
        go_on(&mut whole, before);
        let bytes = whole.snapshot();
        let mut loaded = load(&bytes);
        prop_assert!(loaded.snapshot() == bytes, "the bytes are the same whether by commands or by a load");
        prop_assert_eq!(go_on(&mut loaded, after), go_on(&mut whole, after));
        // By now the orders lie in other slots in the one than in the other, and books in another order.
        prop_assert!(loaded.snapshot() == whole.snapshot());
    }

    #[test]
    fn a_state_that_was_loaded_again_and_again_is_the_same(seed: u64, count in 0usize..500, every in 1usize..60) {
        let steps = steps(seed, count);
        let (mut whole, mut loaded) = (Engine::new(), Engine::new());
        for piece in steps.chunks(every) {
            prop_assert_eq!(go_on(&mut loaded, piece), go_on(&mut whole, piece));
            loaded = load(&loaded.snapshot());
        }
        prop_assert!(loaded.snapshot() == whole.snapshot());
    }

    #[test]
    fn a_byte_that_is_not_what_was_written_is_found(seed: u64, at: prop::sample::Index, bit in 0u8..8) {
        let mut engine = Engine::new();
        go_on(&mut engine, &steps(seed, 120));
        let mut bytes = engine.snapshot();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(Engine::load(&bytes).is_err());
        prop_assert!(Engine::load(&bytes[..at]).is_err());
    }

    /// Whoever forges the checksums too gets an error or a state that an engine can be in: one that saves as these bytes, and goes
    /// on.
    #[test]
    fn no_bytes_are_loaded_that_do_not_save_as_they_are(
        seed: u64,
        count in 0usize..400,
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(vec![0u8, 1, 2, 255])), 1..4),
    ) {
        let mut engine = Engine::new();
        let steps = steps(seed, count);
        go_on(&mut engine, &steps);
        let mut bytes = engine.snapshot();
        let places: Vec<usize> = sections(&bytes).into_iter().flatten().collect();
        for (at, value) in changes {
            bytes[places[at.index(places.len())]] = value;
        }
        seal(&mut bytes);
        if let Ok(mut loaded) = Engine::load(&bytes) {
            prop_assert!(loaded.snapshot() == bytes);
            go_on(&mut loaded, &steps[steps.len().saturating_sub(40)..]);
        }
    }

    #[test]
    fn any_bytes_in_a_section_give_an_error_or_a_state(at in 0usize..7, payload in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut bytes = Engine::new().snapshot();
        let section = sections(&bytes)[at].clone();
        bytes[section.start - 8..section.start].copy_from_slice(&(payload.len() as u64).to_le_bytes());
        bytes.splice(section, payload);
        let length = bytes.len() as u64;
        bytes[16..24].copy_from_slice(&length.to_le_bytes());
        seal(&mut bytes);
        if let Ok(loaded) = Engine::load(&bytes) {
            prop_assert!(loaded.snapshot() == bytes);
        }
    }
}

fn error(bytes: &[u8]) -> SnapshotError {
    Engine::load(bytes).expect_err("it cannot be loaded")
}

#[test]
fn an_error_names_the_section_and_the_byte() {
    let mut engine = Engine::new();
    go_on(&mut engine, &steps(1, 200));
    let good = engine.snapshot();
    let venue = sections(&good)[0].start;
    let changed = |at: usize, value: u8| {
        let mut bytes = good.clone();
        bytes[at] = value;
        bytes
    };
    assert_eq!(error(b"").fault, Fault::Magic);
    assert_eq!(error(&changed(0, b'x')).fault, Fault::Magic);
    assert_eq!(error(&changed(8, 9)).fault, Fault::Version(9));
    assert_ne!(FORMAT_VERSION, 9);
    assert_eq!(error(&good[..good.len() - 1]), SnapshotError { section: [0; 4], offset: 16, fault: Fault::Length });
    assert_eq!(error(&changed(venue, 9)), SnapshotError { section: *b"VENU", offset: 28, fault: Fault::Checksum });
    assert_eq!(error(&changed(HEADER_BYTES, b'X')).fault, Fault::Section);
    let mut unknown_rules = changed(venue, 9);
    seal(&mut unknown_rules);
    let told = error(&unknown_rules);
    assert_eq!((told.section, told.offset), (*b"VENU", venue));
    assert_eq!(told.to_string(), "at byte 40 of the snapshot, section \"VENU\": rules that this engine does not know");
}

/// Of a venue where session 1 has sent its first message in a window of limits, and a mass cancel goes on.
fn busy() -> Engine {
    let mut engine = Engine::new();
    let mut events = Vec::new();
    take(&mut engine, &steps(0, 0)[1], &mut events);
    let limits = SetLimits {
        scope: RiskScope::Session,
        id: 1,
        order_quantity_max: Optional::NONE,
        order_value_max: Optional::NONE,
        position_max: Optional::NONE,
        rate_interval_ns: 1_000_000_000,
        messages_max: Some(1_000),
        open_orders_max: None,
        cancel_on: CancelOn(0),
    };
    engine.set_time(5);
    engine.apply(9, &Command::SetLimits(limits), &mut events);
    for cl_ord_id in 1..=300 {
        engine.apply(1, &order(cl_ord_id, Side::Buy), &mut events);
    }
    let entry = SchedulePhase { instrument: 1, time_ns: 9, interval_ns: 0, phase: TradingPhase::Halt };
    engine.apply(9, &Command::SchedulePhase(entry), &mut events);
    let all = MassCancel { instrument: None, side: OptionalSide::Both, account: None };
    engine.apply(1, &Command::MassCancel(all), &mut events);
    engine
}

/// The fault that a load finds if a section has this at that place.
fn forged(engine: &Engine, section: usize, at: usize, value: &[u8]) -> Fault {
    let mut bytes = engine.snapshot();
    let place = sections(&bytes)[section].start + at;
    bytes[place..place + value.len()].copy_from_slice(value);
    seal(&mut bytes);
    error(&bytes).fault
}

#[test]
fn values_from_which_nothing_could_go_on_are_refused() {
    let engine = busy();
    let window = 5 + 3 * 8 + 8 + 4 + 5 + 3;
    let refused = |what| Fault::Value(what);
    for start_ns in [i64::MIN, -1, 6] {
        let fault = forged(&engine, 4, window, &start_ns.to_le_bytes());
        assert_eq!(fault, refused("a window of messages that cannot be open"));
    }
    let affected = 1 + 4 + 5 + 1 + 5 + 8;
    let fault = forged(&engine, 5, affected, &u32::MAX.to_le_bytes());
    assert_eq!(fault, refused("more orders cancelled than there can have been"));
    let phase = 4 + 4 + 16 + 2 * 9;
    assert_eq!(forged(&engine, 1, phase + 1, &[2]), refused("neither 0 nor 1"));
    let scheduled = phase + 2 + 8 + 6 * 8 + 1;
    assert_eq!(forged(&engine, 1, scheduled, &0i64.to_le_bytes()), refused("a time that cannot be scheduled"));
}

#[test]
fn an_order_that_lives_until_the_last_time_of_all_is_saved_and_loaded() {
    let mut engine = Engine::new();
    let mut events = Vec::new();
    take(&mut engine, &steps(0, 0)[1], &mut events);
    let Command::New(plain) = order(1, Side::Buy) else { unreachable!() };
    let dated = NewOrder { time_in_force: TimeInForce::GoodTillDate, ..plain };
    let attributes = Attributes { expire_time_ns: Some(i64::MAX).into(), ..Attributes::NONE };
    engine.apply(1, &Command::NewExtended(ExtendedOrder { order: dated, attributes }), &mut events);
    let mut loaded = load(&engine.snapshot());
    assert_eq!(loaded.next_due(), Some(i64::MAX));
    assert_eq!(go_on(&mut loaded, &[Step::Tick(i64::MAX)]), go_on(&mut engine, &[Step::Tick(i64::MAX)]));
    assert_eq!(loaded.live_orders(), 0);
}

#[test]
fn a_book_that_is_crossed_while_it_trades_is_refused() {
    let mut engine = Engine::new();
    let mut events = Vec::new();
    take(&mut engine, &steps(0, 0)[1], &mut events);
    let auction = SetPhase { instrument: Some(1), phase: TradingPhase::OpeningAuction };
    engine.apply(9, &Command::SetPhase(auction), &mut events);
    for side in [Side::Buy, Side::Sell] {
        engine.apply(1, &order(u64::from(side as u8), side), &mut events);
    }
    assert!(load(&engine.snapshot()).indicative(1).is_some());
    let phase = 4 + 4 + 16 + 2 * 9;
    let fault = forged(&engine, 1, phase, &[TradingPhase::Continuous as u8]);
    assert_eq!(fault, Fault::Value("a crossed book in continuous trading"));
}

fn order(cl_ord_id: u64, side: Side) -> Command {
    let (price, ord_type, time_in_force) = (Some(100), OrdType::Limit, TimeInForce::GoodTillCancel);
    Command::New(NewOrder { cl_ord_id, price, quantity: 1, instrument: 1, account: 0, side, ord_type, time_in_force })
}

#[test]
fn trades_can_be_voided_after_a_load_as_far_back_as_before_it() {
    let mut engine = Engine::new();
    let mut events = Vec::new();
    take(&mut engine, &steps(0, 0)[1], &mut events);
    let trades = engine::limits::TRADES_KEPT as u64 + 777;
    for id in 1..=trades {
        engine.apply(1, &order(id, Side::Buy), &mut events);
        engine.apply(2, &order(id, Side::Sell), &mut events);
        events.clear();
    }
    let mut loaded = load(&engine.snapshot());
    for trade_id in [777, 778, 779, trades, trades + 1] {
        let bust = Command::BustTrade(BustTrade { trade_id });
        let (mut expected, mut told) = (Vec::new(), Vec::new());
        engine.apply(9, &bust, &mut expected);
        loaded.apply(9, &bust, &mut told);
        assert_eq!(told, expected);
    }
    assert!(loaded.snapshot() == engine.snapshot());
}

#[test]
fn an_empty_venue_has_a_snapshot() {
    let bytes = Engine::new().snapshot();
    assert!(load(&bytes).snapshot() == bytes);
    assert!(Engine::with_orders_max(7).snapshot() != bytes, "its room is part of its state");
}

#[test]
fn the_random_steps_fill_every_section() {
    let mut filled = [0; 7];
    for seed in 0..60 {
        let steps = steps(seed, 400);
        let mut engine = Engine::new();
        for piece in steps.chunks(20) {
            go_on(&mut engine, piece);
            for (count, section) in filled.iter_mut().zip(sections(&engine.snapshot())) {
                *count += usize::from(!section.is_empty());
            }
        }
    }
    assert!(filled.iter().all(|&count| count > 20), "{filled:?}");
}
