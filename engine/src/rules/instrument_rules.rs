//! Rules of instruments: price bands, collars and the largest order.

use super::Done;
use super::controls::Entry;
use crate::command::{SetInstrumentRules, Side};
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

    /// The worst price, in ticks, at which a market order, or a stop order once triggered, may trade, if there is a
    /// collar and something that it is counted from.
    #[inline]
    pub(super) fn collar_limit(&self, _book: u32, _side: Side) -> Option<i64> {
        None
    }

    /// Whether the rules of the instrument allow the order.
    #[inline]
    pub(super) fn check_instrument_rules(&mut self, _entry: &Entry) -> Done {
        Ok(())
    }
}
