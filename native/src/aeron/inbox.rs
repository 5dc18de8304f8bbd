//! What Aeron's conductor thread reports, kept until a Python thread asks.
//!
//! The conductor never runs Python, so it never waits for the GIL and cannot hang at interpreter exit.

use std::collections::VecDeque;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::aeron_sys::*;

/// Older events are dropped beyond this many: an error that repeats for hours must not eat the memory.
const CAPACITY: usize = 4096;
const TEXT_BYTES: usize = 1024;

/// One event as Python reads it; `seriatim_report_t` in the header.
#[repr(C)]
pub struct Event {
    kind: i32,
    code: i32,
    session_id: i32,
    correlation_id: i64,
    position: i64,
    text: [u8; TEXT_BYTES],
}

const ERROR: i32 = 1;
const AVAILABLE_IMAGE: i32 = 2;
const UNAVAILABLE_IMAGE: i32 = 3;

/// Errors of a client, or images of a subscription, in order.
#[derive(Default)]
pub struct Inbox {
    events: Mutex<VecDeque<Event>>,
    pending: AtomicI32,
}

impl Inbox {
    /// How many events wait.
    pub fn pending(&self) -> i32 {
        self.pending.load(Ordering::Acquire)
    }

    fn put(&self, event: Event) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        if events.len() == CAPACITY {
            events.pop_front();
        }
        events.push_back(event);
        self.pending.store(events.len() as i32, Ordering::Release);
    }

    fn take(&self) -> Option<Event> {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let event = events.pop_front();
        self.pending.store(events.len() as i32, Ordering::Release);
        event
    }
}

/// Copies a C string, cut to what fits with its end mark.
fn text_of(source: *const c_char) -> [u8; TEXT_BYTES] {
    let mut text = [0; TEXT_BYTES];
    if !source.is_null() {
        // SAFETY: Aeron passes strings that end in a zero.
        let bytes = unsafe { CStr::from_ptr(source) }.to_bytes();
        let length = bytes.len().min(TEXT_BYTES - 1);
        text[..length].copy_from_slice(&bytes[..length]);
    }
    text
}

fn image_event(kind: i32, image: *mut aeron_image_t) -> Event {
    // SAFETY: zeroes are a valid value, and Aeron calls with a live image.
    unsafe {
        let mut constants: aeron_image_constants_t = std::mem::zeroed();
        aeron_image_constants(image, &mut constants);
        Event {
            kind,
            code: 0,
            session_id: constants.session_id,
            correlation_id: constants.correlation_id,
            position: aeron_image_position(image),
            text: text_of(constants.source_identity),
        }
    }
}

/// An empty inbox, owned by the caller until `seriatim_inbox_free`.
#[unsafe(no_mangle)]
pub extern "C" fn seriatim_inbox_new() -> *const Inbox {
    Arc::into_raw(Arc::new(Inbox::default()))
}

/// # Safety
/// `inbox` is live. The new reference belongs to whoever it is handed to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_inbox_share(inbox: *const Inbox) -> *const Inbox {
    // SAFETY: the caller's promise.
    unsafe { Arc::increment_strong_count(inbox) };
    inbox
}

/// # Safety
/// `inbox` is a reference of the caller's, not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_inbox_free(inbox: *const Inbox) {
    // SAFETY: the caller's promise.
    drop(unsafe { Arc::from_raw(inbox) });
}

/// # Safety
/// `inbox` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_inbox_pending(inbox: *const Inbox) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { &*inbox }.pending()
}

/// # Safety
/// `inbox` is live and `out` has room for one event.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_inbox_take(inbox: *const Inbox, out: *mut Event) -> i32 {
    // SAFETY: the caller's promise.
    match unsafe { &*inbox }.take() {
        Some(event) => {
            // SAFETY: as above.
            unsafe { out.write(event) };
            1
        }
        None => 0,
    }
}

/// The reference that Aeron held is given back.
///
/// # Safety
/// `inbox` is such a reference.
pub unsafe extern "C" fn drop_inbox(inbox: *mut c_void) {
    // SAFETY: the caller's promise.
    unsafe { seriatim_inbox_free(inbox.cast_const().cast()) };
}

/// An `aeron_error_handler_t`.
///
/// # Safety
/// `inbox` is live; `message` ends in a zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_on_error(inbox: *mut c_void, code: c_int, message: *const c_char) {
    let event = Event { kind: ERROR, code, session_id: 0, correlation_id: 0, position: 0, text: text_of(message) };
    // SAFETY: the caller's promise.
    unsafe { &*inbox.cast::<Inbox>() }.put(event);
}

/// An `aeron_on_available_image_t`.
///
/// # Safety
/// As Aeron calls it, with an inbox as client data.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_on_available_image(
    inbox: *mut c_void,
    _subscription: *mut aeron_subscription_t,
    image: *mut aeron_image_t,
) {
    // SAFETY: the caller's promise.
    unsafe { &*inbox.cast::<Inbox>() }.put(image_event(AVAILABLE_IMAGE, image));
}

/// An `aeron_on_unavailable_image_t`.
///
/// # Safety
/// As Aeron calls it, with an inbox as client data.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_on_unavailable_image(
    inbox: *mut c_void,
    _subscription: *mut aeron_subscription_t,
    image: *mut aeron_image_t,
) {
    // SAFETY: the caller's promise.
    unsafe { &*inbox.cast::<Inbox>() }.put(image_event(UNAVAILABLE_IMAGE, image));
}

/// An `aeron_log_func_t` that says nothing.
///
/// # Safety
/// Always safe; the type is Aeron's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_log_nothing(_text: *const c_char) {}
