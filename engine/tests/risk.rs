//! Limits, positions, kill switches and the end of logons, from outside.

use engine::Engine;
use engine::command::*;
use engine::event::*;
use engine::limits::{LIMITS_MAX, PIECE_MAX, POSITION_MAX_LOTS};

const MILLISECOND: i64 = 1_000_000;
const DISCONNECT: CancelOn = CancelOn(1);
const LOGOFF: CancelOn = CancelOn(2);

const NO_LIMITS: SetLimits = SetLimits {
    scope: RiskScope::Session,
    id: 7,
    order_quantity_max: Optional::NONE,
    order_value_max: Optional::NONE,
    position_max: Optional::NONE,
    rate_interval_ns: 0,
    messages_max: None,
    open_orders_max: None,
    cancel_on: CancelOn(0),
};

fn opened() -> Engine {
    let size = Decimal { mantissa: 1, exponent: -2 };
    let mut symbol = [0; 16];
    symbol[0] = b'A';
    let mut engine = Engine::new();
    for id in 1..3 {
        let terms = Instrument { id, symbol, tick_size: size, lot_size: size };
        engine.apply(0, &Command::DefineInstrument(terms), &mut Vec::new());
    }
    engine
}

fn apply(engine: &mut Engine, session: u32, command: Command) -> Vec<Event> {
    let mut events = Vec::new();
    engine.apply(session, &command, &mut events);
    events
}

fn order(cl_ord_id: u64, account: u32, side: Side, quantity: i64) -> NewOrder {
    NewOrder {
        cl_ord_id,
        price: Some(100),
        quantity,
        instrument: 1,
        account,
        side,
        ord_type: OrdType::Limit,
        time_in_force: TimeInForce::GoodTillCancel,
    }
}

fn buy(engine: &mut Engine, session: u32, cl_ord_id: u64, quantity: i64) -> Vec<Event> {
    apply(engine, session, Command::New(order(cl_ord_id, 3, Side::Buy, quantity)))
}

fn sell(engine: &mut Engine, session: u32, cl_ord_id: u64, quantity: i64) -> Vec<Event> {
    apply(engine, session, Command::New(order(cl_ord_id, 4, Side::Sell, quantity)))
}

fn replace(engine: &mut Engine, cl_ord_id: u64, quantity: i64) -> Vec<Event> {
    let replace = ReplaceOrder { cl_ord_id, orig_cl_ord_id: cl_ord_id, price: 100, quantity };
    apply(engine, 7, Command::Replace(replace))
}

fn limit(engine: &mut Engine, limits: SetLimits) {
    let told = apply(engine, 9, Command::SetLimits(limits));
    assert_eq!(told, [Event::Administered(Administered { template: 66, id: limits.id, session: 9 })]);
}

fn kill(engine: &mut Engine, scope: RiskScope, id: u32, engaged: bool) -> Vec<Event> {
    apply(engine, 9, Command::SetKillSwitch(SetKillSwitch { scope, id, engaged: Some(engaged) }))
}

fn close(engine: &mut Engine, end: SessionEnd) -> Vec<Event> {
    let mut events = Vec::new();
    engine.session_closed(7, end, &mut events);
    events
}

fn tick(engine: &mut Engine) -> Vec<Event> {
    let mut events = Vec::new();
    engine.tick(&mut events);
    events
}

fn reason(events: &[Event]) -> Option<RejectReason> {
    match events {
        [Event::Rejected(rejected)] => Some(rejected.reason),
        _ => None,
    }
}

fn cancelled(events: &[Event]) -> Vec<(u32, u64, CancelReason)> {
    let gone = |event: &Event| match event {
        Event::Cancelled(gone) => Some((gone.session, gone.cl_ord_id, gone.reason)),
        _ => None,
    };
    events.iter().filter_map(gone).collect()
}

