//! The seam to a client's session. One thread at a time.

use crate::aeron_sys::{aeron_exclusive_publication_t, aeron_subscription_t};
use crate::client::load::{Load, LoadResult, run};
use crate::client::session::Session;
use crate::error::{Code, Error, guard};
use engine::rows::{CommandRow, EventRow};
use sequencer::client::{Logon, Trouble};
use std::ffi::c_int;
use std::time::Duration;

/// What a logon gave; mirrors the struct of `seriatim.h`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct LogonFields {
    next_number: u64,
    session: u32,
    epoch: u32,
    window: u32,
}

impl From<&LogonFields> for Logon {
    fn from(fields: &LogonFields) -> Self {
        let LogonFields { next_number, session, epoch, window } = *fields;
        Self { session, epoch, next_number, window: u64::from(window) }
    }
}

/// What sending again cannot mend; mirrors the struct of `seriatim.h`.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct TroubleFields {
    first: u64,
    last: u64,
    kind: u8,
    reason: u8,
}

impl TroubleFields {
    /// Returns its kind, which is above 0.
    fn put(&mut self, trouble: Trouble) -> c_int {
        let (kind, first, last, reason) = match trouble {
            Trouble::LoggedOff => (1, 0, 0, 0),
            Trouble::Elsewhere => (2, 0, 0, 0),
            Trouble::Refused { number, reason } => (3, number, number, reason as u8),
            Trouble::Lost { first, last } => (4, first, last, 0),
        };
        *self = Self { first, last, kind, reason };
        c_int::from(kind)
    }
}

/// # Safety
/// Publication and subscription are open and outlive the session.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_session_new(
    publication: *mut aeron_exclusive_publication_t,
    subscription: *mut aeron_subscription_t,
    logon: *const LogonFields,
    session: *mut *mut Session,
) -> c_int {
    guard(|| {
        // SAFETY: the caller's promise.
        unsafe {
            let made = Session::new(publication, subscription, Logon::from(&*logon))?;
            *session = Box::into_raw(Box::new(made));
        }
        Ok(0)
    })
}

/// # Safety
/// `session` comes from `seriatim_session_new` and is not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_session_free(session: *mut Session) {
    if !session.is_null() {
        // SAFETY: the caller's promise.
        drop(unsafe { Box::from_raw(session) });
    }
}

/// # Safety
/// As `seriatim_session_new`; `session` is live, `trouble` writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_session_resume(
    session: *mut Session,
    publication: *mut aeron_exclusive_publication_t,
    subscription: *mut aeron_subscription_t,
    logon: *const LogonFields,
    trouble: *mut TroubleFields,
) -> c_int {
    guard(|| {
        // SAFETY: the caller's promise.
        let resumed = unsafe { (*session).resume(publication, subscription, Logon::from(&*logon)) };
        // SAFETY: the caller's promise.
        Ok(resumed.map_or_else(|lost| unsafe { (*trouble).put(lost) }, |()| 0))
    })
}

/// # Safety
/// `session` is live; `rows` points to `count` rows; `taken` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_session_send(
    session: *mut Session,
    rows: *const CommandRow,
    count: usize,
    taken: *mut usize,
) -> c_int {
    guard(|| {
        // SAFETY: the caller's promise.
        unsafe { *taken = (*session).send(std::slice::from_raw_parts(rows, count))? };
        Ok(0)
    })
}

/// # Safety
/// `session` is live; `body` points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_session_send_body(session: *mut Session, body: *const u8, length: usize) -> c_int {
    // SAFETY: the caller's promise.
    let (session, body) = unsafe { (&mut *session, std::slice::from_raw_parts(body, length)) };
    guard(|| {
        if length > sequencer::limits::COMMAND_BODY_BYTES_MAX {
            return Err(Error::new(Code::InvalidArgument, format!("a command of {length} bytes is too long")));
        }
        if session.room() == 0 {
            return Ok(0);
        }
        session.send_body(body);
        session.flush().map(|_| 1)
    })
}

/// # Safety
/// `session` is live; `rows` has room for `capacity`; `count` and `trouble` are writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_session_poll(
    session: *mut Session,
    rows: *mut EventRow,
    capacity: usize,
    now_ns: i64,
    count: *mut usize,
    trouble: *mut TroubleFields,
) -> c_int {
    guard(|| {
        // SAFETY: the caller's promise.
        unsafe {
            let session = &mut *session;
            *count = session.poll(std::slice::from_raw_parts_mut(rows, capacity), now_ns)?;
            Ok(session.take_trouble().map_or(0, |found| (*trouble).put(found)))
        }
    })
}

/// # Safety
/// `session` is live; both pointers are writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_session_numbers(session: *const Session, next: *mut u64, answered: *mut u64) {
    // SAFETY: the caller's promise.
    unsafe {
        *next = (*session).next_number();
        *answered = (*session).answered();
    }
}

/// # Safety
/// `session` is live; `rows` points to `count` rows, `latencies_ns` to `latency_count` numbers, `result` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_session_load(
    session: *mut Session,
    rows: *const CommandRow,
    count: usize,
    id_stride: u64,
    window: u32,
    duration_ns: u64,
    latencies_ns: *mut u32,
    latency_count: usize,
    result: *mut LoadResult,
) -> c_int {
    // SAFETY: the caller's promise.
    let (session, rows, latencies_ns) = unsafe {
        let latencies_ns = std::slice::from_raw_parts_mut(latencies_ns, latency_count);
        (&mut *session, std::slice::from_raw_parts(rows, count), latencies_ns)
    };
    guard(|| {
        let load = Load { rows, id_stride, window: u64::from(window), duration: Duration::from_nanos(duration_ns) };
        // SAFETY: the caller's promise.
        unsafe { *result = run(session, &load, latencies_ns)? };
        Ok(0)
    })
}
