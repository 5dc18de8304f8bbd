//! One message of each template, encoded by sbe-tool's Rust codecs: prints a line `Name hex` for each.
//! `vectors check` reads such lines and asserts that sbe-tool's decoders find the same values in them.
//!
//! tests/schemas/codec_samples.py holds the same values in Python.

use std::io::Read;

use seriatim::{
    boolean::Boolean, cancel_on::CancelOn, cancel_reason::CancelReason, durability::Durability, entry_type::EntryType,
    event_flags::EventFlags, exec_inst::ExecInst, follow_content::FollowContent, follow_end::FollowEnd,
    liquidity::Liquidity, mass_cancel_response::MassCancelResponse, message_header_codec::MessageHeaderDecoder,
    optional_side::OptionalSide, ord_type::OrdType, outcome_kind::OutcomeKind, refusal_reason::RefusalReason,
    reject_reason::RejectReason, risk_scope::RiskScope, self_trade_prevention::SelfTradePrevention,
    session_end::SessionEnd, side::Side, time_in_force::TimeInForce, trading_phase::TradingPhase, Encoder, ReadBuf,
    WriteBuf,
};

const BYTES_MAX: usize = 256;
const HEADER_BYTES: usize = seriatim::message_header_codec::ENCODED_LENGTH;
const HASH: [u8; 32] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 254,
    255,
];
const CLUSTER: [u8; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 254, 255];
const TIME_NS: i64 = 1_340_285_400_004_241_176;
const CHANNEL: &str = "aeron:udp?endpoint=localhost:20121|alias=Zürich";

/// How to write one message, and how to read it back.
struct Vector {
    name: &'static str,
    encode: fn() -> Vec<u8>,
    check: fn(&[u8]),
}

/// A vector of fields that have a setter (named in brackets if it is not the getter's name) and a getter.
macro_rules! vector {
    (@set $message:ident, $field:ident, $value:expr) => { $message.$field($value); };
    (@set $message:ident, $field:ident ($setter:ident), $value:expr) => { $message.$setter($value); };
    ($codec:ident::$name:ident, $encoder:ident, $decoder:ident, { $($field:ident $(($setter:ident))? : $value:expr),* $(,)? }) => {
        Vector {
            name: stringify!($name),
            encode: || {
                let mut bytes = vec![0_u8; BYTES_MAX];
                #[allow(unused_mut)]
                let mut message = seriatim::$codec::$encoder::default().wrap(WriteBuf::new(&mut bytes), HEADER_BYTES);
                $(vector!(@set message, $field $(($setter))?, $value);)*
                let length = HEADER_BYTES + message.encoded_length();
                message.header(0);
                bytes.truncate(length);
                bytes
            },
            check: |bytes| {
                let header = MessageHeaderDecoder::default().wrap(ReadBuf::new(bytes), 0);
                assert_eq!(header.template_id(), seriatim::$codec::SBE_TEMPLATE_ID);
                #[allow(unused_variables)]
                let message = seriatim::$codec::$decoder::default().header(header, 0);
                $(assert_eq!(
                    format!("{:?}", message.$field()), format!("{:?}", $value),
                    "{}.{}", stringify!($name), stringify!($field)
                );)*
            },
        }
    };
}

#[path = "parts/market.rs"]
mod market;

/// The two messages that describe an instrument differ only in their names.
macro_rules! instrument_vector {
    ($codec:ident::$name:ident, $encoder:ident, $decoder:ident) => {
        Vector {
            name: stringify!($name),
            encode: || {
                let mut bytes = vec![0_u8; BYTES_MAX];
                let mut message = seriatim::$codec::$encoder::default().wrap(WriteBuf::new(&mut bytes), HEADER_BYTES);
                message.instrument(7).symbol_zero_padded(b"AAPL");
                let mut tick_size = message.tick_size_encoder();
                tick_size.mantissa(5).exponent(-3);
                let mut lot_size = tick_size.parent().unwrap().lot_size_encoder();
                lot_size.mantissa(-100).exponent(2);
                let message = lot_size.parent().unwrap();
                let length = HEADER_BYTES + message.encoded_length();
                message.header(0);
                bytes.truncate(length);
                bytes
            },
            check: |bytes| {
                let header = MessageHeaderDecoder::default().wrap(ReadBuf::new(bytes), 0);
                let message = seriatim::$codec::$decoder::default().header(header, 0);
                assert_eq!(message.instrument(), 7);
                assert_eq!(&message.symbol(), b"AAPL\0\0\0\0\0\0\0\0\0\0\0\0");
                let tick_size = message.tick_size_decoder();
                assert_eq!((tick_size.mantissa(), tick_size.exponent()), (5, -3));
                let lot_size = message.lot_size_decoder();
                assert_eq!((lot_size.mantissa(), lot_size.exponent()), (-100, 2));
            },
        }
    };
}

