//! What every reader of the order holds: sessions and engine, advanced one frame at a time. A live node, a replay and a
//! follower run this same code, so their hashes agree.

use crate::block::{BlockError, HeaderHash, SealedBlock};
use crate::drop_copy;
use crate::frame::{CommandFrame, MESSAGE_HEADER_BYTES, SequencedFrame};
use crate::limits::SESSIONS_PER_RELAXED_EPOCH;
use crate::outcome::Outcome;
use crate::sessions::Sessions;
use crate::users::{self, User};
use engine::Engine;
use engine::event::Event;
use engine::hash;
use engine::logic::VENUE_CONTROLS;
use messages::durability::Durability;
use messages::session_end::SessionEnd;
use messages::{
    ReadBuf, close_session_codec, drop_copy_codec, logoff_codec, open_epoch_codec, open_session_codec, tick_codec,
};
use std::collections::{BTreeMap, TryReserveError};

/// Looks at a command before it is executed. It has no state and changes nothing; it may panic, as a planted fault does.
pub type Probe = fn(&CommandFrame);

/// What a frame did besides causing events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// A session's command was executed; its events are [`Replica::events`].
    Command,
    /// A session asked what became of one of its commands.
    Queried {
        /// Which.
        number: u64,
        /// The answer.
        outcome: Outcome,
    },
    /// Somebody logged on.
    SessionOpened {
        /// Which session.
        session: u32,
        /// Under which logon.
        epoch: u32,
        /// What it must send next.
        next_number: u64,
    },
    /// A logon ended.
    SessionClosed {
        /// Which session.
        session: u32,
        /// Which logon.
        epoch: u32,
        /// How.
        end: SessionEnd,
    },
    /// Time passed, or an epoch began.
    Nothing,
}

/// Where in the order a replica stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Of the last frame.
    pub seq: u64,
    /// Its stamp.
    pub time_ns: i64,
    /// Of the order.
    pub epoch: u32,
}

/// What the opening of an epoch says besides its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochTerms {
    /// When events are told.
    pub durability: Durability,
    /// No new session gets a lower id.
    pub first_session: u32,
    /// After so long with nobody logged on a session is over; 0 for never.
    pub session_expiry_ns: i64,
}

impl Default for EpochTerms {
    fn default() -> Self {
        Self { durability: Durability::Fsync, first_session: 1, session_expiry_ns: 0 }
    }
}

/// Where in the log a replica stands that reads whole blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogPosition {
    /// Of the last block.
    pub index: u64,
    /// Of its header.
    pub hash: HeaderHash,
}

/// See the module.
#[derive(Default)]
pub struct Replica {
    pub(crate) engine: Engine,
    pub(crate) sessions: Sessions,
    pub(crate) position: Position,
    pub(crate) log: LogPosition,
    pub(crate) logic_version: u32,
    pub(crate) terms: EpochTerms,
    pub(crate) state_hash: u64,
    events: Vec<Event>,
    /// By seq: the CRC of the command frame that an operator wants skipped.
    skips: BTreeMap<u64, u32>,
    probe: Option<Probe>,
}

impl Replica {
    /// Takes the engine's memory for so many more live orders now.
    pub fn make_room(&mut self, orders: u32) -> Result<(), TryReserveError> {
        self.engine.make_room(orders)
    }

    /// As [`Engine::scatter`].
    pub fn scatter(&mut self, secret: u64) {
        self.engine.scatter(secret);
    }

    /// Has the command with this seq rejected instead of executed, if its frame has this CRC-32C; else that frame is an error.
    pub fn skip(&mut self, seq: u64, crc: u32) {
        self.skips.insert(seq, crc);
    }

    /// Has every command looked at before it is executed.
    pub fn probe_with(&mut self, probe: Probe) {
        self.probe = Some(probe);
    }

    /// The rules that the order follows; 0 before its first epoch.
    pub fn logic_version(&self) -> u32 {
        self.logic_version
    }

    /// The engine, to look at its books.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Sessions as far as executed.
    #[inline]
    pub fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// Where it stands.
    #[inline]
    pub fn position(&self) -> Position {
        self.position
    }

    /// The last whole block, if it was fed blocks.
    pub fn log(&self) -> LogPosition {
        self.log
    }

    /// The terms of the epoch that it stands in.
    pub fn terms(&self) -> EpochTerms {
        self.terms
    }

    /// The first id that the next epoch may give to a new session. What a crash can have taken of an epoch that tells before it writes
    /// is no more than the ids that it was allowed to give.
    pub fn first_session_after(&self) -> u32 {
        let EpochTerms { durability, first_session, .. } = self.terms;
        let given = match durability {
            Durability::Relaxed => first_session.saturating_add(SESSIONS_PER_RELAXED_EPOCH),
            _ => first_session,
        };
        given.max(self.sessions.next_id())
    }

