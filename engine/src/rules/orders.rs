//! New orders, short and extended.

use super::Done;
use super::controls::Entry;
use crate::check;
use crate::command::{Attributes, ExtendedOrder, NewOrder, Side};
use crate::engine::Engine;
use crate::event::{Accepted, AcceptedExtended, Event, RejectReason};
use crate::ladder::{ladder_of, mirror, opposite};
use crate::logic::CL_ORD_ID_ZERO_REFUSED;
use crate::special::Special;
use crate::taker::Taker;

/// Of a market order without a collar: any price will do.
const NO_LIMIT: u64 = u64::MAX;

impl Engine {
    pub(crate) fn new_order(&mut self, session: u32, order: &NewOrder, events: &mut Vec<Event>) -> Done {
        let book = self.books.find(order.instrument).ok_or(RejectReason::UnknownInstrument)?;
        check::plain_terms(order, self.logic_version)?;
        self.enter(session, book, order, &Attributes::NONE, events, |order_id| {
            Event::Accepted(Accepted {
                order_id,
                cl_ord_id: order.cl_ord_id,
                price: order.price,
                quantity: order.quantity,
                session,
                instrument: order.instrument,
                account: order.account,
                side: order.side,
                ord_type: order.ord_type,
                time_in_force: order.time_in_force,
            })
        })
    }

    pub(crate) fn new_order_extended(
        &mut self,
        session: u32,
        extended: &ExtendedOrder,
        events: &mut Vec<Event>,
    ) -> Done {
        let ExtendedOrder { order, attributes } = extended;
        let book = self.books.find(order.instrument).ok_or(RejectReason::UnknownInstrument)?;
        check::terms(order, self.logic_version)?;
        check::attributes(order, attributes, self.time_ns)?;
        self.enter(session, book, order, attributes, events, |order_id| {
            Event::AcceptedExtended(AcceptedExtended {
                order_id,
                cl_ord_id: order.cl_ord_id,
                price: order.price.into(),
                quantity: order.quantity,
                attributes: *attributes,
                session,
                instrument: order.instrument,
                account: order.account,
                side: order.side,
                ord_type: order.ord_type,
                time_in_force: order.time_in_force,
            })
        })
    }

    /// Enters an order whose terms make sense; `accepted` tells it.
    #[inline(always)]
    fn enter(
        &mut self,
        session: u32,
        book: u32,
        order: &NewOrder,
        attributes: &Attributes,
        events: &mut Vec<Event>,
        accepted: impl FnOnce(u64) -> Event,
    ) -> Done {
        self.check_cl_ord_id(order.cl_ord_id)?;
        if self.books.order(session, order.cl_ord_id).is_some() {
            return Err(RejectReason::DuplicateClOrdId);
        }
        if self.is_controlled(book) {
            self.check_controls(&Entry::of_new(session, book, order, attributes))?;
        }
        let waits = check::is_stop(order.ord_type);
        let may_rest = check::may_rest(order);
        if (may_rest || waits) && self.books.orders.live() >= self.orders_max {
            return Err(RejectReason::BookFull);
        }
        let mut taker = self.taker(session, book, order, attributes);
        let trades = self.trades_now(book);
        if attributes.instructions.get_post_only() && trades && self.books.would_meet(&taker, self.time_ns) {
            return Err(RejectReason::WouldTrade);
        }
        self.last_order_id += 1;
        taker.order_id = self.last_order_id;
        self.outcome(events).emit(accepted(taker.order_id));
        if waits {
            self.enter_stop(&taker, order, attributes, events);
            return Ok(());
        }
        if trades {
            if let Some(reason) = self.asks_too_much(&taker, order.time_in_force, attributes.minimum_quantity.get()) {
                self.cancel_taker(&taker, reason, events);
                return Ok(());
            }
            self.trade_and_search(&mut taker, events);
        }
        match order.price {
            _ if taker.leaves == 0 => {}
            Some(price) if may_rest => self.rest(&taker, price, order, attributes),
            price => self.cancel_taker(&taker, self.unfilled(&taker, price), events),
        }
        Ok(())
    }

    /// An order on its way into its book, before it has an id.
    #[inline(always)]
    fn taker(&self, session: u32, book: u32, order: &NewOrder, attributes: &Attributes) -> Taker {
        let ladder = ladder_of(book, order.side);
        Taker {
            order_id: 0,
            cl_ord_id: order.cl_ord_id,
            session,
            account: order.account,
            ladder,
            leaves: order.quantity,
            lost: 0,
            limit: match order.price {
                Some(price) => mirror(opposite(ladder), price as u64),
                None => self.limit_of_market(book, order.side, ladder),
            },
            self_trade_group: attributes.self_trade_group,
            prevention: attributes.self_trade_prevention,
        }
    }

    /// Up to which key of the opposite ladder an order without a price trades.
    pub(super) fn limit_of_market(&self, book: u32, side: Side, ladder: u32) -> u64 {
        self.collar_limit(book, side).map_or(NO_LIMIT, |price| mirror(opposite(ladder), price as u64))
    }

    /// Puts what is left of a new order into its book.
    #[inline(always)]
    fn rest(&mut self, taker: &Taker, price: i64, order: &NewOrder, attributes: &Attributes) {
        let filled = order.quantity - taker.leaves - taker.lost;
        let slot = if Special::is_needed(order, attributes) {
            self.books.rest_special(taker, price, filled, Special::of(order, attributes, taker.ladder))
        } else {
            self.books.rest(taker, price, filled)
        };
        self.tell_entered(slot);
    }

    #[inline]
    pub(super) fn check_cl_ord_id(&self, cl_ord_id: u64) -> Done {
        let refused = cl_ord_id == 0 && self.logic_version >= CL_ORD_ID_ZERO_REFUSED;
        if refused { Err(RejectReason::InvalidClOrdId) } else { Ok(()) }
    }
}
