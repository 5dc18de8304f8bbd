//! The sequencer: judges commands, stamps them into blocks, decides what is released and executes it. Bytes, times and the
//! journal's word come in; frames, verdicts and events go out.

use crate::block::{BlockError, Stamp};
use crate::blocks::Blocks;
use crate::frame::{CommandFrame, SequencedFrame, aligned};
use crate::intake::{Attached, ConnectionId, Intake, Verdict};
use crate::limits::{RELAXED_COMMIT_DELAY_NS, TIME_JUMP_NS_MAX};
use crate::replica::{Applied, LogPosition, Replica};
use engine::event::Event;
use engine::message;
use messages::durability::Durability;
use messages::refusal_reason::RefusalReason;
use messages::session_end::SessionEnd;
use messages::tick_codec;

/// Room that every command of the sequencer itself fits into, stamp and header included.
const OWN_COMMAND_BYTES_MAX: usize = 128;
const OWN_BODY_BYTES_MAX: usize = 32;

/// How far the order has come. Each is a seq, and none is ahead of the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Positions {
    /// Has a place in the order.
    pub stamped: u64,
    /// May be executed and told.
    pub released: u64,
    /// Is committed to the journal. Behind `released` only in `relaxed`.
    pub persisted: u64,
    /// Has been executed.
    pub executed: u64,
}

/// The clock went further than it can while the node runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeJump {
    /// The last time seen.
    pub from_ns: i64,
    /// The time now.
    pub to_ns: i64,
}

/// How a sequencer behaves that is not a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// When an event may be told.
    pub durability: Durability,
    /// A tick is stamped when nothing else was for so long.
    pub tick_interval_ns: i64,
    /// The rules that the engine follows in the epoch that this opens; not older than those of the order so far.
    pub logic_version: u32,
}

/// Takes what executed frames did. Called in order, once per frame.
pub trait Egress {
    /// `frame` has been executed and caused `events`.
    fn applied(&mut self, frame: &SequencedFrame, applied: Applied, events: &[Event]);
}

/// See the module.
pub struct Sequencer {
    config: Config,
    replica: Replica,
    intake: Intake,
    blocks: Blocks,
    positions: Positions,
    epoch: u32,
    now_ns: i64,
    stamped_ns: i64,
    draining: bool,
}

impl Sequencer {
    /// Continues the order where `replica` stands, at wall-clock time `now_ns`, in a new epoch whose opening is stamped first.
    pub fn new(config: Config, replica: Replica, now_ns: i64) -> Self {
        let position = replica.position();
        let seq = position.seq;
        let mut sequencer = Self {
            config,
            intake: Intake::over(replica.sessions()),
            blocks: Blocks::after(replica.log(), 1),
            positions: Positions { stamped: seq, released: seq, persisted: seq, executed: seq },
            epoch: position.epoch + 1,
            now_ns: now_ns.max(position.time_ns),
            stamped_ns: position.time_ns,
            draining: false,
            replica,
        };
        sequencer.stamp_epoch();
        sequencer
    }

    /// How far the order has come.
    pub fn positions(&self) -> Positions {
        self.positions
    }

    /// The state of what has been executed.
    pub fn replica(&self) -> &Replica {
        &self.replica
    }

    /// The last block of the log.
    pub fn log(&self) -> LogPosition {
        self.blocks.sealed()
    }

    /// Of the order.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// When its events may be told.
    pub fn durability(&self) -> Durability {
        self.config.durability
    }

    /// Sets the time of what is stamped next; stamps a tick if the order has been quiet.
    pub fn advance_time(&mut self, now_ns: i64) -> Result<(), TimeJump> {
        if now_ns > self.now_ns + TIME_JUMP_NS_MAX {
            return Err(TimeJump { from_ns: self.now_ns, to_ns: now_ns });
        }
        self.now_ns = self.now_ns.max(now_ns);
        let quiet_ns = self.now_ns - self.stamped_ns;
        if quiet_ns >= self.config.tick_interval_ns && !self.draining && self.has_room(OWN_COMMAND_BYTES_MAX) {
            self.stamp_own(tick);
        }
        Ok(())
    }

    /// Refuses new commands, or takes them again: the journal cannot be written, or can.
    #[inline]
    pub fn stop_intake(&mut self, stopped: bool) {
        self.intake.stop(stopped);
    }

    /// Nothing more is taken in: whatever is open goes to the journal without waiting for more.
    pub fn drain(&mut self) {
        self.draining = true;
    }

    /// Whether a message of so many bytes can be taken in: stamping lets the shortest frames grow to less than twice.
    #[inline]
    pub fn has_room(&self, message_bytes: usize) -> bool {
        self.blocks.has_room(2 * message_bytes)
    }

