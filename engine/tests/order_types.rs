//! Orders with attributes: what is told of stops, icebergs, times, minimum quantities and self-trades; and what holds
//! whatever comes.

use engine::Engine;
use engine::command::*;
use engine::event::{CancelReason, MassCancelResponse};
use engine::event::{Event, RejectReason};
use engine::limits::PIECE_MAX;
use proptest::prelude::*;

const DAY: TimeInForce = TimeInForce::Day;
const GTC: TimeInForce = TimeInForce::GoodTillCancel;
const GTD: TimeInForce = TimeInForce::GoodTillDate;
const IOC: TimeInForce = TimeInForce::ImmediateOrCancel;
const FOK: TimeInForce = TimeInForce::FillOrKill;

fn opened() -> Engine {
    let mut engine = Engine::new();
    let size = Decimal { mantissa: 1, exponent: -2 };
    let terms = Instrument { id: 1, symbol: *b"OAK\0\0\0\0\0\0\0\0\0\0\0\0\0", tick_size: size, lot_size: size };
    engine.apply(0, &Command::DefineInstrument(terms), &mut Vec::new());
    engine
}

fn order(cl_ord_id: u64, side: Side, quantity: i64, price: Option<i64>, time_in_force: TimeInForce) -> ExtendedOrder {
    let ord_type = if price.is_some() { OrdType::Limit } else { OrdType::Market };
    let order = NewOrder { cl_ord_id, price, quantity, instrument: 1, account: 0, side, ord_type, time_in_force };
    ExtendedOrder { order, attributes: Attributes::NONE }
}

fn buy(cl_ord_id: u64, quantity: i64, price: i64) -> ExtendedOrder {
    order(cl_ord_id, Side::Buy, quantity, Some(price), GTC)
}

fn sell(cl_ord_id: u64, quantity: i64, price: i64) -> ExtendedOrder {
    order(cl_ord_id, Side::Sell, quantity, Some(price), GTC)
}

fn stop(mut order: ExtendedOrder, stop_price: i64) -> ExtendedOrder {
    order.attributes.stop_price = Some(stop_price).into();
    order.order.ord_type = if order.order.price.is_some() { OrdType::StopLimit } else { OrdType::Stop };
    order
}

fn iceberg(mut order: ExtendedOrder, display_quantity: i64) -> ExtendedOrder {
    order.attributes.display_quantity = Some(display_quantity).into();
    order
}

fn until(mut order: ExtendedOrder, expire_time_ns: i64) -> ExtendedOrder {
    order.order.time_in_force = GTD;
    order.attributes.expire_time_ns = Some(expire_time_ns).into();
    order
}

fn guarded(mut order: ExtendedOrder, prevention: SelfTradePrevention) -> ExtendedOrder {
    order.attributes.self_trade_prevention = prevention;
    order
}

fn post_only(mut order: ExtendedOrder) -> ExtendedOrder {
    order.attributes.instructions.set_post_only(true);
    order
}

/// What happened, in a word and two numbers for each event.
fn told(events: &[Event]) -> Vec<String> {
    let words = |event: &Event| match event {
        Event::Accepted(accepted) => format!("{} accepted", accepted.cl_ord_id),
        Event::AcceptedExtended(accepted) => format!("{} accepted", accepted.cl_ord_id),
        Event::Rejected(rejected) => format!("{:?}", rejected.reason),
        Event::Filled(fill) => {
            format!("{} takes {} @ {} of {}", fill.taker.cl_ord_id, fill.quantity, fill.price, fill.maker.cl_ord_id)
        }
        Event::Cancelled(cancelled) => {
            format!("{} loses {}: {:?}", cancelled.cl_ord_id, cancelled.quantity, cancelled.reason)
        }
        Event::Reduced(reduced) => format!("{} reduced to {}", reduced.cl_ord_id, reduced.leaves),
        Event::Triggered(triggered) => format!("{} triggered", triggered.cl_ord_id),
        Event::Refreshed(refreshed) => {
            format!("{} shows {} of {}", refreshed.cl_ord_id, refreshed.shown, refreshed.leaves)
        }
        Event::Replaced(replaced) => format!("{} replaced, kept {}", replaced.cl_ord_id, replaced.priority_kept),
        Event::MassCancelled(done) => format!("{} gone, {:?}", done.affected, done.response),
        other => format!("{other:?}"),
    };
    events.iter().map(words).collect()
}