#[test]
fn limits_of_the_order_are_looked_at_for_the_session_then_for_the_account() {
    let mut engine = opened();
    limit(&mut engine, SetLimits { order_value_max: Some(1_000).into(), ..NO_LIMITS });
    let account = SetLimits { scope: RiskScope::Account, id: 3, ..NO_LIMITS };
    limit(&mut engine, SetLimits { order_quantity_max: Some(5).into(), ..account });
    assert_eq!(reason(&buy(&mut engine, 7, 1, 11)), Some(RejectReason::ValueAboveMaximum));
    assert_eq!(reason(&buy(&mut engine, 7, 1, 6)), Some(RejectReason::QuantityAboveMaximum));
    assert_eq!(reason(&buy(&mut engine, 7, 1, 5)), None);
    assert_eq!(reason(&buy(&mut engine, 8, 1, 6)), Some(RejectReason::QuantityAboveMaximum), "whoever sends it");
    assert_eq!(reason(&sell(&mut engine, 8, 1, 6)), None);
    assert_eq!(reason(&replace(&mut engine, 1, 6)), Some(RejectReason::UnknownOrder), "it has traded");
}

#[test]
fn messages_are_counted_in_windows_whether_they_are_refused_or_not() {
    let mut engine = opened();
    let rate = SetLimits { rate_interval_ns: MILLISECOND, messages_max: Some(2), ..NO_LIMITS };
    limit(&mut engine, SetLimits { order_quantity_max: Some(5).into(), ..rate });
    let mut sent = |time_ns, quantity| {
        engine.set_time(time_ns);
        reason(&buy(&mut engine, 7, time_ns as u64, quantity))
    };
    assert_eq!(sent(10, 6), Some(RejectReason::QuantityAboveMaximum));
    assert_eq!(sent(11, 5), None);
    assert_eq!(sent(10 + MILLISECOND - 1, 5), Some(RejectReason::RateExceeded));
    assert_eq!(sent(10 + MILLISECOND, 5), None);
    assert_eq!(sent(11 + MILLISECOND, 0), Some(RejectReason::InvalidQuantity), "not a message of its rate");
    assert_eq!(sent(12 + MILLISECOND, 5), None);
    assert_eq!(sent(13 + MILLISECOND, 5), Some(RejectReason::RateExceeded));
    limit(&mut engine, rate);
    assert_eq!(reason(&replace(&mut engine, 11, 4)), None, "the window is forgotten");
}

#[test]
fn open_orders_are_counted_from_what_is_live_when_the_limit_comes() {
    let mut engine = opened();
    (1..4).for_each(|id| drop(buy(&mut engine, 7, id, 1)));
    limit(&mut engine, SetLimits { open_orders_max: Some(3), ..NO_LIMITS });
    assert_eq!(reason(&buy(&mut engine, 7, 4, 1)), Some(RejectReason::TooManyOpenOrders));
    let at_once = NewOrder { time_in_force: TimeInForce::ImmediateOrCancel, ..order(4, 3, Side::Buy, 1) };
    assert_eq!(reason(&apply(&mut engine, 7, Command::New(at_once))), None, "it does not stay");
    assert_eq!(reason(&replace(&mut engine, 3, 2)), None);
    sell(&mut engine, 8, 1, 1);
    assert_eq!(reason(&buy(&mut engine, 7, 4, 1)), None, "one has traded");
}

#[test]
fn a_position_counts_what_may_come_to_trade() {
    let mut engine = opened();
    limit(&mut engine, SetLimits { position_max: Some(10).into(), ..NO_LIMITS });
    buy(&mut engine, 7, 1, 6);
    assert_eq!(reason(&buy(&mut engine, 7, 2, 5)), Some(RejectReason::PositionAboveMaximum));
    assert_eq!(reason(&replace(&mut engine, 1, 10)), None, "its old quantity is taken out");
    assert_eq!(reason(&replace(&mut engine, 1, 11)), Some(RejectReason::PositionAboveMaximum));
    sell(&mut engine, 8, 1, 4);
    assert_eq!(reason(&replace(&mut engine, 1, 10)), None, "what has traded is in the position");
    assert_eq!(reason(&replace(&mut engine, 1, 11)), Some(RejectReason::PositionAboveMaximum));
    apply(&mut engine, 7, Command::Cancel(CancelOrder { orig_cl_ord_id: 1 }));
    assert_eq!(reason(&sell(&mut engine, 7, 3, 15)), Some(RejectReason::PositionAboveMaximum));
    assert_eq!(reason(&sell(&mut engine, 7, 3, 14)), None, "4 long, 10 short after");
    let set = SetPosition { scope: RiskScope::Session, id: 7, instrument: 1, position: -10 };
    apply(&mut engine, 9, Command::SetPosition(set));
    assert_eq!(reason(&sell(&mut engine, 7, 4, 1)), Some(RejectReason::PositionAboveMaximum));
    assert_eq!(reason(&buy(&mut engine, 7, 5, 20)), None);
    let elsewhere = NewOrder { instrument: 2, ..order(6, 3, Side::Sell, 10) };
    assert_eq!(reason(&apply(&mut engine, 7, Command::New(elsewhere))), None);
}

