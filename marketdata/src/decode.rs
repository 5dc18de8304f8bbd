//! From bytes to public messages. The generated decoders trust lengths, so those are checked first.

use crate::message::{Decimal, Indication, Message, Place, Side, Statistics};
use messages::boolean::Boolean;
use messages::message_header_codec::ENCODED_LENGTH;
use messages::trading_phase::TradingPhase;
use messages::*;

/// A message whose length has been checked.
struct Fields<'a> {
    bytes: ReadBuf<'a>,
    block: u16,
    version: u16,
}

macro_rules! wrap {
    ($codec:ident :: $decoder:ident, $fields:expr) => {
        $codec::$decoder::default().wrap($fields.bytes, 0, $fields.block, $fields.version)
    };
}

/// Reads what all of them begin with; any message will do, and the shortest one has the fewest fields.
macro_rules! place {
    ($message:expr) => {
        Place {
            seq: $message.seq(),
            time_ns: $message.time(),
            index: $message.index(),
            instrument: $message.instrument(),
            flags: $message.flags().0,
        }
    };
}

/// Reads the message at the front of `bytes`, and how long it is. A longer block is one of a newer schema, whose first
/// fields are ours. Nothing, if it is none of ours or makes no sense.
#[inline]
pub fn decode(bytes: &[u8]) -> Option<(Place, Message, usize)> {
    let header = ReadBuf::new(bytes.get(..ENCODED_LENGTH)?);
    let (block, template) = (header.get_u16_at(0), header.get_u16_at(2));
    let (schema, version) = (header.get_u16_at(4), header.get_u16_at(6));
    let length = ENCODED_LENGTH + usize::from(block);
    let fields = bytes.get(ENCODED_LENGTH..length)?;
    if schema != SBE_SCHEMA_ID || block < block_length(template)? {
        return None;
    }
    let fields = Fields { bytes: ReadBuf::new(fields), block, version };
    let place = place!(wrap!(order_deleted_codec::OrderDeletedDecoder, fields));
    let is_order = (order_added_codec::SBE_TEMPLATE_ID..=level_changed_codec::SBE_TEMPLATE_ID).contains(&template);
    let message = if is_order { fields.order(template) } else { fields.instrument(template) }?;
    Some((place, message, length))
}

fn block_length(template: u16) -> Option<u16> {
    macro_rules! of {
        ($($codec:ident),*) => {
            match template {
                $($codec::SBE_TEMPLATE_ID => Some($codec::SBE_BLOCK_LENGTH),)*
                _ => None,
            }
        };
    }
    of!(
        instrument_listed_codec,
        order_added_codec,
        order_executed_codec,
        order_reduced_codec,
        order_replaced_codec,
        order_refreshed_codec,
        order_deleted_codec,
        level_changed_codec,
        traded_codec,
        trade_broken_codec,
        market_phase_codec,
        auction_result_codec,
        indicative_codec,
        statistics_codec
    )
}

