//! What an auction would give, for Python.

use crate::engine_api::EngineHandle;

/// `seriatim_uncross_t` of the header.
#[repr(C)]
pub struct UncrossRow {
    price: i64,
    volume: i64,
    surplus: i64,
}

/// See the header.
///
/// # Safety
/// `engine` lives; `uncross` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_indicative(
    engine: *const EngineHandle,
    instrument: u32,
    uncross: *mut UncrossRow,
) -> i64 {
    // SAFETY: the caller's promise.
    let (handle, row) = unsafe { (&*engine, &mut *uncross) };
    handle.guarded(|state| {
        let Some(engine::Uncross { price, volume, surplus }) = state.engine.indicative(instrument) else {
            return 0;
        };
        *row = UncrossRow { price, volume, surplus };
        1
    })
}
