//! Mass cancels: a session's own orders, the oldest first.

use super::Done;
use crate::command::{MassCancel, OptionalSide, Side};
use crate::engine::Engine;
use crate::event::{CancelReason, Event, MassCancelResponse, MassCancelled, RejectReason};
use crate::ladder::side_of;
use crate::logic::VENUE_CONTROLS;
use crate::orders::NONE;
use crate::rules::tasks::Task;

/// A mass cancel under way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MassCancelling {
    pub session: u32,
    pub instrument: Option<u32>,
    pub side: Option<Side>,
    pub account: Option<u32>,
    /// Orders accepted after it began are not looked at.
    pub last_order_id: u64,
    pub affected: u32,
    /// Between two frames: the mark of the order that it looks at next.
    pub mark: Option<usize>,
}

impl Engine {
    pub(crate) fn mass_cancel(&mut self, session: u32, cancel: &MassCancel, events: &mut Vec<Event>) -> Done {
        if cancel.instrument.is_some_and(|instrument| self.books.find(instrument).is_none()) {
            return Err(RejectReason::UnknownInstrument);
        }
        let side = match cancel.side {
            OptionalSide::Both => None,
            OptionalSide::Buy => Some(Side::Buy),
            OptionalSide::Sell => Some(Side::Sell),
            OptionalSide::NullVal => return Err(RejectReason::InvalidSide),
        };
        let account = cancel.account.filter(|_| self.logic_version >= VENUE_CONTROLS);
        let instrument = cancel.instrument;
        let last_order_id = self.last_order_id;
        let mut cancelling =
            MassCancelling { session, instrument, side, account, last_order_id, affected: 0, mark: None };
        if self.logic_version >= VENUE_CONTROLS {
            self.tasks.begin(Task::MassCancel(cancelling));
        } else {
            let mut at = self.books.oldest_of(session);
            while at != NONE {
                at = self.look_at(at, &mut cancelling, events);
            }
            self.tell_mass_cancelled(&cancelling, MassCancelResponse::Completed, events);
        }
        Ok(())
    }

    /// Goes on with a mass cancel, as far as the frame's steps go. True if it is finished.
    pub(super) fn go_on_mass_cancel(&mut self, cancelling: &mut MassCancelling, events: &mut Vec<Event>) -> bool {
        let mark = cancelling.mark.take();
        let mut at = match mark {
            Some(mark) => self.books.owners.unmark(mark),
            None => self.books.oldest_of(cancelling.session),
        };
        while at != NONE && self.books.orders[at].order_id <= cancelling.last_order_id {
            if self.tasks.is_spent() {
                if mark.is_none() {
                    self.tell_mass_cancelled(cancelling, MassCancelResponse::Accepted, events);
                }
                cancelling.mark = Some(self.books.owners.mark(at));
                return false;
            }
            self.tasks.step();
            at = self.look_at(at, cancelling, events);
        }
        self.tell_mass_cancelled(cancelling, MassCancelResponse::Completed, events);
        true
    }

    /// Cancels an order if it is meant. The session's next order.
    fn look_at(&mut self, at: u32, cancelling: &mut MassCancelling, events: &mut Vec<Event>) -> u32 {
        let order = &self.books.orders[at];
        let next = order.owner_next;
        let meant = cancelling.instrument.is_none_or(|instrument| instrument == self.books.instrument(at))
            && cancelling.account.is_none_or(|account| account == order.account)
            && cancelling.side.is_none_or(|side| side == side_of(self.books.ladder(at)));
        if meant {
            self.cancel_live(at, CancelReason::Requested, events);
            cancelling.affected += 1;
        }
        next
    }

    fn tell_mass_cancelled(
        &mut self,
        cancelling: &MassCancelling,
        response: MassCancelResponse,
        events: &mut Vec<Event>,
    ) {
        let MassCancelling { affected, session, .. } = *cancelling;
        self.outcome(events).emit(Event::MassCancelled(MassCancelled { affected, session, response }));
    }
}
