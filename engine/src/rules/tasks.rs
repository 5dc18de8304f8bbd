//! Work in pieces: what a command began and a tick goes on with, the oldest first.

use crate::engine::Engine;
use crate::event::Event;
use crate::limits::PIECE_MAX;
use std::collections::VecDeque;

/// Work that is not finished. A task never touches an order that was accepted after it began.
#[derive(Debug)]
pub(crate) enum Task {}

/// Tasks in the order in which they began.
#[derive(Debug, Default)]
pub(crate) struct Tasks {
    queue: VecDeque<Task>,
}

impl Tasks {
    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}

/// How much a command or a tick may still do: an order looked at, an expiry, an instrument's phase are a step each.
pub(crate) struct Steps(u32);

impl Steps {
    /// Those of one frame.
    pub(super) fn of_frame() -> Self {
        Self(PIECE_MAX)
    }

    /// Whether there is none left.
    pub(super) fn is_spent(&self) -> bool {
        self.0 == 0
    }
}

impl Engine {
    /// Goes on with the tasks, as far as `steps` go.
    pub(super) fn run_tasks(&mut self, steps: &mut Steps, events: &mut Vec<Event>) {
        while !steps.is_spent() {
            let Some(mut task) = self.tasks.queue.pop_front() else { return };
            if !self.go_on(&mut task, steps, events) {
                self.tasks.queue.push_front(task);
                return;
            }
        }
    }

    /// Goes on with one task. True if it is finished.
    fn go_on(&mut self, task: &mut Task, _steps: &mut Steps, _events: &mut Vec<Event>) -> bool {
        match *task {}
    }
}
