//! What a receiver tells of each message that it has applied, as rows of fixed size for arrays that cross a seam: numpy's
//! `UPDATE` has the same layout.

use crate::message::{Message, OptionalSide, Place, Side};
use messages::*;

/// Of a row's price: none.
pub const NO_PRICE: i64 = i64::MIN;

/// One public message. Fields that its kind does not have are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Update {
    /// Of the message; of a snapshot, the first that it does not hold.
    pub number: u64,
    /// Of the command that caused it.
    pub seq: u64,
    /// Its stamp.
    pub time_ns: i64,
    /// The engine's id.
    pub order_id: u64,
    /// The n-th fill is n.
    pub trade_id: u64,
    /// In ticks, or [`NO_PRICE`].
    pub price: i64,
    /// Traded, or shown, or of a level, in lots; of statistics, the volume.
    pub quantity: i64,
    /// Left to see of an order that has traded; of an indication, the surplus.
    pub left: i64,
    /// Place of the event among its command's.
    pub index: u32,
    /// Which book.
    pub instrument: u32,
    /// On a level.
    pub orders: u32,
    /// Template id of the message; 81: a snapshot has made the instrument anew.
    pub kind: u8,
    /// 1 buy, 2 sell; of a trade, who came in.
    pub side: u8,
    /// `MarketFlags`.
    pub flags: u8,
    /// `TradingPhase`; of a replaced or refreshed order, whether it kept its place.
    pub state: u8,
}

const _: () = assert!(size_of::<Update>() == 80);

impl Update {
    /// A snapshot has made the instrument anew.
    pub fn of_snapshot(number: u64, place: &Place) -> Self {
        Self { kind: snapshot_packet_codec::SBE_TEMPLATE_ID as u8, ..Self::at(number, place) }
    }

    fn at(number: u64, place: &Place) -> Self {
        let Place { seq, time_ns, index, instrument, flags } = *place;
        Self { number, seq, time_ns, index, instrument, flags, ..Self::default() }
    }

    /// One message.
    #[inline]
    pub fn of(number: u64, place: &Place, message: &Message) -> Self {
        let row = Self::at(number, place);
        match *message {
            Message::OrderAdded { order_id, price, shown, side } => {
                let kind = order_added_codec::SBE_TEMPLATE_ID as u8;
                Self { kind, order_id, price, quantity: shown, side: side as u8, ..row }
            }
            Message::OrderExecuted { order_id, trade_id, quantity, shown } => {
                let kind = order_executed_codec::SBE_TEMPLATE_ID as u8;
                Self { kind, order_id, trade_id, quantity, left: shown, ..row }
            }
            Message::OrderReduced { order_id, shown } => {
                Self { kind: order_reduced_codec::SBE_TEMPLATE_ID as u8, order_id, quantity: shown, ..row }
            }
            Message::OrderReplaced { order_id, price, shown, priority_kept } => {
                let (kind, state) = (order_replaced_codec::SBE_TEMPLATE_ID as u8, u8::from(priority_kept));
                Self { kind, order_id, price, quantity: shown, state, ..row }
            }
            Message::OrderRefreshed { order_id, price, shown, side, priority_kept } => {
                let (kind, state) = (order_refreshed_codec::SBE_TEMPLATE_ID as u8, u8::from(priority_kept));
                Self { kind, order_id, price, quantity: shown, side: side as u8, state, ..row }
            }
            Message::OrderDeleted { order_id } => {
                Self { kind: order_deleted_codec::SBE_TEMPLATE_ID as u8, order_id, ..row }
            }
            Message::LevelChanged { price, quantity, orders, side } => {
                let (kind, side) = (level_changed_codec::SBE_TEMPLATE_ID as u8, side as u8);
                Self { kind, price, quantity, orders, side, ..row }
            }
            _ => row.of_instrument(message),
        }
    }

    fn of_instrument(self, message: &Message) -> Self {
        match *message {
            Message::Traded { trade_id, price, quantity, aggressor } => {
                let kind = traded_codec::SBE_TEMPLATE_ID as u8;
                Self { kind, trade_id, price, quantity, side: side_of(aggressor), ..self }
            }
            Message::TradeBroken { trade_id, price, quantity } => {
                Self { kind: trade_broken_codec::SBE_TEMPLATE_ID as u8, trade_id, price, quantity, ..self }
            }
            Message::MarketPhase { phase } => {
                Self { kind: market_phase_codec::SBE_TEMPLATE_ID as u8, state: phase as u8, ..self }
            }
            Message::AuctionResult { price, volume } => {
                Self { kind: auction_result_codec::SBE_TEMPLATE_ID as u8, price, quantity: volume, ..self }
            }
            Message::Indicative(Some(found)) => {
                let (kind, left) = (indicative_codec::SBE_TEMPLATE_ID as u8, found.surplus);
                Self { kind, price: found.price, quantity: found.volume, left, ..self }
            }
            Message::Indicative(None) => {
                Self { kind: indicative_codec::SBE_TEMPLATE_ID as u8, price: NO_PRICE, ..self }
            }
            Message::Statistics(day) => {
                let (kind, price) = (statistics_codec::SBE_TEMPLATE_ID as u8, day.last.unwrap_or(NO_PRICE));
                Self { kind, price, quantity: day.volume, ..self }
            }
            _ => Self { kind: instrument_listed_codec::SBE_TEMPLATE_ID as u8, ..self },
        }
    }
}

fn side_of(aggressor: OptionalSide) -> u8 {
    match aggressor {
        OptionalSide::Buy => Side::Buy as u8,
        OptionalSide::Sell => Side::Sell as u8,
        _ => 0,
    }
}
