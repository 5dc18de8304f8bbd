//! What simulated clients send: orders that meet in small books, changes of orders that may be gone, and nonsense.

use crate::random::Random;
use engine::limits::COMMAND_BODY_BYTES_MAX;
use engine::message;
use engine::rows::{ALL_INSTRUMENTS, CommandRow, encode_command};
use messages::define_instrument_codec;

/// Instruments with these ids are defined; commands name one more.
pub const INSTRUMENTS: u32 = 2;
const PRICE: (i64, i64) = (95, 105);
const QUANTITY: (i64, i64) = (1, 20);
/// Orders of its own that a client remembers, to change them.
const REMEMBERED: usize = 16;

/// See the module.
#[derive(Default)]
pub struct Workload {
    last_id: u64,
    remembered: Vec<u64>,
}

impl Workload {
    /// The body of the next command.
    pub fn next(&mut self, random: &mut Random) -> Vec<u8> {
        match random.below(100) {
            0 => nonsense(random),
            1 => define_instrument(1 + random.below(u64::from(INSTRUMENTS)) as u32),
            2..=69 => self.new_order(random),
            70 => body(&CommandRow { kind: 14, instrument: ALL_INSTRUMENTS, ..CommandRow::default() }),
            place => self.change(random, 11 + (place % 3) as u8),
        }
    }

    fn new_order(&mut self, random: &mut Random) -> Vec<u8> {
        self.last_id += u64::from(!random.one_in(50)); // now and then an id that is taken
        if self.remembered.len() == REMEMBERED {
            self.remembered.remove(0);
        }
        self.remembered.push(self.last_id);
        let (unknown, zero) = (i64::from(random.one_in(50)), i64::from(random.one_in(50)));
        body(&CommandRow {
            kind: 10,
            side: random.between(1, 2) as u8,
            ord_type: if random.one_in(10) { 1 } else { 2 },
            time_in_force: random.pick(&[1, 1, 1, 3, 4]).unwrap_or(1),
            instrument: random.between(1, i64::from(INSTRUMENTS) + unknown) as u32,
            cl_ord_id: self.last_id,
            price: random.between(PRICE.0, PRICE.1),
            quantity: random.between(QUANTITY.0 - zero, QUANTITY.1),
            ..CommandRow::default()
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
    let mut bytes: Vec<u8> = (0..random.below(40)).map(|_| random.next_u64() as u8).collect();
    if random.one_in(2) {
        let header = message::header(random.below(40) as u16, random.below(64) as u16);
        bytes.splice(0..bytes.len().min(8), header);
    }
    bytes
}
