//! Trading phases: what an instrument allows at a time, and the uncross that ends an auction.

use super::Done;
use super::controls::Entry;
use crate::command::SetPhase;
use crate::engine::Engine;
use crate::event::{Event, RejectReason};

/// The phase of each book.
#[derive(Debug, Default)]
pub(crate) struct Phases {}

impl Engine {
    pub(crate) fn set_phase(&mut self, _session: u32, _set: &SetPhase, _events: &mut Vec<Event>) -> Done {
        Err(RejectReason::UnknownCommand)
    }

    /// Whether the phase of the instrument allows the order.
    #[inline]
    pub(super) fn check_phase(&mut self, _entry: &Entry) -> Done {
        Ok(())
    }
}
