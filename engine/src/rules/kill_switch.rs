//! Kill switches of sessions and accounts.

use super::Done;
use crate::command::SetKillSwitch;
use crate::engine::Engine;
use crate::event::{Event, RejectReason};

impl Engine {
    pub(crate) fn set_kill_switch(&mut self, _session: u32, _switch: &SetKillSwitch, _events: &mut Vec<Event>) -> Done {
        Err(RejectReason::UnknownCommand)
    }
}