#[test]
fn a_bust_puts_positions_back() {
    let mut engine = opened();
    limit(&mut engine, SetLimits { position_max: Some(4).into(), ..NO_LIMITS });
    buy(&mut engine, 7, 1, 4);
    sell(&mut engine, 8, 1, 4);
    assert_eq!(reason(&buy(&mut engine, 7, 2, 1)), Some(RejectReason::PositionAboveMaximum));
    apply(&mut engine, 9, Command::BustTrade(BustTrade { trade_id: 1 }));
    assert_eq!(reason(&buy(&mut engine, 7, 2, 4)), None);
}

#[test]
fn a_kill_switch_cancels_a_session_in_pieces_and_lets_nothing_in() {
    let mut engine = opened();
    let orders = u64::from(PIECE_MAX) + 2;
    (1..=orders).for_each(|id| drop(buy(&mut engine, 7, id, 1)));
    let told = kill(&mut engine, RiskScope::Session, 7, true);
    assert_eq!(told[0], Event::Administered(Administered { template: 68, id: 7, session: 9 }));
    let gone = cancelled(&told);
    assert_eq!(gone.len(), PIECE_MAX as usize);
    assert_eq!((gone[0], engine.next_due()), ((7, 1, CancelReason::KillSwitch), Some(i64::MIN)));
    assert_eq!(reason(&buy(&mut engine, 7, 1, 1)), Some(RejectReason::Killed));
    assert_eq!(reason(&replace(&mut engine, orders, 2)), Some(RejectReason::Killed));
    kill(&mut engine, RiskScope::Session, 7, false);
    assert_eq!(reason(&buy(&mut engine, 7, 1, 1)), None);
    let last = cancelled(&tick(&mut engine));
    let expected = [orders - 1, orders].map(|id| (7, id, CancelReason::KillSwitch));
    assert_eq!(last, expected, "releasing does not stop it; what came later stays");
    assert_eq!((engine.next_due(), engine.live_orders()), (None, 1));
}

#[test]
fn an_accounts_kill_switch_looks_at_all_orders_by_session_then_age() {
    let mut engine = opened();
    for id in 1..=150 {
        for session in [30, 10, 20] {
            let account = if id % 2 == 0 { 3 } else { 5 };
            apply(&mut engine, session, Command::New(order(id, account, Side::Buy, 1)));
        }
    }
    let mut gone = cancelled(&kill(&mut engine, RiskScope::Account, 3, true));
    assert_eq!(gone.len(), PIECE_MAX as usize / 2, "every second that it looked at");
    // The order that is next goes, and another comes, before the task goes on.
    apply(&mut engine, 20, Command::Cancel(CancelOrder { orig_cl_ord_id: 107 }));
    apply(&mut engine, 20, Command::Cancel(CancelOrder { orig_cl_ord_id: 108 }));
    kill(&mut engine, RiskScope::Account, 3, false);
    apply(&mut engine, 40, Command::New(order(1, 3, Side::Buy, 1)));
    gone.extend(cancelled(&tick(&mut engine)));
    let expected: Vec<_> = [10, 20, 30]
        .into_iter()
        .flat_map(|session| (1..=75).map(move |pair| (session, pair * 2, CancelReason::KillSwitch)))
        .filter(|&(session, id, _)| (session, id) != (20, 108))
        .collect();
    assert_eq!(gone, expected);
    assert_eq!((engine.next_due(), engine.live_orders()), (None, 225));
}