impl Fields<'_> {
    #[inline]
    fn order(&self, template: u16) -> Option<Message> {
        Some(match template {
            order_added_codec::SBE_TEMPLATE_ID => {
                let from = wrap!(order_added_codec::OrderAddedDecoder, self);
                let (order_id, price, shown) = (from.order_id(), from.price(), from.shown_qty());
                Message::OrderAdded { order_id, price, shown, side: side(from.side())? }
            }
            order_executed_codec::SBE_TEMPLATE_ID => {
                let from = wrap!(order_executed_codec::OrderExecutedDecoder, self);
                let (order_id, trade_id) = (from.order_id(), from.trade_id());
                Message::OrderExecuted { order_id, trade_id, quantity: from.last_qty(), shown: from.shown_qty() }
            }
            order_reduced_codec::SBE_TEMPLATE_ID => {
                let from = wrap!(order_reduced_codec::OrderReducedDecoder, self);
                Message::OrderReduced { order_id: from.order_id(), shown: from.shown_qty() }
            }
            order_replaced_codec::SBE_TEMPLATE_ID => {
                let from = wrap!(order_replaced_codec::OrderReplacedDecoder, self);
                let (order_id, price, shown) = (from.order_id(), from.price(), from.shown_qty());
                Message::OrderReplaced { order_id, price, shown, priority_kept: from.priority_kept() == Boolean::True }
            }
            order_refreshed_codec::SBE_TEMPLATE_ID => {
                let from = wrap!(order_refreshed_codec::OrderRefreshedDecoder, self);
                let (order_id, price, shown) = (from.order_id(), from.price(), from.shown_qty());
                let (side, priority_kept) = (side(from.side())?, from.priority_kept() == Boolean::True);
                Message::OrderRefreshed { order_id, price, shown, side, priority_kept }
            }
            order_deleted_codec::SBE_TEMPLATE_ID => {
                Message::OrderDeleted { order_id: wrap!(order_deleted_codec::OrderDeletedDecoder, self).order_id() }
            }
            level_changed_codec::SBE_TEMPLATE_ID => {
                let from = wrap!(level_changed_codec::LevelChangedDecoder, self);
                let (price, quantity, orders) = (from.price(), from.quantity(), from.orders());
                Message::LevelChanged { price, quantity, orders, side: side(from.side())? }
            }
            _ => return None,
        })
    }

    fn instrument(&self, template: u16) -> Option<Message> {
        Some(match template {
            instrument_listed_codec::SBE_TEMPLATE_ID => self.listed()?,
            traded_codec::SBE_TEMPLATE_ID => {
                let from = wrap!(traded_codec::TradedDecoder, self);
                let (trade_id, price, quantity) = (from.trade_id(), from.price(), from.quantity());
                Message::Traded { trade_id, price, quantity, aggressor: from.aggressor() }
            }
            trade_broken_codec::SBE_TEMPLATE_ID => {
                let from = wrap!(trade_broken_codec::TradeBrokenDecoder, self);
                Message::TradeBroken { trade_id: from.trade_id(), price: from.price(), quantity: from.quantity() }
            }
            market_phase_codec::SBE_TEMPLATE_ID => {
                let phase = wrap!(market_phase_codec::MarketPhaseDecoder, self).phase();
                (phase != TradingPhase::NullVal).then_some(Message::MarketPhase { phase })?
            }
            auction_result_codec::SBE_TEMPLATE_ID => {
                let from = wrap!(auction_result_codec::AuctionResultDecoder, self);
                Message::AuctionResult { price: from.price(), volume: from.volume() }
            }
            indicative_codec::SBE_TEMPLATE_ID => {
                let from = wrap!(indicative_codec::IndicativeDecoder, self);
                let (volume, surplus) = (from.volume(), from.surplus());
                Message::Indicative(from.price().map(|price| Indication { price, volume, surplus }))
            }
            _ => {
                let from = wrap!(statistics_codec::StatisticsDecoder, self);
                let (open, high, low, last) = (from.open(), from.high(), from.low(), from.last());
                Message::Statistics(Statistics { open, high, low, last, volume: from.volume(), trades: from.trades() })
            }
        })
    }

    fn listed(&self) -> Option<Message> {
        let from = wrap!(instrument_listed_codec::InstrumentListedDecoder, self);
        let symbol = from.symbol();
        let mut tick = from.tick_size_decoder();
        let tick_size = Decimal { mantissa: tick.mantissa(), exponent: tick.exponent() };
        let lot = tick.parent().ok()?.lot_size_decoder();
        let lot_size = Decimal { mantissa: lot.mantissa(), exponent: lot.exponent() };
        Some(Message::InstrumentListed { symbol, tick_size, lot_size })
    }
}

fn side(side: Side) -> Option<Side> {
    (side != Side::NullVal).then_some(side)
}
