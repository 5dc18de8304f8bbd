//! What became of a command, for good.

use engine::event::{Event, RejectReason};
use messages::outcome_kind::OutcomeKind;

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its place in the order; of a command that was not executed, the place of the query that closed its number.
    pub seq: u64,
    /// When that was stamped.
    pub time_ns: i64,
    /// The order that it named or made, 0 if none.
    pub order_id: u64,
    /// The client's id of that order.
    pub cl_ord_id: u64,
    /// Of the command's body, to tell a repeat from a number used twice.
    pub crc: u32,
    /// How many events it caused.
    pub events: u32,
    /// Accepted, rejected, or nothing of the kind.
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
            Some(Event::AcceptedExtended(event)) => (event.order_id, event.cl_ord_id, None),
            _ => (0, 0, None),
        };
        let kind = if reason.is_some() { OutcomeKind::Rejected } else { OutcomeKind::Accepted };
        Self { seq, time_ns, order_id, cl_ord_id, crc, events: events.len() as u32, kind, reason }
    }

    /// Of a number that the query stamped `seq` has closed.
    pub fn not_executed(seq: u64, time_ns: i64) -> Self {
        Self { kind: OutcomeKind::NotExecuted, ..Self::of(seq, time_ns, 0, &[]) }
    }

    /// To the query stamped `seq`, of a number whose outcome the client has acknowledged.
    pub fn forgotten(seq: u64, time_ns: i64) -> Self {
        Self { kind: OutcomeKind::Forgotten, ..Self::of(seq, time_ns, 0, &[]) }
    }

    /// Whether a command whose body has this CRC is the one that this became of.
    #[inline]
    pub fn is_of(&self, crc: u32) -> bool {
        self.crc == crc || self.kind == OutcomeKind::NotExecuted
    }
}
