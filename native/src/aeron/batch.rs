//! Copies hundreds of messages into one buffer in one crossing.

use std::ffi::{c_int, c_void};
use std::sync::PoisonError;

use super::assembler::{Assembled, Assembler};
use super::code;
use super::frame::Frame;
use super::poller::Poller;
use super::resource::Resource;
use crate::aeron_sys::*;

/// Messages start at multiples of this in the buffer, so that numpy can read their fields in place.
const ALIGNMENT: usize = 8;

/// `seriatim_batch_t`: a buffer of the caller's and arrays with one entry per message.
#[repr(C)]
pub struct Batch {
    data: *mut u8,
    capacity: usize,
    used: usize,
    /// Length of the message that did not fit into the empty buffer.
    needed: usize,
    max_messages: i32,
    count: i32,
    events: i32,
    offsets: *mut i64,
    lengths: *mut i64,
    positions: *mut i64,
    session_ids: *mut i32,
    reserved_values: *mut i64,
}

impl Batch {
    /// False when the message does not fit. `frame` is its last.
    unsafe fn push(&mut self, message: &[u8], frame: Frame, position: i64) -> bool {
        if self.count == self.max_messages || self.capacity - self.used < message.len() {
            if self.count == 0 {
                self.needed = message.len();
            }
            return false;
        }
        let index = self.count as usize;
        // SAFETY: there is room in the buffer, and each array has `max_messages` entries.
        unsafe {
            std::ptr::copy_nonoverlapping(message.as_ptr(), self.data.add(self.used), message.len());
            *self.offsets.add(index) = self.used as i64;
            *self.lengths.add(index) = message.len() as i64;
            *self.positions.add(index) = position;
            *self.session_ids.add(index) = frame.session_id();
            *self.reserved_values.add(index) = frame.reserved_value();
        }
        self.used = (self.used + message.len()).next_multiple_of(ALIGNMENT).min(self.capacity);
        self.count += 1;
        true
    }
}

struct Filling<'a> {
    batch: &'a mut Batch,
    assembler: Option<&'a mut Assembler>,
}

unsafe extern "C" fn fill(filling: *mut c_void, data: *const u8, length: usize, header: *mut aeron_header_t) -> c_int {
    // SAFETY: Aeron passes back our `Filling` and a fragment of `length` bytes.
    unsafe {
        let Filling { batch, assembler } = &mut *filling.cast::<Filling>();
        if batch.count == batch.max_messages {
            return AERON_ACTION_ABORT;
        }
        let frame = Frame::around(data);
        let session_id = frame.session_id();
        let position = aeron_header_position(header);
        let fragment = std::slice::from_raw_parts(data, length);
        let Some(assembler) = assembler else {
            return if batch.push(fragment, frame, position) { AERON_ACTION_CONTINUE } else { AERON_ACTION_ABORT };
        };
        match assembler.take(session_id, frame.flags(), fragment) {
            Assembled::Partial => AERON_ACTION_CONTINUE,
            Assembled::Whole if batch.push(fragment, frame, position) => AERON_ACTION_CONTINUE,
            Assembled::Whole => AERON_ACTION_ABORT,
            Assembled::Last(message) => {
                if batch.push(message, frame, position) {
                    assembler.delivered(session_id);
                    AERON_ACTION_CONTINUE
                } else {
                    assembler.put_back(session_id, length);
                    AERON_ACTION_ABORT
                }
            }
        }
    }
}

/// Fills the batch from its start: how many messages, or a negative code.
///
/// # Safety
/// `poller` is live; the batch's pointers have the room that it says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_poll_batch(poller: *mut Poller, batch: *mut Batch, assemble: i32) -> i32 {
    // SAFETY: the caller's promise.
    let (poller, batch) = unsafe { (&mut *poller, &mut *batch) };
    (batch.count, batch.used, batch.needed) = (0, 0, 0);
    if let Err(code) = poller.begin() {
        return code as i32;
    }
    batch.events = poller.gate().events();
    let source = poller.gate().resource();
    let result = {
        let mut assembler = poller.assembler.lock().unwrap_or_else(PoisonError::into_inner);
        let mut filling = Filling { batch, assembler: (assemble != 0).then_some(&mut *assembler) };
        fill_from(source, &mut filling);
        (batch.count, batch.needed)
    };
    let result = match result {
        (0, 0) => poller.nothing() as i32,
        (0, _) => code::TOO_LONG as i32,
        (count, _) => count,
    };
    poller.end();
    result
}

/// Fragments are not messages: a long message may take thousands, so the handler decides when it is enough.
const NO_LIMIT: usize = usize::MAX / 2;

fn fill_from(source: Resource, filling: &mut Filling<'_>) {
    let filling = (&raw mut *filling).cast();
    // SAFETY: the gate is entered and `filling` outlives the call.
    unsafe {
        match source {
            Resource::Subscription(it) => aeron_subscription_controlled_poll(it, fill, filling, NO_LIMIT),
            Resource::Image(it) => aeron_image_controlled_poll(it, fill, filling, NO_LIMIT),
            _ => 0,
        }
    };
}

/// A session is gone: its unfinished message is dropped.
///
/// # Safety
/// `poller` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_poller_forget(poller: *mut Poller, session_id: i32) {
    // SAFETY: the caller's promise; another thread may be polling, so only the lock is touched.
    let assembler = unsafe { &(*poller).assembler };
    assembler.lock().unwrap_or_else(PoisonError::into_inner).forget(session_id);
}
