//! The sequencer: judges commands, stamps them into blocks, decides what is released and executes it. Bytes, times and the
//! journal's word come in; frames, verdicts and events go out.

use crate::block::{BlockError, Stamp};
use crate::blocks::Blocks;
use crate::copies::Copies;
use crate::frame::{CommandFrame, FrameError, SequencedFrame, aligned};
use crate::intake::{Attached, Claim, ConnectionId, Intake, Verdict};
use crate::limits::{
    CONNECTION_IN_FLIGHT_BYTES_MAX, EXPIRY_SEARCH_MAX, RELAXED_COMMIT_DELAY_NS, SESSIONS_PER_RELAXED_EPOCH,
    TIME_JUMP_NS_MAX,
};
use crate::replica::{Applied, LogPosition, Replica};
use crate::share::Share;
use engine::event::Event;
use engine::message;
use messages::durability::Durability;
use messages::refusal_reason::RefusalReason;
use messages::session_end::SessionEnd;
use messages::tick_codec;

/// Room that every command of the sequencer itself fits into, stamp and header included.
const OWN_COMMAND_BYTES_MAX: usize = 144;
const OWN_BODY_BYTES_MAX: usize = 48;

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
    /// After so long with nobody logged on a session is over; 0 for never.
    pub session_expiry_ns: i64,
    /// The rules that the engine follows in the epoch that this opens; not older than those of the order so far.
    pub logic_version: u32,
}

/// A command that was taken in, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Its place in the session.
    pub number: u64,
    /// Whose it is.
    pub session: u32,
    /// Bytes of its frame, padding not included.
    pub length: usize,
    /// What to do with it.
    pub verdict: Verdict,
}

/// Takes what executed frames did. Called in order, once per frame.
pub trait Egress {
    /// `frame` has been executed and caused `events`; `copies` says who gets which twice.
    fn applied(&mut self, frame: &SequencedFrame, applied: Applied, events: &[Event], copies: &Copies);
}

/// See the module.
pub struct Sequencer {
    config: Config,
    replica: Replica,
    intake: Intake,
    blocks: Blocks,
    positions: Positions,
    epoch: u32,
    /// The seq that opened it.
    epoch_seq: u64,
    /// The last tick's.
    tick_seq: u64,
    now_ns: i64,
    stamped_ns: i64,
    /// What the clock shows; `now_ns` stands still while that is behind the order.
    clock_ns: i64,
    /// Which open block holds something, and since when by that clock.
    filling: (u64, i64),
    /// When to look for expired sessions next, and behind which.
    search_ns: i64,
    searched: (i64, u32),
    draining: bool,
}

