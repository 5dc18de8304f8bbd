//! New orders, short and extended.

use super::Done;
use super::controls::Entry;
use crate::book::Taker;
use crate::check;
use crate::command::{Attributes, ExtendedOrder, NewOrder, OrdType, TimeInForce};
use crate::engine::Engine;
use crate::event::{Accepted, CancelReason, Cancelled, Event, RejectReason};
use crate::ladder::{ladder_of, mirror, opposite};
use crate::logic::{CL_ORD_ID_ZERO_REFUSED, VENUE_CONTROLS};

/// Of a market order: any price will do.
const NO_LIMIT: u64 = u64::MAX;

impl Engine {
    pub(crate) fn new_order(&mut self, session: u32, order: &NewOrder, events: &mut Vec<Event>) -> Done {
        let book = self.books.find(order.instrument).ok_or(RejectReason::UnknownInstrument)?;
        check::terms(order)?;
        self.check_cl_ord_id(order.cl_ord_id)?;
        if self.books.order(session, order.cl_ord_id).is_some() {
            return Err(RejectReason::DuplicateClOrdId);
        }
        if self.logic_version >= VENUE_CONTROLS {
            self.check_controls(&Entry::of_new(session, book, order, &Attributes::NONE))?;
        }
        let may_rest = order.ord_type == OrdType::Limit && order.time_in_force == TimeInForce::GoodTillCancel;
        if may_rest && self.books.orders.live() >= self.orders_max {
            return Err(RejectReason::BookFull);
        }
        self.last_order_id += 1;
        let ladder = ladder_of(book, order.side);
        let mut taker = Taker {
            order_id: self.last_order_id,
            cl_ord_id: order.cl_ord_id,
            session,
            ladder,
            leaves: order.quantity,
            limit: order.price.map_or(NO_LIMIT, |price| mirror(opposite(ladder), price as u64)),
        };
        self.outcome(events).emit(Event::Accepted(Accepted {
            order_id: taker.order_id,
            cl_ord_id: order.cl_ord_id,
            price: order.price,
            quantity: order.quantity,
            session,
            instrument: order.instrument,
            account: order.account,
            side: order.side,
            ord_type: order.ord_type,
            time_in_force: order.time_in_force,
        }));
        if order.time_in_force != TimeInForce::FillOrKill || self.books.would_fill(&taker) {
            self.trade(&mut taker, events);
        }
        match order.price {
            _ if taker.leaves == 0 => {}
            Some(price) if may_rest => {
                self.books.rest(&taker, price, order.quantity - taker.leaves, order.account);
            }
            _ => self.outcome(events).emit(Event::Cancelled(Cancelled {
                order_id: taker.order_id,
                cl_ord_id: taker.cl_ord_id,
                quantity: taker.leaves,
                session,
                instrument: order.instrument,
                reason: CancelReason::Unfilled,
            })),
        }
        Ok(())
    }

    pub(crate) fn new_order_extended(
        &mut self,
        _session: u32,
        _extended: &ExtendedOrder,
        _events: &mut Vec<Event>,
    ) -> Done {
        Err(RejectReason::UnknownCommand)
    }

    #[inline]
    pub(super) fn check_cl_ord_id(&self, cl_ord_id: u64) -> Done {
        let refused = cl_ord_id == 0 && self.logic_version >= CL_ORD_ID_ZERO_REFUSED;
        if refused { Err(RejectReason::InvalidClOrdId) } else { Ok(()) }
    }
}
