//! From public messages to bytes.

use crate::message::{Decimal, Indication, Message, Place, Statistics};
use messages::Writer;
use messages::boolean::Boolean;
use messages::decimal_codec::DecimalEncoder;
use messages::market_flags::MarketFlags;

/// Sets what all of them begin with, then the rest.
macro_rules! public {
    ($codec:ident :: $encoder:ident, $buffer:expr, $place:expr, |$message:ident| $fields:expr) => {
        engine::message!($codec::$encoder, $buffer, |$message| {
            $message
                .seq($place.seq)
                .time($place.time_ns)
                .index($place.index)
                .instrument($place.instrument)
                .flags(MarketFlags($place.flags));
            $fields
        })
    };
}

/// Writes a message, SBE header included, to the front of `buffer` and returns its length.
///
/// # Panics
/// If `buffer` is shorter; [`crate::limits::MESSAGE_BYTES_MAX`] is always enough.
#[inline]
pub fn encode(place: &Place, message: &Message, buffer: &mut [u8]) -> usize {
    match *message {
        Message::OrderAdded { order_id, price, shown, side } => {
            public!(order_added_codec::OrderAddedEncoder, buffer, place, |to| to
                .order_id(order_id)
                .price(price)
                .shown_qty(shown)
                .side(side))
        }
        Message::OrderExecuted { order_id, trade_id, quantity, shown } => {
            public!(order_executed_codec::OrderExecutedEncoder, buffer, place, |to| to
                .order_id(order_id)
                .trade_id(trade_id)
                .last_qty(quantity)
                .shown_qty(shown))
        }
        Message::OrderReduced { order_id, shown } => {
            public!(order_reduced_codec::OrderReducedEncoder, buffer, place, |to| to
                .order_id(order_id)
                .shown_qty(shown))
        }
        Message::OrderReplaced { order_id, price, shown, priority_kept } => {
            public!(order_replaced_codec::OrderReplacedEncoder, buffer, place, |to| to
                .order_id(order_id)
                .price(price)
                .shown_qty(shown)
                .priority_kept(boolean(priority_kept)))
        }
        Message::OrderRefreshed { order_id, price, shown, side, priority_kept } => {
            public!(order_refreshed_codec::OrderRefreshedEncoder, buffer, place, |to| to
                .order_id(order_id)
                .price(price)
                .shown_qty(shown)
                .side(side)
                .priority_kept(boolean(priority_kept)))
        }
        Message::OrderDeleted { order_id } => {
            public!(order_deleted_codec::OrderDeletedEncoder, buffer, place, |to| to.order_id(order_id))
        }
        Message::LevelChanged { price, quantity, orders, side } => {
            public!(level_changed_codec::LevelChangedEncoder, buffer, place, |to| to
                .price(price)
                .quantity(quantity)
                .orders(orders)
                .side(side))
        }
        _ => encode_instrument(place, message, buffer),
    }
}

/// What is about an instrument rather than an order in it.
fn encode_instrument(place: &Place, message: &Message, buffer: &mut [u8]) -> usize {
    match *message {
        Message::InstrumentListed { symbol, tick_size, lot_size } => {
            public!(instrument_listed_codec::InstrumentListedEncoder, buffer, place, |to| {
                to.symbol(&symbol);
                let to = decimal(to.tick_size_encoder(), tick_size);
                decimal(to.lot_size_encoder(), lot_size)
            })
        }
        Message::Traded { trade_id, price, quantity, aggressor } => {
            public!(traded_codec::TradedEncoder, buffer, place, |to| to
                .trade_id(trade_id)
                .price(price)
                .quantity(quantity)
                .aggressor(aggressor))
        }
        Message::TradeBroken { trade_id, price, quantity } => {
            public!(trade_broken_codec::TradeBrokenEncoder, buffer, place, |to| to
                .trade_id(trade_id)
                .price(price)
                .quantity(quantity))
        }
        Message::MarketPhase { phase } => {
            public!(market_phase_codec::MarketPhaseEncoder, buffer, place, |to| to.phase(phase))
        }
        Message::AuctionResult { price, volume } => {
            public!(auction_result_codec::AuctionResultEncoder, buffer, place, |to| to.price(price).volume(volume))
        }
        Message::Indicative(indication) => {
            let Indication { volume, surplus, .. } =
                indication.unwrap_or(Indication { price: 0, volume: 0, surplus: 0 });
            public!(indicative_codec::IndicativeEncoder, buffer, place, |to| to
                .price_opt(indication.map(|found| found.price))
                .volume(volume)
                .surplus(surplus))
        }
        Message::Statistics(Statistics { open, high, low, last, volume, trades }) => {
            public!(statistics_codec::StatisticsEncoder, buffer, place, |to| to
                .open_opt(open)
                .high_opt(high)
                .low_opt(low)
                .last_opt(last)
                .volume(volume)
                .trades(trades))
        }
        _ => unreachable!("the rest is about orders"),
    }
}

fn boolean(value: bool) -> Boolean {
    if value { Boolean::True } else { Boolean::False }
}

fn decimal<'a, P: Writer<'a> + Default>(mut to: DecimalEncoder<P>, value: Decimal) -> P {
    to.mantissa(value.mantissa).exponent(value.exponent);
    to.parent().expect("a composite is inside a message")
}
