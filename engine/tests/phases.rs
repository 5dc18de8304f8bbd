//! Trading phases, auctions, schedules, rules of instruments and busts, from outside.

use engine::command::*;
use engine::event::*;
use engine::limits::{PIECE_MAX, SCHEDULE_MAX, TRADES_KEPT};
use engine::{Engine, Uncross};
use proptest::prelude::*;

const SECOND: i64 = 1_000_000_000;

const NO_RULES: SetInstrumentRules = SetInstrumentRules {
    instrument: 1,
    band_low: Optional::NONE,
    band_high: Optional::NONE,
    collar: Optional::NONE,
    reference_price: Optional::NONE,
    order_quantity_max: Optional::NONE,
    order_value_max: Optional::NONE,
};

fn opened(instruments: u32) -> Engine {
    let size = Decimal { mantissa: 1, exponent: -2 };
    let mut symbol = [0; 16];
    symbol[0] = b'A';
    let mut engine = Engine::new();
    for id in 1..=instruments {
        let terms = Instrument { id, symbol, tick_size: size, lot_size: size };
        engine.apply(0, &Command::DefineInstrument(terms), &mut Vec::new());
    }
    engine
}

fn order(cl_ord_id: u64, side: Side, quantity: i64, price: Option<i64>) -> NewOrder {
    NewOrder {
        cl_ord_id,
        price,
        quantity,
        instrument: 1,
        account: 0,
        side,
        ord_type: if price.is_some() { OrdType::Limit } else { OrdType::Market },
        time_in_force: TimeInForce::GoodTillCancel,
    }
}

fn apply(engine: &mut Engine, session: u32, command: Command) -> Vec<Event> {
    let mut events = Vec::new();
    engine.apply(session, &command, &mut events);
    events
}

fn enter(engine: &mut Engine, cl_ord_id: u64, side: Side, quantity: i64, price: i64) -> Vec<Event> {
    apply(engine, 7, Command::New(order(cl_ord_id, side, quantity, Some(price))))
}

fn set_phase(engine: &mut Engine, phase: TradingPhase) -> Vec<Event> {
    apply(engine, 9, Command::SetPhase(SetPhase { instrument: Some(1), phase }))
}

fn reason(events: &[Event]) -> Option<RejectReason> {
    match events {
        [Event::Rejected(rejected)] => Some(rejected.reason),
        _ => None,
    }
}

fn phases(events: &[Event]) -> Vec<(u32, TradingPhase)> {
    let changed = |event: &Event| match event {
        Event::PhaseChanged(changed) => Some((changed.instrument, changed.phase)),
        _ => None,
    };
    events.iter().filter_map(changed).collect()
}

fn fills(events: &[Event]) -> Vec<(u64, u64, i64, i64)> {
    let filled = |event: &Event| match event {
        Event::Filled(fill) => Some((fill.taker.order_id, fill.maker.order_id, fill.quantity, fill.price)),
        _ => None,
    };
    events.iter().filter_map(filled).collect()
}

fn tick(engine: &mut Engine, time_ns: i64) -> Vec<Event> {
    let mut events = Vec::new();
    engine.set_time(time_ns);
    engine.tick(&mut events);
    events
}

#[test]
fn an_auction_collects_orders_and_ends_at_one_price() {
    let mut engine = opened(1);
    set_phase(&mut engine, TradingPhase::OpeningAuction);
    for (id, side, quantity, price) in [
        (1, Side::Sell, 4, 100),
        (2, Side::Buy, 3, 103),
        (3, Side::Sell, 5, 101),
        (4, Side::Buy, 9, 102),
        (5, Side::Buy, 1, 103),
    ] {
        assert!(matches!(enter(&mut engine, id, side, quantity, price)[..], [Event::Accepted(_)]));
    }
    assert_eq!(engine.indicative(1), Some(Uncross { price: 102, volume: 9, surplus: 4 }));
    let events = set_phase(&mut engine, TradingPhase::Continuous);
    let uncrossed = Uncrossed { instrument: 1, price: 102, volume: 9, session: 9 };
    assert_eq!(events[0], Event::Uncrossed(uncrossed));
    assert_eq!(fills(&events), [(2, 1, 3, 102), (5, 1, 1, 102), (4, 3, 5, 102)], "by price, then time");
    assert!(matches!(&events[1], Event::Filled(fill) if fill.auction && fill.taker_side == Side::Buy));
    assert_eq!(phases(&events), [(1, TradingPhase::Continuous)]);
    assert!(matches!(events.last(), Some(Event::PhaseChanged(_))), "the phase changes last");
    assert_eq!(engine.levels(1, Side::Buy, 9).collect::<Vec<_>>(), [(102, 4, 1)]);
    assert_eq!(engine.indicative(1), None);
}

