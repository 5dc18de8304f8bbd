//! How much of everything there may be, each with its reason; what must hold between them is checked by the compiler.

/// Highest price, in ticks. A price of 10,000 in ticks of a hundred-millionth still fits.
pub const PRICE_MAX_TICKS: i64 = 1_000_000_000_000;

/// Highest quantity of one order, in lots. 10,000 coins in lots of a hundred-millionth still fit.
pub const QUANTITY_MAX_LOTS: i64 = 1_000_000_000_000;

/// Most live orders in all books together. One costs 64 bytes, its place in the index 16, and in the worst case, alone
/// on a price far from all others, two nodes and a level of a ladder, 616 bytes: under 3 GiB for all.
pub const ORDERS_MAX: u32 = 1 << 22;

/// Instrument ids are below this: the table from id to book holds 4 bytes for each.
pub const INSTRUMENTS_MAX: u32 = 1 << 20;

/// Exponents of tick and lot sizes are within ± this, so that a size is exact in an i128 of 10^-18 units.
pub const EXPONENT_MAX: i8 = 18;

/// Prices take this many bits; a ladder mirrors bids in them.
pub const PRICE_BITS: u32 = 42;

/// Longest body of an event, SBE header included.
pub const EVENT_BODY_BYTES_MAX: usize = 62;

/// Longest body of a command, SBE header included.
pub const COMMAND_BODY_BYTES_MAX: usize = 46;

const _: () = assert!(PRICE_MAX_TICKS < 1 << PRICE_BITS, "a mirrored price stays in its bits");
const _: () = assert!(
    QUANTITY_MAX_LOTS <= i64::MAX / ORDERS_MAX as i64,
    "the quantities of all orders together fit an i64, so no level's sum overflows"
);
const _: () =
    assert!(ORDERS_MAX < u32::MAX / 4, "slots of orders, levels and nodes are u32, the last of which means none");