fn connect() -> Vec<u8> {
    let mut bytes = vec![0_u8; BYTES_MAX];
    let mut message = seriatim::connect_codec::ConnectEncoder::default().wrap(WriteBuf::new(&mut bytes), HEADER_BYTES);
    message.correlation_id(u64::MAX - 1).response_stream(-1001).protocol_version(3).response_channel(CHANNEL);
    let length = message.get_limit();
    message.header(0);
    bytes.truncate(length);
    bytes
}

fn check_connect(bytes: &[u8]) {
    let header = MessageHeaderDecoder::default().wrap(ReadBuf::new(bytes), 0);
    let mut message = seriatim::connect_codec::ConnectDecoder::default().header(header, 0);
    assert_eq!(message.correlation_id(), u64::MAX - 1);
    assert_eq!(message.response_stream(), -1001);
    assert_eq!(message.protocol_version(), 3);
    let place = message.response_channel_decoder();
    assert_eq!(message.response_channel_slice(place), CHANNEL.as_bytes());
}

fn bus_headers() -> Vec<Vector> {
    vec![
        vector!(command_codec::Command, CommandEncoder, CommandDecoder, {
            number: 42, acked_through: 40, session: 9, session_epoch: 2, crc: 0xdead_beef_u32, body_length: 43,
        }),
        vector!(sequenced_codec::Sequenced, SequencedEncoder, SequencedDecoder, {
            seq: 1_000_000, time: TIME_NS, epoch: 5, body_length: 91,
        }),
        vector!(event_codec::Event, EventEncoder, EventDecoder, {
            seq: 1_000_001, time: TIME_NS, number: 43, session: 9, epoch: 5, index: 2, body_length: 60,
            flags: EventFlags::new(3), durability: Durability::Fsync,
        }),
        vector!(block_header_codec::BlockHeader, BlockHeaderEncoder, BlockHeaderDecoder, {
            index: 77, term: 3, first_seq: 1_000_000, time: TIME_NS, previous_hash: &HASH, count: 1_024,
            body_length: 98_304, entry_type: EntryType::Block, reserved: &[0_u8; 3], crc: 0x0102_0304,
        }),
    ]
}

fn order_entry() -> Vec<Vector> {
    vec![
        vector!(new_order_codec::NewOrder, NewOrderEncoder, NewOrderDecoder, {
            cl_ord_id: 11, price (price_opt): None::<i64>, order_qty: 100, instrument: 7, account: 4_294_967_294_u32,
            side: Side::Sell, ord_type: OrdType::Market, time_in_force: TimeInForce::ImmediateOrCancel,
        }),
        vector!(cancel_order_codec::CancelOrder, CancelOrderEncoder, CancelOrderDecoder, { orig_cl_ord_id: 11 }),
        vector!(reduce_order_codec::ReduceOrder, ReduceOrderEncoder, ReduceOrderDecoder, {
            orig_cl_ord_id: 11, reduce_qty: 30,
        }),
        vector!(replace_order_codec::ReplaceOrder, ReplaceOrderEncoder, ReplaceOrderDecoder, {
            cl_ord_id: 12, orig_cl_ord_id: 11, price: -5_859_400, order_qty: 70,
        }),
        vector!(mass_cancel_codec::MassCancel, MassCancelEncoder, MassCancelDecoder, {
            instrument (instrument_opt): None::<u32>, side: OptionalSide::Both, account (account_opt): Some(5_u32),
        }),
        vector!(new_order_extended_codec::NewOrderExtended, NewOrderExtendedEncoder, NewOrderExtendedDecoder, {
            cl_ord_id: 11, price (price_opt): Some(5_859_400), order_qty: 100, instrument: 7, account: 0,
            stop_px (stop_px_opt): Some(5_859_300), display_qty (display_qty_opt): Some(10),
            min_qty (min_qty_opt): None::<i64>, expire_time (expire_time_opt): Some(TIME_NS), self_trade_group: 4,
            side: Side::Buy, ord_type: OrdType::StopLimit, time_in_force: TimeInForce::GoodTillDate,
            instructions: ExecInst(1), self_trade_prevention: SelfTradePrevention::Decrement,
        }),
        vector!(configure_session_codec::ConfigureSession, ConfigureSessionEncoder, ConfigureSessionDecoder, {
            cancel_on: CancelOn(3),
        }),
        vector!(drop_copy_codec::DropCopy, DropCopyEncoder, DropCopyDecoder, { session: 9, on: Boolean::True }),
    ]
}