#[test]
fn a_halt_keeps_the_book_of_an_auction_and_continuous_trading_uncrosses_it() {
    let mut engine = opened(1);
    set_phase(&mut engine, TradingPhase::ClosingAuction);
    enter(&mut engine, 1, Side::Sell, 4, 100);
    enter(&mut engine, 2, Side::Buy, 4, 101);
    assert_eq!(fills(&set_phase(&mut engine, TradingPhase::Halt)), []);
    assert_eq!(fills(&set_phase(&mut engine, TradingPhase::Continuous)), [(2, 1, 4, 100)]);
    set_phase(&mut engine, TradingPhase::PreOpen);
    enter(&mut engine, 1, Side::Sell, 4, 100);
    enter(&mut engine, 2, Side::Buy, 4, 101);
    assert_eq!(fills(&set_phase(&mut engine, TradingPhase::OpeningAuction)), [], "an auction begins crossed");
    assert_eq!(fills(&set_phase(&mut engine, TradingPhase::Closed)), [(4, 3, 4, 100)], "and ends uncrossed");
}

#[test]
fn a_halt_lies_over_phases_and_its_end_uncrosses_what_is_due() {
    let mut engine = opened(1);
    let halt = |on| Command::SetHalt(SetHalt { instrument: Some(1), on });
    set_phase(&mut engine, TradingPhase::OpeningAuction);
    enter(&mut engine, 1, Side::Sell, 4, 100);
    enter(&mut engine, 2, Side::Buy, 4, 101);
    assert_eq!(phases(&apply(&mut engine, 9, halt(Some(true)))), [(1, TradingPhase::Halt)]);
    assert_eq!(set_phase(&mut engine, TradingPhase::Continuous).len(), 1, "nothing trades");
    assert_eq!(fills(&apply(&mut engine, 9, halt(Some(false)))), [(2, 1, 4, 100)]);
    assert_eq!(reason(&apply(&mut engine, 9, halt(None))), Some(RejectReason::InvalidPhase));
    assert!(engine.set_logic_version(3));
    assert_eq!(reason(&apply(&mut engine, 9, halt(Some(true)))), Some(RejectReason::UnknownCommand));
}

#[test]
fn a_phase_says_what_may_be_entered() {
    let mut engine = opened(1);
    let market = Command::New(order(2, Side::Buy, 1, None));
    let at_once =
        Command::New(NewOrder { time_in_force: TimeInForce::ImmediateOrCancel, ..order(3, Side::Buy, 1, Some(100)) });
    enter(&mut engine, 1, Side::Sell, 5, 200);
    let replace = |price| Command::Replace(ReplaceOrder { cl_ord_id: 1, orig_cl_ord_id: 1, price, quantity: 5 });
    for phase in [TradingPhase::PreOpen, TradingPhase::OpeningAuction, TradingPhase::ClosingAuction] {
        set_phase(&mut engine, phase);
        assert_eq!(reason(&apply(&mut engine, 7, market)), Some(RejectReason::WrongPhase));
        assert_eq!(reason(&apply(&mut engine, 7, at_once)), Some(RejectReason::WrongPhase));
        assert!(matches!(apply(&mut engine, 7, replace(150))[..], [Event::Replaced(_)]));
    }
    for phase in [TradingPhase::Closed, TradingPhase::Halt] {
        set_phase(&mut engine, phase);
        assert_eq!(reason(&enter(&mut engine, 4, Side::Buy, 1, 100)), Some(RejectReason::WrongPhase));
        assert_eq!(reason(&apply(&mut engine, 7, replace(160))), Some(RejectReason::WrongPhase));
        let reduce = Command::Reduce(ReduceOrder { orig_cl_ord_id: 1, quantity: 1 });
        assert!(matches!(apply(&mut engine, 7, reduce)[..], [Event::Reduced(_)]));
    }
    let cancel = Command::Cancel(CancelOrder { orig_cl_ord_id: 1 });
    assert!(matches!(apply(&mut engine, 7, cancel)[..], [Event::Cancelled(_)]));
}

