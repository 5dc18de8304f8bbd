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
    /// Ticks that caused events.
    TicksWithEvents,
    /// Orders whose time was over.
    OrdersExpired,
    /// Orders with attributes that were accepted.
    Extended,
    /// Stop orders whose price traded.
    Triggered,
    /// Parts of icebergs that were shown.
    Refreshed,
    /// Orders that gave way instead of trading with their like.
    SelfTrades,
    /// Mass cancels that ticks went on with.
    MassCancelsInPieces,
    /// Trading phases set by command.
    PhasesSet,
    /// Trading phases set by a schedule.
    PhasesScheduled,
    /// Commands that halted, or ended that.
    HaltsSet,
    /// Auctions that traded.
    Uncrossed,
    /// Day orders whose day was over.
    DaysEnded,
    /// Trades voided.
    Busted,
    /// Other commands that set something.
    Administered,
    /// Orders rejected by a limit or a kill switch.
    RiskRejects,
    /// Orders that a kill switch cancelled.
    CancelledByKillSwitch,
    /// Orders cancelled because a logon broke off.
    CancelledOnDisconnect,
    /// Orders cancelled because their session logged off.
    CancelledOnLogoff,
    /// Sessions that logged off.
    Logoffs,
    /// Drop copies that were begun or ended.
    DropCopies,
    /// Events of others that were told to somebody.
    CopiesTold,
}

/// Names, in the order of [`Count`].
pub const COUNT_NAMES: [&str; 51] = [
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
    "ticks_with_events",
    "orders_expired",
    "extended",
    "triggered",
    "refreshed",
    "self_trades",
    "mass_cancels_in_pieces",
    "phases_set",
    "phases_scheduled",
    "halts_set",
    "uncrossed",
    "days_ended",
    "busted",
    "administered",
    "risk_rejects",
    "cancelled_by_kill_switch",
    "cancelled_on_disconnect",
    "cancelled_on_logoff",
    "logoffs",
    "drop_copies",
    "copies_told",
];

const _: () = assert!(Count::CopiesTold as usize + 1 == COUNT_NAMES.len());

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    counts: [u64; COUNT_NAMES.len()],
    /// Steps taken.
    pub steps: u64,
    /// Of every step: the same seed gives the same.
    pub trace: u64,
}

impl Default for Report {
    fn default() -> Self {
        Self { counts: [0; COUNT_NAMES.len()], steps: 0, trace: 0 }
    }
}

impl Report {
    /// One more.
    pub fn count(&mut self, what: Count) {
        self.counts[what as usize] += 1;
    }

    /// So many more.
    pub fn add(&mut self, what: Count, number: u64) {
        self.counts[what as usize] += number;
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
