//! What a node is about to tell, by connection.

use sequencer::client::Outgoing;
use sequencer::egress::Outboxes;
use sequencer::frame::aligned;
use sequencer::intake::ConnectionId;
use std::collections::BTreeMap;

/// As much as a message holds here: little, so that clients see many.
const MESSAGE_BYTES: usize = 512;

/// Frames on their way to one receiver, gathered into messages.
#[derive(Default)]
pub struct Outbox {
    messages: Vec<Vec<u8>>,
    ended: bool,
}

impl Outbox {
    /// The messages since the last time.
    pub fn take(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.messages)
    }
}

impl Outgoing for Outbox {
    fn push(&mut self, bytes_max: usize, write: impl FnOnce(&mut [u8]) -> usize) {
        if self.ended || self.messages.last().is_none_or(|message| message.len() > MESSAGE_BYTES) {
            self.messages.push(Vec::new());
            self.ended = false;
        }
        let message = self.messages.last_mut().expect("just pushed");
        let start = message.len();
        message.resize(start + bytes_max, 0);
        let length = write(&mut message[start..]);
        message.truncate(start + length);
        message.resize(start + aligned(length), 0);
    }
}

/// See the module.
#[derive(Default)]
pub struct Outbound {
    outboxes: BTreeMap<ConnectionId, Outbox>,
}

impl Outbound {
    /// A connection can be reached from now on.
    pub fn open(&mut self, id: ConnectionId) {
        self.outboxes.entry(id).or_default();
    }

    /// It cannot any more.
    pub fn close(&mut self, id: ConnectionId) {
        self.outboxes.remove(&id);
    }

    /// Who can be reached.
    pub fn ids(&self) -> Vec<ConnectionId> {
        self.outboxes.keys().copied().collect()
    }

    /// The messages since the last time.
    pub fn take(&mut self, id: ConnectionId) -> Vec<Vec<u8>> {
        self.outboxes.get_mut(&id).map(Outbox::take).unwrap_or_default()
    }
}

impl Outboxes for Outbound {
    fn push(&mut self, id: ConnectionId, bytes_max: usize, write: impl FnOnce(&mut [u8]) -> usize) -> bool {
        let Some(outbox) = self.outboxes.get_mut(&id) else { return false };
        outbox.push(bytes_max, write);
        true
    }

    fn push_to_all(&mut self, bytes_max: usize, write: impl Fn(&mut [u8]) -> usize) {
        for id in self.ids() {
            self.push(id, bytes_max, &write);
        }
    }

    fn end_message(&mut self, id: ConnectionId) {
        if let Some(outbox) = self.outboxes.get_mut(&id) {
            outbox.ended = true;
        }
    }
}
