//! Who is connected: each publication onto our ingress is one connection, from its first fragment until its image is gone.

use super::answers::is_for_answers;
use super::users::Users;
use crate::aeron_sys::{
    aeron_async_add_exclusive_publication, aeron_async_add_exclusive_publication_cancel,
    aeron_async_add_exclusive_publication_poll, aeron_async_add_exclusive_publication_t,
    aeron_exclusive_publication_close, aeron_exclusive_publication_is_connected, aeron_exclusive_publication_t,
    aeron_is_closed, aeron_t,
};
use crate::outbox::{Delivery, Outbox};
use engine::message;
use messages::challenge_codec;
use messages::logon_codec::LogonDecoder;
use messages::refusal_reason::RefusalReason;
use sequencer::client::Outgoing;
use sequencer::egress::Outboxes;
use sequencer::frame::MESSAGE_HEADER_BYTES;
use sequencer::intake::ConnectionId;
use sequencer::refusal::{REFUSED_BYTES, Refusal};
use sequencer::share::Share;
use sequencer::users::User;
use sha2::{Digest, Sha256};
use std::ffi::CString;
use std::ptr;

/// So long a connection may be one over which nobody can be told anything: nobody has said where to answer, or nobody listens there.
/// Its client is gone then, whatever its stream looks like: one that died between taking room in it and writing there leaves a stream
/// that no driver ends.
const UNREACHABLE_NS: i64 = 10_000_000_000;

const CHALLENGE_BYTES: usize = MESSAGE_HEADER_BYTES + challenge_codec::SBE_BLOCK_LENGTH as usize;

enum State {
    /// Has not said where to answer.
    Silent,
    /// Aeron is making the publication to answer on; a client that has asked again meanwhile wants `next` instead.
    Adding { adding: *mut aeron_async_add_exclusive_publication_t, wanted: Wanted, next: Option<Wanted> },
    /// Can be answered.
    Open { outbox: Outbox, nonce: [u8; 32], publication: Publication },
}

/// What a `Connect` asks for.
pub struct Wanted {
    channel: CString,
    stream_id: i32,
    correlation_id: u64,
    speaks_our_version: bool,
}

impl Wanted {
    /// None if that is no channel.
    pub fn new(channel: &[u8], stream_id: i32, correlation_id: u64, speaks_our_version: bool) -> Option<Self> {
        let channel = CString::new(channel).ok()?;
        Some(Self { channel, stream_id, correlation_id, speaks_our_version })
    }

    /// Whether both want their answers on the same stream.
    fn is_where(&self, other: &Self) -> bool {
        (&self.channel, self.stream_id) == (&other.channel, other.stream_id)
    }
}

/// A publication that is closed with its connection.
struct Publication(*mut aeron_exclusive_publication_t);

impl Publication {
    fn is_heard(&self) -> bool {
        // SAFETY: ours, and open.
        unsafe { aeron_exclusive_publication_is_connected(self.0) }
    }
}

impl Drop for Publication {
    fn drop(&mut self) {
        // SAFETY: ours, and closed once.
        unsafe { aeron_exclusive_publication_close(self.0, None, ptr::null_mut()) };
    }
}

struct Connection {
    /// Registration id of the image that it sends on.
    image: i64,
    state: State,
    /// Heard from in this turn of the loop.
    seen: bool,
    share: Share,
    /// When it could last be told something, or was first looked at.
    reached_ns: Option<i64>,
}

/// See the module.
pub struct Connections {
    client: *mut aeron_t,
    slots: Vec<Option<Connection>>,
    users: Users,
    nonce_seed: [u8; 32],
    nonces: u64,
    answers_beyond_loopback: bool,
    /// Channels that Aeron did not take.
    pub refused: u64,
}

impl Connections {
    /// Nobody yet. `users` may log on; `nonce_seed` is secret and random.
    pub fn new(client: *mut aeron_t, users: Users, nonce_seed: [u8; 32], answers_beyond_loopback: bool) -> Self {
        Self { client, slots: Vec::new(), users, nonce_seed, nonces: 0, answers_beyond_loopback, refused: 0 }
    }

    /// The connection of an image, made if it is new.
    #[inline]
    pub fn of_image(&mut self, image: i64, guess: usize) -> ConnectionId {
        let is_it = |slot: &Option<Connection>| slot.as_ref().is_some_and(|connection| connection.image == image);
        let place = match self.slots.get(guess) {
            Some(slot) if is_it(slot) => guess,
            _ => self.slots.iter().position(is_it).unwrap_or_else(|| self.add(image)),
        };
        if let Some(connection) = &mut self.slots[place] {
            connection.seen = true;
        }
        place as ConnectionId + 1
    }

