//! Snapshots: the public messages that make one instrument of nothing, in packets of their own.

use crate::book::Book;
use crate::listing::Listing;
use crate::message::{Message, Place, Side};
use crate::packet::{Packets, Pieces, fields_of};
use messages::message_header_codec::ENCODED_LENGTH;
use messages::{ReadBuf, snapshot_packet_codec};

const BLOCK_BYTES: usize = snapshot_packet_codec::SBE_BLOCK_LENGTH as usize;
/// Of a piece's header.
pub const SNAPSHOT_HEADER_BYTES: usize = ENCODED_LENGTH + BLOCK_BYTES;

/// Writes the packets of one instrument as it stands at `place` into `pieces`, which it empties first. Nothing, if it is
/// not listed.
pub fn snapshot(book: &Book, packets: &Packets, place: &Place, instrument: u32, pieces: &mut Pieces) {
    pieces.clear();
    let Some(listing) = book.listing(instrument) else { return };
    let place = Place { instrument, flags: 0, ..*place };
    for message in of_listing(listing) {
        pieces.push(&place, &message);
    }
    for side in [Side::Buy, Side::Sell] {
        for order in book.queue(instrument, side) {
            let (order_id, price, shown) = (order.order_id, order.price, order.shown);
            pieces.push(&place, &Message::OrderAdded { order_id, price, shown, side });
        }
    }
    write_headers(packets, instrument, pieces);
}

fn of_listing(listing: &Listing) -> [Message; 4] {
    let terms = listing.terms;
    [
        Message::InstrumentListed { symbol: terms.symbol, tick_size: terms.tick_size, lot_size: terms.lot_size },
        Message::MarketPhase { phase: listing.phase },
        Message::Indicative(listing.indication),
        Message::Statistics(listing.statistics),
    ]
}

/// When all pieces are known: each says how many there are.
fn write_headers(packets: &Packets, instrument: u32, pieces: &mut Pieces) {
    let total = pieces.bounds().len() as u32;
    for (piece, (bytes, count)) in (0..).zip(pieces.headers()) {
        let body_length = (bytes.len() - SNAPSHOT_HEADER_BYTES) as u16;
        engine::message!(snapshot_packet_codec::SnapshotPacketEncoder, bytes, |to| to
            .feed(packets.feed())
            .next_number(packets.next_number())
            .instruments(packets.instruments())
            .instrument(instrument)
            .piece(piece)
            .pieces(total)
            .count(count)
            .body_length(body_length));
    }
}

/// A piece as it was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotPiece<'a> {
    /// Whose it is.
    pub feed: u64,
    /// The first number that it does not hold.
    pub next_number: u64,
    /// Of which instrument.
    pub instrument: u32,
    /// From 0.
    pub piece: u32,
    /// How many there are.
    pub pieces: u32,
    /// How many messages.
    pub count: u16,
    /// The messages.
    pub body: &'a [u8],
}

impl<'a> SnapshotPiece<'a> {
    /// Reads the piece at the front of `bytes`; nothing, if it is none.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (fields, behind) = fields_of(bytes, snapshot_packet_codec::SBE_TEMPLATE_ID, BLOCK_BYTES)?;
        let header = snapshot_packet_codec::SnapshotPacketDecoder::default().wrap(ReadBuf::new(fields), 0, 0, u16::MAX);
        let body = behind.get(..usize::from(header.body_length()))?;
        Some(Self {
            feed: header.feed(),
            next_number: header.next_number(),
            instrument: header.instrument(),
            piece: header.piece(),
            pieces: header.pieces(),
            count: header.count(),
            body,
        })
    }
}
