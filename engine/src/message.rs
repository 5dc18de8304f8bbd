//! Writing one message of the schema, so that every encoder reads the same and costs no check per field.

use messages::{SBE_SCHEMA_ID, SBE_SCHEMA_VERSION, message_header_codec::ENCODED_LENGTH};

/// The SBE header of a message of this schema.
#[inline]
pub const fn header(block_length: u16, template: u16) -> [u8; ENCODED_LENGTH] {
    let ([a, b], [c, d]) = (block_length.to_le_bytes(), template.to_le_bytes());
    let ([e, f], [g, h]) = (SBE_SCHEMA_ID.to_le_bytes(), SBE_SCHEMA_VERSION.to_le_bytes());
    [a, b, c, d, e, f, g, h]
}

/// Encodes a message to the front of `$buffer`: writes the header, sets the fields, gives the length of both. The slice of
/// known length lets the compiler drop the check of each field. Panics if the buffer is shorter.
#[macro_export]
macro_rules! message {
    ($codec:ident :: $encoder:ident, $buffer:expr, |$message:ident| $fields:expr) => {{
        const HEADER: [u8; messages::message_header_codec::ENCODED_LENGTH] =
            $crate::message::header(messages::$codec::SBE_BLOCK_LENGTH, messages::$codec::SBE_TEMPLATE_ID);
        const LENGTH: usize = HEADER.len() + messages::$codec::SBE_BLOCK_LENGTH as usize;
        let (bytes, _) = $buffer.split_first_chunk_mut::<LENGTH>().expect("room for the message");
        bytes[..HEADER.len()].copy_from_slice(&HEADER);
        let mut $message = messages::$codec::$encoder::default().wrap(messages::WriteBuf::new(bytes), HEADER.len());
        $fields;
        LENGTH
    }};
}
