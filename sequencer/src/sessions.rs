//! What the order itself says of sessions: logons, the next number, and the outcomes that answer repeats. Replicated state.

use crate::limits::SESSIONS_MAX;
use engine::event::{Event, RejectReason};
use messages::outcome_kind::OutcomeKind;
use std::collections::VecDeque;

/// What became of a command, for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its place in the order.
    pub seq: u64,
    /// When it was stamped.
    pub time_ns: i64,
    /// The order that it named or made, 0 if none.
    pub order_id: u64,
    /// The client's id of that order.
    pub cl_ord_id: u64,
    /// Of the command's body, to tell a repeat from a number used twice.
    pub crc: u32,
    /// How many events it caused.
    pub events: u32,
    /// Accepted or rejected.
    pub kind: OutcomeKind,
    /// Why it was rejected.
    pub reason: Option<RejectReason>,
}

impl Outcome {
    /// What `events` say of the command stamped `seq`.
    #[inline]
    pub fn of(seq: u64, time_ns: i64, crc: u32, events: &[Event]) -> Self {
        let (order_id, cl_ord_id, reason) = match events.first() {
            Some(Event::Accepted(event)) => (event.order_id, event.cl_ord_id, None),
            Some(Event::Rejected(event)) => (0, event.cl_ord_id, Some(event.reason)),
            Some(Event::Reduced(event)) => (event.order_id, event.cl_ord_id, None),
            Some(Event::Cancelled(event)) => (event.order_id, event.cl_ord_id, None),
            Some(Event::Replaced(event)) => (event.order_id, event.cl_ord_id, None),
            Some(Event::Filled(_) | Event::MassCancelled(_) | Event::InstrumentDefined(_)) | None => (0, 0, None),
        };
        let kind = if reason.is_some() { OutcomeKind::Rejected } else { OutcomeKind::Accepted };
        Self { seq, time_ns, order_id, cl_ord_id, crc, events: events.len() as u32, kind, reason }
    }
}

/// One session, as far as the order has been executed.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// Grows by one at each logon.
    pub epoch: u32,
    /// Whether somebody is logged on.
    pub open: bool,
    /// The number of the command that it must send next.
    pub next_number: u64,
    outcomes: VecDeque<Outcome>,
}

impl Session {
    /// The outcome of command `number`, unless the client has acknowledged it or it has not been executed.
    pub fn outcome(&self, number: u64) -> Option<&Outcome> {
        let first = self.next_number - self.outcomes.len() as u64;
        number.checked_sub(first).and_then(|place| self.outcomes.get(usize::try_from(place).ok()?))
    }

    /// Takes note that the next command is executed and that the client has seen outcomes up to `acked_through`.
    #[inline]
    pub fn record(&mut self, outcome: Outcome, acked_through: u64) {
        self.outcomes.push_back(outcome);
        self.next_number += 1;
        let unacknowledged = self.next_number.saturating_sub(1).saturating_sub(acked_through) as usize;
        while self.outcomes.len() > unacknowledged {
            self.outcomes.pop_front();
        }
    }
}

/// All sessions that the order has ever opened.
#[derive(Default)]
pub struct Sessions {
    by_id: Vec<Session>,
}

impl Sessions {
    /// The session of this id.
    #[inline]
    pub fn get(&self, id: u32) -> Option<&Session> {
        self.by_id.get((id as usize).checked_sub(1)?)
    }

    /// The same, to change it.
    #[inline]
    pub fn get_mut(&mut self, id: u32) -> Option<&mut Session> {
        self.by_id.get_mut((id as usize).checked_sub(1)?)
    }

    /// How many there are; ids are 1 to this.
    pub fn count(&self) -> u32 {
        self.by_id.len() as u32
    }

    /// A logon: makes the session if it is the next new one. False if the order could not have said this.
    pub fn open(&mut self, id: u32, epoch: u32) -> bool {
        if id == self.count() + 1 && id <= SESSIONS_MAX {
            self.by_id.push(Session { next_number: 1, ..Session::default() });
        }
        let Some(session) = self.get_mut(id) else { return false };
        if epoch <= session.epoch {
            return false;
        }
        session.epoch = epoch;
        session.open = true;
        true
    }

    /// The end of a logon. False if that logon is not the current one.
    pub fn close(&mut self, id: u32, epoch: u32) -> bool {
        match self.get_mut(id) {
            Some(session) if session.open && session.epoch == epoch => {
                session.open = false;
                true
            }
            _ => false,
        }
    }

    /// The node has restarted: nobody is logged on.
    pub fn close_all(&mut self) {
        self.by_id.iter_mut().for_each(|session| session.open = false);
    }
}