fn sessions() -> Vec<Vector> {
    vec![
        Vector { name: "Connect", encode: connect, check: check_connect },
        vector!(challenge_codec::Challenge, ChallengeEncoder, ChallengeDecoder, { correlation_id: 1, nonce: &HASH }),
        vector!(logon_codec::Logon, LogonEncoder, LogonDecoder, {
            correlation_id: 1, session: 9, proof: &HASH, instance: 77_u64, resumes: Boolean::True,
            user: b"desk\0\0\0\0\0\0\0\0\0\0\0\0",
        }),
        vector!(heartbeat_codec::Heartbeat, HeartbeatEncoder, HeartbeatDecoder, { time: TIME_NS, seq: 1_000_001 }),
        vector!(refused_codec::Refused, RefusedEncoder, RefusedDecoder, {
            number: 50, expected: 44, session: 9, reason: RefusalReason::Gap,
        }),
        vector!(outcome_codec::Outcome, OutcomeEncoder, OutcomeDecoder, {
            cl_ord_id: 11, order_id: 0, events: 1, kind: OutcomeKind::Rejected,
            reason (reason_opt): Some(RejectReason::BookFull as u8),
        }),
        vector!(open_session_codec::OpenSession, OpenSessionEncoder, OpenSessionDecoder, {
            session: 9, session_epoch: 2, instance: 77_u64, user: b"desk\0\0\0\0\0\0\0\0\0\0\0\0", roles: seriatim::roles::Roles(5),
        }),
        vector!(close_session_codec::CloseSession, CloseSessionEncoder, CloseSessionDecoder, {
            session: 9, session_epoch: 2, end: SessionEnd::Replaced,
        }),
        vector!(open_epoch_codec::OpenEpoch, OpenEpochEncoder, OpenEpochDecoder, {
            epoch: 5, logic_version: 1, durability: Durability::Relaxed, first_session: 16_385,
            session_expiry: 86_400_000_000_000_i64,
        }),
        vector!(tick_codec::Tick, TickEncoder, TickDecoder, {}),
        vector!(logoff_codec::Logoff, LogoffEncoder, LogoffDecoder, {}),
        vector!(query_outcome_codec::QueryOutcome, QueryOutcomeEncoder, QueryOutcomeDecoder, { number: 50 }),
    ]
}

