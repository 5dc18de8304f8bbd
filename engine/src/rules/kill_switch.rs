//! Kill switches of sessions and accounts: no new orders or replaces, and the live orders go.

use super::Done;
use super::limits::named;
use super::tasks::Task;
use crate::command::SetKillSwitch;
use crate::engine::Engine;
use crate::event::{CancelReason, Event, RejectReason};
use crate::limits::PIECE_MAX;
use crate::orders::NONE;
use crate::risk::Scope;
use messages::set_kill_switch_codec;

/// How far the cancelling of an account's orders has come: all orders of the venue are looked at, by session, then by
/// order id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AccountSweep {
    pub account: u32,
    /// Orders accepted after it began are not looked at.
    pub last_order_id: u64,
    /// Whose orders it looks at.
    pub session: u32,
    /// Between two frames: the mark of the order that it looks at next.
    pub mark: Option<usize>,
}

impl Engine {
    pub(crate) fn set_kill_switch(&mut self, session: u32, switch: &SetKillSwitch, events: &mut Vec<Event>) -> Done {
        let scope = named(switch.scope, switch.id)?;
        let engaged = switch.engaged.ok_or(RejectReason::InvalidLimits)?;
        let entry = self.entry(scope, switch.id)?;
        self.risk.entries[entry].killed = engaged;
        self.administered(session, set_kill_switch_codec::SBE_TEMPLATE_ID, switch.id, events);
        match scope {
            _ if !engaged => {}
            Scope::Session => self.begin_cancel_session(switch.id, CancelReason::KillSwitch),
            Scope::Account => self.begin_cancel_account(switch.id),
        }
        Ok(())
    }

    fn begin_cancel_account(&mut self, account: u32) {
        if self.live_orders() != 0 {
            let last_order_id = self.last_order_id;
            let sweep = AccountSweep { account, last_order_id, session: 0, mark: None };
            self.tasks.begin(Task::CancelAccount(sweep));
        }
    }

    /// Goes on with the cancelling of an account's orders, a step for each order looked at. True if it is finished.
    pub(super) fn cancel_account(&mut self, sweep: &mut AccountSweep, events: &mut Vec<Event>) -> bool {
        let mut at = match sweep.mark.take() {
            Some(mark) => self.books.owners.unmark(mark),
            None => self.books.oldest_of(sweep.session),
        };
        let mut sessions = Vec::new();
        loop {
            if at == NONE || self.books.orders[at].order_id > sweep.last_order_id {
                let Some(session) = self.next_session(sweep.session, &mut sessions) else { return true };
                sweep.session = session;
                at = self.books.oldest_of(session);
                continue;
            }
            let order = self.books.orders[at];
            if self.tasks.is_spent() {
                sweep.mark = Some(self.books.owners.mark(at));
                return false;
            }
            self.tasks.step();
            if order.account == sweep.account {
                self.cancel_live(at, CancelReason::KillSwitch, events);
            }
            at = order.owner_next;
        }
    }

    /// The session after one, of those with live orders. `sessions` are a few of them, the next last, and filled again
    /// when they are used up.
    fn next_session(&self, after: u32, sessions: &mut Vec<u32>) -> Option<u32> {
        if sessions.is_empty() {
            *sessions = self.books.owners.sessions_from(after.checked_add(1)?, PIECE_MAX as usize);
            sessions.reverse();
        }
        sessions.pop()
    }
}