    /// Folds seq, time, epoch, logic version, outcome and the session that it changed, of every frame so far; of a session that gets
    /// copies of others, those too.
    pub fn state_hash(&self) -> u64 {
        self.state_hash
    }

    /// What the last frame caused.
    #[inline]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Executes a whole block of the log, the next one. `on_frame` sees every frame and this
    /// replica right after it was applied.
    pub fn apply_block(
        &mut self,
        bytes: &[u8],
        mut on_frame: impl FnMut(&SequencedFrame, Applied, &Self),
    ) -> Result<u32, BlockError> {
        let block = SealedBlock::read(bytes)?;
        if block.index != self.log.index + 1 {
            return Err(BlockError::Index);
        }
        if block.previous != self.log.hash {
            return Err(BlockError::Chain);
        }
        let mut coming = block.frames();
        for (place, frame) in block.frames().enumerate() {
            self.foresee_frame(&mut coming, place);
            let frame = frame?;
            let applied = self.apply(&frame)?;
            on_frame(&frame, applied, self);
        }
        self.log = LogPosition { index: block.index, hash: block.hash };
        Ok(block.count)
    }

    /// Executes the next frame of the order.
    #[inline]
    pub fn apply(&mut self, frame: &SequencedFrame) -> Result<Applied, BlockError> {
        if frame.seq != self.position.seq + 1 || frame.time_ns < self.position.time_ns {
            return Err(BlockError::Frame);
        }
        self.events.clear();
        self.engine.set_time(frame.time_ns);
        let skipped = !self.skips.is_empty() && self.is_skipped(frame)?;
        let applied = match (frame.command.session, frame.command.number) {
            (0, _) => self.apply_own(frame)?,
            (_, 0) => self.apply_query(frame)?,
            _ => self.apply_command(frame, skipped)?,
        };
        self.position = Position { seq: frame.seq, time_ns: frame.time_ns, epoch: frame.epoch };
        let session = match applied {
            Applied::SessionOpened { session, .. } | Applied::SessionClosed { session, .. } => session,
            _ => frame.command.session,
        };
        self.fold(session, frame.command.crc);
        Ok(applied)
    }

    #[inline]
    fn apply_command(&mut self, frame: &SequencedFrame, skipped: bool) -> Result<Applied, BlockError> {
        let command = &frame.command;
        let session = self.sessions.get_mut(command.session).ok_or(BlockError::Frame)?;
        if command.number != session.next_number || command.session_epoch != session.epoch || !session.open {
            return Err(BlockError::Frame);
        }
        let template = command.template();
        let logs_off = template == logoff_codec::SBE_TEMPLATE_ID;
        if skipped {
            self.engine.skip(command.session, command.body, &mut self.events);
        } else if template == drop_copy_codec::SBE_TEMPLATE_ID && self.logic_version >= VENUE_CONTROLS {
            return self.apply_drop_copy(frame);
        } else if !users::allow(session.roles, template, self.logic_version) {
            self.engine.deny(command.session, command.body, &mut self.events);
        } else if logs_off {
            self.engine.session_closed(command.session, SessionEnd::Logoff, &mut self.events);
        } else {
            if let Some(probe) = self.probe {
                probe(command);
            }
            self.engine.execute(command.session, command.body, &mut self.events);
        }
        session.record(Outcome::of(frame.seq, frame.time_ns, command.crc, &self.events), command.acked_through);
        if !logs_off {
            return Ok(Applied::Command);
        }
        let (session, epoch) = (command.session, command.session_epoch);
        self.sessions.close(session, epoch, frame.time_ns);
        Ok(Applied::SessionClosed { session, epoch, end: SessionEnd::Logoff })
    }

    #[cold]
    fn apply_drop_copy(&mut self, frame: &SequencedFrame) -> Result<Applied, BlockError> {
        let command = &frame.command;
        let event = drop_copy::carry_out(&mut self.sessions, command.session, command.body);
        self.engine.tell(event, &mut self.events);
        let session = self.sessions.get_mut(command.session).ok_or(BlockError::Frame)?;
        session.record(Outcome::of(frame.seq, frame.time_ns, command.crc, &self.events), command.acked_through);
        Ok(Applied::Command)
    }

    #[cold]
    fn apply_query(&mut self, frame: &SequencedFrame) -> Result<Applied, BlockError> {
        let command = &frame.command;
        let number = command.queried().ok_or(BlockError::Frame)?;
        let session = self.sessions.get_mut(command.session).ok_or(BlockError::Frame)?;
        if command.session_epoch != session.epoch || !session.open {
            return Err(BlockError::Frame);
        }
        let outcome = session.query(number, frame.seq, frame.time_ns, command.acked_through);
        Ok(Applied::Queried { number, outcome })
    }