fn events() -> Vec<Vector> {
    vec![
        vector!(accepted_codec::Accepted, AcceptedEncoder, AcceptedDecoder, {
            order_id: 3, cl_ord_id: 11, price (price_opt): Some(5_859_400), order_qty: 100, instrument: 7, account: 0,
            side: Side::Buy, ord_type: OrdType::Limit, time_in_force: TimeInForce::GoodTillCancel,
        }),
        vector!(rejected_codec::Rejected, RejectedEncoder, RejectedDecoder, {
            cl_ord_id: 0, ref_template: 65_534, reason: RejectReason::Malformed,
        }),
        vector!(filled_codec::Filled, FilledEncoder, FilledDecoder, {
            order_id: 3, cl_ord_id: 11, last_px: 5_859_400, last_qty: 60, leaves_qty: 40, instrument: 7,
            side: Side::Buy, liquidity: Liquidity::Auction, trade_id: u64::MAX - 1,
        }),
        vector!(reduced_codec::Reduced, ReducedEncoder, ReducedDecoder, {
            order_id: 3, cl_ord_id: 11, reduce_qty: 30, leaves_qty: 10, instrument: 7,
            reason: CancelReason::SelfTrade,
        }),
        vector!(cancelled_codec::Cancelled, CancelledEncoder, CancelledDecoder, {
            order_id: 3, cl_ord_id: 11, cxl_qty: 10, instrument: 7, reason: CancelReason::Unfilled,
        }),
        vector!(replaced_codec::Replaced, ReplacedEncoder, ReplacedDecoder, {
            order_id: 3, cl_ord_id: 12, orig_cl_ord_id: 11, price: i64::MAX, order_qty: 70, leaves_qty: 10,
            instrument: 7, priority_kept: Boolean::True,
        }),
        vector!(mass_cancelled_codec::MassCancelled, MassCancelledEncoder, MassCancelledDecoder, {
            affected: 12, response: MassCancelResponse::Accepted,
        }),
        vector!(session_opened_codec::SessionOpened, SessionOpenedEncoder, SessionOpenedDecoder, {
            next_number: 1, session: 9, session_epoch: 2, window: 65_536,
        }),
        vector!(session_closed_codec::SessionClosed, SessionClosedEncoder, SessionClosedDecoder, {
            session: 9, session_epoch: 2, end: SessionEnd::Disconnected,
        }),
        instrument_vector!(
            instrument_defined_codec::InstrumentDefined,
            InstrumentDefinedEncoder,
            InstrumentDefinedDecoder
        ),
        vector!(accepted_extended_codec::AcceptedExtended, AcceptedExtendedEncoder, AcceptedExtendedDecoder, {
            order_id: 3, cl_ord_id: 11, price (price_opt): None::<i64>, order_qty: 100, instrument: 7, account: 0,
            stop_px (stop_px_opt): Some(5_859_300), display_qty (display_qty_opt): Some(10),
            min_qty (min_qty_opt): None::<i64>, expire_time (expire_time_opt): Some(TIME_NS), self_trade_group: 4,
            side: Side::Buy, ord_type: OrdType::StopLimit, time_in_force: TimeInForce::GoodTillDate,
            instructions: ExecInst(1), self_trade_prevention: SelfTradePrevention::Decrement,
        }),
        vector!(triggered_codec::Triggered, TriggeredEncoder, TriggeredDecoder, {
            order_id: 3, cl_ord_id: 11, instrument: 7,
        }),
        vector!(refreshed_codec::Refreshed, RefreshedEncoder, RefreshedDecoder, {
            order_id: 3, cl_ord_id: 11, display_qty: 10, leaves_qty: 90, instrument: 7,
        }),
        vector!(phase_changed_codec::PhaseChanged, PhaseChangedEncoder, PhaseChangedDecoder, {
            instrument: 7, phase: TradingPhase::ClosingAuction,
        }),
        vector!(uncrossed_codec::Uncrossed, UncrossedEncoder, UncrossedDecoder, {
            instrument: 7, price: 5_859_400, volume: 1_000,
        }),
        vector!(administered_codec::Administered, AdministeredEncoder, AdministeredDecoder, { ref_template: 61, id: 7 }),
        vector!(trade_busted_codec::TradeBusted, TradeBustedEncoder, TradeBustedDecoder, {
            trade_id: 8, order_id: 3, cl_ord_id: 11, last_px: 5_859_400, last_qty: 60, instrument: 7, side: Side::Sell,
        }),
    ]
}

