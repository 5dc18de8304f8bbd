//! Random commands of every kind, from a seed: orders that meet, phases that change, limits that bind, work in pieces.

use engine::Engine;
use engine::command::*;
use engine::event::Event;

pub const HEADER_BYTES: usize = 24;
const SECTION_HEADER_BYTES: usize = 16;

/// A step of a random session.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A command of a session.
    Command(u32, Command),
    /// A tick after so many nanoseconds.
    Tick(i64),
    /// The end of a session's logon.
    Closed(u32, SessionEnd),
}

/// Carries out a step and appends what happened.
pub fn take(engine: &mut Engine, step: &Step, events: &mut Vec<Event>) {
    match step {
        Step::Command(session, command) => engine.apply(*session, command, events),
        Step::Closed(session, end) => engine.session_closed(*session, *end, events),
        Step::Tick(wait_ns) => {
            engine.set_time(engine.time_ns().saturating_add(*wait_ns));
            engine.tick(events);
        }
    }
}

/// A number of random steps, after those that define the instruments.
pub fn steps(seed: u64, count: usize) -> Vec<Step> {
    let mut random = Random::new(seed);
    let mut steps: Vec<Step> = [3, 1, 2].into_iter().map(|id| Step::Command(9, define(id))).collect();
    while steps.len() < count + 3 {
        random.step(&mut steps);
    }
    steps
}

fn define(id: u32) -> Command {
    let size = Decimal { mantissa: 1, exponent: -2 };
    Command::DefineInstrument(Instrument { id, symbol: [65 + id as u8; 16], tick_size: size, lot_size: size })
}

/// Where the payload of each section of a snapshot lies.
pub fn sections(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let (mut at, mut found) = (HEADER_BYTES, Vec::new());
    while at < bytes.len() {
        let length = u64::from_le_bytes(bytes[at + 8..at + 16].try_into().expect("eight bytes")) as usize;
        found.push(at + SECTION_HEADER_BYTES..at + SECTION_HEADER_BYTES + length);
        at += SECTION_HEADER_BYTES + length;
    }
    found
}

/// Makes the checksums of a snapshot right again.
pub fn seal(bytes: &mut [u8]) {
    for payload in sections(bytes) {
        let checksum = crc32c::crc32c(&bytes[payload.clone()]);
        bytes[payload.start - 12..payload.start - 8].copy_from_slice(&checksum.to_le_bytes());
    }
}

