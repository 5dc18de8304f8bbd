//! The way from a publisher to a receiver, which loses, repeats and delays.

use marketdata::Receiver;

/// Draws like a die: the next of a row of numbers that a seed gives.
pub struct Die(u64);

impl Die {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// What is on the way to a receiver that may lose a part of it, and hear the rest twice or out of order.
pub struct Channel {
    pub die: Die,
    pub loss_percent: u64,
    late: Vec<Vec<u8>>,
}

impl Channel {
    pub fn new(seed: u64, loss_percent: u64) -> Self {
        Self { die: Die(seed), loss_percent, late: Vec::new() }
    }

    pub fn send(&mut self, source: u32, packets: Vec<Vec<u8>>, receiver: &mut Receiver) {
        for packet in packets {
            if self.die.below(100) < self.loss_percent {
                continue;
            }
            match self.die.below(20) {
                0 => self.late.push(packet),
                1 => {
                    receiver.take(source, &packet);
                    receiver.take(source, &packet);
                }
                _ => receiver.take(source, &packet),
            }
        }
        if self.die.below(4) == 0 {
            for packet in self.late.drain(..) {
                receiver.take(source, &packet);
            }
        }
    }
}

/// All packets so far, for those that ask again.
pub fn answer(all: &[(u64, Vec<u8>)], receiver: &Receiver) -> Vec<Vec<u8>> {
    let Some(gap) = receiver.gap() else { return Vec::new() };
    let (from, until) = (gap.from_number, gap.from_number + gap.count);
    all.iter()
        .filter(|(next, packet)| {
            let first = marketdata::packet::Packet::read(packet).expect("a packet").first_number;
            *next > from && first < until
        })
        .map(|(_, packet)| packet.clone())
        .collect()
}
