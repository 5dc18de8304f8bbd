//! Watches everything that a node is told, writes and tells, and says when a promise is broken. It follows the committed order
//! with a replica of its own.

use crate::ends::Ends;
use crate::report::{Count, Report};
use crate::tally;
use crate::telling::{Telling, opening_user};
use engine::event::{Event, RejectReason};
use messages::durability::Durability;
use messages::outcome_kind::OutcomeKind;
use messages::{
    ReadBuf, define_instrument_codec, drop_copy_codec, event_codec, open_session_codec, outcome_codec, set_halt_codec,
};
use sequencer::block::{HeaderHash, SealedBlock};
use sequencer::frame::{MESSAGE_HEADER_BYTES, MessageHeader, SequencedFrame, aligned};
use sequencer::intake::ConnectionId;
use sequencer::outcome::Outcome;
use sequencer::replica::{Applied, Replica};
use sequencer::users::{OPERATOR, User, UserName};
use std::collections::{BTreeMap, BTreeSet};

/// A command's name: its session and its number there.
pub type Name = (u32, u64);

/// See the module.
pub struct Judge {
    durability: Durability,
    follower: Replica,
    last_header: HeaderHash,
    /// Bodies that clients gave a name to. One each, but where `relaxed` lost the tail of an order and its clients began anew, or
    /// where a client forgot.
    submitted: BTreeMap<Name, Vec<Vec<u8>>>,
    /// Sessions whose client closed its connection, and with it forgot what had no answer.
    forgetful: BTreeSet<u32>,
    /// Where a command that was answered stands in the order.
    answered: BTreeMap<Name, u64>,
    /// The number that each session must send next, in the committed order, but for those that a query closed.
    next_numbers: BTreeMap<u32, u64>,
    closed: BTreeSet<Name>,
    /// By session, who opened it, and who logged on last.
    users: BTreeMap<u32, (UserName, User)>,
    /// Sessions that some client was told it has.
    sessions_told: BTreeSet<u32>,
    /// What each connection must be told, and what must be gone.
    telling: Telling,
    ends: Ends,
    /// How many events of its own each command caused.
    own_events: BTreeMap<Name, u32>,
    /// State hashes by seq: of the committed order, and of the live engine where that is ahead.
    committed_hashes: BTreeMap<u64, u64>,
    live_hashes: BTreeMap<u64, u64>,
    /// How many events each committed command caused that the live node has not executed yet.
    event_counts: BTreeMap<u64, usize>,
    /// The last seq that the live node executed, and the epoch of the order then; a new node must raise it.
    executed: u64,
    epoch: u32,
    epoch_must_rise: bool,
    violation: Option<String>,
}

impl Judge {
    /// Of an order that has not begun.
    pub fn new(durability: Durability) -> Self {
        Self {
            durability,
            follower: Replica::default(),
            last_header: HeaderHash::default(),
            submitted: BTreeMap::new(),
            forgetful: BTreeSet::new(),
            answered: BTreeMap::new(),
            next_numbers: BTreeMap::new(),
            closed: BTreeSet::new(),
            users: BTreeMap::new(),
            sessions_told: BTreeSet::new(),
            telling: Telling::default(),
            ends: Ends::default(),
            own_events: BTreeMap::new(),
            committed_hashes: BTreeMap::new(),
            live_hashes: BTreeMap::new(),
            event_counts: BTreeMap::new(),
            executed: 0,
            epoch: 0,
            epoch_must_rise: true,
            violation: None,
        }
    }

    /// The first broken promise.
    pub fn violation(&self) -> Option<&str> {
        self.violation.as_deref()
    }

    /// A promise is broken; the first one counts.
    pub fn object(&mut self, what: impl FnOnce() -> String) {
        self.violation.get_or_insert_with(what);
    }

