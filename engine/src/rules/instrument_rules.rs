//! Rules of instruments: price bands, collars and the largest order. They are looked at where an order comes in or changes; what is
//! in the book already stays.

use super::Done;
use super::controls::Entry;
use crate::command::{OrdType, SetInstrumentRules, Side};
use crate::engine::Engine;
use crate::event::{Event, RejectReason};
use crate::limits::{PRICE_MAX_TICKS, QUANTITY_MAX_LOTS};
use crate::optional::Optional;
use messages::set_instrument_rules_codec;

/// The rules of each book.
#[derive(Debug, Default)]
pub(crate) struct InstrumentRules {
    /// By book, as they were set last; beyond its end there are none.
    by_book: Vec<SetInstrumentRules>,
}

impl InstrumentRules {
    pub(crate) fn of(&self, book: u32) -> Option<&SetInstrumentRules> {
        self.by_book.get(book as usize)
    }

    /// Whether a book may have any.
    #[inline]
    pub(super) fn any(&self, book: u32) -> bool {
        (book as usize) < self.by_book.len()
    }

    pub(crate) fn set(&mut self, book: u32, rules: &SetInstrumentRules) {
        let place = book as usize;
        if self.by_book.len() <= place {
            self.by_book.resize(place + 1, NO_RULES);
        }
        self.by_book[place] = *rules;
    }
}

pub(crate) const NO_RULES: SetInstrumentRules = SetInstrumentRules {
    instrument: 0,
    band_low: Optional::NONE,
    band_high: Optional::NONE,
    collar: Optional::NONE,
    reference_price: Optional::NONE,
    order_quantity_max: Optional::NONE,
    order_value_max: Optional::NONE,
};

pub(crate) fn are_sound(rules: &SetInstrumentRules) -> bool {
    let within = |value: Optional, max| value.get().is_none_or(|value| (1..=max).contains(&value));
    let band = rules.band_low.get().zip(rules.band_high.get());
    band.is_none_or(|(low, high)| low <= high)
        && [rules.band_low, rules.band_high, rules.collar, rules.reference_price]
            .into_iter()
            .all(|price| within(price, PRICE_MAX_TICKS))
        && within(rules.order_quantity_max, QUANTITY_MAX_LOTS)
        && within(rules.order_value_max, i64::MAX)
}

impl Engine {
    pub(crate) fn set_instrument_rules(
        &mut self,
        session: u32,
        rules: &SetInstrumentRules,
        events: &mut Vec<Event>,
    ) -> Done {
        let book = self.books.find(rules.instrument).ok_or(RejectReason::UnknownInstrument)?;
        if !are_sound(rules) {
            return Err(RejectReason::InvalidRules);
        }
        self.instrument_rules.set(book, rules);
        self.administered(session, set_instrument_rules_codec::SBE_TEMPLATE_ID, rules.instrument, events);
        Ok(())
    }

    /// Whether the rules of the instrument allow the order.
    #[inline]
    pub(super) fn check_instrument_rules(&mut self, entry: &Entry) -> Done {
        self.instrument_rules.of(entry.book).map_or(Ok(()), |rules| self.keeps_to(rules, entry))
    }

    fn keeps_to(&self, rules: &SetInstrumentRules, entry: &Entry) -> Done {
        let (low, high) = (rules.band_low.raw(), rules.band_high.get().unwrap_or(i64::MAX));
        let stop_price = entry.attributes.stop_price.get();
        if !entry.price.into_iter().chain(stop_price).all(|price| (low..=high).contains(&price)) {
            return Err(RejectReason::OutsidePriceBand);
        }
        if let (OrdType::Limit, Some(price)) = (entry.ord_type, entry.price)
            && self.trades_now(entry.book)
            && !self.within_collar(entry.book, entry.side, price)
        {
            return Err(RejectReason::OutsideCollar);
        }
        if rules.order_quantity_max.get().is_some_and(|max| entry.quantity > max) {
            return Err(RejectReason::QuantityAboveMaximum);
        }
        let value = || self.value_of(entry);
        if rules.order_value_max.get().is_some_and(|max| value().is_some_and(|value| value > max.into())) {
            return Err(RejectReason::ValueAboveMaximum);
        }
        Ok(())
    }

    /// What an order is worth at its price, its stop price, or what counts as the price of its book, in ticks × lots;
    /// none if there is no price.
    pub(super) fn value_of(&self, entry: &Entry) -> Option<i128> {
        let price = entry.price.or(entry.attributes.stop_price.get()).or_else(|| self.price_reference(entry.book))?;
        Some(i128::from(price) * i128::from(entry.quantity))
    }

    /// The last price of a book, or until there is one its reference price.
    pub(super) fn price_reference(&self, book: u32) -> Option<i64> {
        self.trades.last_price(book).or_else(|| self.instrument_rules.of(book)?.reference_price.get())
    }

    /// The worst price, in ticks, at which a market order, or a stop order once triggered, may trade, if there is a
    /// collar and something that it is counted from.
    #[inline]
    pub(super) fn collar_limit(&self, book: u32, side: Side) -> Option<i64> {
        let collar = self.instrument_rules.of(book)?.collar.get()?;
        let reference = self.price_reference(book)?;
        let worst = if side == Side::Buy { reference + collar } else { reference - collar };
        Some(worst.clamp(1, PRICE_MAX_TICKS))
    }

    /// Whether a limit order at the price, in ticks, would trade no further than the collar.
    pub(super) fn within_collar(&self, book: u32, side: Side, price: i64) -> bool {
        let limit = self.collar_limit(book, side);
        limit.is_none_or(|limit| if side == Side::Buy { price <= limit } else { price >= limit })
    }
}