fn enter(engine: &mut Engine, session: u32, order: ExtendedOrder) -> Vec<String> {
    apply(engine, session, &Command::NewExtended(order))
}

fn apply(engine: &mut Engine, session: u32, command: &Command) -> Vec<String> {
    let mut events = Vec::new();
    engine.apply(session, command, &mut events);
    told(&events)
}

fn tick(engine: &mut Engine, time_ns: i64) -> Vec<String> {
    let mut events = Vec::new();
    engine.set_time(time_ns);
    engine.tick(&mut events);
    told(&events)
}

fn trade(engine: &mut Engine, price: i64) {
    enter(engine, 90, sell(1, 1, price));
    enter(engine, 91, buy(1, 1, price));
}

#[test]
fn a_stop_waits_until_its_price_trades_and_then_moves_the_price_itself() {
    let mut engine = opened();
    enter(&mut engine, 1, sell(1, 1, 105));
    enter(&mut engine, 1, sell(2, 1, 110));
    let on_stop = |id, price| stop(order(id, Side::Buy, 1, None, GTC), price);
    assert_eq!(enter(&mut engine, 2, on_stop(10, 104)), ["10 accepted"]);
    assert_eq!(enter(&mut engine, 2, on_stop(11, 106)), ["11 accepted"]);
    assert_eq!(engine.levels(1, Side::Buy, 9).count(), 0, "they are in no level");
    assert_eq!(engine.live_orders(), 4);
    enter(&mut engine, 1, sell(3, 1, 104));
    let events = enter(&mut engine, 3, buy(20, 1, 104));
    assert_eq!(events[1..], ["20 takes 1 @ 104 of 3", "10 triggered", "10 takes 1 @ 105 of 1"]);
    enter(&mut engine, 1, sell(4, 2, 106));
    let events = enter(&mut engine, 3, buy(21, 1, 106));
    assert_eq!(events[1..], ["21 takes 1 @ 106 of 4", "11 triggered", "11 takes 1 @ 106 of 4"]);
}

#[test]
fn stops_of_one_price_go_by_age_also_when_the_older_came_there_later() {
    let mut engine = opened();
    for (id, price) in [(1, 108), (2, 104)] {
        enter(&mut engine, 2, stop(order(id, Side::Buy, 1, None, GTC), price));
    }
    let replace = ReplaceOrder { cl_ord_id: 1, orig_cl_ord_id: 1, price: 104, quantity: 1 };
    assert_eq!(apply(&mut engine, 2, &Command::Replace(replace)), ["1 replaced, kept true"]);
    enter(&mut engine, 1, sell(3, 1, 104));
    let events = enter(&mut engine, 3, buy(20, 1, 104));
    assert_eq!(events[2..], ["1 triggered", "1 loses 1: Unfilled", "2 triggered", "2 loses 1: Unfilled"]);
}

#[test]
fn more_stops_than_a_piece_are_triggered_by_ticks() {
    let mut engine = opened();
    for id in 1..=u64::from(PIECE_MAX) + 44 {
        enter(&mut engine, 2, stop(order(id, Side::Sell, 1, None, IOC), 100));
    }
    enter(&mut engine, 1, sell(1, 1, 100));
    let triggered = |events: Vec<String>| events.iter().filter(|event| event.ends_with("triggered")).count();
    assert_eq!(triggered(enter(&mut engine, 3, buy(1, 1, 100))), PIECE_MAX as usize);
    assert_eq!(engine.next_due(), Some(i64::MIN));
    assert_eq!(triggered(tick(&mut engine, 1)), 44);
    assert_eq!((engine.next_due(), engine.live_orders()), (None, 0));
}

