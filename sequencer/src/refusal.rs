//! Tells a client that something of its did not enter the order.

use crate::frame::MESSAGE_HEADER_BYTES;
use engine::message;
use messages::refusal_reason::RefusalReason;
use messages::refused_codec;

/// Bytes of the message.
pub const REFUSED_BYTES: usize = MESSAGE_HEADER_BYTES + refused_codec::SBE_BLOCK_LENGTH as usize;

/// What did not enter the order, and why.
#[derive(Clone, Copy)]
pub struct Refusal {
    /// Of the command, or the correlation id of a connect or logon.
    pub number: u64,
    /// What the session must send next.
    pub expected: u64,
    /// Whose.
    pub session: u32,
    /// Why.
    pub reason: RefusalReason,
}

impl Refusal {
    /// Writes the message to the front of `buffer`; returns its length.
    pub fn write(&self, buffer: &mut [u8]) -> usize {
        message!(refused_codec::RefusedEncoder, buffer, |refused| {
            refused.number(self.number).expected(self.expected).session(self.session).reason(self.reason)
        })
    }
}
