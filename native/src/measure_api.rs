//! For benchmarks: what the native side of a figure costs, with the clock read where nothing else is in between.

use crate::engine_api::{EngineHandle, elements, room};
use engine::rows::{CommandRow, EventRow};
use std::time::Instant;

/// See the header.
///
/// # Safety
/// `engine` lives; the arrays hold as many elements as said.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_measure_arrays(
    engine: *const EngineHandle,
    commands: *const CommandRow,
    count: usize,
    array_length: usize,
    events: *mut EventRow,
    capacity: usize,
) -> i64 {
    // SAFETY: the caller's promise.
    let (handle, commands, room) = unsafe { (&*engine, elements(commands, count), room(events, capacity)) };
    handle.guarded(|state| {
        let start = Instant::now();
        for array in commands.chunks(array_length) {
            let mut done = 0;
            while done < array.len() {
                done += state.apply(&array[done..], done as u64, room).0;
            }
        }
        start.elapsed().as_nanos() as i64
    })
}

/// See the header.
///
/// # Safety
/// `each_ns` has room for `count`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_measure_clock(each_ns: *mut u32, count: usize) {
    // SAFETY: the caller's promise.
    for took_ns in unsafe { room(each_ns, count) } {
        let before = Instant::now();
        *took_ns = u32::try_from(before.elapsed().as_nanos()).unwrap_or(u32::MAX);
    }
}
