//! The seam to a replica: what replays, followers and a starting node apply blocks to.

use crate::engine_api::LevelRow;
use crate::error::{Code, Error, guard};
use crate::planted;
use crate::secret::secret;
use messages::side::Side;
use sequencer::block::BlockError;
use sequencer::frame::SequencedFrame;
use sequencer::replica::{LogPosition, Replica};
use std::ffi::c_int;

/// Where a replica stands; mirrors the struct of `seriatim.h`.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct State {
    seq: u64,
    time_ns: i64,
    index: u64,
    outcome_hash: u64,
    state_hash: u64,
    live_orders: u64,
    last_order_id: u64,
    epoch: u32,
    sessions: u32,
    logic_version: u32,
    header_hash: [u8; 32],
}

impl State {
    /// Of this replica, `log` being the end of the log that it has executed.
    pub fn of(replica: &Replica, log: LogPosition) -> Self {
        let position = replica.position();
        Self {
            seq: position.seq,
            time_ns: position.time_ns,
            index: log.index,
            outcome_hash: replica.engine().outcome_hash(),
            state_hash: replica.state_hash(),
            live_orders: replica.engine().live_orders(),
            last_order_id: replica.engine().last_order_id(),
            epoch: position.epoch,
            sessions: replica.sessions().count(),
            logic_version: replica.logic_version(),
            header_hash: log.hash,
        }
    }
}

/// An empty replica, before the first block.
#[unsafe(no_mangle)]
pub extern "C" fn seriatim_replica_new() -> *mut Replica {
    let mut replica = Replica::default();
    replica.scatter(secret());
    if planted::is_armed() {
        replica.probe_with(planted::probe);
    }
    Box::into_raw(Box::new(replica))
}

/// # Safety
/// `replica` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_replica_skip(replica: *mut Replica, seq: u64, crc: u32) {
    // SAFETY: the caller's promise.
    unsafe { (*replica).skip(seq, crc) };
}

/// The newest rules that the engine knows.
#[unsafe(no_mangle)]
pub extern "C" fn seriatim_logic_version() -> u32 {
    engine::LOGIC_VERSION
}

/// # Safety
/// `replica` comes from `seriatim_replica_new` and is not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_replica_free(replica: *mut Replica) {
    if !replica.is_null() {
        // SAFETY: the caller's promise.
        drop(unsafe { Box::from_raw(replica) });
    }
}

/// # Safety
/// `replica` is live; `bytes` points to `length` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_replica_apply(replica: *mut Replica, bytes: *const u8, length: usize) -> c_int {
    // SAFETY: the caller's promise.
    let (replica, bytes) = unsafe { (&mut *replica, std::slice::from_raw_parts(bytes, length)) };
    guard(|| apply_block(replica, bytes, |_, _| {}))
}

/// Executes the next block; `on_frame` sees each frame and the replica right after it. Returns how many frames there were.
pub fn apply_block(
    replica: &mut Replica,
    bytes: &[u8],
    mut on_frame: impl FnMut(&SequencedFrame, &Replica),
) -> Result<c_int, Error> {
    let applied = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        replica.apply_block(bytes, |frame, _, replica| on_frame(frame, replica))
    }));
    match applied {
        Ok(Ok(count)) => Ok(count as c_int),
        Ok(Err(error)) => Err(bad_block(replica, error)),
        // The position moves when a frame is done.
        Err(panic) => Err(Error::poison(replica.position().seq + 1, &*panic)),
    }
}

/// # Safety
/// `replica` is live; `state` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_replica_state(replica: *const Replica, state: *mut State) {
    // SAFETY: the caller's promise.
    unsafe { *state = State::of(&*replica, (*replica).log()) };
}

/// # Safety
/// `replica` is live; `levels` has room for `depth`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_replica_levels(
    replica: *const Replica,
    instrument: u32,
    side: u8,
    levels: *mut LevelRow,
    depth: usize,
) -> usize {
    // SAFETY: the caller's promise.
    let (replica, levels) = unsafe { (&*replica, std::slice::from_raw_parts_mut(levels, depth)) };
    let found = replica.engine().levels(instrument, Side::from(side), depth);
    let mut count = 0;
    for (to, (price, quantity, orders)) in levels.iter_mut().zip(found) {
        *to = LevelRow { price, quantity, orders };
        count += 1;
    }
    count
}

fn bad_block(replica: &Replica, error: BlockError) -> Error {
    let (index, seq) = (replica.log().index + 1, replica.position().seq + 1);
    let (code, why) = match error {
        BlockError::NotABlock => (Code::BadBlock, "the bytes are not a block"),
        BlockError::Length => (Code::BadBlock, "it is not as long as its header says"),
        BlockError::Crc => (Code::BadBlock, "its checksum does not agree"),
        BlockError::Index => (Code::BadBlock, "it has another index"),
        BlockError::Chain => (Code::BadBlock, "it does not follow the block before it"),
        BlockError::Frame => (Code::BadBlock, "a frame in it does not follow the one before"),
        BlockError::Skip => (Code::SkipRefused, "an override says to skip this seq, but was made for another command"),
        BlockError::Logic => (
            Code::UnknownLogic,
            "from here on the order follows rules that this release does not know; replay it with the release that wrote it, or a \
             newer one",
        ),
    };
    Error { seq, ..Error::new(code, format!("block {index} cannot be applied from seq {seq} on: {why}")) }
}
