//! The messages of market data.

use super::*;
use seriatim::{
    market_flags::MarketFlags, market_request_end::MarketRequestEnd, market_request_kind::MarketRequestKind,
};

/// A vector of a public message: what all of them begin with, then fields of its own.
macro_rules! public {
    ($codec:ident::$name:ident, $encoder:ident, $decoder:ident, { $($fields:tt)* }) => {
        vector!($codec::$name, $encoder, $decoder, {
            seq: 1_000_001, time: TIME_NS, index: 2, instrument: 7, flags: MarketFlags::new(3), $($fields)*
        })
    };
}

fn request() -> Vec<u8> {
    let mut bytes = vec![0_u8; BYTES_MAX];
    let request = seriatim::market_request_codec::MarketRequestEncoder::default();
    let mut message = request.wrap(WriteBuf::new(&mut bytes), HEADER_BYTES);
    message.correlation_id(99).from_number(1_000_001).count(512).instrument_opt(None).response_stream(-1001);
    message.protocol_version(1).kind(MarketRequestKind::Messages).response_channel(CHANNEL);
    let length = message.get_limit();
    message.header(0);
    bytes.truncate(length);
    bytes
}

fn check_request(bytes: &[u8]) {
    let header = MessageHeaderDecoder::default().wrap(ReadBuf::new(bytes), 0);
    let mut message = seriatim::market_request_codec::MarketRequestDecoder::default().header(header, 0);
    assert_eq!((message.correlation_id(), message.from_number(), message.count()), (99, 1_000_001, 512));
    assert_eq!((message.instrument(), message.response_stream(), message.protocol_version()), (None, -1001, 1));
    assert_eq!(format!("{:?}", message.kind()), "Messages");
    let place = message.response_channel_decoder();
    assert_eq!(message.response_channel_slice(place), CHANNEL.as_bytes());
}

fn listed() -> Vec<u8> {
    let mut bytes = vec![0_u8; BYTES_MAX];
    let listed = seriatim::instrument_listed_codec::InstrumentListedEncoder::default();
    let mut message = listed.wrap(WriteBuf::new(&mut bytes), HEADER_BYTES);
    message.seq(1_000_001).time(TIME_NS).index(2).instrument(7).symbol_zero_padded(b"AAPL");
    message.flags(MarketFlags::new(3));
    let mut tick_size = message.tick_size_encoder();
    tick_size.mantissa(5).exponent(-3);
    let mut lot_size = tick_size.parent().unwrap().lot_size_encoder();
    lot_size.mantissa(-100).exponent(2);
    let message = lot_size.parent().unwrap();
    let length = HEADER_BYTES + message.encoded_length();
    message.header(0);
    bytes.truncate(length);
    bytes
}

fn check_listed(bytes: &[u8]) {
    let header = MessageHeaderDecoder::default().wrap(ReadBuf::new(bytes), 0);
    let message = seriatim::instrument_listed_codec::InstrumentListedDecoder::default().header(header, 0);
    assert_eq!((message.seq(), message.time(), message.index(), message.instrument()), (1_000_001, TIME_NS, 2, 7));
    assert_eq!(&message.symbol(), b"AAPL\0\0\0\0\0\0\0\0\0\0\0\0");
    let tick_size = message.tick_size_decoder();
    assert_eq!((tick_size.mantissa(), tick_size.exponent()), (5, -3));
    let lot_size = message.lot_size_decoder();
    assert_eq!((lot_size.mantissa(), lot_size.exponent()), (-100, 2));
}

/// All of them.
pub fn market() -> Vec<Vector> {
    vec![
        vector!(market_packet_codec::MarketPacket, MarketPacketEncoder, MarketPacketDecoder, {
            feed: 0x0123_4567_89AB_CDEF_u64, first_number: 1_000_001, instruments: 3, count: 24, body_length: 1_344,
        }),
        vector!(snapshot_packet_codec::SnapshotPacket, SnapshotPacketEncoder, SnapshotPacketDecoder, {
            feed: 0x0123_4567_89AB_CDEF_u64, next_number: 1_000_001, instruments: 3, instrument: 7, piece: 1, pieces: 2, count: 20, body_length: 1_160,
        }),
        Vector { name: "MarketRequest", encode: request, check: check_request },
        vector!(market_request_ended_codec::MarketRequestEnded, MarketRequestEndedEncoder, MarketRequestEndedDecoder, {
            correlation_id: 99, number: 1_000_513, reason: MarketRequestEnd::Done,
        }),
        Vector { name: "InstrumentListed", encode: listed, check: check_listed },
        public!(order_added_codec::OrderAdded, OrderAddedEncoder, OrderAddedDecoder, {
            order_id: 3, price: 5_859_400, shown_qty: 60, side: Side::Sell,
        }),
        public!(order_executed_codec::OrderExecuted, OrderExecutedEncoder, OrderExecutedDecoder, {
            order_id: 3, trade_id: 8, last_qty: 40, shown_qty: 20,
        }),
        public!(order_reduced_codec::OrderReduced, OrderReducedEncoder, OrderReducedDecoder, {
            order_id: 3, shown_qty: 10,
        }),
        public!(order_replaced_codec::OrderReplaced, OrderReplacedEncoder, OrderReplacedDecoder, {
            order_id: 3, price: 5_859_300, shown_qty: 10, priority_kept: Boolean::False,
        }),
        public!(order_refreshed_codec::OrderRefreshed, OrderRefreshedEncoder, OrderRefreshedDecoder, {
            order_id: 3, price: 5_859_300, shown_qty: 10, side: Side::Buy, priority_kept: Boolean::True,
        }),
        public!(order_deleted_codec::OrderDeleted, OrderDeletedEncoder, OrderDeletedDecoder, {
            order_id: 3,
        }),
        public!(level_changed_codec::LevelChanged, LevelChangedEncoder, LevelChangedDecoder, {
            price: 5_859_300, quantity: 900, orders: 4, side: Side::Buy,
        }),
        public!(traded_codec::Traded, TradedEncoder, TradedDecoder, {
            trade_id: 8, price: 5_859_400, quantity: 40, aggressor: OptionalSide::Both,
        }),
        public!(trade_broken_codec::TradeBroken, TradeBrokenEncoder, TradeBrokenDecoder, {
            trade_id: 8, price: 5_859_400, quantity: 40,
        }),
        public!(market_phase_codec::MarketPhase, MarketPhaseEncoder, MarketPhaseDecoder, {
            phase: TradingPhase::ClosingAuction,
        }),
        public!(auction_result_codec::AuctionResult, AuctionResultEncoder, AuctionResultDecoder, {
            price: 5_859_400, volume: 12_000,
        }),
        public!(indicative_codec::Indicative, IndicativeEncoder, IndicativeDecoder, {
            price (price_opt): None::<i64>, volume: 0, surplus: -5,
        }),
        public!(statistics_codec::Statistics, StatisticsEncoder, StatisticsDecoder, {
            open (open_opt): Some(5_859_000), high (high_opt): Some(5_859_400), low (low_opt): None::<i64>, last (last_opt): Some(5_859_400), volume: 12_040, trades: 8,
        }),
    ]
}