    fn demand(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.object(what);
        }
    }

    /// The committed order, executed.
    pub fn follower(&self) -> &Replica {
        &self.follower
    }

    /// Of the last committed block.
    pub fn last_header(&self) -> HeaderHash {
        self.last_header
    }

    /// Whether a command is in the committed order.
    pub fn is_committed(&self, (session, number): Name) -> bool {
        self.follower.sessions().get(session).is_some_and(|session| number < session.next_number)
    }

    /// The client of a session forgets what has no answer, and may give those names once more.
    pub fn forgotten(&mut self, session: u32) {
        self.forgetful.insert(session);
    }

    /// A client gives a body a name.
    pub fn submitted(&mut self, name: Name, body: &[u8]) {
        let bodies = self.submitted.entry(name).or_default();
        if !bodies.iter().any(|known| known == body) {
            bodies.push(body.to_vec());
        }
        let may_differ = self.durability == Durability::Relaxed || self.forgetful.contains(&name.0);
        let once = bodies.len() == 1 || may_differ;
        self.demand(once, || format!("command {name:?} was given two bodies by its client"));
    }

    /// The live node executed a frame.
    pub fn executed(&mut self, frame: &SequencedFrame, applied: Applied, events: &[Event], report: &mut Report) {
        let (seq, last) = (frame.seq, self.executed);
        self.demand(seq == last + 1, || format!("seq {seq} was executed after {last}"));
        self.executed = seq;
        self.check_epoch(frame.epoch);
        if let Some(count) = self.event_counts.remove(&seq) {
            let told = events.len();
            self.demand(told == count, || format!("seq {seq} caused {count} events, the live node has {told}"));
        }
        if let Applied::SessionOpened { session, epoch: 1, .. } = applied {
            let is_new = !self.sessions_told.contains(&session);
            self.demand(is_new, || format!("session {session} was given to two clients"));
        }
        if let Applied::Queried { outcome, .. } = &applied {
            Self::count_query(outcome, report);
        }
        tally::executed(frame, applied, events, report);
        if applied == Applied::Command && events.is_empty() {
            return self.object(|| format!("the command with seq {seq} caused no event"));
        }
        let copied = self.telling.copied;
        match self.telling.executed(frame, applied, events) {
            Ok(own) => drop(self.own_events.insert((frame.command.session, frame.command.number), own)),
            Err(what) => self.object(|| what),
        }
        report.add(Count::CopiesTold, self.telling.copied - copied);
    }

    /// How many events a command caused that its session is told as its own.
    pub fn own_events(&self, name: Name) -> u32 {
        self.own_events.get(&name).copied().unwrap_or(0)
    }

    /// What each connection must be told.
    pub fn telling(&mut self) -> &mut Telling {
        &mut self.telling
    }

    /// Everything executed should have been told by now.
    pub fn all_told(&mut self) {
        if let Err(what) = self.telling.settle() {
            self.object(|| what);
        }
    }

    fn check_epoch(&mut self, epoch: u32) {
        let last = self.epoch;
        let rises = if self.epoch_must_rise { epoch > last } else { epoch == last };
        self.demand(rises, || format!("epoch {epoch} of the order follows epoch {last}"));
        (self.epoch, self.epoch_must_rise) = (epoch, false);
    }

    /// The live node stands there.
    pub fn stands_at(&mut self, seq: u64, state_hash: u64) {
        match self.committed_hashes.get(&seq).copied() {
            Some(hash) => self.compare(seq, state_hash, hash),
            None if seq > self.follower.position().seq => drop(self.live_hashes.insert(seq, state_hash)),
            None => {}
        }
    }

    fn compare(&mut self, seq: u64, live: u64, committed: u64) {
        let what = || format!("at seq {seq} the live engine's hash is {live:016x}, a follower's {committed:016x}");
        self.demand(live == committed, what);
    }

    /// A block is on the disk.
    pub fn committed(&mut self, bytes: &[u8], report: &mut Report) {
        report.count(Count::Blocks);
        let block = match SealedBlock::read(bytes) {
            Ok(block) => block,
            Err(error) => return self.object(|| format!("a block cannot be read: {error:?}")),
        };
        let chained = block.previous == self.last_header;
        self.demand(chained, || format!("block {} does not follow the one before it", block.index));
        self.last_header = block.hash;
        self.committed_hashes.clear();
        for frame in block.frames() {
            match frame {
                Ok(frame) => self.follow(&frame),
                Err(error) => {
                    return self.object(|| format!("a frame of block {} cannot be read: {error:?}", block.index));
                }
            }
        }
        report.note(self.follower.state_hash());
    }

    fn follow(&mut self, frame: &SequencedFrame) {
        let (seq, last) = (frame.seq, self.follower.position());
        self.demand(seq == last.seq + 1, || format!("seq {seq} follows {}", last.seq));
        self.demand(frame.time_ns >= last.time_ns, || format!("time falls at seq {seq}"));
        if frame.command.session != 0 && frame.command.number != 0 {
            self.check_command(frame);
        }
        if frame.command.session == 0 && frame.command.template() == open_session_codec::SBE_TEMPLATE_ID {
            self.check_user(frame.command.body);
        }
        let applied = match self.follower.apply(frame) {
            Ok(applied) => applied,
            Err(error) => return self.object(|| format!("seq {seq} cannot be executed: {error:?}")),
        };
        if let Applied::Queried { number, outcome } = applied
            && outcome.kind == OutcomeKind::NotExecuted
        {
            self.closed.insert((frame.command.session, number));
        }
        if let Err(what) = self.ends.executed(frame, applied, &self.follower) {
            self.object(|| what);
        }
        self.check_roles(frame);
        let hash = self.follower.state_hash();
        self.committed_hashes.insert(seq, hash);
        if seq > self.executed {
            self.event_counts.insert(seq, self.follower.events().len());
        }
        if let Some(live) = self.live_hashes.remove(&seq) {
            self.compare(seq, live, hash);
        }
    }

    /// Each session's commands are in the order one after the other, once, as their client made them.
    fn check_command(&mut self, frame: &SequencedFrame) {
        let (session, number) = (frame.command.session, frame.command.number);
        let mut next = *self.next_numbers.entry(session).or_insert(1);
        while self.closed.contains(&(session, next)) {
            next += 1;
        }
        self.demand(number == next, || format!("command {number} of session {session} follows {}", next - 1));
        self.next_numbers.insert(session, number + 1);
        let bodies = self.submitted.get(&(session, number));
        let made = bodies.is_some_and(|bodies| bodies.iter().any(|body| body == frame.command.body));
        self.demand(made, || format!("command {number} of session {session} is not what its client made"));
    }

    /// A session is of whom it was first, but for the operator.
    fn check_user(&mut self, body: &[u8]) {
        let buffer = ReadBuf::new(body);
        let fields = open_session_codec::OpenSessionDecoder::default().wrap(buffer, MESSAGE_HEADER_BYTES, 0, 0);
        let (session, user) = (fields.session(), opening_user(body));
        let (owner, last) = self.users.entry(session).or_insert((user.name, user));
        *last = user;
        let theirs = user.name == *owner || user.name == OPERATOR;
        self.demand(theirs, || format!("session {session} was given to another user"));
    }

    /// Who only trades runs no venue. Who may have which drop copy, the account of what is told knows.
    fn check_roles(&mut self, frame: &SequencedFrame) {
        let (session, template) = (frame.command.session, frame.command.template());
        let Some((_, user)) = self.users.get(&session) else { return };
        let events = self.follower.events();
        let denied = events.iter().any(is_denial);
        let venue = define_instrument_codec::SBE_TEMPLATE_ID..=set_halt_codec::SBE_TEMPLATE_ID;
        let ought = venue.contains(&template) && !user.roles.get_administer();
        let sound = frame.command.number != 0 && !matches!(events, [Event::Rejected(_)]);
        self.demand(!(ought && sound), || format!("session {session} did {template} without the role for it"));
        let may_be_denied = ought || template == drop_copy_codec::SBE_TEMPLATE_ID;
        self.demand(may_be_denied || !denied, || format!("session {session} was denied what it may do"));
    }

    /// The node tells a client something.
    pub fn told(&mut self, connection: ConnectionId, message: &[u8]) {
        let mut rest = message;
        while let Some(header) = MessageHeader::read(rest) {
            let mut length = MESSAGE_HEADER_BYTES + header.block_length as usize;
            if header.template == event_codec::SBE_TEMPLATE_ID {
                length += self.told_event(connection, rest);
            }
            rest = rest.get(aligned(length)..).unwrap_or_default();
        }
    }

    /// An event is told when its command is released, and says the same each time. Returns the length of its body.
    fn told_event(&mut self, connection: ConnectionId, bytes: &[u8]) -> usize {
        if let Err(what) = self.telling.told(connection, bytes) {
            self.object(|| what);
        }
        let event = event_codec::EventDecoder::default().wrap(ReadBuf::new(bytes), MESSAGE_HEADER_BYTES, 0, 0);
        let (seq, session, number) = (event.seq(), event.session(), event.number());
        let committed = self.follower.position().seq;
        let released = self.durability == Durability::Relaxed || seq <= committed;
        self.demand(released, || format!("seq {seq} was told when {committed} was committed"));
        if number == 0 {
            self.sessions_told.insert(session);
        } else if event.flags().get_last() && !is_forgotten(bytes) {
            let first = *self.answered.entry((session, number)).or_insert(seq);
            self.demand(first == seq, || {
                format!("command {number} of session {session} was answered as seq {first}, then as {seq}")
            });
        }
        event.body_length() as usize
    }

    fn count_query(outcome: &Outcome, report: &mut Report) {
        report.count(Count::Queries);
        if outcome.kind == OutcomeKind::NotExecuted {
            report.count(Count::Closed);
        }
    }

    /// A node has recovered from what is on the disk.
    pub fn recovered(&mut self, replica: &Replica) {
        let (position, expected) = (replica.position(), self.follower.position());
        self.demand(position == expected, || format!("recovered at {position:?}, committed is {expected:?}"));
        self.compare(expected.seq, replica.state_hash(), self.follower.state_hash());
        if self.durability == Durability::Relaxed {
            self.answered.retain(|_, seq| *seq <= expected.seq);
        }
        let lost = self.answered.iter().find(|(_, seq)| **seq > expected.seq).map(|(name, _)| *name);
        self.demand(lost.is_none(), || format!("command {lost:?} was answered and is lost"));
        self.telling.recovered(replica, &self.users);
        self.live_hashes.clear();
        self.event_counts.clear();
        (self.executed, self.epoch, self.epoch_must_rise) = (expected.seq, expected.epoch, true);
    }
}

fn is_denial(event: &Event) -> bool {
    matches!(event, Event::Rejected(rejected) if rejected.reason == RejectReason::NotAllowed)
}

/// Whether an event says that an outcome is no longer known: it is of no seq.
fn is_forgotten(event: &[u8]) -> bool {
    let Some(body) = event.get(MESSAGE_HEADER_BYTES + event_codec::SBE_BLOCK_LENGTH as usize..) else { return false };
    let is_outcome = MessageHeader::read(body).is_some_and(|header| header.template == outcome_codec::SBE_TEMPLATE_ID);
    let fields = outcome_codec::OutcomeDecoder::default().wrap(ReadBuf::new(body), MESSAGE_HEADER_BYTES, 0, 0);
    is_outcome && fields.kind() == OutcomeKind::Forgotten
}
