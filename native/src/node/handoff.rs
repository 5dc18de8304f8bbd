//! Where the agent and the journal's thread meet: the journal asks for a block and waits, the agent hands it one, the journal
//! says how far it has committed. Nothing queues, so the open block grows for as long as a commit takes.

use crate::clock::Clock;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicPtr, AtomicU64, AtomicUsize, Ordering};
use std::thread::Thread;
use std::time::{Duration, Instant};

/// What [`Handoff::next_block`] found.
pub enum Next {
    /// A block to commit; its bytes stay as they are until it is persisted.
    Block {
        /// Its place in the log.
        index: u64,
        /// Header and frames.
        bytes: *const u8,
        /// How many.
        length: usize,
    },
    /// Nothing in the time given.
    Nothing,
    /// The agent has ended; there will be no further block.
    Ended,
}

/// How long a journal that may not park waits on its feet: a client that sends one command after the other has the next one here
/// by then, and being woken costs as much as a fifth of a commit.
const STAND_BY: Duration = Duration::from_micros(100);
/// After a longer block there is a queue, and whoever fills it needs the core more.
const STAND_BY_BYTES_MAX: usize = 16 * 1024;

/// See the module.
pub struct Handoff {
    clock: Clock,
    /// Whether the journal's thread yields for a while before it parks.
    hot: bool,
    wanted: AtomicBool,
    index: AtomicU64,
    bytes: AtomicPtr<u8>,
    length: AtomicUsize,
    persisted: AtomicU64,
    /// When the commit of `persisted` returned.
    committed_ns: AtomicI64,
    stopping: AtomicBool,
    aborted: AtomicBool,
    ended: AtomicBool,
    intake_stopped: AtomicBool,
    journal: OnceLock<Thread>,
    agent: OnceLock<Thread>,
}

impl Handoff {
    /// `hot` trades processor time for latency; `clock` is the agent's.
    pub fn new(hot: bool, clock: Clock) -> Self {
        Self {
            clock,
            hot,
            wanted: AtomicBool::default(),
            index: AtomicU64::default(),
            bytes: AtomicPtr::default(),
            length: AtomicUsize::default(),
            persisted: AtomicU64::default(),
            committed_ns: AtomicI64::default(),
            stopping: AtomicBool::default(),
            aborted: AtomicBool::default(),
            ended: AtomicBool::default(),
            intake_stopped: AtomicBool::default(),
            journal: OnceLock::default(),
            agent: OnceLock::default(),
        }
    }

    /// Journal: everything up to `persisted` is committed, since so many nanoseconds; waits for the next block.
    pub fn next_block(&self, persisted: u64, since_commit_ns: i64, timeout: Duration) -> Next {
        self.journal.get_or_init(std::thread::current);
        if persisted > self.persisted.load(Ordering::Relaxed) {
            self.committed_ns.store(self.clock.now_ns() - since_commit_ns, Ordering::Relaxed);
            self.persisted.store(persisted, Ordering::Release);
            self.agent.get().inspect(|agent| agent.unpark());
        }
        if self.index.load(Ordering::Relaxed) == 0 {
            self.wanted.store(true, Ordering::Release);
        }
        let stands_by = self.hot && self.length.load(Ordering::Relaxed) <= STAND_BY_BYTES_MAX;
        let start = Instant::now();
        let (stand_by_until, deadline) = (start + STAND_BY, start + timeout);
        loop {
            let index = self.index.swap(0, Ordering::Acquire);
            if index != 0 {
                let (bytes, length) = (self.bytes.load(Ordering::Relaxed), self.length.load(Ordering::Relaxed));
                return Next::Block { index, bytes, length };
            }
            if self.ended.load(Ordering::Acquire) {
                return Next::Ended;
            }
            let now = Instant::now();
            if now >= deadline {
                return Next::Nothing;
            }
            if stands_by && now < stand_by_until {
                std::thread::yield_now();
            } else {
                std::thread::park_timeout(deadline - now);
            }
        }
    }

    /// Agent: whether the journal waits.
    #[inline]
    pub fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Acquire)
    }

    /// Agent: gives the journal what it waits for.
    pub fn give(&self, index: u64, bytes: &[u8]) {
        self.bytes.store(bytes.as_ptr().cast_mut(), Ordering::Relaxed);
        self.length.store(bytes.len(), Ordering::Relaxed);
        self.wanted.store(false, Ordering::Relaxed);
        self.index.store(index, Ordering::Release);
        self.journal.get().inspect(|journal| journal.unpark());
    }

    /// Agent: how far the journal has committed.
    #[inline]
    pub fn persisted(&self) -> u64 {
        self.persisted.load(Ordering::Acquire)
    }

    /// Agent: when the commit of what is persisted returned, on the agent's clock.
    pub fn committed_ns(&self) -> i64 {
        self.committed_ns.load(Ordering::Relaxed)
    }

    /// Agent: this thread is it.
    pub fn begin(&self) {
        self.agent.get_or_init(std::thread::current);
    }

    /// Agent: there will be no further block.
    pub fn end(&self) {
        self.ended.store(true, Ordering::Release);
        self.journal.get().inspect(|journal| journal.unpark());
    }

    /// Asks the agent to finish what it has taken in and end.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.agent.get().inspect(|agent| agent.unpark());
    }

    /// Asks the agent to end at once: the journal has failed.
    pub fn abort(&self) {
        self.aborted.store(true, Ordering::Release);
        self.stop();
    }

    /// Whether [`Handoff::stop`] was called.
    #[inline]
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Whether [`Handoff::abort`] was called.
    #[inline]
    pub fn is_aborted(&self) -> bool {
        self.aborted.load(Ordering::Relaxed)
    }

    /// Journal: whether new commands are refused, because the disk is full.
    pub fn stop_intake(&self, stopped: bool) {
        self.intake_stopped.store(stopped, Ordering::Release);
    }

    /// Agent: the same, read.
    #[inline]
    pub fn is_intake_stopped(&self) -> bool {
        self.intake_stopped.load(Ordering::Relaxed)
    }
}