    /// What a connection has stamped that is not yet on disk.
    #[inline]
    pub fn share(&mut self, connection: ConnectionId) -> Option<&mut Share> {
        self.get_mut(connection).map(|connection| &mut connection.share)
    }

    /// Whether Aeron has ended our client: the driver is gone, or this process was stopped for longer than it allows.
    pub fn is_cut_off(&self) -> bool {
        // SAFETY: the client is the caller's and not freed while the node lives.
        unsafe { aeron_is_closed(self.client) }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.slots.iter().flatten().count()
    }

    /// The client wants answers; one of another version is told so there. False if there is nobody to be answered, or Aeron refuses at
    /// once. The last of several wishes counts: those in between are never made, so a flood of them costs the driver nothing.
    pub fn connect(&mut self, connection: ConnectionId, wanted: Wanted) -> bool {
        let client = self.client;
        if !is_for_answers(wanted.channel.as_bytes(), self.answers_beyond_loopback) {
            return false;
        }
        let Some(connection) = self.get_mut(connection) else { return false };
        if let State::Adding { next, .. } = &mut connection.state {
            *next = Some(wanted);
            return true;
        }
        let adding = start_adding(client, &wanted);
        if adding.is_null() {
            return false;
        }
        connection.state = State::Adding { adding, wanted, next: None };
        true
    }

    /// Whose key a logon proves, by the challenge that this connection was given. Each challenge is good for many sessions of one
    /// connection, and for no other connection.
    pub fn prove(&self, connection: ConnectionId, logon: &LogonDecoder) -> Option<User> {
        match &self.get(connection)?.state {
            State::Open { nonce, .. } => self.users.prove(nonce, logon),
            _ => None,
        }
    }

    /// Completes what Aeron has made since, and challenges those clients. Returns how many.
    pub fn complete(&mut self) -> usize {
        let mut completed = 0;
        for place in 0..self.slots.len() {
            let Some(Connection { state: State::Adding { adding, .. }, .. }) = self.slots[place] else { continue };
            let mut publication = ptr::null_mut();
            // SAFETY: polled until it answers, then never again.
            let answer = unsafe { aeron_async_add_exclusive_publication_poll(&raw mut publication, adding) };
            if answer == 0 {
                continue;
            }
            completed += 1;
            self.refused += u64::from(answer < 0);
            self.added(place, (answer > 0).then(|| Publication(publication)));
        }
        completed
    }

    /// Aeron has made the publication, or has refused to.
    fn added(&mut self, place: usize, publication: Option<Publication>) {
        let Some(connection) = &mut self.slots[place] else { return };
        let State::Adding { wanted, next, .. } = std::mem::replace(&mut connection.state, State::Silent) else {
            return;
        };
        let id = place as ConnectionId + 1;
        match (publication, next) {
            (Some(publication), Some(next)) if wanted.is_where(&next) => self.open(id, publication, &next),
            (_, Some(next)) => self.refused += u64::from(!self.connect(id, next)),
            (Some(publication), None) => self.open(id, publication, &wanted),
            (None, None) => {}
        }
    }

    /// Sends what waits. Returns the connections that are lost.
    #[inline]
    pub fn flush(&mut self, lost: &mut Vec<ConnectionId>) -> bool {
        let mut waiting = false;
        for (id, slot) in (1..).zip(&mut self.slots) {
            if let Some(Connection { state: State::Open { outbox, .. }, .. }) = slot {
                match outbox.flush() {
                    Delivery::Sent => {}
                    Delivery::Waiting => waiting = true,
                    Delivery::Lost => lost.push(id),
                }
            }
        }
        waiting
    }

    /// Ends a turn of the loop: the connections whose image was not there.
    pub fn unseen(&mut self, gone: &mut Vec<ConnectionId>) {
        for (id, slot) in (1..).zip(&mut self.slots) {
            if let Some(connection) = slot {
                if !connection.seen {
                    gone.push(id);
                }
                connection.seen = false;
            }
        }
    }

