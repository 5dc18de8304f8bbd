//! What every reader of the order holds: sessions and engine, advanced one frame at a time. A live node, a replay and a
//! follower run this same code, so their hashes agree.

use crate::block::{BlockError, HeaderHash, SealedBlock};
use crate::frame::{MESSAGE_HEADER_BYTES, SequencedFrame};
use crate::sessions::{Outcome, Sessions};
use engine::Engine;
use engine::event::Event;
use engine::hash;
use messages::session_end::SessionEnd;
use messages::{ReadBuf, close_session_codec, logoff_codec, open_epoch_codec, open_session_codec, tick_codec};

/// What a frame did besides causing events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// A session's command was executed; its events are [`Replica::events`].
    Command,
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
    engine: Engine,
    sessions: Sessions,
    position: Position,
    log: LogPosition,
    logic_version: u32,
    state_hash: u64,
    events: Vec<Event>,
}

impl Replica {
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

    /// Folds seq, time, epoch, logic version and outcome of every frame so far.
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
        for frame in block.frames() {
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
        let applied = match frame.command.session {
            0 => self.apply_own(frame)?,
            _ => self.apply_command(frame)?,
        };
        self.position = Position { seq: frame.seq, time_ns: frame.time_ns, epoch: frame.epoch };
        self.fold();
        Ok(applied)
    }

    #[inline]
    fn apply_command(&mut self, frame: &SequencedFrame) -> Result<Applied, BlockError> {
        let command = &frame.command;
        let session = self.sessions.get_mut(command.session).ok_or(BlockError::Frame)?;
        if command.number != session.next_number || command.session_epoch != session.epoch {
            return Err(BlockError::Frame);
        }
        if command.template() == logoff_codec::SBE_TEMPLATE_ID {
            session.open = false;
        } else {
            self.engine.execute(command.session, command.body, &mut self.events);
        }
        session.record(Outcome::of(frame.seq, frame.time_ns, command.crc, &self.events), command.acked_through);
        Ok(match command.template() {
            logoff_codec::SBE_TEMPLATE_ID => Applied::SessionClosed {
                session: command.session,
                epoch: command.session_epoch,
                end: SessionEnd::Logoff,
            },
            _ => Applied::Command,
        })
    }

    fn apply_own(&mut self, frame: &SequencedFrame) -> Result<Applied, BlockError> {
        let body = frame.command.body;
        let (buffer, at) = (ReadBuf::new(body), MESSAGE_HEADER_BYTES);
        match (frame.command.template(), body.len().saturating_sub(at)) {
            (open_session_codec::SBE_TEMPLATE_ID, 8..) => {
                let fields = open_session_codec::OpenSessionDecoder::default().wrap(buffer, at, 0, 0);
                self.open_session(fields.session(), fields.session_epoch())
            }
            (close_session_codec::SBE_TEMPLATE_ID, 9..) => {
                let fields = close_session_codec::CloseSessionDecoder::default().wrap(buffer, at, 0, 0);
                let (session, epoch) = (fields.session(), fields.session_epoch());
                let closed = self.sessions.close(session, epoch);
                Ok(if closed { Applied::SessionClosed { session, epoch, end: fields.end() } } else { Applied::Nothing })
            }
            (open_epoch_codec::SBE_TEMPLATE_ID, 9..) => {
                let fields = open_epoch_codec::OpenEpochDecoder::default().wrap(buffer, at, 0, 0);
                self.logic_version = fields.logic_version();
                self.sessions.close_all();
                Ok(Applied::Nothing)
            }
            (tick_codec::SBE_TEMPLATE_ID, _) => Ok(Applied::Nothing),
            _ => Err(BlockError::Frame),
        }
    }

    fn open_session(&mut self, session: u32, epoch: u32) -> Result<Applied, BlockError> {
        if !self.sessions.open(session, epoch) {
            return Err(BlockError::Frame);
        }
        let next_number = self.sessions.get(session).map_or(1, |session| session.next_number);
        Ok(Applied::SessionOpened { session, epoch, next_number })
    }

    #[inline]
    fn fold(&mut self) {
        let Position { seq, time_ns, epoch } = self.position;
        let versions = u64::from(epoch) << 32 | u64::from(self.logic_version);
        let digest = hash::fold_all([seq, time_ns as u64, versions, self.engine.outcome_hash()]);
        self.state_hash = hash::chain(self.state_hash, digest);
    }
}