#[test]
fn an_iceberg_goes_to_the_end_with_each_part_and_a_taker_goes_around() {
    let mut engine = opened();
    enter(&mut engine, 1, iceberg(sell(1, 7, 100), 3));
    enter(&mut engine, 1, sell(2, 2, 100));
    assert_eq!(engine.levels(1, Side::Sell, 9).collect::<Vec<_>>(), [(100, 5, 2)]);
    let events = enter(&mut engine, 2, order(3, Side::Buy, 9, Some(100), FOK));
    assert_eq!(
        events[1..],
        [
            "3 takes 3 @ 100 of 1",
            "1 shows 3 of 4",
            "3 takes 2 @ 100 of 2",
            "3 takes 3 @ 100 of 1",
            "1 shows 1 of 1",
            "3 takes 1 @ 100 of 1"
        ]
    );
    assert_eq!(engine.live_orders(), 0);
}

#[test]
fn a_due_order_does_not_trade_and_goes_with_the_next_tick() {
    let mut engine = opened();
    enter(&mut engine, 1, until(sell(1, 1, 100), 10));
    enter(&mut engine, 1, until(sell(2, 1, 101), 9));
    assert_eq!(engine.next_due(), Some(9));
    engine.set_time(10);
    assert_eq!(enter(&mut engine, 2, order(3, Side::Buy, 1, Some(101), FOK))[1..], ["3 loses 1: Unfilled"]);
    assert_eq!(enter(&mut engine, 2, post_only(buy(4, 1, 100))), ["4 accepted", "1 loses 1: Expired"]);
    let replace = ReplaceOrder { cl_ord_id: 2, orig_cl_ord_id: 2, price: 99, quantity: 1 };
    assert_eq!(apply(&mut engine, 1, &Command::Replace(replace)), ["UnknownOrder"]);
    assert_eq!(
        enter(&mut engine, 2, order(5, Side::Buy, 1, None, GTC))[1..],
        ["2 loses 1: Expired", "5 loses 1: Unfilled"]
    );
    enter(&mut engine, 1, until(sell(6, 1, 102), 12));
    enter(&mut engine, 1, until(sell(7, 1, 102), 11));
    assert_eq!(tick(&mut engine, 20), ["7 loses 1: Expired", "6 loses 1: Expired"]);
    assert_eq!(engine.next_due(), None);
}

#[test]
fn a_minimum_trades_at_once_or_nothing_does() {
    let mut engine = opened();
    enter(&mut engine, 1, sell(1, 3, 100));
    let mut wanted = buy(2, 9, 100);
    wanted.attributes.minimum_quantity = Some(4).into();
    assert_eq!(enter(&mut engine, 2, wanted)[1..], ["2 loses 9: MinimumNotMet"]);
    wanted.attributes.minimum_quantity = Some(3).into();
    assert_eq!(enter(&mut engine, 2, wanted)[1..], ["2 takes 3 @ 100 of 1"]);
    assert_eq!(engine.levels(1, Side::Buy, 9).collect::<Vec<_>>(), [(100, 6, 1)]);
}

#[test]
fn a_trade_with_oneself_ends_as_the_taker_says() {
    use SelfTradePrevention::*;
    let ends = |prevention| {
        let mut engine = opened();
        enter(&mut engine, 1, iceberg(sell(1, 5, 100), 2));
        enter(&mut engine, 2, sell(2, 5, 100));
        enter(&mut engine, 1, guarded(buy(3, 8, 100), prevention))[1..].to_vec()
    };
    assert_eq!(ends(CancelNewest), ["3 loses 8: SelfTrade"]);
    assert_eq!(ends(CancelOldest), ["1 loses 5: SelfTrade", "3 takes 5 @ 100 of 2"]);
    assert_eq!(ends(CancelBoth), ["1 loses 5: SelfTrade", "3 loses 8: SelfTrade"]);
    assert_eq!(ends(Decrement), ["1 loses 5: SelfTrade", "3 reduced to 3", "3 takes 3 @ 100 of 2"]);
}

