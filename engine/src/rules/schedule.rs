//! The schedule: phases that are set when their time has come.

use super::Done;
use super::tasks::Steps;
use crate::command::{ClearSchedule, SchedulePhase};
use crate::engine::Engine;
use crate::event::{Event, RejectReason};

/// The scheduled phases of each book.
#[derive(Debug, Default)]
pub(crate) struct Schedule {}

impl Schedule {
    /// The earliest time at which a phase is set.
    pub(super) fn next_due(&self) -> Option<i64> {
        None
    }
}

impl Engine {
    pub(crate) fn schedule_phase(&mut self, _session: u32, _entry: &SchedulePhase, _events: &mut Vec<Event>) -> Done {
        Err(RejectReason::UnknownCommand)
    }

    pub(crate) fn clear_schedule(&mut self, _session: u32, _clear: &ClearSchedule, _events: &mut Vec<Event>) -> Done {
        Err(RejectReason::UnknownCommand)
    }

    /// Sets the phases whose time has come, as far as `steps` go.
    pub(super) fn run_schedule(&mut self, _steps: &mut Steps, _events: &mut Vec<Event>) {}
}
