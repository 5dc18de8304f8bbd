//! What simulated clients ask for that is no order: of their own sessions, and of the venue, if they may.

use crate::random::Random;
use crate::workload::INSTRUMENTS;
use engine::message;
use messages::boolean::Boolean;
use messages::{cancel_on::CancelOn, risk_scope::RiskScope, trading_phase::TradingPhase};

const BODY_BYTES_MAX: usize = 96;
const SOON_NS: (i64, i64) = (-1_000_000, 30_000_000);
/// Sessions and accounts that are named: mostly some that there are.
const IDS: (i64, i64) = (1, 5);
const PHASES: [TradingPhase; 6] = [
    TradingPhase::Closed,
    TradingPhase::PreOpen,
    TradingPhase::OpeningAuction,
    TradingPhase::Continuous,
    TradingPhase::Halt,
    TradingPhase::ClosingAuction,
];

/// See the module. Remembers what it has stopped, so that it goes on again soon.
#[derive(Default)]
pub struct Controls {
    phase_set: bool,
    halted: bool,
    killed: Option<(RiskScope, u32)>,
}

impl Controls {
    /// What a session asks for itself.
    pub fn of_session(&mut self, random: &mut Random) -> Vec<u8> {
        if random.one_in(3) {
            let cancel_on = CancelOn(random.below(4) as u8);
            return body(|bytes| {
                message!(configure_session_codec::ConfigureSessionEncoder, bytes, |configure| configure
                    .cancel_on(cancel_on))
            });
        }
        let (session, on) = (id(random), if random.one_in(4) { Boolean::False } else { Boolean::True });
        body(|bytes| message!(drop_copy_codec::DropCopyEncoder, bytes, |copy| copy.session(session).on(on)))
    }

    /// What whoever runs the venue asks for.
    pub fn of_venue(&mut self, random: &mut Random, now_ns: i64) -> Vec<u8> {
        if self.phase_set && random.one_in(2) {
            self.phase_set = false;
            return set_phase(None, TradingPhase::Continuous);
        }
        if self.halted && random.one_in(2) {
            self.halted = false;
            return set_halt(None, false);
        }
        if let (Some((scope, id)), true) = (self.killed, random.one_in(2)) {
            self.killed = None;
            return set_kill_switch(scope, id, false);
        }
        match random.below(11) {
            0..=2 => {
                self.phase_set = true;
                let named = instrument(random);
                set_phase((!random.one_in(3)).then_some(named), random.pick(&PHASES).unwrap_or(TradingPhase::Halt))
            }
            3 => schedule_phase(random, now_ns),
            4 => {
                let named = instrument(random);
                body(|bytes| {
                    message!(clear_schedule_codec::ClearScheduleEncoder, bytes, |clear| clear.instrument(named))
                })
            }
            5 => {
                let trade_id = random.below(200);
                body(|bytes| message!(bust_trade_codec::BustTradeEncoder, bytes, |bust| bust.trade_id(trade_id)))
            }
            6 => {
                let (scope, id) = (scope(random), id(random));
                self.killed = Some((scope, id));
                set_kill_switch(scope, id, true)
            }
            7 => set_limits(random),
            8 => set_position(random),
            9 => {
                self.halted = true;
                let named = instrument(random);
                set_halt((!random.one_in(3)).then_some(named), true)
            }
            _ => set_rules(random),
        }
    }
}

/// The end of the logon.
pub fn logoff() -> Vec<u8> {
    message::header(messages::logoff_codec::SBE_BLOCK_LENGTH, messages::logoff_codec::SBE_TEMPLATE_ID).to_vec()
}

/// Bytes of one message that `write` writes.
pub fn body(write: impl FnOnce(&mut [u8]) -> usize) -> Vec<u8> {
    let mut bytes = vec![0; BODY_BYTES_MAX];
    let length = write(&mut bytes);
    bytes.truncate(length);
    bytes
}

fn instrument(random: &mut Random) -> u32 {
    random.between(1, i64::from(INSTRUMENTS) + i64::from(random.clone().one_in(20))) as u32
}

fn id(random: &mut Random) -> u32 {
    random.between(IDS.0 - i64::from(random.clone().one_in(20)), IDS.1) as u32
}