#[test]
fn what_decrement_took_has_not_traded() {
    let mut engine = opened();
    enter(&mut engine, 1, sell(1, 5, 100));
    enter(&mut engine, 1, guarded(buy(2, 8, 100), SelfTradePrevention::Decrement));
    let replace = |quantity| Command::Replace(ReplaceOrder { cl_ord_id: 2, orig_cl_ord_id: 2, price: 99, quantity });
    assert_eq!(apply(&mut engine, 1, &replace(1)), ["2 replaced, kept false"]);
}

#[test]
fn an_order_that_only_posts_is_refused_where_it_would_trade() {
    let mut engine = opened();
    enter(&mut engine, 1, sell(1, 1, 100));
    assert_eq!(enter(&mut engine, 2, post_only(buy(2, 1, 100))), ["WouldTrade"]);
    assert_eq!(enter(&mut engine, 2, post_only(buy(2, 1, 99))), ["2 accepted"]);
    let replace = ReplaceOrder { cl_ord_id: 3, orig_cl_ord_id: 2, price: 100, quantity: 1 };
    assert_eq!(apply(&mut engine, 2, &Command::Replace(replace)), ["WouldTrade"]);
    assert!(engine.queue_position(2, 2).is_some(), "nothing has changed");
}

#[test]
fn a_mass_cancel_that_looks_at_more_than_a_piece_goes_on_with_ticks_and_spares_what_came_later() {
    let mut engine = opened();
    for id in 1..=u64::from(PIECE_MAX) + 4 {
        let mut order = buy(id, 1, 100);
        order.order.account = (id % 2) as u32;
        enter(&mut engine, 1, order);
    }
    let all = MassCancel { instrument: None, side: OptionalSide::Both, account: Some(1) };
    assert_eq!(apply(&mut engine, 1, &Command::MassCancel(all)).last().expect("told"), "128 gone, Accepted");
    // The order that is looked at next goes meanwhile.
    apply(&mut engine, 1, &Command::Cancel(CancelOrder { orig_cl_ord_id: u64::from(PIECE_MAX) + 1 }));
    let mut later = buy(1_000, 1, 100);
    later.order.account = 1;
    enter(&mut engine, 1, later);
    assert_eq!(tick(&mut engine, 1), ["259 loses 1: Requested", "129 gone, Completed"]);
    assert_eq!(engine.live_orders(), u64::from(PIECE_MAX) / 2 + 3);
}

#[test]
fn older_rules_know_none_of_it() {
    let mut engine = opened();
    assert!(engine.set_logic_version(2));
    let plain = |ord_type, time_in_force| {
        Command::New(NewOrder { ord_type, ..order(1, Side::Buy, 1, Some(1), time_in_force).order })
    };
    assert_eq!(apply(&mut engine, 1, &plain(OrdType::Limit, DAY)), ["InvalidTimeInForce"]);
    assert_eq!(apply(&mut engine, 1, &plain(OrdType::StopLimit, GTC)), ["InvalidOrdType"]);
    assert_eq!(enter(&mut engine, 1, buy(1, 1, 1)), ["UnknownCommand"]);
    trade(&mut engine, 5);
}

fn any_order() -> impl Strategy<Value = ExtendedOrder> {
    let terms = (1u64..12, any::<bool>(), 1i64..9, 95i64..105, 0u32..3);
    let kinds = (0..4, prop::sample::select(vec![DAY, GTC, GTC, GTD, IOC, FOK]), 0u8..5, 0u32..3);
    let attributes = (prop::option::of(1i64..4), prop::option::weighted(0.1, 1i64..4), any::<bool>(), 1i64..40);
    (terms, kinds, attributes).prop_map(|(terms, kinds, (display, minimum, post, time_ns))| {
        let (id, buys, quantity, price, account) = terms;
        let (kind, time_in_force, prevention, group) = kinds;
        let side = if buys { Side::Buy } else { Side::Sell };
        let mut made = order(id, side, quantity, (kind != 1).then_some(price), time_in_force);
        made.order.account = account;
        made.attributes.self_trade_prevention = prevention.into();
        made.attributes.self_trade_group = group;
        if kind > 1 {
            made = stop(made, price + 1);
        }
        if kind == 3 {
            (made.order.price, made.order.ord_type) = (None, OrdType::Stop);
        }
        let stays = !matches!(time_in_force, IOC | FOK) && made.order.price.is_some();
        made.attributes.display_quantity = display.filter(|_| stays).into();
        made.attributes.minimum_quantity = minimum.filter(|_| kind < 2).into();
        made.attributes.instructions.set_post_only(post && stays && kind == 0 && minimum.is_none());
        made.attributes.expire_time_ns = (time_in_force == GTD).then_some(time_ns).into();
        made
    })
}

