//! Packets: as many messages as fit into one frame of the network, with the number of the first in front.

use crate::encode::encode;
use crate::limits::{MESSAGE_BYTES_MAX, PACKET_BYTES_MAX};
use crate::message::{Message, Place};
use messages::message_header_codec::ENCODED_LENGTH;
use messages::{ReadBuf, SBE_SCHEMA_ID, market_packet_codec};

/// Packets start at multiples of this where many lie behind each other.
pub const ALIGNMENT: usize = 8;
/// Of a packet's header.
pub const HEADER_BYTES: usize = ENCODED_LENGTH + market_packet_codec::SBE_BLOCK_LENGTH as usize;

/// Where one packet lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// From the start of all.
    pub offset: usize,
    /// In bytes.
    pub length: usize,
    /// How many messages it holds.
    pub count: u16,
}

/// Messages cut into pieces of at most [`PACKET_BYTES_MAX`], each with room for a header in front.
#[derive(Debug)]
pub struct Pieces {
    header_bytes: usize,
    bytes: Vec<u8>,
    bounds: Vec<Bounds>,
}

impl Pieces {
    /// Of headers of this length.
    pub fn new(header_bytes: usize) -> Self {
        Self { header_bytes, bytes: Vec::new(), bounds: Vec::new() }
    }

    /// Adds a message; true if a new piece begins with it.
    #[inline]
    pub fn push(&mut self, place: &Place, message: &Message) -> bool {
        let fits = self.bounds.last().is_some_and(|last| last.length + MESSAGE_BYTES_MAX <= PACKET_BYTES_MAX);
        if !fits {
            let offset = self.bytes.len().next_multiple_of(ALIGNMENT);
            self.bytes.resize(offset + self.header_bytes, 0);
            self.bounds.push(Bounds { offset, length: self.header_bytes, count: 0 });
        }
        let start = self.bytes.len();
        self.bytes.resize(start + MESSAGE_BYTES_MAX, 0);
        let length = encode(place, message, &mut self.bytes[start..]);
        self.bytes.truncate(start + length);
        let last = self.bounds.last_mut().expect("a piece has begun");
        last.length += length;
        last.count += 1;
        !fits
    }

    /// Each piece, its header to be written, and how many messages it holds.
    pub fn headers(&mut self) -> impl Iterator<Item = (&mut [u8], u16)> {
        let (mut rest, mut at) = (&mut self.bytes[..], 0);
        self.bounds.iter().map(move |bounds| {
            let (_, from) = std::mem::take(&mut rest).split_at_mut(bounds.offset - at);
            let (piece, behind) = from.split_at_mut(bounds.length);
            (rest, at) = (behind, bounds.offset + bounds.length);
            (piece, bounds.count)
        })
    }

    /// Forgets all pieces.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.bounds.clear();
    }

    /// All of them, one behind the other.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where each one lies.
    pub fn bounds(&self) -> &[Bounds] {
        &self.bounds
    }
}

/// Lays public messages into packets and numbers them.
#[derive(Debug)]
pub struct Packets {
    feed: u64,
    next_number: u64,
    instruments: u32,
    /// The number with which each packet begins, and the instruments listed before it.
    firsts: Vec<(u64, u32)>,
    pieces: Pieces,
}

impl Packets {
    /// Of this feed; the first message is 1.
    pub fn new(feed: u64) -> Self {
        Self { feed, next_number: 1, instruments: 0, firsts: Vec::new(), pieces: Pieces::new(HEADER_BYTES) }
    }

    /// Whose they are.
    pub fn feed(&self) -> u64 {
        self.feed
    }

    /// The number that the next message gets.
    pub fn next_number(&self) -> u64 {
        self.next_number
    }

    /// How many instruments were listed.
    pub fn instruments(&self) -> u32 {
        self.instruments
    }

    /// Adds the next message.
    #[inline]
    pub fn push(&mut self, place: &Place, message: &Message) {
        if self.pieces.push(place, message) {
            self.firsts.push((self.next_number, self.instruments));
        }
        self.next_number += 1;
        if matches!(message, Message::InstrumentListed { .. }) {
            self.instruments += 1;
        }
    }

    /// Writes the headers and gives all packets.
    pub fn close(&mut self) -> &Pieces {
        for ((packet, count), &first) in self.pieces.headers().zip(&self.firsts) {
            write_header(packet, self.feed, first, count);
        }
        &self.pieces
    }

    /// Forgets those that were made; numbers go on.
    pub fn clear(&mut self) {
        self.pieces.clear();
        self.firsts.clear();
    }

    /// Writes a packet without messages, which says what number comes next.
    pub fn heartbeat(&self, buffer: &mut [u8; HEADER_BYTES]) {
        write_header(buffer, self.feed, (self.next_number, self.instruments), 0);
    }
}

fn write_header(bytes: &mut [u8], feed: u64, (first_number, instruments): (u64, u32), count: u16) {
    let body_length = (bytes.len() - HEADER_BYTES) as u16;
    engine::message!(market_packet_codec::MarketPacketEncoder, bytes, |to| to
        .feed(feed)
        .first_number(first_number)
        .instruments(instruments)
        .count(count)
        .body_length(body_length));
}

/// A packet as it was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Whose it is.
    pub feed: u64,
    /// Of its first message, or of the next that there will be.
    pub first_number: u64,
    /// Listed before its first message.
    pub instruments: u32,
    /// How many messages.
    pub count: u16,
    /// The messages.
    pub body: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Reads the packet at the front of `bytes`; nothing, if it is none.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (fields, behind) = fields_of(bytes, market_packet_codec::SBE_TEMPLATE_ID, HEADER_BYTES - ENCODED_LENGTH)?;
        let header = market_packet_codec::MarketPacketDecoder::default().wrap(ReadBuf::new(fields), 0, 0, u16::MAX);
        let body = behind.get(..usize::from(header.body_length()))?;
        let (feed, first_number) = (header.feed(), header.first_number());
        Some(Self { feed, first_number, instruments: header.instruments(), count: header.count(), body })
    }

    /// The number after its last message's.
    pub fn next_number(&self) -> u64 {
        self.first_number.saturating_add(u64::from(self.count))
    }

    /// Where each of the packets lies that `bytes` holds one behind the other.
    pub fn split(bytes: &'a [u8]) -> impl Iterator<Item = (Bounds, Self)> {
        let mut offset = 0;
        std::iter::from_fn(move || {
            let packet = Self::read(bytes.get(offset..)?)?;
            let length = HEADER_BYTES + packet.body.len();
            let bounds = Bounds { offset, length, count: packet.count };
            offset = (offset + length).next_multiple_of(ALIGNMENT);
            Some((bounds, packet))
        })
    }
}

/// The fields of a header with this template, of which we know the first `known` bytes, and what lies behind it.
pub fn fields_of(bytes: &[u8], template: u16, known: usize) -> Option<(&[u8], &[u8])> {
    let header = ReadBuf::new(bytes.get(..ENCODED_LENGTH)?);
    let block = usize::from(header.get_u16_at(0));
    if header.get_u16_at(2) != template || header.get_u16_at(4) != SBE_SCHEMA_ID || block < known {
        return None;
    }
    Some((bytes.get(ENCODED_LENGTH..ENCODED_LENGTH + block)?, &bytes[ENCODED_LENGTH + block..]))
}
