//! Who may put which command into the order next. An overlay over what the order says of sessions: it runs ahead by what is
//! stamped and not yet executed, and a leader change would discard it.

use crate::frame::CommandFrame;
use crate::limits::{SESSION_WINDOW, SESSIONS_MAX};
use crate::sessions::{Outcome, Sessions};
use messages::logoff_codec;
use messages::refusal_reason::RefusalReason;
use std::collections::VecDeque;

/// A connection of a client to this node, numbered by the node; 0 is none.
pub type ConnectionId = u32;

/// What to do with a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the session's next: stamp it.
    Stamp,
    /// It was executed before: answer with what became of it.
    Repeat(Outcome),
    /// It is stamped and not yet released; its events answer it.
    Waiting,
    /// It does not enter the order.
    Refuse {
        /// Why.
        reason: RefusalReason,
        /// The number that the session must send next.
        expected: u64,
    },
    /// One more of a burst whose first was refused.
    Drop,
}

#[derive(Default)]
struct Overlay {
    epoch: u32,
    connection: ConnectionId,
    next_number: u64,
    /// Of the commands that are stamped and not yet executed, the oldest first.
    crcs: VecDeque<u32>,
    /// The number of the last refused command of its owner, while nothing was stamped since.
    refused: Option<u64>,
    /// The same, of connections that do not own it: what they send must not silence what the owner is told.
    strangers_refused: Option<u64>,
}

/// See the module.
#[derive(Default)]
pub struct Intake {
    overlays: Vec<Overlay>,
    stopped: bool,
}

impl Intake {
    /// An overlay with nothing in it, over what has been executed.
    pub fn over(sessions: &Sessions) -> Self {
        let known = (1..=sessions.count()).filter_map(|id| sessions.get(id));
        let overlay = |epoch, next_number| Overlay { epoch, next_number, ..Overlay::default() };
        Self { overlays: known.map(|session| overlay(session.epoch, session.next_number)).collect(), stopped: false }
    }

    /// Decides on a command that came over `connection`.
    #[inline]
    pub fn judge(&mut self, connection: ConnectionId, frame: &CommandFrame, sessions: &Sessions) -> Verdict {
        let Some(overlay) = overlay_mut(&mut self.overlays, frame.session) else {
            return Verdict::Refuse { reason: RefusalReason::NotLoggedOn, expected: 0 };
        };
        match overlay.check(connection, frame) {
            Err(reason) if overlay.connection != connection => {
                refuse(&mut overlay.strangers_refused, frame.number, reason, overlay.next_number)
            }
            Err(reason) => overlay.refuse(frame.number, reason),
            Ok(()) if self.stopped && frame.number >= overlay.next_number => {
                overlay.refuse(frame.number, RefusalReason::IntakeStopped)
            }
            Ok(()) if frame.number == overlay.next_number => overlay.take(frame),
            Ok(()) if frame.number > overlay.next_number => overlay.refuse(frame.number, RefusalReason::Gap),
            Ok(()) => overlay.answer(frame, sessions),
        }
    }

    /// Whether new commands are refused; repeats are answered all the same.
    #[inline]
    pub fn stop(&mut self, stopped: bool) {
        self.stopped = stopped;
    }

    /// A command of `session` has been executed.
    #[inline]
    pub fn executed(&mut self, session: u32) {
        if let Some(overlay) = overlay_mut(&mut self.overlays, session) {
            overlay.crcs.pop_front();
        }
    }

    /// Attaches a session to a connection under a new epoch, and says which; 0 asks for a new session. The old owner is out.
    pub fn attach(&mut self, session: u32, connection: ConnectionId) -> Result<Attached, RefusalReason> {
        let session = if session == 0 { self.create()? } else { session };
        let overlay = overlay_mut(&mut self.overlays, session).ok_or(RefusalReason::UnknownSession)?;
        let replaced = std::mem::replace(&mut overlay.connection, connection);
        overlay.epoch += 1;
        overlay.refused = None;
        overlay.strangers_refused = None;
        Ok(Attached { session, epoch: overlay.epoch, replaced })
    }

    /// Detaches the first session above `after` that came over a connection that is gone; gives its id and epoch.
    pub fn detach(&mut self, connection: ConnectionId, after: u32) -> Option<(u32, u32)> {
        let above = (after + 1..).zip(self.overlays.iter_mut().skip(after as usize));
        let (session, overlay) = above.into_iter().find(|(_, overlay)| overlay.connection == connection)?;
        overlay.connection = 0;
        Some((session, overlay.epoch))
    }

    fn create(&mut self) -> Result<u32, RefusalReason> {
        let id = self.overlays.len() as u32 + 1;
        if id > SESSIONS_MAX {
            return Err(RefusalReason::TooManySessions);
        }
        self.overlays.push(Overlay { next_number: 1, ..Overlay::default() });
        Ok(id)
    }
}

/// A logon that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attached {
    /// Which session.
    pub session: u32,
    /// Under which logon.
    pub epoch: u32,
    /// The connection that had it before, 0 if none.
    pub replaced: ConnectionId,
}

impl Overlay {
    #[inline]
    fn check(&self, connection: ConnectionId, frame: &CommandFrame) -> Result<(), RefusalReason> {
        if frame.session_epoch < self.epoch {
            Err(RefusalReason::StaleEpoch)
        } else if self.connection != connection || frame.session_epoch != self.epoch {
            Err(RefusalReason::NotLoggedOn)
        } else if crc32c::crc32c(frame.body) != frame.crc {
            Err(RefusalReason::BadCrc)
        } else {
            Ok(())
        }
    }

    #[inline]
    fn take(&mut self, frame: &CommandFrame) -> Verdict {
        if frame.number - frame.acked_through.min(frame.number) > SESSION_WINDOW {
            return self.refuse(frame.number, RefusalReason::WindowFull);
        }
        self.next_number += 1;
        self.crcs.push_back(frame.crc);
        self.refused = None;
        if frame.template() == logoff_codec::SBE_TEMPLATE_ID {
            self.connection = 0;
        }
        Verdict::Stamp
    }

    #[cold]
    fn refuse(&mut self, number: u64, reason: RefusalReason) -> Verdict {
        refuse(&mut self.refused, number, reason, self.next_number)
    }

    #[cold]
    fn answer(&mut self, frame: &CommandFrame, sessions: &Sessions) -> Verdict {
        let first_waiting = self.next_number - self.crcs.len() as u64;
        let waiting = frame.number.checked_sub(first_waiting).and_then(|place| self.crcs.get(place as usize));
        let executed = sessions.get(frame.session).and_then(|session| session.outcome(frame.number));
        match (waiting, executed) {
            (Some(crc), _) if *crc == frame.crc => Verdict::Waiting,
            (None, Some(outcome)) if outcome.crc == frame.crc => Verdict::Repeat(*outcome),
            (None, None) => self.refuse(frame.number, RefusalReason::OutcomeForgotten),
            _ => self.refuse(frame.number, RefusalReason::NumberReused),
        }
    }
}

/// A client sends a window's worth of commands before it hears that the first was refused: it is told once, not for each.
#[cold]
fn refuse(last: &mut Option<u64>, number: u64, reason: RefusalReason, expected: u64) -> Verdict {
    if last.is_some_and(|refused| number > refused) {
        return Verdict::Drop;
    }
    *last = Some(number);
    Verdict::Refuse { reason, expected }
}

#[inline]
fn overlay_mut(overlays: &mut [Overlay], session: u32) -> Option<&mut Overlay> {
    overlays.get_mut((session as usize).checked_sub(1)?)
}
