//! Limits of sessions and accounts, and what they count: open orders, positions, messages.

use super::Done;
use super::controls::Entry;
use crate::command::{SetLimits, SetPosition};
use crate::engine::Engine;
use crate::event::{Event, RejectReason};

/// What is kept of each session and account that limits were ever set for.
#[derive(Debug, Default)]
pub(crate) struct Risk {}

impl Engine {
    pub(crate) fn set_limits(&mut self, _session: u32, _limits: &SetLimits, _events: &mut Vec<Event>) -> Done {
        Err(RejectReason::UnknownCommand)
    }

    pub(crate) fn set_position(&mut self, _session: u32, _position: &SetPosition, _events: &mut Vec<Event>) -> Done {
        Err(RejectReason::UnknownCommand)
    }

    /// Whether the limits of the session, then those of the account, allow the order.
    #[inline]
    pub(super) fn check_risk(&mut self, _entry: &Entry) -> Done {
        Ok(())
    }
}
