//! Packets that a receiver keeps: those beyond a gap, and those that a snapshot may have to be brought up with.

use crate::limits::{AHEAD_BYTES_MAX, HISTORY_BYTES_MAX};
use crate::message::{Message, Place};
use crate::packet::Packet;
use crate::receiver::messages_of;
use std::collections::{BTreeMap, VecDeque};

/// A packet with bytes of its own.
#[derive(Debug)]
pub struct Kept {
    feed: u64,
    first_number: u64,
    instruments: u32,
    count: u16,
    body: Box<[u8]>,
}

impl Kept {
    fn of(packet: &Packet) -> Self {
        let Packet { feed, first_number, instruments, count, body } = *packet;
        Self { feed, first_number, instruments, count, body: body.into() }
    }

    /// The packet.
    pub fn packet(&self) -> Packet<'_> {
        let Self { feed, first_number, instruments, count, ref body } = *self;
        Packet { feed, first_number, instruments, count, body }
    }
}

/// Packets beyond a gap, by their first number.
#[derive(Debug, Default)]
pub struct Ahead {
    packets: BTreeMap<u64, Kept>,
    bytes: usize,
}

impl Ahead {
    /// The first number of each packet.
    pub fn first_numbers(&self) -> impl Iterator<Item = u64> + '_ {
        self.packets.keys().copied()
    }

    /// The number after each packet.
    pub fn next_numbers(&self) -> impl Iterator<Item = u64> + '_ {
        self.packets.values().map(|kept| kept.packet().next_number())
    }

    /// False if there is no room.
    pub fn keep(&mut self, packet: &Packet) -> bool {
        if self.bytes + packet.body.len() > AHEAD_BYTES_MAX {
            return false;
        }
        self.bytes += packet.body.len();
        if let Some(before) = self.packets.insert(packet.first_number, Kept::of(packet)) {
            self.bytes -= before.body.len();
        }
        true
    }

    /// Forgets everything but the last packets without a gap between them, if these reach up to `end`; gives where they
    /// begin.
    pub fn keep_last_run(&mut self, end: u64) -> u64 {
        let from = self.packets.values().rev().fold(end, |from, kept| {
            let packet = kept.packet();
            if packet.next_number() >= from { from.min(packet.first_number) } else { from }
        });
        self.packets = self.packets.split_off(&from);
        self.bytes = self.packets.values().map(|kept| kept.body.len()).sum();
        from
    }

    /// The first packet, if it begins at this number or before.
    pub fn take(&mut self, number: u64) -> Option<Kept> {
        let first = self.packets.first_entry().filter(|entry| *entry.key() <= number)?.remove();
        self.bytes -= first.body.len();
        Some(first)
    }
}

/// Packets without a gap between them, up to the one that was applied last.
#[derive(Debug, Default)]
pub struct History {
    packets: VecDeque<Kept>,
    bytes: usize,
    from_number: u64,
}

impl History {
    /// Forgets all; the next packet begins with this number.
    pub fn begin(&mut self, number: u64) {
        self.packets.clear();
        self.bytes = 0;
        self.from_number = number;
    }

    /// Keeps the next packet; without room the oldest ones go.
    pub fn keep(&mut self, packet: &Packet) {
        self.bytes += packet.body.len();
        self.packets.push_back(Kept::of(packet));
        while self.bytes > HISTORY_BYTES_MAX {
            let Some(oldest) = self.packets.pop_front() else { return };
            self.bytes -= oldest.body.len();
            self.from_number = oldest.packet().next_number();
        }
    }

    /// Whether every message from this number on is here.
    pub fn reaches(&self, number: u64) -> bool {
        number >= self.from_number
    }

    /// Every message with its number.
    pub fn messages(&self) -> impl Iterator<Item = (u64, Place, Message)> + '_ {
        self.packets.iter().flat_map(|kept| {
            let numbered = (kept.first_number..).zip(messages_of(&kept.body));
            numbered.map(|(number, (place, message))| (number, place, message))
        })
    }
}