#[test]
fn a_phase_that_is_set_again_is_answered_and_unknown_ones_are_refused() {
    let mut engine = opened(1);
    assert_eq!(set_phase(&mut engine, TradingPhase::Continuous).len(), 1);
    assert_eq!(reason(&set_phase(&mut engine, TradingPhase::NullVal)), Some(RejectReason::InvalidPhase));
    let other = Command::SetPhase(SetPhase { instrument: Some(2), phase: TradingPhase::Halt });
    assert_eq!(reason(&apply(&mut engine, 9, other)), Some(RejectReason::UnknownInstrument));
    let all = Command::SetPhase(SetPhase { instrument: None, phase: TradingPhase::Halt });
    assert_eq!(reason(&apply(&mut Engine::new(), 9, all)), Some(RejectReason::UnknownInstrument));
}

#[test]
fn a_phase_for_all_goes_on_in_pieces() {
    let mut engine = opened(2 * PIECE_MAX + 1);
    let all = Command::SetPhase(SetPhase { instrument: None, phase: TradingPhase::Halt });
    let ids = |events: Vec<Event>| phases(&events).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(ids(apply(&mut engine, 9, all)), (1..=PIECE_MAX).collect::<Vec<_>>());
    assert_eq!(engine.next_due(), Some(i64::MIN));
    assert_eq!(ids(tick(&mut engine, 0)), (PIECE_MAX + 1..=2 * PIECE_MAX).collect::<Vec<_>>());
    assert_eq!(ids(tick(&mut engine, 0)), [2 * PIECE_MAX + 1]);
    assert_eq!(engine.next_due(), None);
    let mut exact = opened(PIECE_MAX);
    assert_eq!(apply(&mut exact, 9, all).len(), PIECE_MAX as usize);
    assert_eq!(exact.next_due(), None, "nothing is left of what took every step");
}

#[test]
fn a_schedule_is_carried_out_by_ticks_in_the_order_of_its_times() {
    let mut engine = opened(2);
    engine.set_time(SECOND);
    let schedule = |instrument, time_ns, interval_ns, phase| {
        Command::SchedulePhase(SchedulePhase { instrument, time_ns, interval_ns, phase })
    };
    for (instrument, time_ns, interval_ns, phase) in [
        (2, 3 * SECOND, 0, TradingPhase::Halt),
        (1, 3 * SECOND, 2 * SECOND, TradingPhase::Closed),
        (1, 3 * SECOND, 0, TradingPhase::PreOpen),
        (1, 2 * SECOND, 0, TradingPhase::Halt),
    ] {
        let events = apply(&mut engine, 9, schedule(instrument, time_ns, interval_ns, phase));
        assert!(matches!(events[..], [Event::Administered(Administered { template: 63, session: 9, .. })]));
    }
    assert_eq!(engine.next_due(), Some(2 * SECOND));
    assert_eq!(tick(&mut engine, 2 * SECOND - 1), []);
    let expected =
        [(1, TradingPhase::Halt), (1, TradingPhase::Closed), (1, TradingPhase::PreOpen), (2, TradingPhase::Halt)];
    assert_eq!(phases(&tick(&mut engine, 6 * SECOND)), expected);
    assert_eq!(engine.next_due(), Some(7 * SECOND), "past the stamp, by whole intervals");
    let cleared = apply(&mut engine, 9, Command::ClearSchedule(ClearSchedule { instrument: 1 }));
    assert!(matches!(cleared[..], [Event::Administered(Administered { template: 64, id: 1, .. })]));
    assert_eq!(engine.next_due(), None);
}

