//! The versions of the rules. Which one holds is sequenced state: an epoch of the order opens with it, and a journal replays under the
//! versions that it was written with. A change of behaviour gets the next number, a line here, and a test of both sides.

/// The newest rules that this engine knows.
pub const LOGIC_VERSION: u32 = 4;

/// The oldest rules that it still follows.
pub const LOGIC_VERSION_MIN: u32 = 1;

/// From here on a new order or a replace may not give an order the client id 0: a reject and an outcome say 0 where they name none.
pub const CL_ORD_ID_ZERO_REFUSED: u32 = 2;

/// From here on there are order types beyond market and limit, attributes of orders, trading phases, rules of instruments, limits of risk
/// and work in pieces. Before, the commands that came with them are unknown, and so are the values of enums.
pub const VENUE_CONTROLS: u32 = 3;

/// From here on there is `SetHalt`, a halt that lies over the phase of its instrument, and what is said of one instrument is not undone by
/// what was said before of all and has not come to it yet.
pub const HALTS: u32 = 4;
