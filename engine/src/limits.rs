//! How much of everything there may be, each with its reason; what must hold between them is checked by the compiler.

/// Highest price, in ticks. A price of 10,000 in ticks of a hundred-millionth still fits.
pub const PRICE_MAX_TICKS: i64 = 1_000_000_000_000;

/// Highest quantity of one order, in lots. 10,000 coins in lots of a hundred-millionth still fit.
pub const QUANTITY_MAX_LOTS: i64 = 1_000_000_000_000;

/// Most live orders in all books together. One costs 64 bytes, its place in the index 16, and in the worst case, alone
/// on a price far from all others, two nodes and a level of a ladder, 608 bytes: under 3 GiB for all.
pub const ORDERS_MAX: u32 = 1 << 22;

/// Instrument ids are below this: the table from id to book holds 4 bytes for each.
pub const INSTRUMENTS_MAX: u32 = 1 << 20;

/// Exponents of tick and lot sizes are within ± this, so that a size is exact in an i128 of 10^-18 units.
pub const EXPONENT_MAX: i8 = 18;

/// Prices take this many bits; a ladder mirrors bids in them.
pub const PRICE_BITS: u32 = 42;

/// Longest body of an event, SBE header included.
pub const EVENT_BODY_BYTES_MAX: usize = 89;

/// Longest body of a command, SBE header included.
pub const COMMAND_BODY_BYTES_MAX: usize = 81;

/// Most steps that one command, or one tick, takes of work that may be long: a frame stays under a tenth of a
/// millisecond, and commands that come meanwhile do not wait for the rest.
pub const PIECE_MAX: u32 = 256;

/// An iceberg has at most so many parts, so that a taker does not go around a queue for ever.
pub const ICEBERG_SLICES_MAX: i64 = 1_000;

/// Most entries of the schedule of one instrument: a day has six phases, a week seven days of its own, and room for the unusual.
pub const SCHEDULE_MAX: usize = 64;

/// Shortest interval of a schedule: ticks come several times a second, not more.
pub const SCHEDULE_INTERVAL_MIN_NS: i64 = 1_000_000_000;

/// How many trades are remembered to be busted; one costs 72 bytes.
pub const TRADES_KEPT: usize = 1 << 16;

/// Most sessions and accounts that limits are kept for.
pub const LIMITS_MAX: usize = 1 << 16;

/// Once there are so many, sessions get no more by what they choose for themselves: the rest is for whoever administers.
pub const LIMITS_OWN_MAX: usize = LIMITS_MAX / 2;

/// A limit of the rate counts messages over this long at least.
pub const RATE_INTERVAL_MIN_NS: i64 = 1_000_000;

/// And over this long at most.
pub const RATE_INTERVAL_MAX_NS: i64 = 3_600_000_000_000;

/// A position is set within ± this: a thousand of the largest orders, and far from the end of an i64.
pub const POSITION_MAX_LOTS: i64 = 1_000_000_000_000_000;

const _: () = assert!(PRICE_MAX_TICKS < 1 << PRICE_BITS, "a mirrored price stays in its bits");
const _: () = assert!(
    QUANTITY_MAX_LOTS <= i64::MAX / ORDERS_MAX as i64,
    "the quantities of all orders together fit an i64, so no level's sum overflows"
);
const _: () =
    assert!(ORDERS_MAX < u32::MAX / 4, "slots of orders, levels and nodes are u32, the last of which means none");
