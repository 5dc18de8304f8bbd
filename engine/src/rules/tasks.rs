//! Work in pieces: what a command began and a tick goes on with, the oldest first.
//!
//! A frame, be it a command, a tick or the end of a logon, takes at most [`PIECE_MAX`] steps. A command's own work runs
//! in its frame, whatever waits: it is put at the end of the queue, and the end of the frame runs the queue from there.

use super::kill_switch::AccountSweep;
use crate::engine::Engine;
use crate::event::{CancelReason, Event};
use crate::limits::PIECE_MAX;
use crate::orders::NONE;
use crate::rules::mass_cancel::MassCancelling;
use crate::rules::phases::{PhaseChange, PhaseChanging};
use std::collections::VecDeque;
use std::mem::discriminant;

/// Work that is not finished. A task never touches an order that was accepted after it began, but for the stops that
/// it triggers.
#[derive(Debug)]
pub(crate) enum Task {
    /// A session's orders that are meant are cancelled, and counted.
    MassCancel(MassCancelling),
    /// All orders of a session up to an id are cancelled.
    CancelSession { session: u32, last_order_id: u64, reason: CancelReason },
    /// All orders of an account are cancelled.
    CancelAccount(AccountSweep),
    /// The Day orders of a book up to an id are cancelled.
    EndDay { book: u32, last_order_id: u64 },
    /// Stops of a book whose price has come are triggered.
    SearchStops { book: u32 },
    /// The phases of all instruments are changed.
    ChangePhases(PhaseChanging),
}

/// Tasks in the order in which they began, and what the frame has done so far.
#[derive(Debug, Default)]
pub(crate) struct Tasks {
    queue: VecDeque<Task>,
    /// How many at the end of the queue the frame has begun itself.
    begun: usize,
    /// Steps that the frame has taken.
    steps: u32,
    /// Whether it has begun work or taken steps.
    touched: bool,
}

impl Tasks {
    /// Puts work behind all other; the frame that begins it goes on with it if it has steps left. Work without
    /// anything to do is not begun.
    pub(super) fn begin(&mut self, task: Task) {
        self.queue.push_back(task);
        self.begun += 1;
        self.touched = true;
    }

    /// Unfinished work, the oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Task> {
        self.queue.iter()
    }

    /// Puts work of an earlier frame behind all other.
    pub(crate) fn put_back(&mut self, task: Task) {
        self.queue.push_back(task);
    }

    /// Something newer is said of an instrument than what changes of all that are under way say of the same.
    pub(super) fn spare(&mut self, instrument: u32, newer: PhaseChange) {
        for task in &mut self.queue {
            if let Task::ChangePhases(changing) = task
                && discriminant(&changing.change) == discriminant(&newer)
                && changing.next <= instrument
            {
                changing.spared.insert(instrument);
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Whether the frame has no step left.
    pub(super) fn is_spent(&self) -> bool {
        self.steps >= PIECE_MAX
    }

    /// Takes a step of the frame: an order looked at, a stop triggered, an expiry, an instrument's phase is one each.
    pub(super) fn step(&mut self) {
        debug_assert!(!self.is_spent(), "whoever takes a step has asked");
        self.steps += 1;
        self.touched = true;
    }
}

impl Engine {
    /// Ends the frame of a command or of the end of a logon: runs what it has begun, as far as its steps go.
    #[inline]
    pub(crate) fn end_frame(&mut self, events: &mut Vec<Event>) {
        if self.tasks.touched {
            let first = self.tasks.queue.len() - self.tasks.begun;
            self.run_tasks(first, events);
            self.forget_frame();
        }
    }

    /// The next frame has all its steps.
    pub(super) fn forget_frame(&mut self) {
        (self.tasks.begun, self.tasks.steps, self.tasks.touched) = (0, 0, false);
    }

    /// Runs the tasks from the given place on, one after the other, as far as the frame's steps go.
    #[cold]
    pub(super) fn run_tasks(&mut self, first: usize, events: &mut Vec<Event>) {
        while !self.tasks.is_spent() && first < self.tasks.queue.len() {
            let mut task = self.tasks.queue.remove(first).expect("there is one at that place");
            let finished = self.go_on(&mut task, events);
            if !finished {
                // What the task has begun meanwhile lies behind its place.
                self.tasks.queue.insert(first, task);
            }
        }
    }

    /// Goes on with one task, a step each, until it has nothing more to do, which takes none, or the steps are spent.
    /// True if it is finished.
    fn go_on(&mut self, task: &mut Task, events: &mut Vec<Event>) -> bool {
        match *task {
            Task::MassCancel(ref mut cancelling) => self.go_on_mass_cancel(cancelling, events),
            Task::CancelSession { session, last_order_id, reason } => {
                self.cancel_session(session, last_order_id, reason, events)
            }
            Task::CancelAccount(ref mut sweep) => self.cancel_account(sweep, events),
            Task::EndDay { book, last_order_id } => self.end_day(book, last_order_id, events),
            Task::SearchStops { book } => self.search_stops(book, events),
            Task::ChangePhases(ref mut changing) => self.go_on_change_phases(changing, events),
        }
    }

    /// Begins to cancel all live orders of a session, the oldest first.
    pub(super) fn begin_cancel_session(&mut self, session: u32, reason: CancelReason) {
        if self.has_orders(session) {
            let last_order_id = self.last_order_id;
            self.tasks.begin(Task::CancelSession { session, last_order_id, reason });
        }
    }

    fn cancel_session(
        &mut self,
        session: u32,
        last_order_id: u64,
        reason: CancelReason,
        events: &mut Vec<Event>,
    ) -> bool {
        loop {
            let oldest = self.books.oldest_of(session);
            if oldest == NONE || self.books.orders[oldest].order_id > last_order_id {
                return true;
            }
            if self.tasks.is_spent() {
                return false;
            }
            self.tasks.step();
            self.cancel_live(oldest, reason, events);
        }
    }
}
