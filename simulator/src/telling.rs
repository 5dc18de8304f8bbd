//! What each connection must be told, event by event and in order: the judge's own account of who hears of which session, and of who
//! gets copies of what others are told.

use engine::event::Event;
use messages::boolean::Boolean;
use messages::session_end::SessionEnd;
use messages::{
    ReadBuf, SBE_SCHEMA_VERSION, accepted_codec, drop_copy_codec, event_codec, open_session_codec, trade_busted_codec,
};
use sequencer::frame::{MESSAGE_HEADER_BYTES, MessageHeader, SequencedFrame};
use sequencer::intake::ConnectionId;
use sequencer::replica::{Applied, Replica};
use sequencer::users::{User, UserName};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One event as one connection is told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    seq: u64,
    index: u32,
    session: u32,
    number: u64,
    last: bool,
}

/// See the module.
#[derive(Default)]
pub struct Telling {
    /// Which connection hears of a session.
    routes: BTreeMap<u32, ConnectionId>,
    /// Logons that are stamped and not yet executed, by session and its epoch.
    logons: BTreeMap<(u32, u32), ConnectionId>,
    /// Whose events, to whom.
    copies: BTreeSet<(u32, u32)>,
    /// By session, who opened it, and who logged on last.
    users: BTreeMap<u32, (UserName, User)>,
    owed: BTreeMap<ConnectionId, VecDeque<Told>>,
    /// Copies that were told to somebody.
    pub copied: u64,
}

impl Telling {
    /// A node has started from this.
    pub fn recovered(&mut self, replica: &Replica, users: &BTreeMap<u32, (UserName, User)>) {
        let sessions = replica.sessions();
        let takers = |(id, _)| sessions.copies().takers(id).map(move |taker| (id, taker));
        *self = Self {
            copies: sessions.iter().flat_map(takers).collect(),
            users: users.clone(),
            copied: self.copied,
            ..Self::default()
        };
    }

    /// A logon over this connection is stamped.
    pub fn expect(&mut self, session: u32, epoch: u32, connection: ConnectionId) {
        self.logons.insert((session, epoch), connection);
    }

    /// A connection is gone.
    pub fn forget(&mut self, connection: ConnectionId) {
        self.routes.retain(|_, id| *id != connection);
        self.logons.retain(|_, id| *id != connection);
        self.owed.remove(&connection);
    }

    /// A frame was executed: what is to be told of it. Gives how many of its events the session that sent it is told as its own; an
    /// error says what should not have happened.
    pub fn executed(&mut self, frame: &SequencedFrame, applied: Applied, events: &[Event]) -> Result<u32, String> {
        let sender = frame.command.session;
        match applied {
            Applied::SessionOpened { session, epoch, .. } => self.log_on(session, epoch, frame.command.body),
            Applied::SessionClosed { session, end: SessionEnd::Expired, .. } => {
                self.copies.retain(|(source, taker)| *source != session && *taker != session);
            }
            _ => {}
        }
        let own = |event: &Event| event.session() == sender || event.maker_session() == Some(sender);
        let is_command = applied == Applied::Command;
        let last = events.iter().rposition(own).filter(|_| is_command);
        let mut owns = 0;
        for (index, event) in (0..).zip(events) {
            let told = Told { seq: frame.seq, index, session: 0, number: 0, last: false };
            let (owner, maker) = (event.session(), event.maker_session());
            for (session, is_first) in maker.map(|id| (id, false)).into_iter().chain([(owner, true)]) {
                let is_own = sender != 0 && session == sender && (is_first || owner != sender);
                let number = if is_own { frame.command.number } else { 0 };
                owns += u32::from(is_own);
                self.owe(Told { session, number, last: is_own && last == Some(index as usize), ..told });
            }
        }
        if is_command && last.is_none() {
            let index = events.len() as u32 - 1;
            self.owe(Told { seq: frame.seq, index, session: sender, number: frame.command.number, last: true });
            owns += 1;
        }
        match applied {
            Applied::SessionClosed { session, end, .. } => {
                self.routes.remove(&session);
                owns += u32::from(end == SessionEnd::Logoff);
            }
            Applied::Command => self.drop_copy(frame, events)?,
            _ => {}
        }
        Ok(owns)
    }