    /// Takes in a command; stamps it when it is its session's next. There must be room.
    #[inline]
    pub fn on_command(&mut self, connection: ConnectionId, frame: &CommandFrame) -> Verdict {
        let verdict = self.intake.judge(connection, frame, self.replica.sessions());
        if verdict == Verdict::Stamp {
            let stamp = self.next_stamp();
            self.blocks.append(stamp, frame.bytes);
        }
        verdict
    }

    /// A client has proved who it is: attaches `session` (0 for a new one) to its connection and stamps the logon. There
    /// must be room.
    pub fn open_session(&mut self, session: u32, connection: ConnectionId) -> Result<Attached, RefusalReason> {
        let attached = self.intake.attach(session, connection)?;
        self.stamp_own(|body| {
            message!(open_session_codec::OpenSessionEncoder, body, |open| {
                open.session(attached.session).session_epoch(attached.epoch)
            })
        });
        Ok(attached)
    }

    /// A connection is gone: stamps the end of each logon that came over it. False if room ran out before the last: call again.
    pub fn disconnect(&mut self, connection: ConnectionId) -> bool {
        let mut after = 0;
        while self.has_room(OWN_COMMAND_BYTES_MAX) {
            let Some((session, epoch)) = self.intake.detach(connection, after) else { return true };
            self.stamp_own(|body| {
                message!(close_session_codec::CloseSessionEncoder, body, |close| {
                    close.session(session).session_epoch(epoch).end(SessionEnd::Disconnected)
                })
            });
            after = session;
        }
        false
    }

    /// The block that the journal should commit now, with its index. In `fsync` whatever has gathered since the last one; in
    /// `relaxed`, where nobody waits for it, a full block or one old enough.
    pub fn next_block(&mut self) -> Option<(u64, &[u8])> {
        if !self.blocks.has_sealed() && self.is_due() && self.blocks.can_seal() {
            self.blocks.seal(self.positions.stamped);
        }
        self.blocks.next_sealed()
    }

    /// The journal has committed every block up to `index`.
    pub fn persisted(&mut self, index: u64) {
        if let Some(seq) = self.blocks.persist(index) {
            self.positions.persisted = seq;
            self.release();
        }
    }

    /// Executes up to `frames_max` released frames and tells `egress`. Returns how many.
    #[inline]
    pub fn execute(&mut self, frames_max: usize, egress: &mut impl Egress) -> Result<usize, BlockError> {
        for count in 0..frames_max {
            let Some(frame) = self.blocks.next_frame(self.positions.released) else { return Ok(count) };
            let applied = self.replica.apply(&frame)?;
            self.intake.executed(frame.command.session);
            egress.applied(&frame, applied, self.replica.events());
            self.positions.executed = frame.seq;
        }
        Ok(frames_max)
    }

    fn is_due(&self) -> bool {
        let age = |first: Stamp| self.now_ns - first.time_ns;
        match self.config.durability {
            Durability::Relaxed if !self.draining => {
                self.blocks.open().first().is_some_and(|first| age(first) >= RELAXED_COMMIT_DELAY_NS)
            }
            _ => !self.blocks.open().is_empty(),
        }
    }

    fn release(&mut self) {
        self.positions.released = match self.config.durability {
            Durability::Relaxed => self.positions.stamped,
            _ => self.positions.persisted,
        };
    }

    fn stamp_epoch(&mut self) {
        let Config { durability, logic_version, .. } = self.config;
        let epoch = self.epoch;
        self.stamp_own(|body| {
            message!(open_epoch_codec::OpenEpochEncoder, body, |open| {
                open.epoch(epoch).logic_version(logic_version).durability(durability)
            })
        });
    }

    fn stamp_own(&mut self, write: impl FnOnce(&mut [u8]) -> usize) {
        let stamp = self.next_stamp();
        self.blocks.append_own(stamp, OWN_BODY_BYTES_MAX, write);
    }

    #[inline]
    fn next_stamp(&mut self) -> Stamp {
        self.positions.stamped += 1;
        self.stamped_ns = self.stamped_ns.max(self.now_ns);
        self.release();
        Stamp { seq: self.positions.stamped, time_ns: self.stamped_ns, epoch: self.epoch }
    }
}

const _: () = assert!(
    aligned(crate::frame::SEQUENCED_HEADER_BYTES + crate::frame::COMMAND_HEADER_BYTES + OWN_BODY_BYTES_MAX)
        <= OWN_COMMAND_BYTES_MAX
);

/// A tick has no fields: its header says all.
fn tick(body: &mut [u8]) -> usize {
    let header = message::header(tick_codec::SBE_BLOCK_LENGTH, tick_codec::SBE_TEMPLATE_ID);
    body[..header.len()].copy_from_slice(&header);
    header.len()
}
