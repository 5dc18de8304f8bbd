//! Connections between clients and the node: in order and slow, until they break.

use sequencer::intake::{Claim, ConnectionId};
use std::collections::{BTreeMap, VecDeque};

/// What a client sends.
#[derive(Clone, Debug)]
pub enum Upward {
    /// It has proved that it knows the key and wants a session.
    LogOn {
        /// Which.
        claim: Claim,
        /// Comes back with a refusal.
        correlation_id: u64,
    },
    /// Command frames.
    Commands(Vec<u8>),
}

/// Messages on their way in one direction.
#[derive(Debug)]
pub struct Pipe<M> {
    messages: VecDeque<(i64, M)>,
}

impl<M> Pipe<M> {
    /// Sends; it arrives at `due_ns`, though not before what was sent before it.
    pub fn send(&mut self, due_ns: i64, message: M) {
        let last_ns = self.messages.back().map_or(due_ns, |last| last.0);
        self.messages.push_back((due_ns.max(last_ns), message));
    }

    /// The next message that has arrived.
    pub fn receive(&mut self, now_ns: i64) -> Option<M> {
        if self.messages.front()?.0 > now_ns {
            return None;
        }
        self.messages.pop_front().map(|(_, message)| message)
    }

    /// Whether nothing is under way.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// What is under way, the oldest first.
    pub fn under_way(&mut self) -> impl Iterator<Item = &mut M> {
        self.messages.iter_mut().map(|(_, message)| message)
    }
}

impl<M> Default for Pipe<M> {
    fn default() -> Self {
        Self { messages: VecDeque::new() }
    }
}

/// One client's way to the node and back.
#[derive(Debug, Default)]
pub struct Connection {
    /// Client to node.
    pub up: Pipe<Upward>,
    /// Node to client.
    pub down: Pipe<Vec<u8>>,
    /// The client has let go of it; the node hears what is under way, then that it is gone.
    pub abandoned: bool,
}

/// See the module.
#[derive(Default)]
pub struct Network {
    connections: BTreeMap<ConnectionId, Connection>,
    last: ConnectionId,
}

impl Network {
    /// A new connection; ids are not given twice.
    pub fn connect(&mut self) -> ConnectionId {
        self.last += 1;
        self.connections.insert(self.last, Connection::default());
        self.last
    }

    /// That connection, unless it is gone.
    pub fn get_mut(&mut self, id: ConnectionId) -> Option<&mut Connection> {
        self.connections.get_mut(&id)
    }

    /// Every connection.
    pub fn ids(&self) -> Vec<ConnectionId> {
        self.connections.keys().copied().collect()
    }

    /// It is gone, with everything under way. False if it was gone before.
    pub fn cut(&mut self, id: ConnectionId) -> bool {
        self.connections.remove(&id).is_some()
    }

    /// Connections that were given up are gone once the node has heard the last of them.
    pub fn bury(&mut self) {
        self.connections.retain(|_, connection| !connection.abandoned || !connection.up.is_empty());
    }

    /// The node is gone, and every connection with it.
    pub fn cut_all(&mut self) {
        self.connections.clear();
    }
}
