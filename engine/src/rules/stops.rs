//! Stop orders: they wait until the last price reaches theirs, and trade then, one after the other. Each may move the last
//! price, so the search begins anew with each.

use crate::check;
use crate::command::{Attributes, NewOrder, OrdType, Side};
use crate::engine::Engine;
use crate::event::{CancelReason, Event, Triggered};
use crate::ladder::{book_of, ladder_of, mirror, opposite, side_of};
use crate::rules::tasks::Task;
use crate::special::Special;
use crate::taker::Taker;

impl Engine {
    /// Has a stop order that was accepted wait, or triggers it at once.
    #[cold]
    pub(super) fn enter_stop(
        &mut self,
        taker: &Taker,
        order: &NewOrder,
        attributes: &Attributes,
        events: &mut Vec<Event>,
    ) {
        let special = Special::of(order, attributes, taker.ladder);
        let slot = self.books.wait(taker, special);
        self.tell_entered(slot);
        self.trigger_if_reached(slot, events);
    }

    /// Gives a stop order that waits a new price, which is its stop price if it has no other, and other leaves.
    pub(super) fn replace_waiting(&mut self, slot: u32, price: i64, leaves: i64, events: &mut Vec<Event>) {
        self.tell_changed(slot, leaves);
        let order = &mut self.books.orders[slot];
        order.leaves = leaves;
        let (at, order_id) = (order.special(), order.order_id);
        let special = &mut self.books.specials[at];
        if special.ord_type == OrdType::StopLimit {
            special.price = price;
        } else if special.stop_price != price {
            self.books.specials.stop_waiting(at);
            self.books.specials[at].stop_price = price;
            self.books.specials.wait(at, order_id);
            self.trigger_if_reached(slot, events);
        }
    }

    /// The first step of the frame of a stop order that the last price has reached already. If it trades, others may follow.
    fn trigger_if_reached(&mut self, slot: u32, events: &mut Vec<Event>) {
        let ladder = self.books.ladder(slot);
        let special = &self.books.specials[self.books.orders[slot].special()];
        let Some(last) = self.trades.last_price(book_of(ladder)) else { return };
        let reached = match side_of(ladder) {
            Side::Sell => last <= special.stop_price,
            _ => last >= special.stop_price,
        };
        if reached && self.trades_now(book_of(ladder)) {
            self.tasks.step();
            if self.trigger(slot, events) {
                self.begin_stop_search(book_of(ladder));
            }
        }
    }

    /// Begins to trigger the stops of a book if one is reached: after trades, and when the book has become `Continuous`.
    #[cold]
    pub(super) fn begin_stop_search(&mut self, book: u32) {
        if self.first_reached(book).is_some() {
            self.tasks.begin(Task::SearchStops { book });
        }
    }

    /// The stop order that is triggered next: of buys the lowest, of sells the highest, the oldest of one price.
    fn first_reached(&self, book: u32) -> Option<u32> {
        let last = self.trades.last_price(book)?;
        let reached = |side| self.books.specials.reached(ladder_of(book, side), last);
        reached(Side::Buy).or_else(|| reached(Side::Sell))
    }

    /// Triggers the stops that are reached, as far as the frame's steps go. True if none is left.
    pub(super) fn search_stops(&mut self, book: u32, events: &mut Vec<Event>) -> bool {
        while self.trades_now(book)
            && let Some(slot) = self.first_reached(book)
        {
            if self.tasks.is_spent() {
                return false;
            }
            self.tasks.step();
            if self.books.is_due(slot, self.time_ns) {
                self.cancel_live(slot, CancelReason::Expired, events);
            } else {
                self.trigger(slot, events);
            }
        }
        true
    }

    /// Has a stop order that waited trade as what it becomes, a market or a limit order. True if there was a trade.
    fn trigger(&mut self, slot: u32, events: &mut Vec<Event>) -> bool {
        let order = self.books.orders[slot];
        let ladder = self.books.ladder(slot);
        let (book, side) = (book_of(ladder), side_of(ladder));
        let instrument = self.books.instrument(slot);
        self.outcome(events).emit(Event::Triggered(Triggered {
            order_id: order.order_id,
            cl_ord_id: order.cl_ord_id,
            session: order.session,
            instrument,
        }));
        let special = self.books.specials[order.special()];
        let price = (special.ord_type == OrdType::StopLimit).then_some(special.price);
        let limit = self.limit_of_market(book, side, ladder);
        let asked = price.map(|price| mirror(opposite(ladder), price as u64));
        if asked.is_some_and(|asked| asked > limit) {
            self.cancel_live(slot, CancelReason::Collar, events);
            return false;
        }
        let mut taker = Taker { limit: asked.unwrap_or(limit), ..self.books.live_taker(slot, ladder) };
        if let Some(reason) = self.asks_too_much(&taker, special.time_in_force, None) {
            self.cancel_live(slot, reason, events);
            return false;
        }
        self.tell_left(slot);
        self.books.leave_queue(slot);
        let traded = self.trade(&mut taker, events);
        match price {
            Some(price) if taker.leaves > 0 && check::stays(special.time_in_force) => {
                // From here on it is like any limit order.
                self.books.specials[order.special()].become_limit();
                let filled = order.leaves - taker.leaves - taker.lost;
                self.books.resume(slot, ladder, price, filled, taker.leaves);
                self.tell_entered(slot);
            }
            _ => {
                self.books.forget(slot);
                if taker.leaves > 0 {
                    self.cancel_taker(&taker, self.unfilled(&taker, price), events);
                }
            }
        }
        traded
    }
}
