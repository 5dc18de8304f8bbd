//! What the order itself says of sessions: logons, the next number, and the outcomes that answer repeats. Replicated state.

use crate::by_id::ById;
use crate::copies::Copies;
use crate::limits::SESSIONS_MAX;
use crate::outcome::Outcome;
use crate::users::{User, UserName};
use messages::roles::Roles;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One session, as far as the order has been executed.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// Who opened it.
    pub owner: UserName,
    /// Of the user who logged on last.
    pub roles: Roles,
    /// Grows by one at each logon.
    pub epoch: u32,
    /// Of the client that logged on last.
    pub instance: u64,
    /// Whether somebody is logged on.
    pub open: bool,
    /// Nobody was for too long; the session is over and its id is not given again.
    pub expired: bool,
    /// The number of the command that it must send next.
    pub next_number: u64,
    /// Since when nobody is logged on.
    pub(crate) detached_ns: i64,
    pub(crate) outcomes: VecDeque<Outcome>,
    /// Above the next number: what queries have closed before the numbers below were used.
    pub(crate) closed: BTreeMap<u64, Outcome>,
}

impl Session {
    /// The outcome of command `number`, unless the client has acknowledged it or it has none yet.
    #[inline]
    pub fn outcome(&self, number: u64) -> Option<&Outcome> {
        if number >= self.next_number {
            return self.closed.get(&number);
        }
        let first = self.next_number - self.outcomes.len() as u64;
        number.checked_sub(first).and_then(|place| self.outcomes.get(usize::try_from(place).ok()?))
    }

    /// Whether it could be logged on to and nobody is.
    pub(crate) fn is_detached(&self) -> bool {
        !self.open && !self.expired
    }

    /// Outcomes that are kept.
    #[inline]
    pub fn kept(&self) -> u64 {
        self.outcomes.len() as u64 + self.closed.len() as u64
    }

    /// Numbers from the next one on that queries have closed.
    pub fn closed(&self) -> impl Iterator<Item = u64> {
        self.closed.keys().copied()
    }

    /// Takes note that the next command is executed and that the client has seen outcomes up to `acked_through`.
    #[inline]
    pub fn record(&mut self, outcome: Outcome, acked_through: u64) {
        self.outcomes.push_back(outcome);
        self.next_number += 1;
        self.pass_closed();
        self.acknowledge(acked_through);
    }

    /// Answers a query, stamped `seq`: what is not executed by now never will be.
    pub fn query(&mut self, number: u64, seq: u64, time_ns: i64, acked_through: u64) -> Outcome {
        if number >= self.next_number {
            self.closed.entry(number).or_insert_with(|| Outcome::not_executed(seq, time_ns));
        }
        self.pass_closed();
        let answer = self.outcome(number).copied().unwrap_or_else(|| Outcome::forgotten(seq, time_ns));
        self.acknowledge(acked_through);
        answer
    }

    #[inline]
    fn pass_closed(&mut self) {
        if self.closed.is_empty() {
            return;
        }
        while let Some(outcome) = self.closed.remove(&self.next_number) {
            self.outcomes.push_back(outcome);
            self.next_number += 1;
        }
    }

    #[inline]
    fn acknowledge(&mut self, through: u64) {
        let unacknowledged = self.next_number.saturating_sub(1).saturating_sub(through);
        while self.outcomes.len() as u64 > unacknowledged {
            self.outcomes.pop_front();
        }
    }
}

/// All sessions that the order has ever opened.
#[derive(Default)]
pub struct Sessions {
    by_id: ById<Session>,
    /// Those that nobody is logged on to, by since when.
    detached: BTreeSet<(i64, u32)>,
    copies: Copies,
    /// No lower id is given.
    first_new: u32,
}

impl Sessions {
    /// The session of this id.
    #[inline]
    pub fn get(&self, id: u32) -> Option<&Session> {
        self.by_id.get(id)
    }

    /// The same, to change it.
    #[inline]
    pub fn get_mut(&mut self, id: u32) -> Option<&mut Session> {
        self.by_id.get_mut(id)
    }

    /// How many were ever opened.
    pub fn count(&self) -> u32 {
        self.by_id.count()
    }

