//! Snapshots beyond the seam: bytes that the library makes and the caller frees, and what is made of bytes.

use crate::engine_api::{EngineHandle, elements};
use crate::error::{Code, Error, guard};
use crate::planted;
use crate::secret::secret;
use engine::Engine;
use engine::snapshot::SnapshotError;
use sequencer::replica::Replica;
use sequencer::snapshot::ClusterId;
use std::ffi::c_int;

/// What a `seriatim_bytes_t *` points to.
pub struct Bytes(Vec<u8>);

impl Bytes {
    fn handed_out(bytes: Vec<u8>) -> *mut Self {
        Box::into_raw(Box::new(Self(bytes)))
    }
}

impl From<SnapshotError> for Error {
    fn from(error: SnapshotError) -> Self {
        Self::new(Code::BadSnapshot, error.to_string())
    }
}

/// # Safety
/// `bytes` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_bytes_data(bytes: *const Bytes) -> *const u8 {
    // SAFETY: the caller's promise.
    unsafe { (*bytes).0.as_ptr() }
}

/// # Safety
/// `bytes` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_bytes_length(bytes: *const Bytes) -> usize {
    // SAFETY: the caller's promise.
    unsafe { (*bytes).0.len() }
}

/// # Safety
/// `bytes` came from this library and is not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_bytes_free(bytes: *mut Bytes) {
    if !bytes.is_null() {
        // SAFETY: the caller's promise.
        drop(unsafe { Box::from_raw(bytes) });
    }
}

/// # Safety
/// `engine` lives; `bytes` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_snapshot(engine: *const EngineHandle, bytes: *mut *mut Bytes) -> i64 {
    // SAFETY: the caller's promise.
    let (handle, room) = unsafe { (&*engine, &mut *bytes) };
    handle.guarded(|state| {
        *room = Bytes::handed_out(state.engine.snapshot());
        0
    })
}

/// # Safety
/// `bytes` points to `length` readable bytes; `engine` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_load(
    bytes: *const u8,
    length: usize,
    engine: *mut *mut EngineHandle,
) -> c_int {
    // SAFETY: the caller's promise.
    let (bytes, room) = unsafe { (elements(bytes, length), &mut *engine) };
    guard(|| {
        let mut engine = Engine::load(bytes)?;
        engine.scatter(secret());
        *room = Box::into_raw(Box::new(EngineHandle::of(engine)));
        Ok(0)
    })
}

/// # Safety
/// `replica` is live; `cluster` points to 16 readable bytes; `bytes` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_replica_save(
    replica: *const Replica,
    cluster: *const ClusterId,
    bytes: *mut *mut Bytes,
) -> c_int {
    // SAFETY: the caller's promise.
    let (replica, cluster, room) = unsafe { (&*replica, &*cluster, &mut *bytes) };
    guard(|| {
        *room = Bytes::handed_out(replica.save(cluster));
        Ok(0)
    })
}

/// # Safety
/// `bytes` points to `length` readable bytes, `cluster` to 16; `replica` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_replica_load(
    bytes: *const u8,
    length: usize,
    cluster: *const ClusterId,
    replica: *mut *mut Replica,
) -> c_int {
    // SAFETY: the caller's promise.
    let (bytes, cluster, room) = unsafe { (elements(bytes, length), &*cluster, &mut *replica) };
    guard(|| {
        let mut loaded = Replica::load(bytes, cluster)?;
        loaded.scatter(secret());
        if planted::is_armed() {
            loaded.probe_with(planted::probe);
        }
        *room = Box::into_raw(Box::new(loaded));
        Ok(0)
    })
}
