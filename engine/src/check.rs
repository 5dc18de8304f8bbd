//! Whether the values of a command make sense by themselves, whatever is in the books.

use crate::command::{
    Attributes, Decimal, ExecInst, Instrument, NewOrder, Optional, OrdType, SelfTradePrevention, Side, TimeInForce,
};
use crate::event::RejectReason;
use crate::limits::{EXPONENT_MAX, ICEBERG_SLICES_MAX, INSTRUMENTS_MAX, PRICE_MAX_TICKS, QUANTITY_MAX_LOTS};
use crate::logic::VENUE_CONTROLS;

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

/// The terms of a new order without attributes, in the order in which a reject names them.
#[inline]
pub fn plain_terms(order: &NewOrder, logic_version: u32) -> Checked {
    let priced = order.ord_type == OrdType::Limit;
    let usual = (priced || order.ord_type == OrdType::Market)
        && matches!(
            order.time_in_force,
            TimeInForce::GoodTillCancel | TimeInForce::ImmediateOrCancel | TimeInForce::FillOrKill
        );
    if order.side == Side::NullVal || !usual || order.price.is_some() != priced {
        terms(order, logic_version)?;
        return no_attributes(order);
    }
    order.price.map_or(Ok(()), price)?;
    quantity(order.quantity)
}

/// The terms of a new order, in the order in which a reject names them.
#[cold]
pub fn terms(order: &NewOrder, logic_version: u32) -> Checked {
    if order.side == Side::NullVal {
        return Err(RejectReason::InvalidSide);
    }
    let later = logic_version >= VENUE_CONTROLS;
    let priced = match order.ord_type {
        OrdType::Market => false,
        OrdType::Limit => true,
        OrdType::Stop if later => false,
        OrdType::StopLimit if later => true,
        _ => return Err(RejectReason::InvalidOrdType),
    };
    match order.time_in_force {
        TimeInForce::GoodTillCancel | TimeInForce::ImmediateOrCancel | TimeInForce::FillOrKill => {}
        TimeInForce::Day | TimeInForce::GoodTillDate if later => {}
        _ => return Err(RejectReason::InvalidTimeInForce),
    }
    match order.price {
        Some(ticks) if priced => price(ticks)?,
        None if !priced => {}
        // A market order with a price is one that its sender took for a limit order.
        _ => return Err(RejectReason::InvalidPrice),
    }
    quantity(order.quantity)
}

/// The attributes that an order needs, if it has none.
fn no_attributes(order: &NewOrder) -> Checked {
    if is_stop(order.ord_type) {
        Err(RejectReason::InvalidStopPrice)
    } else if order.time_in_force == TimeInForce::GoodTillDate {
        Err(RejectReason::InvalidExpireTime)
    } else {
        Ok(())
    }
}

/// The attributes of a new order, whose terms make sense, in the order in which a reject names them.
pub fn attributes(order: &NewOrder, attributes: &Attributes, now_ns: i64) -> Checked {
    let sound = |holds: bool, reason| if holds { Ok(()) } else { Err(reason) };
    let (stops, rests) = (is_stop(order.ord_type), may_rest(order));
    let kills = order.time_in_force == TimeInForce::FillOrKill;
    let some = |value: Optional, holds: &dyn Fn(i64) -> bool| value.get().is_none_or(holds);
    let minimum = attributes.minimum_quantity;

    let stop_price = attributes.stop_price;
    sound(
        stops != stop_price.is_none() && some(stop_price, &|ticks| price(ticks).is_ok()),
        RejectReason::InvalidStopPrice,
    )?;
    let display_fits = |lots: i64| rests && displays(lots, order.quantity) && lots <= order.quantity;
    sound(some(attributes.display_quantity, &display_fits), RejectReason::InvalidDisplayQuantity)?;
    let minimum_fits = |lots: i64| !kills && !stops && (1..=order.quantity).contains(&lots);
    sound(some(minimum, &minimum_fits), RejectReason::InvalidMinimumQuantity)?;
    let dated = order.time_in_force == TimeInForce::GoodTillDate;
    sound(
        dated != attributes.expire_time_ns.is_none() && some(attributes.expire_time_ns, &|time_ns| time_ns > now_ns),
        RejectReason::InvalidExpireTime,
    )?;
    let prevention = attributes.self_trade_prevention;
    let mut known = ExecInst(0);
    known.set_post_only(attributes.instructions.get_post_only());
    let may_post = rests && !stops && minimum.is_none();
    let may_decrement = !kills && minimum.is_none();
    sound(
        attributes.instructions == known
            && (!known.get_post_only() || may_post)
            && prevention != SelfTradePrevention::NullVal
            && (prevention != SelfTradePrevention::Decrement || may_decrement),
        RejectReason::InvalidInstructions,
    )
}

/// Whether an iceberg of so much may show so much at a time.
pub fn displays(display_quantity: i64, quantity: i64) -> bool {
    display_quantity >= 1 && display_quantity.saturating_mul(ICEBERG_SLICES_MAX) >= quantity
}

/// Whether an order waits for its stop price.
#[inline]
pub fn is_stop(ord_type: OrdType) -> bool {
    matches!(ord_type, OrdType::Stop | OrdType::StopLimit)
}

/// Whether what does not trade at once of an order may rest in its book, for a stop order once it is triggered.
#[inline]
pub fn may_rest(order: &NewOrder) -> bool {
    matches!(order.ord_type, OrdType::Limit | OrdType::StopLimit) && stays(order.time_in_force)
}

/// Whether a time in force is longer than at once.
#[inline]
pub fn stays(time_in_force: TimeInForce) -> bool {
    !matches!(time_in_force, TimeInForce::ImmediateOrCancel | TimeInForce::FillOrKill)
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
