//! Bytes that are almost a command: a field at its limits or beyond, a header that lies, too few bytes or too many.

use crate::common::Random;
use engine::limits::{POSITION_MAX_LOTS, PRICE_MAX_TICKS, RATE_INTERVAL_MAX_NS, SCHEDULE_INTERVAL_MIN_NS};

const HEADER_BYTES: usize = 8;

/// The widths of the fields of every command, by template.
const FIELDS: [(u16, &[usize]); 18] = [
    (10, &[8, 8, 8, 4, 4, 1, 1, 1]),
    (11, &[8]),
    (12, &[8, 8]),
    (13, &[8, 8, 8, 8]),
    (14, &[4, 1, 4]),
    (15, &[8, 8, 8, 8, 8, 8, 8, 4, 4, 4, 1, 1, 1, 1, 1]),
    (16, &[1]),
    (17, &[4, 1]),
    (60, &[4, 8, 8, 8, 1, 8, 1]),
    (61, &[4, 8, 8, 8, 8, 8, 8]),
    (62, &[4, 1]),
    (63, &[4, 8, 8, 1]),
    (64, &[4]),
    (65, &[8]),
    (66, &[1, 4, 8, 8, 8, 8, 4, 4, 1]),
    (67, &[1, 4, 4, 8]),
    (68, &[1, 4, 1]),
    (69, &[4, 1]),
];

/// Values of eight, four and one bytes at which something may change.
const LONGS: [i64; 17] = [
    0,
    1,
    2,
    -1,
    i64::MIN,
    i64::MIN + 1,
    i64::MAX,
    PRICE_MAX_TICKS - 1,
    PRICE_MAX_TICKS,
    PRICE_MAX_TICKS + 1,
    POSITION_MAX_LOTS,
    POSITION_MAX_LOTS + 1,
    -POSITION_MAX_LOTS - 1,
    SCHEDULE_INTERVAL_MIN_NS - 1,
    SCHEDULE_INTERVAL_MIN_NS,
    RATE_INTERVAL_MAX_NS,
    RATE_INTERVAL_MAX_NS + 1,
];
// No instrument just below the limit of ids: each snapshot would look at a million places, several times a step.
const WORDS: [u32; 8] = [0, 1, 2, 3, 1 << 20, 1 << 31, u32::MAX - 1, u32::MAX];
const BYTES: [u8; 14] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 127, 128, 200, 254, 255];

/// A value of so many bytes at a limit.
pub fn edge(random: &mut Random, width: usize) -> Vec<u8> {
    match width {
        8 => random.one(&LONGS).to_le_bytes().to_vec(),
        4 => random.one(&WORDS).to_le_bytes().to_vec(),
        _ => vec![random.one(&BYTES)],
    }
}

/// Spoils a whole command in one way.
pub fn spoil(random: &mut Random, body: &mut Vec<u8>) {
    match random.below(12) {
        0..=5 => a_field(random, body),
        6 => {
            let block = random.one(&[body.len() as u16 - 9, body.len() as u16 - 7, 0, 200, u16::MAX]);
            put(body, 0, &block.to_le_bytes());
        }
        7 => put(body, 2, &(random.below(80) as u16).to_le_bytes()),
        8 => {
            let (at, value) = random.one(&[(4, 0u16), (4, 5302), (6, 0), (6, 1), (6, 9), (6, u16::MAX)]);
            put(body, at, &value.to_le_bytes());
        }
        9 => body.truncate(random.below(body.len() as u64) as usize),
        10 => {
            for _ in 0..=random.below(8) {
                let at = random.below(body.len() as u64) as usize;
                body[at] = random.below(256) as u8;
            }
        }
        _ => {
            let length = random.below(120);
            *body = (0..length).map(|_| random.below(256) as u8).collect();
        }
    }
    if random.below(8) == 0 {
        body.extend_from_slice(b"padding");
    }
}

/// Puts one field of a command at a limit.
fn a_field(random: &mut Random, body: &mut [u8]) {
    let template = u16::from_le_bytes([body[2], body[3]]);
    let (_, widths) = FIELDS.iter().find(|(known, _)| *known == template).expect("a command");
    assert_eq!(HEADER_BYTES + widths.iter().sum::<usize>(), body.len(), "the fields of template {template}");
    let which = random.below(widths.len() as u64) as usize;
    let at = HEADER_BYTES + widths[..which].iter().sum::<usize>();
    put(body, at, &edge(random, widths[which]));
}

fn put(body: &mut [u8], at: usize, value: &[u8]) {
    body[at..at + value.len()].copy_from_slice(value);
}
