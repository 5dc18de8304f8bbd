#![forbid(unsafe_code)]
#![allow(clippy::all)]
#![allow(non_camel_case_types)]
#![allow(ambiguous_glob_reexports)]

use ::core::convert::TryInto;

pub mod accepted_codec;
pub mod accepted_extended_codec;
pub mod administered_codec;
pub mod auction_result_codec;
pub mod block_header_codec;
pub mod boolean;
pub mod bust_trade_codec;
pub mod cancel_on;
pub mod cancel_order_codec;
pub mod cancel_reason;
pub mod cancelled_codec;
pub mod challenge_codec;
pub mod clear_schedule_codec;
pub mod close_session_codec;
pub mod command_codec;
pub mod configure_session_codec;
pub mod connect_codec;
pub mod decimal_codec;
pub mod define_instrument_codec;
pub mod drop_copy_codec;
pub mod durability;
pub mod entry_type;
pub mod event_codec;
pub mod event_flags;
pub mod event_record_codec;
pub mod exec_inst;
pub mod filled_codec;
pub mod follow_content;
pub mod follow_end;
pub mod follow_ended_codec;
pub mod follow_position_codec;
pub mod follow_request_codec;
pub mod heartbeat_codec;
pub mod indicative_codec;
pub mod instrument_defined_codec;
pub mod instrument_listed_codec;
pub mod level_changed_codec;
pub mod liquidity;
pub mod logoff_codec;
pub mod logon_codec;
pub mod market_flags;
pub mod market_packet_codec;
pub mod market_phase_codec;
pub mod market_request_codec;
pub mod market_request_end;
pub mod market_request_ended_codec;
pub mod market_request_kind;
pub mod mass_cancel_codec;
pub mod mass_cancel_response;
pub mod mass_cancelled_codec;
pub mod message_header_codec;
pub mod new_order_codec;
pub mod new_order_extended_codec;
pub mod open_epoch_codec;
pub mod open_session_codec;
pub mod optional_side;
pub mod ord_type;
pub mod order_added_codec;
pub mod order_deleted_codec;
pub mod order_executed_codec;
pub mod order_reduced_codec;
pub mod order_refreshed_codec;
pub mod order_replaced_codec;
pub mod outcome_codec;
pub mod outcome_kind;
pub mod phase_changed_codec;
pub mod query_outcome_codec;
pub mod reduce_order_codec;
pub mod reduced_codec;
pub mod refreshed_codec;
pub mod refusal_reason;
pub mod refused_codec;
pub mod reject_reason;
pub mod rejected_codec;
pub mod replace_order_codec;
pub mod replaced_codec;
pub mod risk_scope;
pub mod roles;
pub mod schedule_phase_codec;
pub mod self_trade_prevention;
pub mod sequenced_codec;
pub mod session_closed_codec;
pub mod session_end;
pub mod session_opened_codec;
pub mod set_halt_codec;
pub mod set_instrument_rules_codec;
pub mod set_kill_switch_codec;
pub mod set_limits_codec;
pub mod set_phase_codec;
pub mod set_position_codec;
pub mod side;
pub mod snapshot_packet_codec;
pub mod statistics_codec;
pub mod tick_codec;
pub mod time_in_force;
pub mod trade_broken_codec;
pub mod trade_busted_codec;
pub mod traded_codec;
pub mod trading_phase;
pub mod triggered_codec;
pub mod uncrossed_codec;
pub mod var_string_encoding_codec;

pub const SBE_SCHEMA_ID: u16 = 5301;
pub const SBE_SCHEMA_VERSION: u16 = 3;
pub const SBE_SEMANTIC_VERSION: &str = "0.1";

pub type SbeResult<T> = core::result::Result<T, SbeErr>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SbeErr {
    ParentNotSet,
}
impl core::fmt::Display for SbeErr {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{self:?}")
    }
}
impl std::error::Error for SbeErr {}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Either<L, R> {
    Left(L),
    Right(R),
}

pub trait Writer<'a>: Sized {
    fn get_buf_mut(&mut self) -> &mut WriteBuf<'a>;
}

pub trait Encoder<'a>: Writer<'a> {
    fn get_limit(&self) -> usize;
    fn set_limit(&mut self, limit: usize);
    fn nullify_optional_fields(&mut self) -> &mut Self {
        self
    }
}

pub trait ActingVersion {
    fn acting_version(&self) -> u16;
}

pub trait Reader<'a>: Sized {
    fn get_buf(&self) -> &ReadBuf<'a>;
}

pub trait Decoder<'a>: Reader<'a> {
    fn get_limit(&self) -> usize;
    fn set_limit(&mut self, limit: usize);
}