/// Numbers from a seed, and the client id that comes next.
pub struct Random(u64, u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        // No seed may give 0, of which nothing else would come.
        Self((seed ^ 0x9e37_79b9_7f4a_7c15).max(1), 1)
    }

    /// A number from 0 on.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    /// One of a few.
    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    fn maybe(&mut self, value: i64) -> Optional {
        self.one(&[Some(value), None]).into()
    }

    fn step(&mut self, steps: &mut Vec<Step>) {
        let session = 1 + self.below(4) as u32;
        let command = match self.below(100) {
            0 => return self.burst(session, steps),
            1..=5 => return steps.push(Step::Tick(self.below(3_000_000_000) as i64)),
            6 => {
                let ends = [SessionEnd::Logoff, SessionEnd::Disconnected, SessionEnd::Expired];
                return steps.push(Step::Closed(session, self.one(&ends)));
            }
            7..=34 => Command::New(self.order()),
            35..=64 => self.extended(),
            65..=89 => self.change(),
            _ => self.control(),
        };
        steps.push(Step::Command(session, command));
    }

    /// More orders than one piece, and work on all of them.
    fn burst(&mut self, session: u32, steps: &mut Vec<Step>) {
        let count = 250 + self.below(40);
        let template = NewOrder { ord_type: OrdType::Limit, time_in_force: TimeInForce::Day, ..self.order() };
        for _ in 0..count {
            self.1 += 1;
            let price = Some(80 + self.below(40) as i64);
            let order = NewOrder { cl_ord_id: self.1, price, ..template };
            steps.push(Step::Command(session, Command::New(order)));
        }
        let scope = self.one(&[RiskScope::Session, RiskScope::Account]);
        let work = self.one(&[
            Command::SetKillSwitch(SetKillSwitch { scope, id: 1 + session % 2, engaged: Some(true) }),
            Command::SetPhase(SetPhase { instrument: None, phase: TradingPhase::Closed }),
            Command::MassCancel(MassCancel { instrument: None, side: OptionalSide::Buy, account: Some(1) }),
        ]);
        steps.push(Step::Command(session, work));
        let release = SetKillSwitch { scope, id: 1 + session % 2, engaged: Some(false) };
        steps.push(Step::Command(session, Command::SetKillSwitch(release)));
        let phase = Command::SetPhase(SetPhase { instrument: None, phase: TradingPhase::Continuous });
        steps.push(Step::Command(session, phase));
    }

    fn order(&mut self) -> NewOrder {
        use TimeInForce::{Day, FillOrKill, GoodTillCancel, ImmediateOrCancel};
        self.1 += 1;
        let ord_type = self.one(&[OrdType::Limit, OrdType::Limit, OrdType::Limit, OrdType::Market]);
        NewOrder {
            cl_ord_id: self.1,
            price: (ord_type == OrdType::Limit).then_some(95 + self.below(10) as i64),
            quantity: 1 + self.below(20) as i64,
            instrument: 1 + self.below(3) as u32,
            account: self.below(3) as u32,
            side: self.one(&[Side::Buy, Side::Sell]),
            ord_type,
            time_in_force: self.one(&[GoodTillCancel, GoodTillCancel, Day, ImmediateOrCancel, FillOrKill]),
        }
    }

    fn extended(&mut self) -> Command {
        let mut order = self.order();
        let mut attributes = Attributes::NONE;
        if self.below(3) == 0 {
            order.ord_type = if order.price.is_some() { OrdType::StopLimit } else { OrdType::Stop };
            attributes.stop_price = Some(92 + self.below(16) as i64).into();
        }
        if self.below(4) == 0 {
            order.time_in_force = TimeInForce::GoodTillDate;
            attributes.expire_time_ns = Some(self.below(40_000_000_000) as i64).into();
        }
        let display_quantity = 1 + self.below(8) as i64;
        attributes.display_quantity = self.maybe(display_quantity);
        attributes.self_trade_group = self.below(3) as u32;
        attributes.instructions.set_post_only(self.below(5) == 0);
        attributes.self_trade_prevention = self.one(&[
            SelfTradePrevention::None,
            SelfTradePrevention::CancelNewest,
            SelfTradePrevention::CancelOldest,
            SelfTradePrevention::CancelBoth,
            SelfTradePrevention::Decrement,
        ]);
        Command::NewExtended(ExtendedOrder { order, attributes })
    }

    /// A change of one of the latest orders, if it is the session's.
    fn change(&mut self) -> Command {
        let orig_cl_ord_id = self.1.saturating_sub(self.below(40));
        let quantity = 1 + self.below(25) as i64;
        match self.below(5) {
            0 => Command::Cancel(CancelOrder { orig_cl_ord_id }),
            1 => Command::Reduce(ReduceOrder { orig_cl_ord_id, quantity: quantity / 3 + 1 }),
            2 => {
                let instrument = self.one(&[None, Some(1)]);
                let (side, account) = (self.one(&[OptionalSide::Both, OptionalSide::Sell]), self.one(&[None, Some(2)]));
                Command::MassCancel(MassCancel { instrument, side, account })
            }
            _ => {
                self.1 += 1;
                let price = 95 + self.below(10) as i64;
                Command::Replace(ReplaceOrder { cl_ord_id: self.1, orig_cl_ord_id, price, quantity })
            }
        }
    }

    fn control(&mut self) -> Command {
        let instrument = 1 + self.below(3) as u32;
        let phase = self.one(&[
            TradingPhase::Continuous,
            TradingPhase::Continuous,
            TradingPhase::OpeningAuction,
            TradingPhase::Halt,
            TradingPhase::Closed,
            TradingPhase::PreOpen,
        ]);
        let (scope, id) = (self.one(&[RiskScope::Session, RiskScope::Account]), 1 + self.below(3) as u32);
        let cancel_on = CancelOn(if scope == RiskScope::Session { self.below(4) as u8 } else { 0 });
        match self.below(15) {
            0 | 1 => Command::SetPhase(SetPhase { instrument: self.one(&[Some(instrument), None]), phase }),
            2 => Command::SetPhase(SetPhase { instrument: None, phase: TradingPhase::Continuous }),
            3 => {
                let time_ns = self.below(60_000_000_000) as i64;
                let interval_ns = self.one(&[0, 7_000_000_000]);
                Command::SchedulePhase(SchedulePhase { instrument, time_ns, interval_ns, phase })
            }
            4 => Command::BustTrade(BustTrade { trade_id: 1 + self.below(60) }),
            5 => Command::SetInstrumentRules(SetInstrumentRules {
                instrument,
                band_low: self.maybe(90),
                band_high: self.maybe(110),
                collar: self.maybe(6),
                reference_price: self.maybe(100),
                order_quantity_max: self.maybe(40),
                order_value_max: self.maybe(4_000),
            }),
            6 => Command::SetPosition(SetPosition { scope, id, instrument, position: self.below(40) as i64 - 20 }),
            7 => Command::SetKillSwitch(SetKillSwitch { scope, id, engaged: Some(self.below(4) == 0) }),
            8 => Command::ConfigureSession(ConfigureSession { cancel_on: CancelOn(self.below(4) as u8) }),
            9 => Command::ClearSchedule(ClearSchedule { instrument }),
            10 => Command::DropCopy(DropCopy { session: id, on: true }),
            11 => Command::SetHalt(SetHalt { instrument: Some(instrument), on: Some(self.below(3) == 0) }),
            12 => Command::SetHalt(SetHalt { instrument: None, on: Some(self.below(6) == 0) }),
            13 => define(1 + self.below(4) as u32),
            _ => {
                let rate = self.one(&[None, Some(20)]);
                Command::SetLimits(SetLimits {
                    scope,
                    id,
                    order_quantity_max: self.maybe(50),
                    order_value_max: self.maybe(5_000),
                    position_max: self.maybe(500),
                    rate_interval_ns: if rate.is_some() { 2_000_000_000 } else { 0 },
                    messages_max: rate,
                    open_orders_max: self.one(&[None, Some(400)]),
                    cancel_on,
                })
            }
        }
    }
}