fn scope(random: &mut Random) -> RiskScope {
    if random.one_in(2) { RiskScope::Session } else { RiskScope::Account }
}

/// None half of the time.
fn perhaps(random: &mut Random, low: i64, high: i64) -> Option<i64> {
    random.one_in(2).then(|| random.between(low, high))
}

fn set_phase(instrument: Option<u32>, phase: TradingPhase) -> Vec<u8> {
    body(|bytes| message!(set_phase_codec::SetPhaseEncoder, bytes, |set| set.instrument_opt(instrument).phase(phase)))
}

fn set_halt(instrument: Option<u32>, on: bool) -> Vec<u8> {
    let on = if on { Boolean::True } else { Boolean::False };
    body(|bytes| message!(set_halt_codec::SetHaltEncoder, bytes, |set| set.instrument_opt(instrument).on(on)))
}

/// Mostly back to trading: what was scheduled must not stop everything for good.
fn schedule_phase(random: &mut Random, now_ns: i64) -> Vec<u8> {
    let (named, time_ns) = (instrument(random), now_ns + random.between(SOON_NS.0, SOON_NS.1));
    let interval_ns = if random.one_in(4) { 1_000_000_000 } else { 0 };
    let any = random.pick(&PHASES).unwrap_or(TradingPhase::Halt);
    let phase = if random.one_in(2) { any } else { TradingPhase::Continuous };
    body(|bytes| {
        message!(schedule_phase_codec::SchedulePhaseEncoder, bytes, |entry| {
            entry.instrument(named).time(time_ns).interval(interval_ns).phase(phase)
        })
    })
}

fn set_kill_switch(scope: RiskScope, id: u32, engaged: bool) -> Vec<u8> {
    let engaged = if engaged { Boolean::True } else { Boolean::False };
    body(|bytes| {
        message!(set_kill_switch_codec::SetKillSwitchEncoder, bytes, |switch| switch
            .scope(scope)
            .id(id)
            .engaged(engaged))
    })
}

/// Half of them take all limits away.
fn set_limits(random: &mut Random) -> Vec<u8> {
    let (scope, id, none) = (scope(random), id(random), random.one_in(2));
    let mut limit = |low, high| perhaps(random, low, high).filter(|_| !none);
    let (quantity, value, position) = (limit(5, 20), limit(500, 2_000), limit(50, 500));
    let (messages, orders) = (limit(5, 50), limit(5, 400));
    let rate_interval_ns = if messages.is_some() { 1_000_000 } else { 0 };
    let bits = random.below(4) as u8;
    let cancel_on = CancelOn(if scope == RiskScope::Session { bits } else { 0 });
    body(|bytes| {
        message!(set_limits_codec::SetLimitsEncoder, bytes, |limits| {
            limits
                .scope(scope)
                .id(id)
                .max_order_qty_opt(quantity)
                .max_order_value_opt(value)
                .max_position_opt(position);
            limits.rate_interval(rate_interval_ns).max_messages_opt(messages.map(|count| count as u32));
            limits.max_open_orders_opt(orders.map(|count| count as u32)).cancel_on(cancel_on)
        })
    })
}

fn set_position(random: &mut Random) -> Vec<u8> {
    let (scope, id, named, position) = (scope(random), id(random), instrument(random), random.between(-100, 100));
    body(|bytes| {
        message!(set_position_codec::SetPositionEncoder, bytes, |set| {
            set.scope(scope).id(id).instrument(named).position(position)
        })
    })
}

/// Half of them take all rules away.
fn set_rules(random: &mut Random) -> Vec<u8> {
    let (named, none) = (instrument(random), random.one_in(2));
    let mut rule = |low, high| perhaps(random, low, high).filter(|_| !none);
    let (low, high, collar, reference) = (rule(1, 99), rule(101, 250), rule(2, 40), rule(95, 105));
    let (quantity, value) = (rule(5, 20), rule(500, 2_000));
    body(|bytes| {
        message!(set_instrument_rules_codec::SetInstrumentRulesEncoder, bytes, |rules| {
            rules.instrument(named).band_low_opt(low).band_high_opt(high).collar_opt(collar);
            rules.reference_price_opt(reference).max_order_qty_opt(quantity).max_order_value_opt(value)
        })
    })
}
