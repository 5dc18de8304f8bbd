//! Frames on their way to one client: gathered into messages as long as the publication takes in one piece, so that under load
//! one offer carries hundreds of events, and at rest each goes at once.

use crate::aeron_sys::{
    AERON_PUBLICATION_ADMIN_ACTION, AERON_PUBLICATION_BACK_PRESSURED, AERON_PUBLICATION_NOT_CONNECTED,
    aeron_exclusive_publication_constants, aeron_exclusive_publication_offer, aeron_exclusive_publication_t,
    aeron_publication_constants_t,
};
use sequencer::client::Outgoing;
use sequencer::frame::aligned;
use sequencer::limits::FRAME_ALIGNMENT;
use std::collections::VecDeque;
use std::ptr;

/// Unsent bytes after which a client that does not read is cut off.
const BACKLOG_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Whether a client still takes what it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// All is sent.
    Sent,
    /// Some waits for the client to read.
    Waiting,
    /// The client is gone, or so far behind that it must log on again.
    Lost,
}

/// Frames, and room for more; behind the room as many bytes as padding may take.
struct Message {
    bytes: Box<[u8]>,
    length: usize,
}

/// See the module.
pub struct Outbox {
    publication: *mut aeron_exclusive_publication_t,
    payload_max: usize,
    queue: VecDeque<Message>,
    spare: Vec<Message>,
    queued_bytes: usize,
    ended: bool,
}

impl Outbox {
    /// Onto the publication, which stays the caller's and open.
    pub fn new(publication: *mut aeron_exclusive_publication_t) -> Self {
        // SAFETY: plain numbers and a pointer, for which zeros are valid; Aeron fills them.
        let mut constants: aeron_publication_constants_t = unsafe { std::mem::zeroed() };
        // SAFETY: the publication is open.
        unsafe { aeron_exclusive_publication_constants(publication, &raw mut constants) };
        let payload_max = constants.max_payload_length;
        Self { publication, payload_max, queue: VecDeque::new(), spare: Vec::new(), queued_bytes: 0, ended: false }
    }

    /// The next frame starts a message of its own.
    pub fn end_message(&mut self) {
        self.ended = true;
    }

    /// Sends what can be sent.
    #[inline]
    pub fn flush(&mut self) -> Delivery {
        while let Some(message) = self.queue.front() {
            // SAFETY: the publication is open; the bytes live for the call.
            let position = unsafe {
                let (data, length) = (message.bytes.as_ptr(), message.length);
                aeron_exclusive_publication_offer(self.publication, data, length, None, ptr::null_mut())
            };
            match position {
                0.. => self.sent(),
                AERON_PUBLICATION_BACK_PRESSURED | AERON_PUBLICATION_ADMIN_ACTION | AERON_PUBLICATION_NOT_CONNECTED
                    if self.queued_bytes <= BACKLOG_BYTES_MAX =>
                {
                    return Delivery::Waiting;
                }
                _ => return Delivery::Lost,
            }
        }
        Delivery::Sent
    }

    fn sent(&mut self) {
        if let Some(mut message) = self.queue.pop_front() {
            self.queued_bytes -= message.length;
            message.length = 0;
            self.spare.push(message);
        }
    }

    /// A frame longer than the publication takes in one piece gets a message of its own, which Aeron fragments.
    fn start_message(&mut self, bytes_max: usize) -> &mut Message {
        self.ended = false;
        let size = self.payload_max.max(bytes_max);
        let fits = self.spare.pop().filter(|message| message.bytes.len() >= size + FRAME_ALIGNMENT);
        let message =
            fits.unwrap_or_else(|| Message { bytes: vec![0; size + FRAME_ALIGNMENT].into_boxed_slice(), length: 0 });
        self.queue.push_back(message);
        self.queue.back_mut().expect("just pushed")
    }
}

impl Outgoing for Outbox {
    #[inline]
    fn push(&mut self, bytes_max: usize, write: impl FnOnce(&mut [u8]) -> usize) {
        let message = match self.queue.back_mut() {
            Some(message) if !self.ended && message.length + bytes_max <= self.payload_max => message,
            _ => self.start_message(bytes_max),
        };
        let length = write(&mut message.bytes[message.length..]);
        let end = message.length + length;
        message.bytes[end..end + FRAME_ALIGNMENT].copy_from_slice(&[0; FRAME_ALIGNMENT]);
        message.length += aligned(length);
        self.queued_bytes += aligned(length);
    }
}