impl Sequencer {
    /// Continues the order where `replica` stands, at wall-clock time `now_ns`, in a new epoch whose opening is stamped first.
    pub fn new(config: Config, replica: Replica, now_ns: i64) -> Self {
        let position = replica.position();
        let seq = position.seq;
        let first_session = replica.first_session_after();
        let end = match config.durability {
            Durability::Relaxed => first_session.saturating_add(SESSIONS_PER_RELAXED_EPOCH),
            _ => u32::MAX,
        };
        let mut sequencer = Self {
            config,
            intake: Intake::over(replica.sessions(), (first_session, end)),
            blocks: Blocks::after(replica.log(), 1),
            positions: Positions { stamped: seq, released: seq, persisted: seq, executed: seq },
            epoch: position.epoch + 1,
            epoch_seq: seq + 1,
            tick_seq: 0,
            now_ns: now_ns.max(position.time_ns),
            stamped_ns: position.time_ns,
            clock_ns: now_ns,
            filling: (0, now_ns),
            search_ns: 0,
            searched: (i64::MIN, 0),
            draining: false,
            replica,
        };
        sequencer.stamp_epoch(first_session);
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

    /// Sets the time of what is stamped next. Stamps a tick if the order has been quiet, or if the engine has something to do by now:
    /// before whatever is taken in next, and one after the other until nothing is left.
    pub fn advance_time(&mut self, now_ns: i64) -> Result<(), TimeJump> {
        if now_ns > self.now_ns + TIME_JUMP_NS_MAX {
            return Err(TimeJump { from_ns: self.now_ns, to_ns: now_ns });
        }
        self.watch_filling();
        self.clock_ns = now_ns;
        self.now_ns = self.now_ns.max(now_ns);
        let is_wanted = self.now_ns - self.stamped_ns >= self.config.tick_interval_ns || self.is_work_due();
        let is_under_way = self.tick_seq > self.positions.executed;
        if is_wanted && !is_under_way && !self.draining && self.has_room(OWN_COMMAND_BYTES_MAX) {
            self.stamp_own(tick);
            self.tick_seq = self.positions.stamped;
        }
        if self.now_ns >= self.search_ns && !self.draining {
            self.search_ns = self.now_ns + self.config.tick_interval_ns;
            self.expire_sessions();
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

    /// Whether a connection that is not the only one may have more stamped now. Others wait for the disk behind what it has stamped in
    /// `fsync`; in `relaxed` nobody does.
    #[inline]
    pub fn is_within_share(&self, share: &mut Share) -> bool {
        let in_flight_bytes = share.after(self.blocks.persisted());
        self.config.durability == Durability::Relaxed || in_flight_bytes < CONNECTION_IN_FLIGHT_BYTES_MAX
    }

    /// The index of the block that is filling.
    #[inline]
    pub fn open_block(&self) -> u64 {
        self.blocks.sealed().index + 1
    }

    /// Takes in the command at the start of `bytes`; stamps it when it is its session's next. There must be room. The bytes may lie
    /// where their sender can still change them: they are copied first, and what is judged and stamped is the copy.
    #[inline]
    pub fn on_command(&mut self, connection: ConnectionId, bytes: &[u8]) -> Result<Judged, FrameError> {
        let length = CommandFrame::measure(bytes)?;
        let held = self.blocks.hold(&bytes[..length], self.positions.stamped);
        let frame = CommandFrame::read(held)?;
        let verdict = self.intake.judge(connection, &frame, self.replica.sessions());
        let (number, session, length) = (frame.number, frame.session, frame.bytes.len());
        if matches!(verdict, Verdict::Stamp) {
            let stamp = self.next_stamp();
            self.blocks.stamp_held(stamp, length);
        }
        Ok(Judged { number, session, length, verdict })
    }

    /// A refusal of a command of this session could not be told.
    #[cold]
    pub fn untold(&mut self, session: u32) {
        self.intake.untold(session);
    }

    /// A client has proved that it knows the key: attaches the session to its connection and stamps the logon. There must be room.
    pub fn open_session(&mut self, claim: Claim, connection: ConnectionId) -> Result<Attached, RefusalReason> {
        let attached = self.intake.attach(claim, connection)?;
        self.stamp_own(|body| {
            message!(open_session_codec::OpenSessionEncoder, body, |open| {
                open.session(attached.session)
                    .session_epoch(attached.epoch)
                    .instance(claim.instance)
                    .user(&claim.user.name);
                open.roles(claim.user.roles)
            })
        });
        Ok(attached)
    }

    /// A connection is gone: stamps the end of each logon that came over it. False if room ran out before the last: call again.
    pub fn disconnect(&mut self, connection: ConnectionId) -> bool {
        let mut after = 0;
        while self.has_room(OWN_COMMAND_BYTES_MAX) {
            let Some((session, epoch)) = self.intake.detach(connection, after) else { return true };
            self.stamp_close(session, epoch, SessionEnd::Disconnected);
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
            self.replica.foresee_released(&mut self.blocks, self.positions.released);
            let Some(frame) = self.blocks.next_frame(self.positions.released) else { return Ok(count) };
            let applied = self.replica.apply(&frame)?;
            let session = frame.command.session;
            if let Some(executed) = self.replica.sessions().get(session) {
                self.intake.executed(session, executed.next_number);
            }
            egress.applied(&frame, applied, self.replica.events(), self.replica.sessions().copies());
            self.positions.executed = frame.seq;
        }
        Ok(frames_max)
    }

    /// Stamps the end of sessions that nobody has been logged on to for too long. One that has orders stays: nobody else could
    /// cancel them. What is decided on here, from what has been executed, a logon stamped since would change; the intake knows of it.
    fn expire_sessions(&mut self) {
        let expiry_ns = self.config.session_expiry_ns;
        if expiry_ns == 0 {
            return;
        }
        let until_ns = self.now_ns - expiry_ns;
        let found: Vec<_> = self.replica.sessions().detached(self.searched, until_ns).take(EXPIRY_SEARCH_MAX).collect();
        for &(since_ns, session) in &found {
            if !self.has_room(OWN_COMMAND_BYTES_MAX) {
                return;
            }
            self.searched = (since_ns, session);
            let epoch = self.replica.sessions().get(session).map_or(0, |session| session.epoch);
            if !self.replica.engine().has_orders(session) && self.intake.expire(session, epoch) {
                self.stamp_close(session, epoch, SessionEnd::Expired);
            }
        }
        if found.len() < EXPIRY_SEARCH_MAX {
            self.searched = (i64::MIN, 0);
        }
    }

    fn stamp_close(&mut self, session: u32, epoch: u32, end: SessionEnd) {
        self.stamp_own(|body| {
            message!(close_session_codec::CloseSessionEncoder, body, |close| {
                close.session(session).session_epoch(epoch).end(end)
            })
        });
    }

    /// Whether an order has expired, a phase's time has come, or something longer is unfinished.
    #[inline]
    pub fn is_work_due(&self) -> bool {
        self.replica.engine().next_due().is_some_and(|due_ns| due_ns <= self.now_ns)
    }

    /// What was stamped since the last look at the clock was stamped at that time. The stamps themselves tell no age: after a restart
    /// with a clock that was set back they are all alike until it has caught up.
    #[inline]
    fn watch_filling(&mut self) {
        let open = self.open_block();
        if self.filling.0 != open && !self.blocks.open().is_empty() {
            self.filling = (open, self.clock_ns);
        }
    }

    fn is_due(&self) -> bool {
        match self.config.durability {
            Durability::Relaxed if !self.draining && self.is_epoch_written() => {
                let (filling, since_ns) = self.filling;
                filling == self.open_block() && self.clock_ns.abs_diff(since_ns) >= RELAXED_COMMIT_DELAY_NS as u64
            }
            _ => !self.blocks.open().is_empty(),
        }
    }

    /// Epochs and the ids that they give tell one run from another, so nothing is told before the opening is on disk, `relaxed` or not.
    #[inline]
    fn is_epoch_written(&self) -> bool {
        self.positions.persisted >= self.epoch_seq
    }

    fn release(&mut self) {
        self.positions.released = match self.config.durability {
            Durability::Relaxed if self.is_epoch_written() => self.positions.stamped,
            _ => self.positions.persisted,
        };
    }

    fn stamp_epoch(&mut self, first_session: u32) {
        let (epoch, Config { durability, session_expiry_ns, logic_version, .. }) = (self.epoch, self.config);
        self.stamp_own(|body| {
            message!(open_epoch_codec::OpenEpochEncoder, body, |open| {
                open.epoch(epoch).logic_version(logic_version).durability(durability);
                open.first_session(first_session).session_expiry(session_expiry_ns)
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