#[test]
fn a_schedule_refuses_what_makes_no_sense_and_what_is_too_much() {
    let mut engine = opened(1);
    engine.set_time(SECOND);
    let mut refused = |instrument, time_ns, interval_ns, phase| {
        let entry = SchedulePhase { instrument, time_ns, interval_ns, phase };
        reason(&apply(&mut engine, 9, Command::SchedulePhase(entry)))
    };
    let phase = TradingPhase::Halt;
    assert_eq!(refused(2, 0, 1, TradingPhase::NullVal), Some(RejectReason::UnknownInstrument));
    assert_eq!(refused(1, 2 * SECOND, 0, TradingPhase::NullVal), Some(RejectReason::InvalidPhase));
    assert_eq!(refused(1, SECOND, 0, phase), Some(RejectReason::InvalidPhase));
    assert_eq!(refused(1, 2 * SECOND, SECOND - 1, phase), Some(RejectReason::InvalidPhase));
    assert_eq!(refused(1, 2 * SECOND, -SECOND, phase), Some(RejectReason::InvalidPhase));
    for _ in 0..SCHEDULE_MAX {
        assert_eq!(refused(1, i64::MAX, i64::MAX, phase), None);
    }
    assert_eq!(refused(1, 2 * SECOND, 0, phase), Some(RejectReason::ScheduleFull));
    assert_eq!(phases(&tick(&mut engine, i64::MAX)).len(), SCHEDULE_MAX);
    assert_eq!(engine.next_due(), None, "no time is left for another");
}

#[test]
fn rules_bound_prices_quantities_and_values() {
    let mut engine = opened(1);
    let some = |value| Optional::from(Some(value));
    let rules = SetInstrumentRules {
        band_low: some(90),
        band_high: some(110),
        collar: some(5),
        reference_price: some(100),
        order_quantity_max: some(50),
        order_value_max: some(4_000),
        ..NO_RULES
    };
    let set = apply(&mut engine, 9, Command::SetInstrumentRules(rules));
    assert!(matches!(set[..], [Event::Administered(Administered { template: 61, id: 1, .. })]));
    let mut refused =
        |side, quantity, price| reason(&apply(&mut engine, 7, Command::New(order(1, side, quantity, price))));
    assert_eq!(refused(Side::Buy, 51, Some(89)), Some(RejectReason::OutsidePriceBand));
    assert_eq!(refused(Side::Sell, 51, Some(111)), Some(RejectReason::OutsidePriceBand));
    assert_eq!(refused(Side::Buy, 51, Some(106)), Some(RejectReason::OutsideCollar));
    assert_eq!(refused(Side::Sell, 51, Some(94)), Some(RejectReason::OutsideCollar));
    assert_eq!(refused(Side::Buy, 51, Some(105)), Some(RejectReason::QuantityAboveMaximum));
    assert_eq!(refused(Side::Buy, 39, Some(105)), Some(RejectReason::ValueAboveMaximum));
    assert_eq!(refused(Side::Buy, 41, None), Some(RejectReason::ValueAboveMaximum), "at the reference");
    assert_eq!(refused(Side::Buy, 40, None), None);
    assert_eq!(refused(Side::Sell, 38, Some(105)), None);
    set_phase(&mut engine, TradingPhase::PreOpen);
    assert_eq!(reason(&enter(&mut engine, 2, Side::Sell, 1, 90)), None, "a collar is for trading");
    apply(&mut engine, 9, Command::SetInstrumentRules(NO_RULES));
    assert_eq!(reason(&enter(&mut engine, 3, Side::Sell, 1_000, 1)), None);
}

