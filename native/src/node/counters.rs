//! What the node tells about itself while it runs: numbers in shared memory that anybody may read and nobody waits for.

use super::Egress;
use sequencer::sequencer::Sequencer;
use std::ffi::{CStr, c_char};
use std::sync::atomic::{AtomicI64, Ordering};

/// Counted by the agent and its ingress.
#[derive(Default)]
pub struct Counts {
    /// Commands stamped.
    pub commands: u64,
    /// Commands sent again.
    pub repeats: u64,
    /// Commands and logons that did not enter the order.
    pub refused: u64,
    /// Bytes that were not a frame.
    pub bad_frames: u64,
    /// Clients cut off because they did not read.
    pub cut: u64,
    /// From the return of the last commit, when the journal's thread has the GIL again, until the agent saw it, in nanoseconds.
    pub commit_seen_ns: i64,
    /// The longest of these since the start.
    pub commit_seen_ns_max: i64,
}

impl Counts {
    /// The agent has seen that more is persisted, so many nanoseconds after the commit returned.
    pub fn saw_persisted(&mut self, after_ns: i64) {
        self.commit_seen_ns = after_ns;
        self.commit_seen_ns_max = self.commit_seen_ns_max.max(after_ns);
    }
}

/// The counters, in the order in which their addresses are given to the node.
pub const LABELS: [&CStr; 22] = [
    c"stamped seq",
    c"released seq",
    c"persisted seq",
    c"executed seq",
    c"time ns",
    c"epoch",
    c"commands",
    c"repeats",
    c"refused",
    c"bad frames",
    c"events",
    c"unheard events",
    c"connections",
    c"connections cut",
    c"sessions",
    c"live orders",
    c"outcome hash",
    c"commit to persisted ns",
    c"commit to persisted ns max",
    c"checked seq",
    c"checked hash",
    c"checked sum",
];

/// A state hash for the recorder to compare with its own. It is taken wherever the engine stands and published once that seq is
/// in the journal, so that whoever reads the journal comes past it, whatever becomes of this node.
#[derive(Clone, Copy, Default)]
struct Checked {
    seq: u64,
    hash: u64,
}

/// Addresses of the counters; empty if nobody wants them.
pub struct Counters {
    addresses: Vec<*const AtomicI64>,
    taken: Option<Checked>,
    published: Checked,
}

impl Counters {
    /// Over as many addresses as there are labels.
    pub fn new(addresses: Vec<*const AtomicI64>) -> Self {
        Self { addresses, taken: None, published: Checked::default() }
    }

    /// Three counters are not written at once: their sum, seq xor hash, tells a reader whether it has seen one pair.
    fn check(&mut self, sequencer: &Sequencer) -> Checked {
        let (positions, replica) = (sequencer.positions(), sequencer.replica());
        if let Some(taken) = self.taken.take_if(|taken| taken.seq <= positions.persisted) {
            self.published = taken;
        }
        self.taken.get_or_insert(Checked { seq: replica.position().seq, hash: replica.state_hash() });
        self.published
    }

    /// Writes all of them.
    pub fn publish(&mut self, sequencer: &Sequencer, egress: &Egress, counts: &Counts) {
        let checked = self.check(sequencer);
        let (positions, replica) = (sequencer.positions(), sequencer.replica());
        let values: [u64; LABELS.len()] = [
            positions.stamped,
            positions.released,
            positions.persisted,
            positions.executed,
            replica.position().time_ns as u64,
            u64::from(sequencer.epoch()),
            counts.commands,
            counts.repeats,
            counts.refused + egress.connections.refused,
            counts.bad_frames,
            egress.told,
            egress.unheard,
            egress.connections.count() as u64,
            counts.cut,
            u64::from(replica.sessions().count()),
            replica.engine().live_orders(),
            replica.engine().outcome_hash(),
            counts.commit_seen_ns as u64,
            counts.commit_seen_ns_max as u64,
            checked.seq,
            checked.hash,
            checked.seq ^ checked.hash,
        ];
        for (address, value) in self.addresses.iter().zip(values) {
            // SAFETY: an aligned counter of an open Aeron client, whose owner keeps it open while the node runs.
            unsafe { &**address }.store(value as i64, Ordering::Relaxed);
        }
    }
}

/// The label of counter `index`, or null after the last.
#[unsafe(no_mangle)]
pub extern "C" fn seriatim_node_counter_label(index: usize) -> *const c_char {
    LABELS.get(index).map_or(std::ptr::null(), |label| label.as_ptr())
}
