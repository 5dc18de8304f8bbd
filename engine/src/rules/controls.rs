//! What a new order or a replace must pass before its book: the instrument's phase, its rules, then the limits of who
//! sends it. The first that fails is the reason of the reject.

use super::Done;
use crate::book::Books;
use crate::command::{Attributes, NewOrder, OrdType, ReplaceOrder, Side, TimeInForce};
use crate::engine::Engine;
use crate::ladder::{book_of, side_of};
use crate::logic::VENUE_CONTROLS;
use crate::special::Special;

/// An order as it would be entered.
pub(super) struct Entry {
    pub session: u32,
    pub account: u32,
    pub book: u32,
    pub side: Side,
    pub ord_type: OrdType,
    pub time_in_force: TimeInForce,
    /// In ticks; none of a market or a stop order that has no limit.
    pub price: Option<i64>,
    /// In lots; of a replace the new total, what is filled included.
    pub quantity: i64,
    pub attributes: Attributes,
    /// Of a replace: the slot of the live order.
    pub replaced: Option<u32>,
}

impl Entry {
    #[inline]
    pub fn of_new(session: u32, book: u32, order: &NewOrder, attributes: &Attributes) -> Self {
        Self {
            session,
            account: order.account,
            book,
            side: order.side,
            ord_type: order.ord_type,
            time_in_force: order.time_in_force,
            price: order.price,
            quantity: order.quantity,
            attributes: *attributes,
            replaced: None,
        }
    }

    /// A live order as it would be on its new terms.
    #[inline]
    pub fn of_replace(books: &Books, slot: u32, replace: &ReplaceOrder) -> Self {
        let order = &books.orders[slot];
        let ladder = books.ladder(slot);
        let mut entry = Self {
            session: order.session,
            account: order.account,
            book: book_of(ladder),
            side: side_of(ladder),
            ord_type: OrdType::Limit,
            time_in_force: TimeInForce::GoodTillCancel,
            price: Some(replace.price),
            quantity: replace.quantity,
            attributes: Attributes::NONE,
            replaced: Some(slot),
        };
        if order.is_special() {
            entry.take_over(&books.specials[order.special()]);
        }
        entry
    }

    fn take_over(&mut self, special: &Special) {
        self.ord_type = special.ord_type;
        self.time_in_force = special.time_in_force;
        self.attributes = special.attributes();
        if self.ord_type == OrdType::Stop {
            // It has no price of its own: the new one is that which it waits for.
            self.attributes.stop_price = std::mem::take(&mut self.price).into();
        }
    }
}

impl Engine {
    /// Whether a book has anything that an order must pass. Most have not, and need not say what the order is.
    #[inline]
    pub(super) fn is_controlled(&self, book: u32) -> bool {
        self.logic_version >= VENUE_CONTROLS
            && (!self.trades_now(book) || self.instrument_rules.any(book) || self.risk.watches())
    }

    pub(super) fn check_controls(&mut self, entry: &Entry) -> Done {
        self.check_phase(entry)?;
        self.check_instrument_rules(entry)?;
        self.check_risk(entry)
    }

    /// The order at `slot` has become live.
    #[inline(always)]
    pub(super) fn tell_entered(&mut self, slot: u32) {
        if self.risk.watches() {
            self.risk.entered(self.books.standing(slot));
        }
    }

    /// The order at `slot` is about to be live no more.
    #[inline(always)]
    pub(super) fn tell_left(&mut self, slot: u32) {
        if self.risk.watches() {
            self.risk.left(self.books.standing(slot));
        }
    }

    /// The order at `slot` is about to have other leaves.
    #[inline(always)]
    pub(super) fn tell_changed(&mut self, slot: u32, leaves: i64) {
        if self.risk.watches() {
            self.risk.changed(self.books.standing(slot), leaves);
        }
    }
}
