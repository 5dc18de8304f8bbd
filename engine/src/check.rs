//! Whether the values of a command make sense by themselves, whatever is in the books.

use crate::command::{Decimal, Instrument, NewOrder, OrdType, Side, TimeInForce};
use crate::event::RejectReason;
use crate::limits::{EXPONENT_MAX, INSTRUMENTS_MAX, PRICE_MAX_TICKS, QUANTITY_MAX_LOTS};

type Checked = Result<(), RejectReason>;

/// A price in ticks.
#[inline]
pub fn price(ticks: i64) -> Checked {
    if (1..=PRICE_MAX_TICKS).contains(&ticks) { Ok(()) } else { Err(RejectReason::InvalidPrice) }
}

/// A quantity in lots.
#[inline]
pub fn quantity(lots: i64) -> Checked {
    if (1..=QUANTITY_MAX_LOTS).contains(&lots) { Ok(()) } else { Err(RejectReason::InvalidQuantity) }
}

/// The terms of a new order, in the order in which a reject names them.
#[inline]
pub fn terms(order: &NewOrder) -> Checked {
    if order.side == Side::NullVal {
        return Err(RejectReason::InvalidSide);
    }
    if !matches!(order.ord_type, OrdType::Market | OrdType::Limit) {
        return Err(RejectReason::InvalidOrdType);
    }
    let immediate = matches!(order.time_in_force, TimeInForce::ImmediateOrCancel | TimeInForce::FillOrKill);
    if !immediate && order.time_in_force != TimeInForce::GoodTillCancel {
        return Err(RejectReason::InvalidTimeInForce);
    }
    match (order.ord_type, order.price) {
        (OrdType::Limit, Some(ticks)) => price(ticks)?,
        // A market order with a price is one that its sender took for a limit order.
        (OrdType::Limit, None) | (_, Some(_)) => return Err(RejectReason::InvalidPrice),
        (_, None) => {}
    }
    quantity(order.quantity)
}

/// The terms of an instrument.
pub fn instrument(terms: &Instrument) -> Checked {
    let sound = terms.id < INSTRUMENTS_MAX && symbol(&terms.symbol) && size(terms.tick_size) && size(terms.lot_size);
    if sound { Ok(()) } else { Err(RejectReason::InvalidInstrument) }
}

fn symbol(bytes: &[u8; 16]) -> bool {
    let length = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    let (text, padding) = bytes.split_at(length);
    !text.is_empty() && text.iter().all(u8::is_ascii_graphic) && padding.iter().all(|&byte| byte == 0)
}

fn size(size: Decimal) -> bool {
    size.mantissa > 0 && (-EXPONENT_MAX..=EXPONENT_MAX).contains(&size.exponent)
}
