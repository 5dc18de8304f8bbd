//! Time and the ends of logons for an engine without a bus, whose caller stamps its commands.

use crate::engine_api::EngineHandle;
use engine::command::SessionEnd;

/// See the header.
///
/// # Safety
/// `engine` lives.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_set_time(engine: *const EngineHandle, time_ns: i64) -> i64 {
    // SAFETY: the caller's promise.
    unsafe { &*engine }.guarded(|state| {
        state.engine.set_time(time_ns);
        0
    })
}

/// See the header.
///
/// # Safety
/// `engine` lives.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_tick(engine: *const EngineHandle) -> i64 {
    // SAFETY: the caller's promise.
    unsafe { &*engine }.guarded(|state| state.keeping_events(|engine, events| engine.tick(events)))
}

/// See the header.
///
/// # Safety
/// `engine` lives; `due_ns` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_next_due(engine: *const EngineHandle, due_ns: *mut i64) -> i64 {
    // SAFETY: the caller's promise.
    let (handle, due_ns) = unsafe { (&*engine, &mut *due_ns) };
    handle.guarded(|state| {
        let Some(due) = state.engine.next_due() else {
            return 0;
        };
        *due_ns = due;
        1
    })
}

/// See the header.
///
/// # Safety
/// `engine` lives.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_session_closed(engine: *const EngineHandle, session: u32, end: u8) -> i64 {
    // SAFETY: the caller's promise.
    unsafe { &*engine }.guarded(|state| {
        state.keeping_events(|engine, events| engine.session_closed(session, SessionEnd::from(end), events))
    })
}
