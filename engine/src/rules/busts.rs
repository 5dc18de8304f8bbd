//! Busts: the latest trades are remembered, so that one can be voided.

use super::Done;
use crate::command::BustTrade;
use crate::engine::Engine;
use crate::event::{Event, RejectReason};

/// The trades that can be voided.
#[derive(Debug, Default)]
pub(crate) struct Busts {}

impl Engine {
    pub(crate) fn bust_trade(&mut self, _session: u32, _bust: &BustTrade, _events: &mut Vec<Event>) -> Done {
        Err(RejectReason::UnknownCommand)
    }
}
