//! Commands and events as flat rows of fixed size, for arrays that cross a seam: numpy's `COMMAND` and `EVENT` have
//! the same layout. A row's kind is the template id of the message it stands for. An instrument is defined by a call
//! of its own, not by a row.

pub use crate::command_row::encode_command;

/// Of a row's price: none.
pub const NO_PRICE: i64 = i64::MIN;
/// Of a mass cancel's instrument: all.
pub const ALL_INSTRUMENTS: u32 = u32::MAX;

/// One plain order, cancel, reduce, replace, or mass cancel for all accounts. Fields that its kind does not have are not
/// looked at. Any other command has its bytes alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct CommandRow {
    /// Template id: 10 new, 11 cancel, 12 reduce, 13 replace, 14 mass cancel.
    pub kind: u8,
    /// 1 buy, 2 sell; of a mass cancel also 0, both.
    pub side: u8,
    /// FIX 40.
    pub ord_type: u8,
    /// FIX 59.
    pub time_in_force: u8,
    /// Which book; of a mass cancel also [`ALL_INSTRUMENTS`].
    pub instrument: u32,
    /// The client's own.
    pub account: u32,
    /// Who sends it.
    pub session: u32,
    /// The new order's id.
    pub cl_ord_id: u64,
    /// The live order's id.
    pub orig_cl_ord_id: u64,
    /// In ticks, or [`NO_PRICE`].
    pub price: i64,
    /// In lots.
    pub quantity: i64,
}

/// One event. Fields that its kind does not have are 0; a few kinds say in them what has no field of its own, as noted.
/// Of an extended order, whose values are all above 0, 0 there means none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct EventRow {
    /// Of the command that caused it; 0 from an engine without a bus.
    pub seq: u64,
    /// When that command was stamped; 0 from an engine without a bus.
    pub time_ns: i64,
    /// Of the session's own command; from an engine without a bus, the command's place in its array.
    pub number: u64,
    /// The engine's id of the order; of a fill told to both, the taker's.
    pub order_id: u64,
    /// The client's id.
    pub cl_ord_id: u64,
    /// Of a replace: the client's old id. Of a fill and of a bust: the trade id. Of an extended order: its expire time.
    pub orig_cl_ord_id: u64,
    /// In ticks, or [`NO_PRICE`].
    pub price: i64,
    /// In lots: ordered, traded, shown, taken off or cancelled; of a mass cancel, how many orders.
    pub quantity: i64,
    /// Lots left.
    pub leaves: i64,
    /// Of a fill or a bust told to both: the maker's. Of an extended order: its stop price.
    pub contra_order_id: u64,
    /// Of a fill or a bust told to both: the maker's. Of an extended order: its minimum quantity.
    pub contra_cl_ord_id: u64,
    /// Of a fill told to both: the maker's. Of an extended order: its display quantity.
    pub contra_leaves: i64,
    /// Of a fill or a bust told to both: the maker's. Of an extended order: its self-trade group.
    pub contra_session: u32,
    /// The owner.
    pub session: u32,
    /// Place among the events of its command, from 0.
    pub index: u32,
    /// Which book.
    pub instrument: u32,
    /// The client's own. Of an administered command: the instrument, session or account that it named.
    pub account: u32,
    /// Of a reject and of an administered command: its template id. Of an extended order: its instructions.
    pub template: u16,
    /// Template id: 40 accepted, 41 rejected, 42 filled, 43 reduced, 44 cancelled, 45 replaced, 46 mass cancelled, 49
    /// instrument defined, 50 accepted extended, 51 triggered, 52 refreshed, 53 phase changed, 54 uncrossed, 55
    /// administered, 56 trade busted; 25 an outcome.
    pub kind: u8,
    /// 1 buy, 2 sell.
    pub side: u8,
    /// FIX 40.
    pub ord_type: u8,
    /// FIX 59.
    pub time_in_force: u8,
    /// Of a reject its `RejectReason`, of a cancel or a reduce its `CancelReason`. Of a mass cancel: its
    /// `MassCancelResponse`. Of a phase change: the `TradingPhase`. Of an extended order: its `SelfTradePrevention`.
    pub reason: u8,
    /// FIX 851 of `order_id`: 1 added, 2 removed, 4 auction.
    pub liquidity: u8,
    /// Of a replace: whether the order kept its place.
    pub priority_kept: u8,
    /// `EventFlags` of the bus.
    pub flags: u8,
    /// Of an answer to a repeat or a query: its `OutcomeKind`. `quantity` then says how many events there were.
    pub outcome: u8,
    /// Zero.
    pub reserved: [u8; 1],
}

const _: () = assert!(size_of::<CommandRow>() == 48 && size_of::<EventRow>() == 128);
