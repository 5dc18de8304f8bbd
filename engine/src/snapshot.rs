//! Snapshots: the whole state of an engine as bytes, and back. `docs/SNAPSHOTS.md` has the bytes.
//!
//! They are canonical. The same state gives the same bytes, whatever history led there and whatever slots things lie in:
//! everything is written in an order of its own (ids, prices, places in queues), and nothing that follows from the rest is
//! written at all, so sums, indices, heaps and lists are built anew by a load. A load checks every byte: bad ones give an
//! error that says where, never a panic, and never take more memory than their own length warrants.

mod error;
mod fills;
mod instruments;
mod orders;
mod reader;
mod risk;
mod tasks;
mod walk;
mod writer;

pub use error::{Fault, SnapshotError};
pub use reader::{Reader, Sections};
pub use writer::Writer;

use crate::engine::Engine;
use crate::limits::ORDERS_MAX;
use crate::logic::{LOGIC_VERSION, LOGIC_VERSION_MIN};

/// What an engine's snapshot begins with.
pub const MAGIC: [u8; 8] = *b"SRTMENGN";

/// Of the bytes. Another one is refused.
pub const FORMAT_VERSION: u32 = 1;

/// More of anything than any venue will see: counting goes on from here without an overflow.
const COUNT_MAX: u64 = 1 << 62;

/// The sections in their order.
const VENUE: [u8; 4] = *b"VENU";
const INSTRUMENTS: [u8; 4] = *b"INST";
const QUEUES: [u8; 4] = *b"QUEU";
const STOPS: [u8; 4] = *b"STOP";
const RISK: [u8; 4] = *b"RISK";
const TASKS: [u8; 4] = *b"TASK";
const FILLS: [u8; 4] = *b"FILL";

impl Engine {
    /// All of its state; [`Engine::load`] makes an engine that does the same from then on.
    pub fn snapshot(&self) -> Vec<u8> {
        let mut writer = Writer::new(MAGIC, FORMAT_VERSION);
        writer.section(VENUE, |out| self.save_venue(out));
        writer.section(INSTRUMENTS, |out| self.save_instruments(out));
        writer.section(QUEUES, |out| self.save_queues(out));
        writer.section(STOPS, |out| self.save_stops(out));
        writer.section(RISK, |out| self.save_risk(out));
        writer.section(TASKS, |out| self.save_tasks(out));
        writer.section(FILLS, |out| self.save_fills(out));
        writer.finish()
    }

    /// The engine whose state the bytes are.
    pub fn load(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let mut sections = Sections::open(bytes, MAGIC, FORMAT_VERSION)?;
        let mut engine = sections.read(VENUE, Self::load_venue)?;
        sections.read(INSTRUMENTS, |from| engine.load_instruments(from))?;
        let mut live = sections.read(QUEUES, |from| engine.load_queues(from))?;
        sections.read(STOPS, |from| {
            engine.load_stops(from, &mut live)?;
            engine.link_live(from, live)
        })?;
        sections.read(RISK, |from| engine.load_risk(from))?;
        sections.read(TASKS, |from| engine.load_tasks(from))?;
        sections.read(FILLS, |from| engine.load_fills(from))?;
        sections.finish()?;
        Ok(engine)
    }

    fn save_venue(&self, out: &mut Writer) {
        out.u32(self.logic_version);
        out.u32(self.orders_max);
        out.i64(self.time_ns);
        out.u64(self.outcome_hash);
        out.u64(self.last_order_id);
        out.u64(self.trades.count());
    }

    fn load_venue(from: &mut Reader) -> Result<Self, SnapshotError> {
        let logic_version = from.u32()?;
        from.check(
            (LOGIC_VERSION_MIN..=LOGIC_VERSION).contains(&logic_version),
            "rules that this engine does not know",
        )?;
        let orders_max = from.u32()?;
        from.check(orders_max <= ORDERS_MAX, "more live orders than an engine may hold")?;
        let mut engine = Self::with_orders_max(orders_max);
        engine.logic_version = logic_version;
        engine.time_ns = from.i64()?;
        from.check(engine.time_ns >= 0, "a time before 0")?;
        engine.outcome_hash = from.u64()?;
        engine.last_order_id = from.u64()?;
        from.check(engine.last_order_id <= COUNT_MAX, "more orders than there can have been")?;
        let trades = from.u64()?;
        from.check(trades <= COUNT_MAX, "more trades than there can have been")?;
        engine.trades.set_count(trades);
        Ok(engine)
    }
}
