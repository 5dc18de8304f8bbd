//! What a run did, and a hash of every step of it.

/// What a run counts, so that nobody takes a quiet run for a good one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Count {
    /// Commands that clients made.
    Commands,
    /// Commands that were executed.
    Executed,
    /// Trades.
    Fills,
    /// Commands that the engine rejected.
    Rejects,
    /// Blocks committed.
    Blocks,
    /// Nodes that died.
    Crashes,
    /// Commits that a crash cut off and that were on the disk all the same.
    CommitsKept,
    /// Commits that a crash cut off and that were not.
    CommitsLost,
    /// Nodes that were stopped and started.
    Restarts,
    /// Logons.
    Logons,
    /// Connections that broke.
    Cuts,
    /// Connections given up while messages were under way.
    Ghosts,
    /// Bodies damaged under way.
    Corrupted,
    /// Messages that arrived twice.
    Doubled,
    /// Clients that read nothing for a while.
    Deaf,
    /// Logons to a session that somebody has.
    Rivals,
    /// Logons of a user to another user's session.
    Strangers,
    /// Commands that their session's user had no role for.
    Denied,
    /// Commands sent again that were answered with their outcome.
    RepeatsAnswered,
    /// Commands sent again while the first was under way.
    RepeatsWaiting,
    /// Commands that did not enter the order.
    Refused,
    /// Commits on a slow disk.
    SlowDisks,
    /// Times that the disk was full.
    FullDisks,
    /// Flipped bits on the disk that a start found.
    BitRotFound,
    /// Starts with a clock that was behind the order.
    ClocksBack,
    /// Orders whose answered tail was lost (`relaxed`).
    OrdersLost,
    /// Questions what became of a command.
    Queries,
    /// Numbers that a question closed before their command was executed.
    Closed,
    /// Sessions that nobody came back to in time.
    Expired,
    /// Logons to such a session.
    ExpiredRefused,
}

/// Names, in the order of [`Count`].
pub const COUNT_NAMES: [&str; 30] = [
    "commands",
    "executed",
    "fills",
    "rejects",
    "blocks",
    "crashes",
    "commits_kept",
    "commits_lost",
    "restarts",
    "logons",
    "cuts",
    "ghosts",
    "corrupted",
    "doubled",
    "deaf",
    "rivals",
    "strangers",
    "denied",
    "repeats_answered",
    "repeats_waiting",
    "refused",
    "slow_disks",
    "full_disks",
    "bit_rot_found",
    "clocks_back",
    "orders_lost",
    "queries",
    "closed",
    "expired",
    "expired_refused",
];

const _: () = assert!(Count::ExpiredRefused as usize + 1 == COUNT_NAMES.len());

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    counts: [u64; COUNT_NAMES.len()],
    /// Steps taken.
    pub steps: u64,
    /// Of every step: the same seed gives the same.
    pub trace: u64,
}

impl Report {
    /// One more.
    pub fn count(&mut self, what: Count) {
        self.counts[what as usize] += 1;
    }

    /// How many.
    pub fn get(&self, what: Count) -> u64 {
        self.counts[what as usize]
    }

    /// All of them, in the order of [`Count`].
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Takes note of something that happened in a step.
    pub fn note(&mut self, what: u64) {
        self.trace = (self.trace ^ what).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(23);
    }
}
