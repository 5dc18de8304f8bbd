//! The two frames of the order: a session's command, and the same behind its stamp. Reading checks every length first.

use crate::limits::{COMMAND_BODY_BYTES_MAX, FRAME_ALIGNMENT};
use engine::message;
use messages::{ReadBuf, SBE_SCHEMA_ID, command_codec, message_header_codec, query_outcome_codec, sequenced_codec};

/// Bytes of the SBE header in front of every message.
pub const MESSAGE_HEADER_BYTES: usize = message_header_codec::ENCODED_LENGTH;
/// Bytes in front of a command's body.
pub const COMMAND_HEADER_BYTES: usize = MESSAGE_HEADER_BYTES + command_codec::SBE_BLOCK_LENGTH as usize;
/// Bytes in front of a sequenced command.
pub const SEQUENCED_HEADER_BYTES: usize = MESSAGE_HEADER_BYTES + sequenced_codec::SBE_BLOCK_LENGTH as usize;

/// Why bytes are not a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// They end before the frame does.
    Short,
    /// Another template or schema stands where the frame should.
    NotAFrame,
    /// The body is longer than a command may be.
    TooLong,
}

/// The first fields of any SBE message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageHeader {
    /// Bytes of the root block.
    pub block_length: u16,
    /// Which message.
    pub template: u16,
    /// Of the schema that the sender knows.
    pub version: u16,
}

impl MessageHeader {
    /// The header at the start of `bytes`; none if they are too short or of another schema.
    #[inline]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let header: &[u8; MESSAGE_HEADER_BYTES] = bytes.first_chunk()?;
        let field = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
        (field(4) == SBE_SCHEMA_ID).then(|| Self { block_length: field(0), template: field(2), version: field(6) })
    }
}

/// A command of a session, as it arrived.
#[derive(Clone, Copy, Debug)]
pub struct CommandFrame<'a> {
    /// Its place in the session.
    pub number: u64,
    /// Outcomes up to here may be forgotten.
    pub acked_through: u64,
    /// Whose it is.
    pub session: u32,
    /// Under which logon.
    pub session_epoch: u32,
    /// Of the body.
    pub crc: u32,
    /// The SBE message that it carries.
    pub body: &'a [u8],
    /// Header and body.
    pub bytes: &'a [u8],
}

impl<'a> CommandFrame<'a> {
    /// How many of `bytes` the frame at their start takes.
    #[inline]
    pub fn measure(bytes: &[u8]) -> Result<usize, FrameError> {
        let (payload, length) = command_body(bytes)?;
        if bytes.len() < payload + length { Err(FrameError::Short) } else { Ok(payload + length) }
    }

    /// The frame at the start of `bytes`.
    #[inline]
    pub fn read(bytes: &'a [u8]) -> Result<Self, FrameError> {
        let (payload, length) = command_body(bytes)?;
        let body = bytes.get(payload..payload + length).ok_or(FrameError::Short)?;
        let fields = command_fields(bytes);
        Ok(Self {
            number: fields.number(),
            acked_through: fields.acked_through(),
            session: fields.session(),
            session_epoch: fields.session_epoch(),
            crc: fields.crc(),
            body,
            bytes: &bytes[..payload + length],
        })
    }

    /// The command that a query of this session, which has number 0 itself, asks for.
    pub fn queried(&self) -> Option<u64> {
        let is_query = self.number == 0 && self.template() == query_outcome_codec::SBE_TEMPLATE_ID;
        let length = MESSAGE_HEADER_BYTES + query_outcome_codec::SBE_BLOCK_LENGTH as usize;
        let body = self.body.get(..length).filter(|_| is_query)?;
        let fields = query_outcome_codec::QueryOutcomeDecoder::default();
        Some(fields.wrap(ReadBuf::new(body), MESSAGE_HEADER_BYTES, 0, 0).number()).filter(|number| *number > 0)
    }

    /// The template of the body, 0 if it has none.
    #[inline]
    pub fn template(&self) -> u16 {
        MessageHeader::read(self.body).map_or(0, |header| header.template)
    }
}

