//! The end of a logon: the session's orders are cancelled, if the session or its limits say so.

use super::Done;
use crate::command::{CancelOn, ConfigureSession, SessionEnd};
use crate::engine::Engine;
use crate::event::{CancelReason, Event, RejectReason};
use crate::limits::LIMITS_OWN_MAX;
use crate::logic::VENUE_CONTROLS;
use crate::risk::Scope;
use messages::configure_session_codec;

impl Engine {
    /// A session's own choice; whoever administers may have chosen more by its limits.
    pub(crate) fn configure_session(
        &mut self,
        session: u32,
        options: &ConfigureSession,
        events: &mut Vec<Event>,
    ) -> Done {
        if !is_known(options.cancel_on) {
            return Err(RejectReason::InvalidLimits);
        }
        if let Some(entry) = self.own_entry(session, options.cancel_on)? {
            self.risk.entries[entry].own_cancel_on = options.cancel_on.0;
        }
        self.administered(session, configure_session_codec::SBE_TEMPLATE_ID, session, events);
        Ok(())
    }

    /// The entry of a session that chooses for itself; none if it has none and chooses what it has anyway.
    fn own_entry(&mut self, session: u32, cancel_on: CancelOn) -> Result<Option<u32>, RejectReason> {
        let entries = &self.risk.entries;
        if entries.find(Scope::Session, session).is_none() {
            if cancel_on.0 == 0 {
                return Ok(None);
            }
            if entries.count() >= LIMITS_OWN_MAX {
                return Err(RejectReason::TooManyLimits);
            }
        }
        self.entry(Scope::Session, session).map(Some)
    }

    /// A logon of the session has ended.
    pub fn session_closed(&mut self, session: u32, end: SessionEnd, events: &mut Vec<Event>) {
        if self.logic_version < VENUE_CONTROLS {
            return;
        }
        let cancel_on = self.risk.cancel_on(session);
        let reason = match end {
            SessionEnd::Logoff => cancel_on.get_logoff().then_some(CancelReason::LoggedOff),
            SessionEnd::Disconnected | SessionEnd::Replaced | SessionEnd::Expired => {
                cancel_on.get_disconnect().then_some(CancelReason::Disconnected)
            }
            SessionEnd::NullVal => None,
        };
        if let Some(reason) = reason {
            self.begin_cancel_session(session, reason);
        }
        self.end_frame(events);
    }
}

/// Whether the schema knows all bits.
pub(crate) fn is_known(cancel_on: CancelOn) -> bool {
    let mut rest = cancel_on;
    rest.set_disconnect(false).set_logoff(false).0 == 0
}
