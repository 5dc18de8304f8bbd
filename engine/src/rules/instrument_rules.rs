//! Rules of instruments: price bands, collars and the largest order.

use super::Done;
use super::controls::Entry;
use crate::command::SetInstrumentRules;
use crate::engine::Engine;
use crate::event::{Event, RejectReason};

/// The rules of each book.
#[derive(Debug, Default)]
pub(crate) struct InstrumentRules {}

impl Engine {
    pub(crate) fn set_instrument_rules(
        &mut self,
        _session: u32,
        _rules: &SetInstrumentRules,
        _events: &mut Vec<Event>,
    ) -> Done {
        Err(RejectReason::UnknownCommand)
    }

    /// Whether the rules of the instrument allow the order.
    #[inline]
    pub(super) fn check_instrument_rules(&mut self, _entry: &Entry) -> Done {
        Ok(())
    }
}