#[derive(Clone, Copy, Debug, Default)]
pub struct ReadBuf<'a> {
    data: &'a [u8],
}
impl<'a> Reader<'a> for ReadBuf<'a> {
    #[inline]
    fn get_buf(&self) -> &ReadBuf<'a> {
        self
    }
}
#[allow(dead_code)]
impl<'a> ReadBuf<'a> {
    #[inline]
    pub const fn new(data: &'a [u8]) -> Self {
        Self { data }
    }

    #[inline]
    pub(crate) fn get_bytes_at<const N: usize>(slice: &[u8], index: usize) -> [u8; N] {
        slice[index..index + N]
            .try_into()
            .expect("slice with incorrect length")
    }

    #[inline]
    pub const fn get_u8_at(&self, index: usize) -> u8 {
        self.data[index]
    }

    #[inline]
    pub fn get_i8_at(&self, index: usize) -> i8 {
        i8::from_le_bytes(Self::get_bytes_at(self.data, index))
    }

    #[inline]
    pub fn get_i16_at(&self, index: usize) -> i16 {
        i16::from_le_bytes(Self::get_bytes_at(self.data, index))
    }

    #[inline]
    pub fn get_i32_at(&self, index: usize) -> i32 {
        i32::from_le_bytes(Self::get_bytes_at(self.data, index))
    }

    #[inline]
    pub fn get_i64_at(&self, index: usize) -> i64 {
        i64::from_le_bytes(Self::get_bytes_at(self.data, index))
    }

    #[inline]
    pub fn get_u16_at(&self, index: usize) -> u16 {
        u16::from_le_bytes(Self::get_bytes_at(self.data, index))
    }

    #[inline]
    pub fn get_u32_at(&self, index: usize) -> u32 {
        u32::from_le_bytes(Self::get_bytes_at(self.data, index))
    }

    #[inline]
    pub fn get_u64_at(&self, index: usize) -> u64 {
        u64::from_le_bytes(Self::get_bytes_at(self.data, index))
    }

    #[inline]
    pub fn get_f32_at(&self, index: usize) -> f32 {
        f32::from_le_bytes(Self::get_bytes_at(self.data, index))
    }

    #[inline]
    pub fn get_f64_at(&self, index: usize) -> f64 {
        f64::from_le_bytes(Self::get_bytes_at(self.data, index))
    }

    #[inline]
    pub fn get_slice_at(&self, index: usize, len: usize) -> &[u8] {
        &self.data[index..index + len]
    }
}

#[derive(Debug, Default)]
pub struct WriteBuf<'a> {
    data: &'a mut [u8],
}
impl<'a> WriteBuf<'a> {
    pub const fn new(data: &'a mut [u8]) -> Self {
        Self { data }
    }

    #[inline]
    pub fn put_bytes_at<const COUNT: usize>(&mut self, index: usize, bytes: &[u8; COUNT]) -> usize {
        self.data[index..index + COUNT].copy_from_slice(bytes);
        COUNT
    }

    #[inline]
    pub const fn put_u8_at(&mut self, index: usize, value: u8) {
        self.data[index] = value;
    }

    #[inline]
    pub fn put_i8_at(&mut self, index: usize, value: i8) {
        self.put_bytes_at(index, &i8::to_le_bytes(value));
    }

    #[inline]
    pub fn put_i16_at(&mut self, index: usize, value: i16) {
        self.put_bytes_at(index, &i16::to_le_bytes(value));
    }

    #[inline]
    pub fn put_i32_at(&mut self, index: usize, value: i32) {
        self.put_bytes_at(index, &i32::to_le_bytes(value));
    }

    #[inline]
    pub fn put_i64_at(&mut self, index: usize, value: i64) {
        self.put_bytes_at(index, &i64::to_le_bytes(value));
    }

    #[inline]
    pub fn put_u16_at(&mut self, index: usize, value: u16) {
        self.put_bytes_at(index, &u16::to_le_bytes(value));
    }

    #[inline]
    pub fn put_u32_at(&mut self, index: usize, value: u32) {
        self.put_bytes_at(index, &u32::to_le_bytes(value));
    }

    #[inline]
    pub fn put_u64_at(&mut self, index: usize, value: u64) {
        self.put_bytes_at(index, &u64::to_le_bytes(value));
    }

    #[inline]
    pub fn put_f32_at(&mut self, index: usize, value: f32) {
        self.put_bytes_at(index, &f32::to_le_bytes(value));
    }

    #[inline]
    pub fn put_f64_at(&mut self, index: usize, value: f64) {
        self.put_bytes_at(index, &f64::to_le_bytes(value));
    }

    #[inline]
    pub fn put_slice_at(&mut self, index: usize, src: &[u8]) -> usize {
        let len = src.len();
        let dest = self.data.split_at_mut(index).1.split_at_mut(len).0;
        dest.clone_from_slice(src);
        len
    }
}
impl<'a> From<&'a mut WriteBuf<'a>> for &'a mut [u8] {
    #[inline]
    fn from(buf: &'a mut WriteBuf<'a>) -> &'a mut [u8] {
        buf.data
    }
}
