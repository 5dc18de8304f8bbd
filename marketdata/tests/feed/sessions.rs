//! Random sessions of all commands, drawn so that things meet: few prices, few instruments, few ids.

use crate::venue::{INSTRUMENTS, SESSIONS, Venue, terms};
use engine::command::{
    Attributes, BustTrade, CancelOn, CancelOrder, ClearSchedule, Command, ConfigureSession, ExecInst, ExtendedOrder,
    MassCancel, NewOrder, Optional, OptionalSide, OrdType, ReduceOrder, ReplaceOrder, RiskScope, SchedulePhase,
    SelfTradePrevention, SessionEnd, SetHalt, SetInstrumentRules, SetKillSwitch, SetLimits, SetPhase, SetPosition,
    Side, TimeInForce, TradingPhase,
};
use engine::event::Event;
use proptest::prelude::*;

/// What one frame does, and how long after the last one it comes.
#[derive(Clone, Debug)]
pub struct Step {
    after_ns: i64,
    session: u32,
    what: What,
}

/// Times in commands count from the frame that brings them.
#[derive(Clone, Debug)]
enum What {
    Command(Command),
    /// So many orders of the session, one a frame, away from what trades.
    Crowd(u64),
    End(SessionEnd),
    Tick,
}

impl Step {
    /// What happened, frame by frame, is given to `sink`.
    pub fn perform(&self, venue: &mut Venue, mut sink: impl FnMut(&mut Venue)) {
        let (after_ns, session) = (self.after_ns, self.session);
        match self.what {
            What::Tick => drop(venue.frame(after_ns, |engine, events| engine.tick(events))),
            What::End(end) => drop(venue.frame(after_ns, |engine, events| engine.session_closed(session, end, events))),
            What::Command(command) => {
                let command = from_now(command, venue.now_ns + after_ns);
                venue.frame(after_ns, |engine, events| engine.apply(session, &command, events));
            }
            What::Crowd(count) => {
                for id in 0..count {
                    let order = crowding(session, id);
                    venue.frame(0, |engine, events| engine.apply(session, &order, events));
                    sink(venue);
                }
            }
        }
        sink(venue);
    }
}

fn from_now(mut command: Command, now_ns: i64) -> Command {
    match &mut command {
        Command::NewExtended(ExtendedOrder { attributes, .. }) => {
            attributes.expire_time_ns = attributes.expire_time_ns.get().map(|after_ns| now_ns + after_ns).into();
        }
        Command::SchedulePhase(scheduled) => scheduled.time_ns += now_ns,
        _ => {}
    }
    command
}

fn crowding(session: u32, id: u64) -> Command {
    let (side, price) = if id.is_multiple_of(2) { (Side::Buy, 80) } else { (Side::Sell, 120) };
    let time_in_force = if id.is_multiple_of(3) { TimeInForce::GoodTillCancel } else { TimeInForce::Day };
    Command::New(NewOrder {
        cl_ord_id: 1_000 + id,
        price: Some(price),
        quantity: 1,
        instrument: session % INSTRUMENTS,
        account: 5,
        side,
        ord_type: OrdType::Limit,
        time_in_force,
    })
}

/// All instruments, then anything.
pub fn sessions(count: usize) -> impl Strategy<Value = Vec<Step>> {
    let listed = (0..INSTRUMENTS).map(|id| {
        let what = What::Command(Command::DefineInstrument(terms(id)));
        Step { after_ns: 0, session: 0, what }
    });
    let listed: Vec<_> = listed.collect();
    prop::collection::vec(step(), count).prop_map(move |steps| [listed.clone(), steps].concat())
}

fn step() -> impl Strategy<Value = Step> {
    let ends = prop::sample::select(vec![SessionEnd::Logoff, SessionEnd::Disconnected, SessionEnd::Expired]);
    let what = prop_oneof![
        100 => orders().prop_map(What::Command),
        14 => controls().prop_map(What::Command),
        8 => Just(What::Tick),
        1 => ends.prop_map(What::End),
        1 => prop::sample::select(vec![20, 300]).prop_map(What::Crowd),
    ];
    // The longest of them is longer than an indication may have to wait.
    let after = prop::sample::select(vec![0, 0, 1, 1_000, 50_000, 200_000_000]);
    (after, 0..SESSIONS, what).prop_map(|(after_ns, session, what)| Step { after_ns, session, what })
}

