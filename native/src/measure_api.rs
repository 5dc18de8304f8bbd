//! For benchmarks: what the native side of a figure costs, with the clock read where nothing else is in between.

use crate::engine_api::{EngineHandle, elements, room};
use engine::rows::{CommandRow, EventRow};
use std::slice;
use std::time::Instant;

/// See the header.
///
/// # Safety
/// `engine` lives; `commands` holds `count`; `each_ns`, unless null, has room for `count`; `events` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_measure(
    engine: *const EngineHandle,
    commands: *const CommandRow,
    count: usize,
    each_ns: *mut u32,
    events: *mut u64,
) -> i64 {
    // SAFETY: the caller's promise.
    let (handle, rows, events) = unsafe { (&*engine, elements(commands, count), &mut *events) };
    handle.guarded(|state| {
        *events = 0;
        if each_ns.is_null() {
            let start = Instant::now();
            state.engine.apply_rows(rows, &mut state.events, |_, told| *events += told.len() as u64);
            return start.elapsed().as_nanos() as i64;
        }
        // SAFETY: the caller's promise.
        let each_ns = unsafe { room(each_ns, rows.len()) };
        let start = Instant::now();
        for (row, took_ns) in rows.iter().zip(each_ns) {
            let before = Instant::now();
            state.engine.apply_rows(slice::from_ref(row), &mut state.events, |_, told| *events += told.len() as u64);
            *took_ns = u32::try_from(before.elapsed().as_nanos()).unwrap_or(u32::MAX);
        }
        start.elapsed().as_nanos() as i64
    })
}

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