#[test]
fn the_last_price_moves_the_collar() {
    let mut engine = opened(1);
    let some = |value| Optional::from(Some(value));
    let rules = SetInstrumentRules { collar: some(5), reference_price: some(100), ..NO_RULES };
    apply(&mut engine, 9, Command::SetInstrumentRules(rules));
    enter(&mut engine, 1, Side::Sell, 1, 105);
    enter(&mut engine, 2, Side::Buy, 1, 105);
    assert_eq!(reason(&enter(&mut engine, 3, Side::Buy, 1, 110)), None);
    assert_eq!(reason(&enter(&mut engine, 4, Side::Buy, 1, 111)), Some(RejectReason::OutsideCollar));
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    let mut engine = opened(1);
    let some = |value| Optional::from(Some(value));
    let mut refused = |rules| reason(&apply(&mut engine, 9, Command::SetInstrumentRules(rules)));
    let unknown = SetInstrumentRules { instrument: 2, band_low: some(0), ..NO_RULES };
    assert_eq!(refused(unknown), Some(RejectReason::UnknownInstrument));
    for rules in [
        SetInstrumentRules { band_low: some(0), ..NO_RULES },
        SetInstrumentRules { band_high: some(1_000_000_000_001), ..NO_RULES },
        SetInstrumentRules { band_low: some(2), band_high: some(1), ..NO_RULES },
        SetInstrumentRules { collar: some(-1), ..NO_RULES },
        SetInstrumentRules { reference_price: some(0), ..NO_RULES },
        SetInstrumentRules { order_quantity_max: some(1_000_000_000_001), ..NO_RULES },
        SetInstrumentRules { order_value_max: some(0), ..NO_RULES },
    ] {
        assert_eq!(refused(rules), Some(RejectReason::InvalidRules));
    }
    assert_eq!(refused(SetInstrumentRules { order_value_max: some(i64::MAX), ..NO_RULES }), None);
}

#[test]
fn the_latest_trades_can_be_voided_once() {
    let mut engine = opened(1);
    let bust = |engine: &mut Engine, trade_id| apply(engine, 9, Command::BustTrade(BustTrade { trade_id }));
    assert_eq!(reason(&bust(&mut engine, 0)), Some(RejectReason::UnknownTrade));
    assert_eq!(reason(&bust(&mut engine, 1)), Some(RejectReason::UnknownTrade));
    let trades = TRADES_KEPT as u64 + 1;
    apply(&mut engine, 8, Command::New(order(5, Side::Sell, trades as i64, Some(100))));
    for id in 1..=trades {
        enter(&mut engine, id, Side::Buy, 1, 100);
    }
    assert_eq!(reason(&bust(&mut engine, 1)), Some(RejectReason::UnknownTrade), "too long ago");
    assert_eq!(reason(&bust(&mut engine, trades + 1)), Some(RejectReason::UnknownTrade));
    let busted = TradeBusted {
        trade_id: trades,
        first: BustedParty { order_id: trades + 1, cl_ord_id: trades, session: 7 },
        second: BustedParty { order_id: 1, cl_ord_id: 5, session: 8 },
        price: 100,
        quantity: 1,
        instrument: 1,
        first_side: Side::Buy,
    };
    assert_eq!(bust(&mut engine, trades), [Event::TradeBusted(busted)]);
    assert_eq!(reason(&bust(&mut engine, trades)), Some(RejectReason::UnknownTrade), "void already");
    assert_eq!(bust(&mut engine, 2).len(), 1, "the oldest that is remembered");
}

proptest! {
    #[test]
    fn an_uncross_trades_its_volume_in_the_order_of_price_and_time_and_leaves_nothing_crossed(
        orders in prop::collection::vec((any::<bool>(), 1i64..8, 95i64..106), 1..40),
    ) {
        let mut engine = opened(1);
        set_phase(&mut engine, TradingPhase::OpeningAuction);
        for (id, &(buys, quantity, price)) in (1..).zip(&orders) {
            enter(&mut engine, id, if buys { Side::Buy } else { Side::Sell }, quantity, price);
        }
        let expected = engine.indicative(1);
        let events = set_phase(&mut engine, TradingPhase::Continuous);
        let fills = fills(&events);
        prop_assert_eq!(fills.iter().map(|fill| fill.2).sum::<i64>(), expected.map_or(0, |found| found.volume));
        prop_assert!(fills.iter().all(|fill| Some(fill.3) == expected.map(|found| found.price)));
        let of = |id: u64| orders[id as usize - 1];
        prop_assert!(fills.is_sorted_by_key(|fill| (-of(fill.0).2, fill.0)), "buys by price, then time");
        prop_assert!(fills.is_sorted_by_key(|fill| (of(fill.1).2, fill.1)), "sells too");
        let best = |side| engine.levels(1, side, 1).next().map(|level| level.0);
        prop_assert!(best(Side::Buy).zip(best(Side::Sell)).is_none_or(|(bid, ask)| bid < ask));
    }
}
