//! Snapshots of a replica: sessions, copies, engine and place in the order as bytes, and back. Whoever loads one and applies the
//! rest of the log has the hashes of whoever applied all of it. `docs/SNAPSHOTS.md` has the bytes.

use crate::outcome::Outcome;
use crate::replica::{EpochTerms, LogPosition, Position, Replica};
use crate::sessions::{Session, Sessions};
use engine::Engine;
use engine::event::RejectReason;
use engine::snapshot::{Reader, Sections, SnapshotError, Writer};
use messages::durability::Durability;
use messages::outcome_kind::OutcomeKind;
use messages::roles::Roles;

/// What a replica's snapshot begins with.
pub const MAGIC: [u8; 8] = *b"SRTMREPL";

/// Of the bytes. Another one is refused.
pub const FORMAT_VERSION: u32 = 1;

/// Whose log it is: the cluster's id in the journal.
pub type ClusterId = [u8; 16];

const PLACE: [u8; 4] = *b"PLAC";
const SESSIONS: [u8; 4] = *b"SESS";
const COPIES: [u8; 4] = *b"COPY";
const ENGINE: [u8; 4] = *b"ENGN";

impl Replica {
    /// All that the order has come to, after the last whole block. What an operator wants skipped is not part of it.
    pub fn save(&self, cluster: &ClusterId) -> Vec<u8> {
        let mut writer = Writer::new(MAGIC, FORMAT_VERSION);
        writer.section(PLACE, |out| {
            out.bytes(cluster);
            out.u64(self.log.index);
            out.bytes(&self.log.hash);
            out.u64(self.position.seq);
            out.i64(self.position.time_ns);
            out.u32(self.position.epoch);
            out.u32(self.logic_version);
            out.u8(self.terms.durability as u8);
            out.u32(self.terms.first_session);
            out.i64(self.terms.session_expiry_ns);
            out.u64(self.state_hash);
        });
        writer.section(SESSIONS, |out| save_sessions(&self.sessions, out));
        writer.section(COPIES, |out| {
            for (taker, source) in self.sessions.copies().iter() {
                out.u32(taker);
                out.u32(source);
            }
        });
        let engine = self.engine.snapshot();
        writer.section(ENGINE, |out| out.bytes(&engine));
        writer.finish()
    }

    /// The replica whose state the bytes are; those of another cluster's log are refused.
    pub fn load(bytes: &[u8], cluster: &ClusterId) -> Result<Self, SnapshotError> {
        let mut sections = Sections::open(bytes, MAGIC, FORMAT_VERSION)?;
        let mut replica = sections.read(PLACE, |from| load_place(from, cluster))?;
        replica.sessions = sections.read(SESSIONS, load_sessions)?;
        sections.read(COPIES, |from| load_copies(&mut replica.sessions, from))?;
        replica.engine = sections.read(ENGINE, |from| {
            let first = from.offset();
            let inner = |error: SnapshotError| SnapshotError { offset: first + error.offset, ..error };
            let engine = Engine::load(from.rest()?).map_err(inner)?;
            from.check(engine.time_ns() == replica.position.time_ns.max(0), "an engine of another time")?;
            let follows = replica.logic_version == 0 || engine.logic_version() == replica.logic_version;
            from.check(follows, "an engine that follows other rules")?;
            Ok(engine)
        })?;
        sections.finish()?;
        Ok(replica)
    }
}

fn load_place(from: &mut Reader, cluster: &ClusterId) -> Result<Replica, SnapshotError> {
    let found = from.bytes(16)?;
    from.check(found == cluster, "it is of another journal")?;
    let (index, hash) = (from.u64()?, from.bytes(32)?.try_into().expect("32 bytes"));
    let (seq, time_ns, epoch) = (from.u64()?, from.i64()?, from.u32()?);
    let logic_version = from.u32()?;
    let durability = Durability::from(from.u8()?);
    from.check(durability != Durability::NullVal, "an unknown durability")?;
    let (first_session, session_expiry_ns) = (from.u32()?, from.i64()?);
    let mut replica = Replica::default();
    replica.log = LogPosition { index, hash };
    replica.position = Position { seq, time_ns, epoch };
    replica.logic_version = logic_version;
    replica.terms = EpochTerms { durability, first_session, session_expiry_ns };
    replica.state_hash = from.u64()?;
    Ok(replica)
}

