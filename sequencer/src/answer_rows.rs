//! What a node says to a client besides the engine's events, as rows.

use crate::frame::MESSAGE_HEADER_BYTES;
use engine::rows::EventRow;
use messages::{ReadBuf, outcome_codec, session_closed_codec};

/// The answer to a command that was sent again, as a row: what it did, without repeating every event.
pub fn outcome_row(body: &[u8]) -> Option<EventRow> {
    let length = MESSAGE_HEADER_BYTES + outcome_codec::SBE_BLOCK_LENGTH as usize;
    let buffer = ReadBuf::new(body.get(..length)?);
    let fields = outcome_codec::OutcomeDecoder::default().wrap(buffer, MESSAGE_HEADER_BYTES, 0, 0);
    Some(EventRow {
        kind: outcome_codec::SBE_TEMPLATE_ID as u8,
        order_id: fields.order_id(),
        cl_ord_id: fields.cl_ord_id(),
        quantity: i64::from(fields.events()),
        reason: fields.reason().unwrap_or(0),
        outcome: fields.kind() as u8,
        ..EventRow::default()
    })
}

/// The end of a logon: session, epoch and row.
pub fn closed_row(body: &[u8]) -> Option<(u32, u32, EventRow)> {
    let body = body.get(..MESSAGE_HEADER_BYTES + session_closed_codec::SBE_BLOCK_LENGTH as usize)?;
    let fields = session_closed_codec::SessionClosedDecoder::default();
    let fields = fields.wrap(ReadBuf::new(body), MESSAGE_HEADER_BYTES, 0, 0);
    let (kind, reason) = (session_closed_codec::SBE_TEMPLATE_ID as u8, fields.end() as u8);
    Some((fields.session(), fields.session_epoch(), EventRow { kind, reason, ..EventRow::default() }))
}
