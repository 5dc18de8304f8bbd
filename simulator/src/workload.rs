//! What simulated clients send: orders of every kind that meet in small books, changes of orders that may be gone, what is said of
//! sessions and of the venue, and nonsense.

use crate::controls::{self, Controls};
use crate::random::Random;
use engine::limits::COMMAND_BODY_BYTES_MAX;
use engine::message;
use engine::rows::{ALL_INSTRUMENTS, CommandRow, NO_PRICE, encode_command};
use messages::define_instrument_codec;
use messages::{exec_inst::ExecInst, optional_side::OptionalSide, self_trade_prevention::SelfTradePrevention};
use messages::{ord_type::OrdType, side::Side, time_in_force::TimeInForce};
use sequencer::users::User;

/// Instruments with these ids are defined; commands name one more.
pub const INSTRUMENTS: u32 = 2;
const PRICE: (i64, i64) = (95, 105);
/// Of orders that seldom trade, from the middle.
const AWAY: (i64, i64) = (20, 90);
const MIDDLE: i64 = 100;
const QUANTITY: (i64, i64) = (1, 20);
const ACCOUNTS: u64 = 4;
const EXPIRES_IN_NS: (i64, i64) = (-100_000, 20_000_000);
/// Orders of its own that a client remembers, to change them.
const REMEMBERED: usize = 16;

/// See the module.
pub struct Workload {
    last_id: u64,
    remembered: Vec<u64>,
    controls: Controls,
    /// Its orders lie far from the middle and pile up: cancelling them all takes several pieces.
    hoards: bool,
    runs: Runs,
}

/// Whether a client runs the venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// It may, and does.
    Yes,
    /// It may not, and tries to.
    Tries,
    /// It leaves that alone.
    No,
}

impl Runs {
    /// What a user does where there is an operator or not.
    pub fn of(user: &User, has_operator: bool) -> Self {
        match (has_operator, user.roles.get_administer()) {
            (true, true) => Self::Yes,
            (true, false) => Self::Tries,
            (false, _) => Self::No,
        }
    }
}

impl Workload {
    /// One that hoards or not, as chance has it.
    pub fn new(random: &mut Random, runs: Runs) -> Self {
        let hoards = random.one_in(3);
        Self { last_id: 0, remembered: Vec::new(), controls: Controls::default(), hoards, runs }
    }

    /// Whether it sends more at a time than others.
    pub fn is_hasty(&self) -> bool {
        self.hoards
    }

    /// The body of the next command.
    pub fn next(&mut self, random: &mut Random, now_ns: i64) -> Vec<u8> {
        match random.below(200) {
            0..=1 => nonsense(random),
            2..=4 => define_instrument(1 + random.below(u64::from(INSTRUMENTS)) as u32),
            5..=10 if self.runs == Runs::Yes => self.controls.of_venue(random, now_ns),
            5 if self.runs == Runs::Tries && random.one_in(5) => self.controls.of_venue(random, now_ns),
            11..=13 if self.hoards && !random.one_in(4) => self.new_order(random),
            11..=13 => self.controls.of_session(random),
            14 if !self.hoards || random.one_in(4) => mass_cancel(random),
            15 if random.one_in(4) => controls::logoff(),
            16..=109 => self.new_order(random),
            110..=149 => self.extended_order(random, now_ns),
            _ if self.hoards && !random.one_in(4) => self.new_order(random),
            place => self.change(random, 11 + (place % 3) as u8),
        }
    }

    fn next_id(&mut self, random: &mut Random) -> u64 {
        self.last_id += u64::from(!random.one_in(50)); // now and then an id that is taken
        if self.remembered.len() == REMEMBERED {
            self.remembered.remove(0);
        }
        self.remembered.push(self.last_id);
        self.last_id
    }

    fn price(&self, random: &mut Random, side: i64) -> i64 {
        if !self.hoards || random.one_in(10) {
            return random.between(PRICE.0, PRICE.1);
        }
        let away = random.between(AWAY.0, AWAY.1);
        if side == 1 { MIDDLE - away } else { MIDDLE + away }
    }

    fn new_order(&mut self, random: &mut Random) -> Vec<u8> {
        let cl_ord_id = self.next_id(random);
        let (unknown, zero) = (i64::from(random.one_in(50)), i64::from(random.one_in(50)));
        let side = random.between(1, 2);
        let is_market = random.one_in(20);
        body(&CommandRow {
            kind: 10,
            side: side as u8,
            ord_type: if is_market { 1 } else { 2 },
            time_in_force: random.pick(&[1, 1, 1, 0, 3, 4]).unwrap_or(1),
            instrument: random.between(1, i64::from(INSTRUMENTS) + unknown) as u32,
            account: random.below(ACCOUNTS) as u32,
            cl_ord_id,
            price: if is_market && !random.one_in(4) { NO_PRICE } else { self.price(random, side) },
            quantity: random.between(QUANTITY.0 - zero, QUANTITY.1),
            ..CommandRow::default()
        })
    }