    /// Whether an operator wants this frame skipped; an error if it is not the frame that was meant, or none that can fail.
    #[cold]
    fn is_skipped(&self, frame: &SequencedFrame) -> Result<bool, BlockError> {
        let Some(crc) = self.skips.get(&frame.seq) else { return Ok(false) };
        let command = &frame.command;
        let executed =
            command.session != 0 && command.number != 0 && command.template() != logoff_codec::SBE_TEMPLATE_ID;
        if executed && crc32c::crc32c(command.bytes) == *crc { Ok(true) } else { Err(BlockError::Skip) }
    }

    fn apply_own(&mut self, frame: &SequencedFrame) -> Result<Applied, BlockError> {
        let body = frame.command.body;
        let (buffer, at) = (ReadBuf::new(body), MESSAGE_HEADER_BYTES);
        match (frame.command.template(), body.len().saturating_sub(at)) {
            (open_session_codec::SBE_TEMPLATE_ID, 16..) => {
                let fields = open_session_codec::OpenSessionDecoder::default().wrap(buffer, at, 0, 0);
                let user = User::of_opening(body).ok_or(BlockError::Frame)?;
                self.open_session(fields.session(), fields.session_epoch(), fields.instance(), user)
            }
            (close_session_codec::SBE_TEMPLATE_ID, 9..) => {
                let fields = close_session_codec::CloseSessionDecoder::default().wrap(buffer, at, 0, 0);
                let (session, epoch) = (fields.session(), fields.session_epoch());
                self.close_session(session, epoch, fields.end(), frame.time_ns)
            }
            (open_epoch_codec::SBE_TEMPLATE_ID, 21..) => {
                let fields = open_epoch_codec::OpenEpochDecoder::default().wrap(buffer, at, 0, 0);
                let version = fields.logic_version();
                if version < self.logic_version || !self.engine.set_logic_version(version) {
                    return Err(BlockError::Logic);
                }
                self.logic_version = version;
                self.terms = EpochTerms {
                    durability: fields.durability(),
                    first_session: fields.first_session(),
                    session_expiry_ns: fields.session_expiry(),
                };
                for session in self.sessions.open_epoch(self.terms.first_session, frame.time_ns) {
                    self.engine.session_closed(session, SessionEnd::Disconnected, &mut self.events);
                }
                Ok(Applied::Nothing)
            }
            (tick_codec::SBE_TEMPLATE_ID, _) => {
                self.engine.tick(&mut self.events);
                Ok(Applied::Nothing)
            }
            _ => Err(BlockError::Frame),
        }
    }

    fn open_session(&mut self, session: u32, epoch: u32, instance: u64, user: User) -> Result<Applied, BlockError> {
        let replaces = self.sessions.get(session).is_some_and(|session| session.open);
        if !self.sessions.open(session, epoch, instance, user) {
            return Err(BlockError::Frame);
        }
        if replaces {
            self.engine.session_closed(session, SessionEnd::Replaced, &mut self.events);
        }
        let next_number = self.sessions.get(session).map_or(1, |session| session.next_number);
        Ok(Applied::SessionOpened { session, epoch, next_number })
    }

    fn close_session(
        &mut self,
        session: u32,
        epoch: u32,
        end: SessionEnd,
        time_ns: i64,
    ) -> Result<Applied, BlockError> {
        let expiry_ns = self.terms.session_expiry_ns;
        let closed = match end {
            SessionEnd::Expired if expiry_ns > 0 && self.sessions.expire(session, epoch, time_ns - expiry_ns) => true,
            SessionEnd::Expired => return Err(BlockError::Frame),
            _ => self.sessions.close(session, epoch, time_ns),
        };
        if !closed {
            return Ok(Applied::Nothing);
        }
        self.engine.session_closed(session, end, &mut self.events);
        Ok(Applied::SessionClosed { session, epoch, end })
    }

    #[inline]
    fn fold(&mut self, session: u32, crc: u32) {
        let Position { seq, time_ns, epoch } = self.position;
        let versions = u64::from(epoch) << 32 | u64::from(self.logic_version);
        let (logon, next_number, kept) = self.sessions.get(session).map_or((0, 0, 0), |session| {
            let state = u64::from(session.open) | u64::from(session.expired) << 1;
            (u64::from(session.epoch) << 32 | state, session.next_number, session.kept())
        });
        let body = u64::from(session) << 32 | u64::from(crc);
        let words = [seq, time_ns as u64, versions, self.engine.outcome_hash(), body, logon, next_number, kept];
        self.state_hash = hash::chain(self.state_hash, hash::fold_all(words));
        let copies = self.sessions.copies().digest(session);
        if copies != 0 {
            self.state_hash = hash::chain(self.state_hash, copies);
        }
    }
}