#[test]
fn the_end_of_a_logon_cancels_as_the_session_or_its_limits_say() {
    let ends = [SessionEnd::Logoff, SessionEnd::Disconnected, SessionEnd::Replaced, SessionEnd::Expired];
    for (own, set, reasons) in [
        (CancelOn(0), CancelOn(0), [None; 4]),
        (LOGOFF, CancelOn(0), [Some(CancelReason::LoggedOff), None, None, None]),
        (
            CancelOn(0),
            DISCONNECT,
            [None, Some(()), Some(()), Some(())].map(|end| end.map(|()| CancelReason::Disconnected)),
        ),
    ] {
        for (end, reason) in ends.into_iter().zip(reasons) {
            let mut engine = opened();
            let configured = apply(&mut engine, 7, Command::ConfigureSession(ConfigureSession { cancel_on: own }));
            assert_eq!(configured, [Event::Administered(Administered { template: 16, id: 7, session: 7 })]);
            limit(&mut engine, SetLimits { cancel_on: set, ..NO_LIMITS });
            buy(&mut engine, 7, 1, 1);
            buy(&mut engine, 8, 1, 1);
            let expected: Vec<_> = reason.into_iter().map(|reason| (7, 1, reason)).collect();
            assert_eq!(cancelled(&close(&mut engine, end)), expected);
        }
    }
}

#[test]
fn the_end_of_a_logon_cancels_in_pieces_and_not_what_a_later_logon_enters() {
    let mut engine = opened();
    apply(&mut engine, 7, Command::ConfigureSession(ConfigureSession { cancel_on: CancelOn(3) }));
    (1..=300).for_each(|id| drop(buy(&mut engine, 7, id, 1)));
    assert_eq!(close(&mut engine, SessionEnd::Disconnected).len(), PIECE_MAX as usize);
    buy(&mut engine, 7, 301, 1);
    assert_eq!(tick(&mut engine).len(), 300 - PIECE_MAX as usize);
    assert_eq!(engine.live_orders(), 1);
}

#[test]
fn unsound_limits_are_refused() {
    let mut engine = opened();
    let mut refused = |limits| reason(&apply(&mut engine, 9, Command::SetLimits(limits)));
    for unsound in [
        SetLimits { scope: RiskScope::NullVal, ..NO_LIMITS },
        SetLimits { id: 0, ..NO_LIMITS },
        SetLimits { order_quantity_max: Some(0).into(), ..NO_LIMITS },
        SetLimits { order_value_max: Some(-1).into(), ..NO_LIMITS },
        SetLimits { position_max: Some(1_000_000_000_001).into(), ..NO_LIMITS },
        SetLimits { rate_interval_ns: MILLISECOND, ..NO_LIMITS },
        SetLimits { messages_max: Some(1), ..NO_LIMITS },
        SetLimits { rate_interval_ns: MILLISECOND, messages_max: Some(0), ..NO_LIMITS },
        SetLimits { rate_interval_ns: MILLISECOND - 1, messages_max: Some(1), ..NO_LIMITS },
        SetLimits { cancel_on: CancelOn(4), ..NO_LIMITS },
        SetLimits { scope: RiskScope::Account, cancel_on: DISCONNECT, ..NO_LIMITS },
    ] {
        assert_eq!(refused(unsound), Some(RejectReason::InvalidLimits), "{unsound:?}");
    }
    assert_eq!(refused(SetLimits { open_orders_max: Some(0), ..NO_LIMITS }), None);
    let mut set = |instrument, position| {
        let set = SetPosition { scope: RiskScope::Account, id: 7, instrument, position };
        reason(&apply(&mut engine, 9, Command::SetPosition(set)))
    };
    assert_eq!(set(3, i64::MAX), Some(RejectReason::UnknownInstrument));
    assert_eq!(set(1, POSITION_MAX_LOTS + 1), Some(RejectReason::InvalidLimits));
    assert_eq!(set(1, -POSITION_MAX_LOTS), None);
    let neither = SetKillSwitch { scope: RiskScope::Session, id: 7, engaged: None };
    assert_eq!(reason(&apply(&mut engine, 9, Command::SetKillSwitch(neither))), Some(RejectReason::InvalidLimits));
    let unknown = Command::ConfigureSession(ConfigureSession { cancel_on: CancelOn(7) });
    assert_eq!(reason(&apply(&mut engine, 7, unknown)), Some(RejectReason::InvalidLimits));
}

#[test]
fn there_are_only_so_many_entries_and_those_there_are_stay() {
    let mut engine = opened();
    for id in 1..=LIMITS_MAX as u32 {
        kill(&mut engine, RiskScope::Account, id, false);
    }
    let more = Command::ConfigureSession(ConfigureSession { cancel_on: LOGOFF });
    assert_eq!(reason(&apply(&mut engine, 7, more)), Some(RejectReason::TooManyLimits));
    limit(&mut engine, SetLimits { scope: RiskScope::Account, id: 7, ..NO_LIMITS });
}