fn administration() -> Vec<Vector> {
    vec![
        instrument_vector!(define_instrument_codec::DefineInstrument, DefineInstrumentEncoder, DefineInstrumentDecoder),
        vector!(set_instrument_rules_codec::SetInstrumentRules, SetInstrumentRulesEncoder, SetInstrumentRulesDecoder, {
            instrument: 7, band_low (band_low_opt): Some(1), band_high (band_high_opt): None::<i64>,
            collar (collar_opt): Some(50), reference_price (reference_price_opt): Some(5_859_400),
            max_order_qty (max_order_qty_opt): Some(1_000), max_order_value (max_order_value_opt): Some(i64::MAX),
        }),
        vector!(set_phase_codec::SetPhase, SetPhaseEncoder, SetPhaseDecoder, {
            instrument (instrument_opt): None::<u32>, phase: TradingPhase::PreOpen,
        }),
        vector!(schedule_phase_codec::SchedulePhase, SchedulePhaseEncoder, SchedulePhaseDecoder, {
            instrument: 7, time: TIME_NS, interval: 86_400_000_000_000_i64, phase: TradingPhase::Continuous,
        }),
        vector!(clear_schedule_codec::ClearSchedule, ClearScheduleEncoder, ClearScheduleDecoder, { instrument: 7 }),
        vector!(bust_trade_codec::BustTrade, BustTradeEncoder, BustTradeDecoder, { trade_id: 8 }),
        vector!(set_limits_codec::SetLimits, SetLimitsEncoder, SetLimitsDecoder, {
            scope: RiskScope::Account, id: 5, max_order_qty (max_order_qty_opt): Some(100),
            max_order_value (max_order_value_opt): None::<i64>, max_position (max_position_opt): Some(1_000),
            rate_interval: 1_000_000_000, max_messages (max_messages_opt): None::<u32>,
            max_open_orders (max_open_orders_opt): Some(50_u32), cancel_on: CancelOn(2),
        }),
        vector!(set_position_codec::SetPosition, SetPositionEncoder, SetPositionDecoder, {
            scope: RiskScope::Session, id: 9, instrument: 7, position: -30,
        }),
        vector!(set_kill_switch_codec::SetKillSwitch, SetKillSwitchEncoder, SetKillSwitchDecoder, {
            scope: RiskScope::Session, id: 9, engaged: Boolean::False,
        }),
        vector!(set_halt_codec::SetHalt, SetHaltEncoder, SetHaltDecoder, {
            instrument (instrument_opt): Some(7), on: Boolean::True,
        }),
    ]
}

fn following() -> Vec<Vector> {
    vec![
        vector!(event_record_codec::EventRecord, EventRecordEncoder, EventRecordDecoder, {
            index: 77, first_seq: 1_000_000, next_seq: 1_000_512, time: TIME_NS, state_hash: 0x0123_4567_89AB_CDEF_u64, epoch: 5,
            rows: 900, rows_left: 124, row_bytes: 128, terms: 1, crc: 0xDEAD_BEEF_u32,
        }),
        vector!(follow_request_codec::FollowRequest, FollowRequestEncoder, FollowRequestDecoder, {
            correlation_id: 99, from_seq: 1_000_001, from_index: 3, epoch: 5, proof: &HASH, content: FollowContent::Events,
            user: b"desk\0\0\0\0\0\0\0\0\0\0\0\0", cluster: &CLUSTER,
        }),
        vector!(follow_position_codec::FollowPosition, FollowPositionEncoder, FollowPositionDecoder, {
            next_seq: 1_000_001, end_seq: 2_000_000, time: TIME_NS, cluster: &CLUSTER,
        }),
        vector!(follow_ended_codec::FollowEnded, FollowEndedEncoder, FollowEndedDecoder, {
            correlation_id: 99, seq: 17, reason: FollowEnd::Gone,
        }),
    ]
}

fn from_hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal")).collect()
}

fn main() {
    let bus = [bus_headers(), order_entry(), sessions(), events(), administration(), following()];
    let vectors: Vec<Vector> = bus.into_iter().flatten().chain(market::market()).collect();
    if std::env::args().nth(1).as_deref() != Some("check") {
        for vector in &vectors {
            let hex: String = (vector.encode)().iter().map(|byte| format!("{byte:02x}")).collect();
            println!("{} {hex}", vector.name);
        }
        return;
    }
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).expect("lines of `Name hex`");
    for line in input.lines() {
        let (name, hex) = line.split_once(' ').expect("a line of `Name hex`");
        let vector = vectors.iter().find(|vector| vector.name == name).expect("a known name");
        (vector.check)(&from_hex(hex));
        println!("{name} ok");
    }
}
