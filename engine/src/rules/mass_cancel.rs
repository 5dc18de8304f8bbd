//! Mass cancels: a session's own orders, the oldest first.

use super::Done;
use crate::command::{MassCancel, OptionalSide, Side};
use crate::engine::Engine;
use crate::event::{CancelReason, Event, MassCancelResponse, MassCancelled, RejectReason};
use crate::ladder::side_of;
use crate::logic::VENUE_CONTROLS;
use crate::orders::NONE;

impl Engine {
    pub(crate) fn mass_cancel(&mut self, session: u32, cancel: &MassCancel, events: &mut Vec<Event>) -> Done {
        if cancel.instrument.is_some_and(|instrument| self.books.find(instrument).is_none()) {
            return Err(RejectReason::UnknownInstrument);
        }
        let only = match cancel.side {
            OptionalSide::Both => None,
            OptionalSide::Buy => Some(Side::Buy),
            OptionalSide::Sell => Some(Side::Sell),
            OptionalSide::NullVal => return Err(RejectReason::InvalidSide),
        };
        let account = cancel.account.filter(|_| self.logic_version >= VENUE_CONTROLS);
        let mut affected = 0;
        let mut at = self.books.oldest_of(session);
        while at != NONE {
            let next = self.books.orders[at].owner_next;
            let wanted = cancel.instrument.is_none_or(|instrument| instrument == self.books.instrument(at))
                && account.is_none_or(|account| account == self.books.orders[at].account)
                && only.is_none_or(|side| side == side_of(self.books.ladder(at)));
            if wanted {
                self.cancel_live(at, CancelReason::Requested, events);
                affected += 1;
            }
            at = next;
        }
        let response = MassCancelResponse::Completed;
        self.outcome(events).emit(Event::MassCancelled(MassCancelled { affected, session, response }));
        Ok(())
    }
}