/// Writes the header of a command with this body in front of it and returns the length of both. `buffer` holds the body at
/// [`COMMAND_HEADER_BYTES`] already.
#[inline]
pub fn write_command_header(buffer: &mut [u8], fields: &CommandFields, body_length: usize) -> usize {
    let crc = crc32c::crc32c(&buffer[COMMAND_HEADER_BYTES..COMMAND_HEADER_BYTES + body_length]);
    message!(command_codec::CommandEncoder, buffer, |command| {
        command.number(fields.number).acked_through(fields.acked_through).session(fields.session);
        command.session_epoch(fields.session_epoch).crc(crc).body_length(body_length as u32)
    }) + body_length
}

/// What a client says of a command besides its body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CommandFields {
    /// Its place in the session.
    pub number: u64,
    /// Outcomes up to here may be forgotten.
    pub acked_through: u64,
    /// Whose it is.
    pub session: u32,
    /// Under which logon.
    pub session_epoch: u32,
}

/// A command with its place in the order.
#[derive(Clone, Copy, Debug)]
pub struct SequencedFrame<'a> {
    /// Its place.
    pub seq: u64,
    /// When it was stamped, in nanoseconds since the Unix epoch.
    pub time_ns: i64,
    /// Of the order.
    pub epoch: u32,
    /// What was stamped.
    pub command: CommandFrame<'a>,
    /// Bytes of the whole frame, padding not included.
    pub length: usize,
}

impl<'a> SequencedFrame<'a> {
    /// The frame at the start of `bytes`.
    #[inline]
    pub fn read(bytes: &'a [u8]) -> Result<Self, FrameError> {
        let payload = body_offset(bytes, sequenced_codec::SBE_TEMPLATE_ID, sequenced_codec::SBE_BLOCK_LENGTH)?;
        let fields = sequenced_codec::SequencedDecoder::default().wrap(ReadBuf::new(bytes), MESSAGE_HEADER_BYTES, 0, 0);
        let length = fields.body_length() as usize;
        let inner = payload.checked_add(length).and_then(|end| bytes.get(payload..end)).ok_or(FrameError::Short)?;
        let command = CommandFrame::read(inner)?;
        Ok(Self { seq: fields.seq(), time_ns: fields.time(), epoch: fields.epoch(), command, length: payload + length })
    }
}

/// Writes the stamp of a command frame of `length` bytes.
#[inline]
pub fn write_stamp(buffer: &mut [u8], seq: u64, time_ns: i64, epoch: u32, length: usize) {
    message!(sequenced_codec::SequencedEncoder, buffer, |stamp| {
        stamp.seq(seq).time(time_ns).epoch(epoch).body_length(length as u32)
    });
}

/// `length` rounded up to where the next frame starts.
#[inline]
pub const fn aligned(length: usize) -> usize {
    length.next_multiple_of(FRAME_ALIGNMENT)
}

#[inline]
fn command_fields(bytes: &[u8]) -> command_codec::CommandDecoder<'_> {
    command_codec::CommandDecoder::default().wrap(ReadBuf::new(bytes), MESSAGE_HEADER_BYTES, 0, 0)
}

/// Where the body of the command at the start of `bytes` begins, and how long it says it is; checked against the limit only.
#[inline]
fn command_body(bytes: &[u8]) -> Result<(usize, usize), FrameError> {
    let payload = body_offset(bytes, command_codec::SBE_TEMPLATE_ID, command_codec::SBE_BLOCK_LENGTH)?;
    let length = command_fields(bytes).body_length() as usize;
    if length > COMMAND_BODY_BYTES_MAX { Err(FrameError::TooLong) } else { Ok((payload, length)) }
}

/// Where the body behind the header message at the start of `bytes` begins: a newer schema's longer block is skipped.
#[inline]
fn body_offset(bytes: &[u8], template: u16, block_length_min: u16) -> Result<usize, FrameError> {
    let header = MessageHeader::read(bytes).ok_or(if bytes.len() < MESSAGE_HEADER_BYTES {
        FrameError::Short
    } else {
        FrameError::NotAFrame
    })?;
    if header.template != template || header.block_length < block_length_min {
        return Err(FrameError::NotAFrame);
    }
    let offset = MESSAGE_HEADER_BYTES + header.block_length as usize;
    if bytes.len() < offset { Err(FrameError::Short) } else { Ok(offset) }
}
