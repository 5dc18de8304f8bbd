//! How much of everything there may be, each with its reason.

/// Longest packet: one frame of Aeron's default MTU of 1,408 bytes, less its header of 32. A packet that is lost takes
/// nothing else with it.
pub const PACKET_BYTES_MAX: usize = 1_376;

/// Longest public message, SBE header included.
pub const MESSAGE_BYTES_MAX: usize = 81;

/// What a receiver keeps of packets that lie beyond a gap. Beyond it the gap is given up.
pub const AHEAD_BYTES_MAX: usize = 64 << 20;

/// What a receiver keeps of packets that a snapshot may have to be brought up with. Beyond it the oldest are dropped,
/// and snapshots that are older than the rest are of no use.
pub const HISTORY_BYTES_MAX: usize = 64 << 20;

/// How long an auction's indication is not asked for again, for each order that is shown in any book. To ask takes up to 30 ns
/// an order, so auctions take a publisher 3 % of its time at most.
pub const INDICATION_NS_PER_ORDER: i64 = 1_000;

/// The longest such pause: nobody who watches an auction should wait longer.
pub const INDICATION_INTERVAL_MAX_NS: i64 = 100_000_000;

const _: () = assert!(MESSAGE_BYTES_MAX < PACKET_BYTES_MAX / 8, "a packet holds some messages");