fn any_command() -> impl Strategy<Value = Command> {
    let replace = (1u64..12, 1u64..12, 95i64..105, 1i64..9);
    prop_oneof![
        8 => any_order().prop_map(Command::NewExtended),
        1 => (1u64..12).prop_map(|orig_cl_ord_id| Command::Cancel(CancelOrder { orig_cl_ord_id })),
        1 => (1u64..12, 1i64..5).prop_map(|(orig_cl_ord_id, quantity)| {
            Command::Reduce(ReduceOrder { orig_cl_ord_id, quantity })
        }),
        3 => replace.prop_map(|(cl_ord_id, orig_cl_ord_id, price, quantity)| {
            Command::Replace(ReplaceOrder { cl_ord_id, orig_cl_ord_id, price, quantity })
        }),
    ]
}

proptest! {
    /// What holds whatever comes: the book is not crossed by what could trade, a level counts what its queue shows, no due
    /// order outlives a tick, and no quantity is lost: what was accepted has traded, was cancelled, or is live.
    #[test]
    fn the_books_are_sound_whatever_comes(steps in prop::collection::vec((1u32..4, any_command(), 0i64..3), 1..120)) {
        let mut engine = opened();
        let mut events = Vec::new();
        let mut now_ns = 0;
        for (session, command, after_ns) in steps {
            now_ns += after_ns;
            engine.set_time(now_ns);
            engine.apply(session, &command, &mut events);
            let mut queued = 0;
            for side in [Side::Buy, Side::Sell] {
                let levels: Vec<_> = engine.levels(1, side, usize::MAX).collect();
                for (price, quantity, orders) in levels {
                    let queue: Vec<_> = engine.queue(1, side, price).collect();
                    prop_assert_eq!(queue.iter().map(|order| order.leaves).sum::<i64>(), quantity);
                    prop_assert_eq!(queue.len(), orders as usize);
                    prop_assert!(queue.iter().all(|order| order.leaves > 0));
                    queued += queue.len();
                }
            }
            prop_assert!(queued as u64 <= engine.live_orders());
            if after_ns == 2 {
                engine.tick(&mut events);
                prop_assert!(engine.next_due().is_none_or(|time_ns| time_ns > now_ns));
                let best = |side| engine.levels(1, side, 1).next();
                if let (Some(bid), Some(ask)) = (best(Side::Buy), best(Side::Sell)) {
                    prop_assert!(bid.0 < ask.0);
                }
            }
        }
        let cancelled = events.iter().any(|event| matches!(event, Event::Cancelled(gone) if gone.quantity == 0));
        prop_assert!(!cancelled, "nothing is cancelled that has nothing left");
        let known = |event: &Event| !matches!(event, Event::Rejected(rejected) if rejected.reason == RejectReason::UnknownCommand);
        prop_assert!(events.iter().all(known));
        for session in 1..4 {
            let all = MassCancel { instrument: None, side: OptionalSide::Both, account: None };
            engine.apply(session, &Command::MassCancel(all), &mut events);
        }
        prop_assert!(matches!(events.last(), Some(Event::MassCancelled(done)) if done.response == MassCancelResponse::Completed));
        prop_assert_eq!(engine.live_orders(), 0);
        prop_assert_eq!(engine.next_due(), None);
        prop_assert!(events.iter().all(|event| !matches!(event, Event::Cancelled(gone) if gone.reason == CancelReason::Collar)));
    }
}
