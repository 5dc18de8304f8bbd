//! Who may put which command into the order next. An overlay over what the order says of sessions: it runs ahead by what is
//! stamped and not yet executed, and a leader change would discard it.

use crate::by_id::ById;
use crate::frame::CommandFrame;
use crate::limits::{SESSION_WINDOW, SESSIONS_MAX};
use crate::outcome::Outcome;
use crate::sessions::{Session, Sessions};
use crate::users::{User, UserName};
use messages::logoff_codec;
use messages::refusal_reason::RefusalReason;
use std::collections::{BTreeSet, VecDeque};

/// A connection of a client to this node, numbered by the node; 0 is none.
pub type ConnectionId = u32;

/// What to do with a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the session's next, or a query: stamp it.
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

/// Which session a logon asks for, and who it says it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// 0 for a new one.
    pub session: u32,
    /// Drawn by the running client.
    pub instance: u64,
    /// It had the session: unless another instance has logged on since, it goes on. Without this it takes the session from whoever
    /// has it.
    pub resumes: bool,
    /// Whose key it proved to know.
    pub user: User,
}

/// What was refused last, so that more of the same burst is not.
struct Refused {
    connection: ConnectionId,
    number: u64,
}

#[derive(Default)]
struct Overlay {
    owner: UserName,
    epoch: u32,
    instance: u64,
    connection: ConnectionId,
    next_number: u64,
    expired: bool,
    /// Of the commands that are stamped and not yet executed, the oldest first; none for a number that a query has closed.
    crcs: VecDeque<Option<u32>>,
    /// Numbers above the next that queries have closed.
    closed: BTreeSet<u64>,
    /// The last refused command of its owner, while nothing was stamped since.
    refused: Option<Refused>,
    /// The same, of connections that do not own it: what they send must not silence what the owner is told.
    strangers_refused: Option<Refused>,
}

/// See the module.
#[derive(Default)]
pub struct Intake {
    overlays: ById<Overlay>,
    /// New sessions get ids from here on, and below that.
    ids: (u32, u32),
    stopped: bool,
}

impl Intake {
    /// An overlay with nothing in it, over what has been executed. New sessions get ids from `ids`, its end excluded.
    pub fn over(sessions: &Sessions, ids: (u32, u32)) -> Self {
        let mut intake = Self { ids, ..Self::default() };
        for (id, session) in sessions.iter() {
            intake.overlays.push(id, Overlay::over(session));
        }
        intake
    }

    /// Decides on a command that came over `connection`.
    #[inline]
    pub fn judge(&mut self, connection: ConnectionId, frame: &CommandFrame, sessions: &Sessions) -> Verdict {
        let Some(overlay) = self.overlays.get_mut(frame.session) else {
            return Verdict::Refuse { reason: RefusalReason::NotLoggedOn, expected: 0 };
        };
        match overlay.check(connection, frame) {
            Err(reason) if overlay.connection != connection => {
                let refused = Refused { connection, number: frame.number };
                refuse(&mut overlay.strangers_refused, refused, reason, overlay.next_number)
            }
            Err(reason) => overlay.refuse(frame.number, reason),
            Ok(()) if self.stopped && (frame.number >= overlay.next_number || frame.number == 0) => {
                overlay.refuse(frame.number, RefusalReason::IntakeStopped)
            }
            Ok(()) if frame.number == overlay.next_number => overlay.take(frame),
            Ok(()) if frame.number > overlay.next_number => overlay.refuse(frame.number, RefusalReason::Gap),
            Ok(()) if frame.number == 0 => overlay.query(frame),
            Ok(()) => overlay.answer(frame, sessions),
        }
    }

    /// A refusal of a command of this session could not be told: the next one of its burst must be.
    #[cold]
    pub fn untold(&mut self, session: u32) {
        if let Some(overlay) = self.overlays.get_mut(session) {
            overlay.refused = None;
            overlay.strangers_refused = None;
        }
    }

    /// Whether new commands are refused; repeats are answered all the same.
    #[inline]
    pub fn stop(&mut self, stopped: bool) {
        self.stopped = stopped;
    }

    /// A command or query of a session has been executed, which must send `next_number` next.
    #[inline]
    pub fn executed(&mut self, session: u32, next_number: u64) {
        if let Some(overlay) = self.overlays.get_mut(session) {
            while !overlay.crcs.is_empty() && overlay.first_waiting() < next_number {
                overlay.crcs.pop_front();
            }
        }
    }

    /// Attaches a session to a connection under a new epoch, and says which. The old owner is out.
    pub fn attach(&mut self, claim: Claim, connection: ConnectionId) -> Result<Attached, RefusalReason> {
        let session = match claim.session {
            0 if claim.resumes => return Err(RefusalReason::UnknownSession),
            0 => self.create(claim.user.name)?,
            session => session,
        };
        let overlay = self.overlays.get_mut(session).ok_or(RefusalReason::UnknownSession)?;
        if !claim.user.may_have(overlay.owner) {
            return Err(RefusalReason::AnotherUsers);
        }
        if overlay.expired {
            return Err(RefusalReason::SessionExpired);
        }
        if claim.resumes && claim.instance != overlay.instance {
            return Err(RefusalReason::StaleEpoch);
        }
        let replaced = std::mem::replace(&mut overlay.connection, connection);
        overlay.epoch += 1;
        overlay.instance = claim.instance;
        overlay.refused = None;
        overlay.strangers_refused = None;
        Ok(Attached { session, epoch: overlay.epoch, replaced })
    }

