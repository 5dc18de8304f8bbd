//! Every limit of the sequencer, each with its reason, checked against the others when this compiles.

/// Body of one command. Ours are under 100 bytes; what is larger than this is a mistake or an attack.
pub const COMMAND_BODY_BYTES_MAX: usize = 16 * 1024;

/// One Aeron message of ingress: what one claim takes over IPC at the largest MTU.
pub const INGRESS_MESSAGE_BYTES_MAX: usize = 64 * 1024;

/// Frames of one block. A block is one Aeron message where it travels, so it stays under an eighth of the smallest term (8 MiB).
pub const BLOCK_BODY_BYTES_MAX: usize = 1024 * 1024 - BLOCK_HEADER_BYTES;

/// SBE message header and root block of `BlockHeader`.
pub const BLOCK_HEADER_BYTES: usize = 88;

/// Blocks in memory: one open, one with the journal, the rest absorb a disk that stalls.
pub const BLOCKS_IN_FLIGHT_MAX: u64 = 32;

/// What a connection that is not the only one may have stamped and not yet on disk in `fsync`: others wait for the disk behind it. Two
/// messages, so that one fills the next block while the other is committed.
pub const CONNECTION_IN_FLIGHT_BYTES_MAX: usize = 2 * INGRESS_MESSAGE_BYTES_MAX;

/// Commands of one session that its client has not acknowledged; bounds what is kept to answer repeats.
pub const SESSION_WINDOW: u64 = 65_536;

/// Sessions ever opened by one order; an id is never reused.
pub const SESSIONS_MAX: u32 = 1 << 20;

/// New sessions of one `relaxed` epoch. The next epoch begins behind all of their ids, because a crash may have lost their openings;
/// 32-bit ids are enough for 262,144 such epochs.
pub const SESSIONS_PER_RELAXED_EPOCH: u32 = 1 << 14;

/// Detached sessions looked at in one search for those that have expired.
pub const EXPIRY_SEARCH_MAX: usize = 256;

/// Sessions that get a copy of what one session is told: each of its events is told once more to each of them.
pub const COPIES_GIVEN_MAX: usize = 16;

/// Sessions that one session gets copies of: a desk and more; what they are told all goes over one connection.
pub const COPIES_TAKEN_MAX: usize = 1 << 12;

/// While the node runs, two looks at the clock are never this far apart unless it was stopped or the clock was set: stop, ask a person.
pub const TIME_JUMP_NS_MAX: i64 = 60_000_000_000;

/// How far the journal may trail behind what is released in `relaxed`.
pub const RELAXED_COMMIT_DELAY_NS: i64 = 3_000_000;

/// Frames start at multiples of this.
pub const FRAME_ALIGNMENT: usize = 8;

const _: () = assert!(COMMAND_BODY_BYTES_MAX < INGRESS_MESSAGE_BYTES_MAX);
// A message of the shortest frames grows by 32 bytes a frame of 48 when it is stamped; a block must take one whole message.
const _: () = assert!(2 * INGRESS_MESSAGE_BYTES_MAX < BLOCK_BODY_BYTES_MAX);
const _: () = assert!(BLOCK_HEADER_BYTES.is_multiple_of(FRAME_ALIGNMENT));
const _: () = assert!(BLOCK_HEADER_BYTES + BLOCK_BODY_BYTES_MAX <= 8 * 1024 * 1024 / 8);
const _: () = assert!(BLOCKS_IN_FLIGHT_MAX >= 4);
const _: () = assert!(SESSIONS_PER_RELAXED_EPOCH <= SESSIONS_MAX);