    /// All of them with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Session)> {
        self.by_id.iter()
    }

    /// No new session gets a lower id.
    pub fn first_new(&self) -> u32 {
        self.first_new
    }

    /// Puts back a session of a snapshot; its id is above all others. False if there may be no more.
    pub(crate) fn put_back(&mut self, id: u32, session: Session) -> bool {
        let has_room = self.count() < SESSIONS_MAX;
        if has_room {
            if session.is_detached() {
                self.detached.insert((session.detached_ns, id));
            }
            self.by_id.push(id, session);
        }
        has_room
    }

    /// No new session gets a lower id from here on.
    pub(crate) fn set_first_new(&mut self, id: u32) {
        self.first_new = id;
    }

    /// The id that the next new session gets.
    pub fn next_id(&self) -> u32 {
        self.first_new.max(self.by_id.last_id().saturating_add(1))
    }

    /// Who gets a copy of what which session is told.
    #[inline]
    pub fn copies(&self) -> &Copies {
        &self.copies
    }

    /// The same, to change it.
    pub fn copies_mut(&mut self) -> &mut Copies {
        &mut self.copies
    }

    /// Whether the one that is logged on to `taker` may have a copy of what `source` is told: who observes has everybody's, who trades
    /// those of the sessions of the same user.
    pub fn may_have_copy(&self, taker: u32, source: u32) -> bool {
        let (Some(taker), Some(source)) = (self.get(taker), self.get(source)) else { return false };
        taker.roles.get_observe() || taker.roles.get_trade() && taker.owner == source.owner
    }

    /// A logon: makes the session if it is the next new one. It keeps the copies that whoever logs on may have. False if the order
    /// could not have said this.
    pub fn open(&mut self, id: u32, epoch: u32, instance: u64, user: User) -> bool {
        if id == self.next_id() && self.count() < SESSIONS_MAX {
            self.by_id.push(id, Session { owner: user.name, next_number: 1, ..Session::default() });
        }
        let Some(session) = self.by_id.get_mut(id) else { return false };
        if epoch <= session.epoch || session.expired || !user.may_have(session.owner) {
            return false;
        }
        self.detached.remove(&(session.detached_ns, id));
        session.epoch = epoch;
        session.roles = user.roles;
        session.instance = instance;
        session.open = true;
        if !self.copies.is_empty() {
            self.drop_copies(id);
        }
        true
    }

    #[cold]
    fn drop_copies(&mut self, taker: u32) {
        let sources = self.copies.sources(taker).filter(|source| !self.may_have_copy(taker, *source));
        for source in sources.collect::<Vec<_>>() {
            self.copies.remove(taker, source);
        }
    }

    /// The end of a logon at `time_ns`. False if that logon is not the current one.
    pub fn close(&mut self, id: u32, epoch: u32, time_ns: i64) -> bool {
        match self.by_id.get_mut(id) {
            Some(session) if session.open && session.epoch == epoch => {
                session.open = false;
                session.detached_ns = time_ns;
                self.detached.insert((time_ns, id));
                true
            }
            _ => false,
        }
    }

    /// The node has restarted at `time_ns`: nobody is logged on, and no new session gets an id below `first_new`. Gives the sessions
    /// whose logon this has ended.
    pub fn open_epoch(&mut self, first_new: u32, time_ns: i64) -> Vec<u32> {
        self.first_new = self.first_new.max(first_new);
        let mut ended = Vec::new();
        for (id, session) in self.by_id.iter_mut().filter(|(_, session)| session.open) {
            session.open = false;
            session.detached_ns = time_ns;
            self.detached.insert((time_ns, id));
            ended.push(id);
        }
        ended
    }

    /// Ends a session that nobody has been logged on to since `detached_until_ns`, for good, and frees its outcomes. False if the
    /// order could not have said this.
    pub fn expire(&mut self, id: u32, epoch: u32, detached_until_ns: i64) -> bool {
        let Some(session) = self.by_id.get_mut(id) else { return false };
        let is_due = !session.open && session.epoch == epoch && session.detached_ns <= detached_until_ns;
        if !is_due || session.expired {
            return false;
        }
        self.detached.remove(&(session.detached_ns, id));
        session.expired = true;
        session.outcomes = VecDeque::new();
        session.closed = BTreeMap::new();
        self.copies.forget(id);
        true
    }

    /// Who has had nobody logged on since `until_ns`, in order, behind `after`: since when, and which.
    pub fn detached(&self, after: (i64, u32), until_ns: i64) -> impl Iterator<Item = (i64, u32)> {
        let range = (std::ops::Bound::Excluded(after), std::ops::Bound::Included((until_ns.max(after.0), u32::MAX)));
        self.detached.range(range).copied().filter(move |(since_ns, _)| *since_ns <= until_ns)
    }
}
