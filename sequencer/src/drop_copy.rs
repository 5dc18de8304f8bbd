//! Carries out `DropCopy`: who is told what is the sequencer's to know, not the engine's.

use crate::frame::MESSAGE_HEADER_BYTES;
use crate::sessions::Sessions;
use engine::event::{Administered, Event, RejectReason, Rejected};
use messages::boolean::Boolean;
use messages::{ReadBuf, drop_copy_codec};

/// What becomes of a `DropCopy` of `session` with this body.
pub fn carry_out(sessions: &mut Sessions, session: u32, body: &[u8]) -> Event {
    let template = drop_copy_codec::SBE_TEMPLATE_ID;
    match read(body).and_then(|(source, on)| set(sessions, session, source, on)) {
        Ok(id) => Event::Administered(Administered { template, id, session }),
        Err(reason) => Event::Rejected(Rejected { cl_ord_id: 0, session, template, reason }),
    }
}

fn read(body: &[u8]) -> Result<(u32, bool), RejectReason> {
    let length = MESSAGE_HEADER_BYTES + usize::from(drop_copy_codec::SBE_BLOCK_LENGTH);
    let (Some(bytes), [low, high, ..]) = (body.get(..length), body) else { return Err(RejectReason::Malformed) };
    let block_length = u16::from_le_bytes([*low, *high]);
    if block_length < drop_copy_codec::SBE_BLOCK_LENGTH || body.len() < MESSAGE_HEADER_BYTES + usize::from(block_length)
    {
        return Err(RejectReason::Malformed);
    }
    let fields = drop_copy_codec::DropCopyDecoder::default().wrap(ReadBuf::new(bytes), MESSAGE_HEADER_BYTES, 0, 0);
    match fields.on() {
        Boolean::True => Ok((fields.session(), true)),
        Boolean::False => Ok((fields.session(), false)),
        Boolean::NullVal => Err(RejectReason::Malformed),
    }
}

/// `taker` wants copies of what `source` is told, or no more of them. Gives the source.
fn set(sessions: &mut Sessions, taker: u32, source: u32, on: bool) -> Result<u32, RejectReason> {
    let known = sessions.get(source).ok_or(RejectReason::UnknownSession)?;
    if !on {
        sessions.copies_mut().remove(taker, source);
        return Ok(source);
    }
    if known.expired || source == taker {
        return Err(RejectReason::UnknownSession);
    }
    if !sessions.may_have_copy(taker, source) {
        return Err(RejectReason::NotAllowed);
    }
    if sessions.copies_mut().add(taker, source) { Ok(source) } else { Err(RejectReason::TooManyLimits) }
}