    /// The images of connections that could not be told anything for too long; each again after as long.
    pub fn unreachable(&mut self, now_ns: i64) -> impl Iterator<Item = i64> {
        self.slots.iter_mut().flatten().filter_map(move |connection| {
            let is_heard = matches!(&connection.state, State::Open { publication, .. } if publication.is_heard());
            let reached_ns = *connection.reached_ns.get_or_insert(now_ns);
            let is_lost = !is_heard && now_ns - reached_ns >= UNREACHABLE_NS;
            if is_heard || is_lost {
                connection.reached_ns = Some(now_ns);
            }
            is_lost.then_some(connection.image)
        })
    }

    /// Stops answering a client that is lost; it stays known until its image is gone.
    pub fn cut(&mut self, connection: ConnectionId) {
        if let Some(connection) = self.get_mut(connection) {
            connection.state = State::Silent;
        }
    }

    /// Frees the slot of a connection that is gone.
    pub fn remove(&mut self, connection: ConnectionId) {
        let gone = self.slots[connection as usize - 1].take();
        if let Some(Connection { state: State::Adding { adding, .. }, .. }) = gone {
            // SAFETY: the client is open, and nobody polls this any more.
            unsafe { aeron_async_add_exclusive_publication_cancel(self.client, adding) };
        }
    }

    /// How to reach a connection, if it has said where to answer.
    #[inline]
    fn outbox(&mut self, connection: ConnectionId) -> Option<&mut Outbox> {
        match &mut self.get_mut(connection)?.state {
            State::Open { outbox, .. } => Some(outbox),
            _ => None,
        }
    }

    fn get(&self, connection: ConnectionId) -> Option<&Connection> {
        self.slots.get((connection as usize).checked_sub(1)?)?.as_ref()
    }

    fn get_mut(&mut self, connection: ConnectionId) -> Option<&mut Connection> {
        self.slots.get_mut((connection as usize).checked_sub(1)?)?.as_mut()
    }

    fn add(&mut self, image: i64) -> usize {
        let connection =
            Connection { image, state: State::Silent, seen: true, share: Share::default(), reached_ns: None };
        let place = self.slots.iter().position(Option::is_none).unwrap_or(self.slots.len());
        if place == self.slots.len() {
            self.slots.push(None);
        }
        self.slots[place] = Some(connection);
        place
    }

    /// A client of our version is challenged, another one is told so.
    fn open(&mut self, connection: ConnectionId, publication: Publication, wanted: &Wanted) {
        self.nonces += 1;
        let seed = Sha256::new_with_prefix(self.nonce_seed);
        let nonce: [u8; 32] = seed.chain_update(self.nonces.to_le_bytes()).finalize().into();
        let mut outbox = Outbox::new(publication.0);
        let correlation_id = wanted.correlation_id;
        if wanted.speaks_our_version {
            outbox.push(CHALLENGE_BYTES, |buffer| {
                message!(challenge_codec::ChallengeEncoder, buffer, |challenge| {
                    challenge.correlation_id(correlation_id).nonce(&nonce)
                })
            });
        } else {
            let reason = RefusalReason::UnsupportedVersion;
            let refusal = Refusal { number: correlation_id, expected: 0, session: 0, reason };
            outbox.push(REFUSED_BYTES, |buffer| refusal.write(buffer));
        }
        if let Some(connection) = self.get_mut(connection) {
            connection.state = State::Open { outbox, nonce, publication };
        }
    }
}

impl Outboxes for Connections {
    #[inline]
    fn push(&mut self, connection: ConnectionId, bytes_max: usize, write: impl FnOnce(&mut [u8]) -> usize) -> bool {
        let Some(outbox) = self.outbox(connection) else { return false };
        outbox.push(bytes_max, write);
        true
    }

    fn push_to_all(&mut self, bytes_max: usize, write: impl Fn(&mut [u8]) -> usize) {
        for connection in self.slots.iter_mut().flatten() {
            if let State::Open { outbox, .. } = &mut connection.state {
                outbox.push(bytes_max, &write);
            }
        }
    }

    fn end_message(&mut self, connection: ConnectionId) {
        if let Some(outbox) = self.outbox(connection) {
            outbox.end_message();
        }
    }
}

/// Null if Aeron refuses at once.
fn start_adding(client: *mut aeron_t, wanted: &Wanted) -> *mut aeron_async_add_exclusive_publication_t {
    let mut adding = ptr::null_mut();
    let (uri, stream_id) = (wanted.channel.as_ptr(), wanted.stream_id);
    // SAFETY: the client is open; Aeron copies the uri.
    let added = unsafe { aeron_async_add_exclusive_publication(&raw mut adding, client, uri, stream_id) };
    if added < 0 { ptr::null_mut() } else { adding }
}