fn save_sessions(sessions: &Sessions, out: &mut Writer) {
    out.u32(sessions.first_new());
    for (id, session) in sessions.iter() {
        out.u32(id);
        out.bytes(&session.owner);
        out.u8(session.roles.0);
        out.u32(session.epoch);
        out.u64(session.instance);
        out.flag(session.open);
        out.flag(session.expired);
        out.u64(session.next_number);
        // While somebody is logged on, or when it is over, nobody asks since when.
        out.i64(if session.is_detached() { session.detached_ns } else { 0 });
        out.count(session.outcomes.len());
        session.outcomes.iter().for_each(|outcome| save_outcome(outcome, out));
        out.count(session.closed.len());
        for (number, outcome) in &session.closed {
            out.u64(*number);
            save_outcome(outcome, out);
        }
    }
}

fn load_sessions(from: &mut Reader) -> Result<Sessions, SnapshotError> {
    let mut sessions = Sessions::default();
    sessions.set_first_new(from.u32()?);
    let mut above = 1;
    while !from.is_empty() {
        let id = from.u32()?;
        from.check(id >= above && id < u32::MAX, "sessions out of order")?;
        above = id + 1;
        let session = load_session(from)?;
        from.check(sessions.put_back(id, session), "more sessions than there may be")?;
    }
    Ok(sessions)
}

fn load_session(from: &mut Reader) -> Result<Session, SnapshotError> {
    let owner = from.bytes(16)?.try_into().expect("16 bytes");
    let (roles, epoch, instance) = (Roles(from.u8()?), from.u32()?, from.u64()?);
    let (open, expired) = (from.flag()?, from.flag()?);
    from.check(!(open && expired), "a session that is over and open")?;
    let next_number = from.u64()?;
    from.check(next_number > 0, "a command's number of 0")?;
    let mut session = Session { owner, roles, epoch, instance, open, expired, next_number, ..Session::default() };
    session.detached_ns = from.i64()?;
    from.check(session.is_detached() || session.detached_ns == 0, "a time that nobody asks for")?;
    for _ in 0..from.u32()? {
        session.outcomes.push_back(load_outcome(from)?);
    }
    from.check((session.outcomes.len() as u64) < next_number, "more outcomes than there were commands")?;
    let mut above = next_number;
    for _ in 0..from.u32()? {
        let number = from.u64()?;
        from.check(number > above, "closed numbers out of order")?;
        above = number;
        session.closed.insert(number, load_outcome(from)?);
    }
    from.check(!expired || session.kept() == 0, "outcomes of a session that is over")?;
    Ok(session)
}

fn save_outcome(outcome: &Outcome, out: &mut Writer) {
    out.u64(outcome.seq);
    out.i64(outcome.time_ns);
    out.u64(outcome.order_id);
    out.u64(outcome.cl_ord_id);
    out.u32(outcome.crc);
    out.u32(outcome.events);
    out.u8(outcome.kind as u8);
    out.u8(outcome.reason.map_or(NO_REASON, |reason| reason as u8));
}

/// Of an outcome: it was not rejected.
const NO_REASON: u8 = RejectReason::NullVal as u8;

fn load_outcome(from: &mut Reader) -> Result<Outcome, SnapshotError> {
    let (seq, time_ns, order_id, cl_ord_id) = (from.u64()?, from.i64()?, from.u64()?, from.u64()?);
    let (crc, events) = (from.u32()?, from.u32()?);
    let kind = OutcomeKind::from(from.u8()?);
    from.check(kind != OutcomeKind::NullVal, "an unknown outcome")?;
    let raw = from.u8()?;
    let reason = (raw != NO_REASON).then(|| RejectReason::from(raw));
    from.check(reason != Some(RejectReason::NullVal), "an unknown reason")?;
    from.check(reason.is_some() == (kind == OutcomeKind::Rejected), "a reason of what was not rejected, or none")?;
    Ok(Outcome { seq, time_ns, order_id, cl_ord_id, crc, events, kind, reason })
}

fn load_copies(sessions: &mut Sessions, from: &mut Reader) -> Result<(), SnapshotError> {
    let mut before = (0, 0);
    while !from.is_empty() {
        let (taker, source) = (from.u32()?, from.u32()?);
        from.check((taker, source) > before, "copies out of order")?;
        before = (taker, source);
        let lives = |id| sessions.get(id).is_some_and(|session| !session.expired);
        from.check(taker != source && lives(taker) && lives(source), "a copy of or for a session that is not")?;
        from.check(sessions.copies_mut().add(taker, source), "more copies than there may be")?;
    }
    Ok(())
}
