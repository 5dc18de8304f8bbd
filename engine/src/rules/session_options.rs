//! What a session asked for itself, and what becomes of its orders when a logon ends.

use super::Done;
use crate::command::{ConfigureSession, SessionEnd};
use crate::engine::Engine;
use crate::event::{Event, RejectReason};

/// When the orders of each session are cancelled.
#[derive(Debug, Default)]
pub(crate) struct SessionOptions {}

impl Engine {
    pub(crate) fn configure_session(
        &mut self,
        _session: u32,
        _options: &ConfigureSession,
        _events: &mut Vec<Event>,
    ) -> Done {
        Err(RejectReason::UnknownCommand)
    }

    /// A logon of the session has ended.
    pub fn session_closed(&mut self, _session: u32, _end: SessionEnd, _events: &mut Vec<Event>) {}
}
