//! What must be gone when a logon ends: the orders of a session that has said so, or of which the venue has.

use engine::event::Event;
use messages::session_end::SessionEnd;
use messages::{ReadBuf, configure_session_codec, open_epoch_codec, set_limits_codec};
use messages::{cancel_on::CancelOn, risk_scope::RiskScope};
use sequencer::frame::{MESSAGE_HEADER_BYTES, SequencedFrame};
use sequencer::replica::{Applied, Replica};
use std::collections::{BTreeMap, BTreeSet};

/// See the module. It follows the committed order.
#[derive(Default)]
pub struct Ends {
    open: BTreeSet<u32>,
    /// By session: as it wants itself, and as its limits say.
    wanted: BTreeMap<u32, (CancelOn, CancelOn)>,
    /// Nobody is logged on to these, and none of their orders may be left once all work is done.
    bare: BTreeSet<u32>,
}

impl Ends {
    /// A frame was executed. An error says which session has orders that should be gone.
    pub fn executed(&mut self, frame: &SequencedFrame, applied: Applied, after: &Replica) -> Result<(), String> {
        self.listen(frame, after.events());
        match applied {
            Applied::SessionOpened { session, .. } => {
                if !self.open.insert(session) {
                    self.end(session, SessionEnd::Replaced);
                    self.check(after)?;
                }
                self.bare.remove(&session);
                return Ok(());
            }
            Applied::SessionClosed { session, end, .. } => self.end(session, end),
            Applied::Nothing if frame.command.template() == open_epoch_codec::SBE_TEMPLATE_ID => {
                std::mem::take(&mut self.open)
                    .into_iter()
                    .for_each(|session| self.end(session, SessionEnd::Disconnected));
            }
            _ => {}
        }
        self.check(after)
    }

    fn end(&mut self, session: u32, end: SessionEnd) {
        if end != SessionEnd::Replaced {
            self.open.remove(&session);
        }
        let (own, limits) = self.wanted.get(&session).copied().unwrap_or_default();
        let cancels = |on: CancelOn| if end == SessionEnd::Logoff { on.get_logoff() } else { on.get_disconnect() };
        if cancels(own) || cancels(limits) {
            self.bare.insert(session);
        }
    }

    fn check(&mut self, after: &Replica) -> Result<(), String> {
        let works = after.engine().next_due() == Some(i64::MIN);
        let left = self.bare.iter().find(|session| !works && after.engine().has_orders(**session));
        left.map_or(Ok(()), |session| {
            Err(format!("session {session} has orders that the end of its logon should have taken"))
        })
    }

    fn listen(&mut self, frame: &SequencedFrame, events: &[Event]) {
        let [Event::Administered(done), ..] = events else { return };
        let (buffer, at) = (ReadBuf::new(frame.command.body), MESSAGE_HEADER_BYTES);
        match done.template {
            configure_session_codec::SBE_TEMPLATE_ID => {
                let fields = configure_session_codec::ConfigureSessionDecoder::default().wrap(buffer, at, 0, 0);
                self.wanted.entry(frame.command.session).or_default().0 = fields.cancel_on();
            }
            set_limits_codec::SBE_TEMPLATE_ID => {
                let fields = set_limits_codec::SetLimitsDecoder::default().wrap(buffer, at, 0, 0);
                if fields.scope() == RiskScope::Session {
                    self.wanted.entry(fields.id()).or_default().1 = fields.cancel_on();
                }
            }
            _ => {}
        }
    }
}