    fn owe(&mut self, told: Told) {
        if told.session == 0 {
            return;
        }
        if let Some(connection) = self.routes.get(&told.session) {
            self.owed.entry(*connection).or_default().push_back(told);
        }
        for (_, taker) in self.copies.range((told.session, 0)..=(told.session, u32::MAX)) {
            if let Some(connection) = self.routes.get(taker) {
                self.owed.entry(*connection).or_default().push_back(Told { number: 0, last: false, ..told });
                self.copied += 1;
            }
        }
    }

    fn log_on(&mut self, session: u32, epoch: u32, body: &[u8]) {
        if let Some(connection) = self.logons.remove(&(session, epoch)) {
            self.routes.insert(session, connection);
        }
        let user = opening_user(body);
        self.users.entry(session).or_insert((user.name, user)).1 = user;
        let users = std::mem::take(&mut self.users);
        self.copies.retain(|(source, taker)| *taker != session || may_have_copy(&users, *taker, *source));
        self.users = users;
    }

    fn drop_copy(&mut self, frame: &SequencedFrame, events: &[Event]) -> Result<(), String> {
        let [Event::Administered(done)] = events else { return Ok(()) };
        if done.template != drop_copy_codec::SBE_TEMPLATE_ID {
            return Ok(());
        }
        let buffer = ReadBuf::new(frame.command.body);
        let fields = drop_copy_codec::DropCopyDecoder::default().wrap(buffer, MESSAGE_HEADER_BYTES, 0, 0);
        let (source, taker) = (fields.session(), frame.command.session);
        if fields.on() == Boolean::False {
            self.copies.remove(&(source, taker));
            return Ok(());
        }
        self.copies.insert((source, taker));
        if may_have_copy(&self.users, taker, source) {
            return Ok(());
        }
        Err(format!("session {taker} gets copies of what session {source} is told, and may not"))
    }

    /// The node tells a connection an event. An error says what it should have told.
    pub fn told(&mut self, connection: ConnectionId, frame: &[u8]) -> Result<(), String> {
        let event = event_codec::EventDecoder::default().wrap(ReadBuf::new(frame), MESSAGE_HEADER_BYTES, 0, 0);
        let body = &frame[MESSAGE_HEADER_BYTES + usize::from(event_codec::SBE_BLOCK_LENGTH)..];
        let engines = accepted_codec::SBE_TEMPLATE_ID..=trade_busted_codec::SBE_TEMPLATE_ID;
        let is_engines = MessageHeader::read(body).is_some_and(|header| engines.contains(&header.template));
        if !is_engines || is_of_a_session(body) {
            return Ok(());
        }
        let (seq, index, session, number) = (event.seq(), event.index(), event.session(), event.number());
        let told = Told { seq, index, session, number, last: event.flags().get_last() };
        match self.owed.get_mut(&connection).and_then(VecDeque::pop_front) {
            Some(owed) if owed == told => Ok(()),
            owed => Err(format!("a connection was told {told:?}, and due was {owed:?}")),
        }
    }

    /// Everything that was executed should have been told by now. An error says what was not.
    pub fn settle(&mut self) -> Result<(), String> {
        match self.owed.values().find_map(VecDeque::front) {
            None => Ok(()),
            Some(owed) => Err(format!("a connection was not told {owed:?}")),
        }
    }
}

/// Who observes may have a copy of anybody's, who trades of the same user's.
fn may_have_copy(users: &BTreeMap<u32, (UserName, User)>, taker: u32, source: u32) -> bool {
    let (Some((owner, user)), Some((other, _))) = (users.get(&taker), users.get(&source)) else { return false };
    user.roles.get_observe() || user.roles.get_trade() && owner == other
}

/// Who logs on, as an `OpenSession` of today's schema says.
pub fn opening_user(body: &[u8]) -> User {
    let fields = open_session_codec::OpenSessionDecoder::default().wrap(
        ReadBuf::new(body),
        MESSAGE_HEADER_BYTES,
        open_session_codec::SBE_BLOCK_LENGTH,
        SBE_SCHEMA_VERSION,
    );
    User { name: fields.user(), roles: fields.roles() }
}

/// Openings and ends of logons have ids between those of the engine's events.
fn is_of_a_session(body: &[u8]) -> bool {
    let template = MessageHeader::read(body).map_or(0, |header| header.template);
    [messages::session_opened_codec::SBE_TEMPLATE_ID, messages::session_closed_codec::SBE_TEMPLATE_ID]
        .contains(&template)
}