fn orders() -> impl Strategy<Value = Command> {
    prop_oneof![
        12 => plain().prop_map(Command::New),
        16 => rich().prop_map(Command::NewExtended),
        8 => iceberg().prop_map(Command::NewExtended),
        8 => stop().prop_map(Command::NewExtended),
        5 => id().prop_map(|id| Command::Cancel(CancelOrder { orig_cl_ord_id: id })),
        5 => (id(), 1i64..6).prop_map(|(id, quantity)| Command::Reduce(ReduceOrder { orig_cl_ord_id: id, quantity })),
        12 => (id(), prop::option::weighted(0.3, id()), price(), 1i64..20).prop_map(|(old, new, price, quantity)| {
            Command::Replace(ReplaceOrder { cl_ord_id: new.unwrap_or(old), orig_cl_ord_id: old, price, quantity })
        }),
        1 => mass_cancel().prop_map(Command::MassCancel),
    ]
}

fn id() -> impl Strategy<Value = u64> {
    1u64..16
}

fn price() -> impl Strategy<Value = i64> {
    97i64..104
}

fn plain() -> impl Strategy<Value = NewOrder> {
    use TimeInForce::{Day, FillOrKill, GoodTillCancel, ImmediateOrCancel};
    let lives = prop::sample::select(vec![GoodTillCancel, GoodTillCancel, Day, Day, ImmediateOrCancel, FillOrKill]);
    let prices = prop::option::weighted(0.9, price());
    (id(), prop::sample::select(vec![0, 0, 1]), prices, 1i64..9, any::<bool>(), prop::sample::select(vec![0, 5]), lives)
        .prop_map(|(cl_ord_id, instrument, price, quantity, buys, account, time_in_force)| NewOrder {
            cl_ord_id,
            price,
            quantity,
            instrument,
            account,
            side: if buys { Side::Buy } else { Side::Sell },
            ord_type: if price.is_some() { OrdType::Limit } else { OrdType::Market },
            time_in_force,
        })
}

/// Some that do not fit the order among them.
fn attributes() -> impl Strategy<Value = Attributes> {
    use SelfTradePrevention::{CancelBoth, CancelNewest, CancelOldest, Decrement, None};
    let ways = prop::sample::select(vec![None, None, CancelNewest, CancelOldest, CancelBoth, Decrement, Decrement]);
    let minimum = prop::option::weighted(0.05, 1i64..4);
    (ways, prop::sample::select(vec![0, 0, 3]), minimum, prop::bool::weighted(0.1)).prop_map(
        |(self_trade_prevention, self_trade_group, minimum, post_only)| {
            let mut instructions = ExecInst::default();
            instructions.set_post_only(post_only);
            let minimum_quantity = minimum.into();
            Attributes { minimum_quantity, self_trade_group, instructions, self_trade_prevention, ..Attributes::NONE }
        },
    )
}

fn rich() -> impl Strategy<Value = ExtendedOrder> {
    let expires = prop::option::weighted(0.3, prop::sample::select(vec![1, 1_000, 60_000, 300_000_000, 900_000_000]));
    (plain(), attributes(), expires).prop_map(|(mut order, mut attributes, expires)| {
        if expires.is_some() {
            order.time_in_force = TimeInForce::GoodTillDate;
            attributes.expire_time_ns = expires.into();
        }
        ExtendedOrder { order, attributes }
    })
}

fn iceberg() -> impl Strategy<Value = ExtendedOrder> {
    (rich(), price(), 5i64..25, 1i64..5).prop_map(|(mut extended, price, quantity, display)| {
        let order = &mut extended.order;
        (order.price, order.ord_type, order.quantity) = (Some(price), OrdType::Limit, quantity);
        if matches!(order.time_in_force, TimeInForce::ImmediateOrCancel | TimeInForce::FillOrKill) {
            order.time_in_force = TimeInForce::Day;
        }
        extended.attributes.display_quantity = Some(display).into();
        extended.attributes.minimum_quantity = Optional::NONE;
        extended
    })
}

/// Also icebergs.
fn stop() -> impl Strategy<Value = ExtendedOrder> {
    let kinds = prop_oneof![3 => rich(), 2 => iceberg()];
    (kinds, price()).prop_map(|(mut extended, stop_price)| {
        extended.attributes.stop_price = Some(stop_price).into();
        extended.attributes.minimum_quantity = Optional::NONE;
        extended.attributes.instructions = ExecInst::default();
        extended.order.ord_type = if extended.order.price.is_some() { OrdType::StopLimit } else { OrdType::Stop };
        extended
    })
}

fn mass_cancel() -> impl Strategy<Value = MassCancel> {
    let sides = prop::sample::select(vec![OptionalSide::Both, OptionalSide::Buy, OptionalSide::Sell]);
    (prop::option::of(0..INSTRUMENTS), sides, prop::option::weighted(0.2, Just(5)))
        .prop_map(|(instrument, side, account)| MassCancel { instrument, side, account })
}