    /// Detaches the first session above `after` that came over a connection that is gone; gives its id and epoch.
    pub fn detach(&mut self, connection: ConnectionId, after: u32) -> Option<(u32, u32)> {
        let mut theirs =
            self.overlays.iter_mut().filter(|(id, overlay)| *id > after && overlay.connection == connection);
        let (session, overlay) = theirs.next()?;
        overlay.connection = 0;
        Some((session, overlay.epoch))
    }

    /// Ends a session for good. False if somebody has been attached since its logon `epoch`, or if it is over already.
    pub fn expire(&mut self, session: u32, epoch: u32) -> bool {
        match self.overlays.get_mut(session) {
            Some(overlay) if overlay.connection == 0 && overlay.epoch == epoch && !overlay.expired => {
                let Overlay { owner, next_number, .. } = *overlay;
                *overlay = Overlay { owner, epoch, expired: true, next_number, ..Overlay::default() };
                true
            }
            _ => false,
        }
    }

    fn create(&mut self, owner: UserName) -> Result<u32, RefusalReason> {
        let (id, end) = self.ids;
        if id >= end || self.overlays.count() >= SESSIONS_MAX {
            return Err(RefusalReason::TooManySessions);
        }
        self.ids.0 += 1;
        self.overlays.push(id, Overlay { owner, next_number: 1, ..Overlay::default() });
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
    fn over(session: &Session) -> Self {
        let Session { owner, epoch, instance, next_number, expired, .. } = *session;
        Self { owner, epoch, instance, next_number, expired, closed: session.closed().collect(), ..Self::default() }
    }

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
        if frame.acked_through >= frame.number {
            return self.refuse(frame.number, RefusalReason::BadFrame);
        }
        if frame.number - frame.acked_through > SESSION_WINDOW {
            return self.refuse(frame.number, RefusalReason::WindowFull);
        }
        self.next_number += 1;
        self.crcs.push_back(Some(frame.crc));
        self.refused = None;
        self.pass_closed();
        if frame.template() == logoff_codec::SBE_TEMPLATE_ID {
            self.connection = 0;
        }
        Verdict::Stamp
    }

    /// A query closes its number here and now, unless that is stamped: what it finds when it is executed is decided.
    #[cold]
    fn query(&mut self, frame: &CommandFrame) -> Verdict {
        let Some(number) = frame.queried().filter(|_| frame.acked_through < self.next_number) else {
            return self.refuse(0, RefusalReason::BadFrame);
        };
        if number >= self.next_number {
            if number - frame.acked_through > SESSION_WINDOW {
                return self.refuse(0, RefusalReason::WindowFull);
            }
            self.closed.insert(number);
            self.pass_closed();
        }
        Verdict::Stamp
    }

    #[inline]
    fn pass_closed(&mut self) {
        if self.closed.is_empty() {
            return;
        }
        while self.closed.remove(&self.next_number) {
            self.crcs.push_back(None);
            self.next_number += 1;
        }
    }

    /// The number of the oldest command that is stamped and not yet executed, or the next if there is none.
    #[inline]
    fn first_waiting(&self) -> u64 {
        self.next_number - self.crcs.len() as u64
    }

    #[cold]
    fn refuse(&mut self, number: u64, reason: RefusalReason) -> Verdict {
        refuse(&mut self.refused, Refused { connection: self.connection, number }, reason, self.next_number)
    }

    #[cold]
    fn answer(&mut self, frame: &CommandFrame, sessions: &Sessions) -> Verdict {
        let place = frame.number.checked_sub(self.first_waiting());
        let waiting = place.and_then(|place| self.crcs.get(usize::try_from(place).ok()?));
        let executed = sessions.get(frame.session).and_then(|session| session.outcome(frame.number));
        match (waiting, executed) {
            (Some(crc), _) if crc.is_none_or(|crc| crc == frame.crc) => Verdict::Waiting,
            (None, Some(outcome)) if outcome.is_of(frame.crc) => Verdict::Repeat(*outcome),
            (None, None) => self.refuse(frame.number, RefusalReason::OutcomeForgotten),
            _ => self.refuse(frame.number, RefusalReason::NumberReused),
        }
    }
}

/// A client sends a window's worth of commands before it hears that the first was refused: it is told once, not for each. A query
/// has no number and stands for itself.
#[cold]
fn refuse(last: &mut Option<Refused>, refused: Refused, reason: RefusalReason, expected: u64) -> Verdict {
    if refused.number == 0 {
        return Verdict::Refuse { reason, expected };
    }
    let is_burst = |last: &Refused| last.connection == refused.connection && refused.number > last.number;
    if last.as_ref().is_some_and(is_burst) {
        return Verdict::Drop;
    }
    *last = Some(refused);
    Verdict::Refuse { reason, expected }
}
