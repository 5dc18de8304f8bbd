//! Time: the engine has none but the stamps that it is told, and acts on them when a tick comes.

use super::tasks::Steps;
use crate::engine::Engine;
use crate::event::Event;
use crate::logic::VENUE_CONTROLS;

impl Engine {
    /// The stamp of the frame that is executed next; never falls.
    #[inline]
    pub fn set_time(&mut self, time_ns: i64) {
        self.time_ns = self.time_ns.max(time_ns);
    }

    /// The stamp of the latest frame, 0 before the first.
    #[inline]
    pub fn time_ns(&self) -> i64 {
        self.time_ns
    }

    /// Does what time and unfinished work cause, a piece at a time: tasks, then expiries, then scheduled phases.
    pub fn tick(&mut self, events: &mut Vec<Event>) {
        if self.logic_version < VENUE_CONTROLS {
            return;
        }
        let mut steps = Steps::of_frame();
        self.run_tasks(&mut steps, events);
        self.expire(&mut steps, events);
        self.run_schedule(&mut steps, events);
    }

    /// The earliest time at which a tick would do something; `i64::MIN` while work is unfinished.
    pub fn next_due(&self) -> Option<i64> {
        if !self.tasks.is_empty() {
            return Some(i64::MIN);
        }
        self.expiries.next_due().into_iter().chain(self.schedule.next_due()).min()
    }
}