    /// Attributes that mostly go together; those that do not are refused.
    fn extended_order(&mut self, random: &mut Random, now_ns: i64) -> Vec<u8> {
        let cl_ord_id = self.next_id(random);
        let (named, account) = (random.between(1, i64::from(INSTRUMENTS)) as u32, random.below(ACCOUNTS) as u32);
        let (number, quantity) = (random.between(1, 2), random.between(QUANTITY.0, QUANTITY.1));
        let kinds = [OrdType::Limit, OrdType::Limit, OrdType::Stop, OrdType::StopLimit];
        let ord_type = random.pick(&kinds).unwrap_or(OrdType::Limit);
        let (is_limit, stops) = (ord_type != OrdType::Stop, ord_type != OrdType::Limit);
        let price = is_limit.then(|| self.price(random, number));
        let stop_price = stops.then(|| random.between(PRICE.0, PRICE.1));
        let lives =
            [TimeInForce::GoodTillCancel, TimeInForce::Day, TimeInForce::GoodTillDate, TimeInForce::ImmediateOrCancel];
        let time_in_force = random.pick(&lives).unwrap_or(TimeInForce::Day);
        let expires = time_in_force == TimeInForce::GoodTillDate;
        let expire_time = expires.then(|| now_ns + random.between(EXPIRES_IN_NS.0, EXPIRES_IN_NS.1));
        let display = (ord_type == OrdType::Limit && random.one_in(3)).then(|| random.between(1, quantity));
        let minimum = (ord_type == OrdType::Limit && random.one_in(6)).then(|| random.between(1, quantity));
        let (group, prevention) = (random.below(3) as u32, random.below(5) as u8);
        let instructions = ExecInst(u8::from(random.one_in(8)));
        controls::body(|bytes| {
            message!(new_order_extended_codec::NewOrderExtendedEncoder, bytes, |order| {
                order.cl_ord_id(cl_ord_id).price_opt(price).stop_px_opt(stop_price).order_qty(quantity);
                order.display_qty_opt(display).min_qty_opt(minimum).expire_time_opt(expire_time);
                order.instrument(named).account(account).self_trade_group(group).side(Side::from(number as u8));
                order.ord_type(ord_type).time_in_force(time_in_force).instructions(instructions);
                order.self_trade_prevention(SelfTradePrevention::from(prevention))
            })
        })
    }

    /// Cancels (11), reduces (12) or replaces (13) an order that may be gone.
    fn change(&mut self, random: &mut Random, kind: u8) -> Vec<u8> {
        let orig_cl_ord_id = random.pick(&self.remembered).unwrap_or(0);
        let mut row = CommandRow { kind, orig_cl_ord_id, ..CommandRow::default() };
        row.price = random.between(PRICE.0, PRICE.1);
        row.quantity = random.between(QUANTITY.0, QUANTITY.1);
        if kind == 13 {
            self.last_id += 1;
            row.cl_ord_id = self.last_id;
            self.remembered.push(self.last_id);
        }
        body(&row)
    }
}

/// Half of them of all orders, the others of some.
fn mass_cancel(random: &mut Random) -> Vec<u8> {
    if random.one_in(2) {
        return body(&CommandRow { kind: 14, instrument: ALL_INSTRUMENTS, ..CommandRow::default() });
    }
    let named = random.one_in(2).then(|| random.between(1, i64::from(INSTRUMENTS)) as u32);
    let (side, account) = (random.below(3) as u8, random.one_in(2).then(|| random.below(ACCOUNTS) as u32));
    controls::body(|bytes| {
        message!(mass_cancel_codec::MassCancelEncoder, bytes, |cancel| {
            cancel.instrument_opt(named).side(OptionalSide::from(side)).account_opt(account)
        })
    })
}

fn body(row: &CommandRow) -> Vec<u8> {
    let mut buffer = [0; COMMAND_BODY_BYTES_MAX];
    let length = encode_command(row, &mut buffer);
    buffer[..length].to_vec()
}

/// With ticks and lots of one unit.
pub fn define_instrument(id: u32) -> Vec<u8> {
    const ONE: [u8; 9] = [1, 0, 0, 0, 0, 0, 0, 0, 0];
    let header = message::header(define_instrument_codec::SBE_BLOCK_LENGTH, define_instrument_codec::SBE_TEMPLATE_ID);
    let mut symbol = [0; 16];
    symbol[..4].copy_from_slice(b"SIM\0");
    symbol[3] = b'0' + id as u8;
    [header.as_slice(), &id.to_le_bytes(), &symbol, &ONE, &ONE].concat()
}

/// Bytes that may look like a message and are none.
fn nonsense(random: &mut Random) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..random.below(90)).map(|_| random.next_u64() as u8).collect();
    if random.one_in(2) {
        let header = message::header(random.below(80) as u16, random.below(70) as u16);
        bytes.splice(0..bytes.len().min(8), header);
    }
    bytes
}