fn phase() -> impl Strategy<Value = TradingPhase> {
    use TradingPhase::{Closed, ClosingAuction, Continuous, Halt, OpeningAuction, PreOpen};
    prop_oneof![
        8 => Just(Continuous),
        3 => Just(OpeningAuction),
        2 => Just(ClosingAuction),
        1 => prop::sample::select(vec![PreOpen, Halt, Closed]),
    ]
}

fn controls() -> impl Strategy<Value = Command> {
    let soon = prop::sample::select(vec![1, 60_000, 300_000_000]);
    let all_or_one = prop::option::weighted(0.7, 0..INSTRUMENTS);
    let accounts = || {
        (any::<bool>(), 0..SESSIONS).prop_map(|(is_session, session)| {
            if is_session { (RiskScope::Session, session) } else { (RiskScope::Account, 5) }
        })
    };
    prop_oneof![
        16 => (phase(), all_or_one)
            .prop_map(|(phase, instrument)| Command::SetPhase(SetPhase { instrument, phase })),
        4 => (prop::option::weighted(0.5, 0..INSTRUMENTS), prop::bool::weighted(0.3))
            .prop_map(|(instrument, on)| Command::SetHalt(SetHalt { instrument, on: Some(on) })),
        4 => (phase(), 0..INSTRUMENTS, soon).prop_map(|(phase, instrument, time_ns)| {
            Command::SchedulePhase(SchedulePhase { instrument, time_ns, interval_ns: 0, phase })
        }),
        1 => (0..INSTRUMENTS).prop_map(|instrument| Command::ClearSchedule(ClearSchedule { instrument })),
        4 => rules().prop_map(Command::SetInstrumentRules),
        3 => accounts().prop_flat_map(limits).prop_map(Command::SetLimits),
        1 => (accounts(), -3i64..4).prop_map(|((scope, id), position)| {
            Command::SetPosition(SetPosition { scope, id, instrument: 0, position })
        }),
        5 => (accounts(), prop::bool::weighted(0.3)).prop_map(|((scope, id), engaged)| {
            Command::SetKillSwitch(SetKillSwitch { scope, id, engaged: Some(engaged) })
        }),
        2 => (0u8..4).prop_map(|bits| Command::ConfigureSession(ConfigureSession { cancel_on: CancelOn(bits) })),
        8 => (1u64..40).prop_map(|trade_id| Command::BustTrade(BustTrade { trade_id })),
    ]
}

fn rules() -> impl Strategy<Value = SetInstrumentRules> {
    let some = |odds, values| prop::option::weighted(odds, values).prop_map(Optional::from);
    (0..INSTRUMENTS, some(0.2, 96i64..98), some(0.3, 1i64..5), some(0.6, 97i64..104)).prop_map(
        |(instrument, band_low, collar, reference_price)| SetInstrumentRules {
            instrument,
            band_low,
            band_high: Optional::NONE,
            collar,
            reference_price,
            order_quantity_max: Optional::NONE,
            order_value_max: Optional::NONE,
        },
    )
}

fn limits((scope, id): (RiskScope, u32)) -> impl Strategy<Value = SetLimits> {
    let position = prop::option::weighted(0.2, 20i64..60).prop_map(Optional::from);
    (position, prop::option::weighted(0.1, 4u32..20), 0u8..4).prop_map(move |(position_max, open_orders_max, bits)| {
        SetLimits {
            scope,
            id,
            order_quantity_max: Optional::NONE,
            order_value_max: Optional::NONE,
            position_max,
            rate_interval_ns: 0,
            messages_max: None,
            open_orders_max,
            cancel_on: CancelOn(bits),
        }
    })
}

/// What a session should be able to bring about, in words; see the test that looks for all of it.
pub fn happenings(events: &[Event]) -> Vec<String> {
    let word = |event: &Event| match event {
        Event::Cancelled(order) => format!("Cancelled {:?}", order.reason),
        Event::Reduced(order) => format!("Reduced {:?}", order.reason),
        Event::PhaseChanged(change) => format!("PhaseChanged {:?}", change.phase),
        Event::MassCancelled(done) => format!("MassCancelled {:?}", done.response),
        Event::Filled(fill) if fill.auction => "Filled in an auction".into(),
        Event::Replaced(order) if order.priority_kept => "Replaced in place".into(),
        other => format!("{other:?}").split('(').next().unwrap_or_default().into(),
    };
    events.iter().map(word).collect()
}
