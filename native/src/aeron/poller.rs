//! Polling a subscription without a callback into Python: look at a block of fragments, then say how far it was consumed.
//!
//! Aeron moves the subscriber's position when its poll returns. Here Python decides that: the fragments are found with a
//! controlled poll that is aborted (so the position stays), Python reads them where they lie, and `commit` stores the
//! position as Aeron does. The image is retained meanwhile, so its memory stays mapped whatever the conductor does.

use std::ffi::{c_int, c_void};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use super::assembler::Assembler;
use super::code;
use super::frame::Frame;
use super::gate::{Gate, seriatim_gate_enter, seriatim_gate_leave};
use crate::aeron_sys::*;

/// Fragments in one block; a longer poll takes several.
pub const BLOCK_FRAGMENTS: usize = 256;

/// `seriatim_fragments_t`: fragments that lie one after another in one term of one image.
#[repr(C)]
pub struct Block {
    base: *const u8,
    length: i64,
    /// Position in the stream of `base`.
    position: i64,
    count: i32,
    events: i32,
    session_id: i32,
    stream_id: i32,
    term_id: i32,
    term_offset: i32,
    initial_term_id: i32,
    /// Start, end and flags of each fragment, relative to `base`.
    spans: [i32; 3 * BLOCK_FRAGMENTS],
    /// End of each frame, relative to `base` and so to `position`.
    ends: [i32; BLOCK_FRAGMENTS],
    reserved_values: [i64; BLOCK_FRAGMENTS],
}

/// The state of one subscription's polls.
pub struct Poller {
    gate: *const Gate,
    busy: AtomicBool,
    image: *mut aeron_image_t,
    subscriber_position: *mut i64,
    visited: usize,
    first: usize,
    next_first: usize,
    /// Messages whose last fragment has not arrived, for batches.
    pub assembler: Mutex<Assembler>,
}

impl Poller {
    /// Takes the subscription for one poll, or says why not.
    pub fn begin(&mut self) -> Result<(), i64> {
        if self.busy.swap(true, Ordering::Acquire) {
            return Err(code::BUSY);
        }
        // SAFETY: the gate outlives the poller.
        let entered = unsafe { seriatim_gate_enter(self.gate) };
        if entered < 0 {
            self.busy.store(false, Ordering::Release);
            return Err(entered.into());
        }
        Ok(())
    }

    /// Gives it back.
    pub fn end(&mut self) {
        self.release_image();
        self.busy.store(false, Ordering::Release);
        // SAFETY: `begin` entered.
        unsafe { seriatim_gate_leave(self.gate) };
    }

    /// The gate of the subscription.
    pub fn gate(&self) -> &Gate {
        // SAFETY: the gate outlives the poller.
        unsafe { &*self.gate }
    }

    /// Nothing was read: is that because the subscription is gone?
    pub fn nothing(&self) -> i64 {
        // SAFETY: the gate is entered.
        if unsafe { aeron_subscription_is_closed(self.gate().subscription()) } { code::CLOSED } else { 0 }
    }

    fn release_image(&mut self) {
        if !self.image.is_null() {
            // SAFETY: `look` retained it.
            unsafe { aeron_image_release(self.image) };
            self.image = std::ptr::null_mut();
        }
    }

    /// Fills `block` from the next image that has something; false when all had their turn.
    fn look(&mut self, limit: usize, block: &mut Block) -> bool {
        let subscription = self.gate().subscription();
        // SAFETY: the gate is entered; images are retained by the call that returns them.
        unsafe {
            let images = aeron_subscription_image_count(subscription) as usize;
            while self.visited < images {
                let index = (self.first + self.visited) % images;
                self.visited += 1;
                self.image = aeron_subscription_image_at_index(subscription, index);
                if self.image.is_null() {
                    continue;
                }
                let mut look = Look { block, limit: limit.min(BLOCK_FRAGMENTS) };
                look.block.count = 0;
                aeron_image_controlled_poll(self.image, look_at, (&raw mut look).cast(), 1);
                if block.count > 0 {
                    self.find_subscriber_position(block);
                    return true;
                }
                self.release_image();
            }
        }
        false
    }

    fn find_subscriber_position(&mut self, block: &mut Block) {
        // SAFETY: the image is retained, the client is held open by the subscription, and zeroes are a valid value.
        unsafe {
            let mut constants: aeron_image_constants_t = std::mem::zeroed();
            aeron_image_constants(self.image, &mut constants);
            block.initial_term_id = constants.initial_term_id;
            let client = self.gate().parent().map_or(std::ptr::null_mut(), Gate::client);
            let reader = aeron_counters_reader(client);
            self.subscriber_position = aeron_counters_reader_addr(reader, constants.subscriber_position_id);
        }
    }

    fn commit(&self, position: i64) {
        // SAFETY: the image is retained and the counter is in the client's mapped file.
        unsafe {
            if !self.image.is_null() && !aeron_image_is_closed(self.image) {
                AtomicI64::from_ptr(self.subscriber_position).store(position, Ordering::Release);
            }
        }
    }
}

struct Look<'a> {
    block: &'a mut Block,
    limit: usize,
}

/// Notes the first fragment and those that follow it in the term, and aborts, so that the position stays.
unsafe extern "C" fn look_at(
    look: *mut c_void,
    fragment: *const u8,
    _length: usize,
    header: *mut aeron_header_t,
) -> c_int {
    // SAFETY: Aeron passes back our `Look` and a fragment that is mapped with the rest of its term.
    unsafe {
        let look = &mut *look.cast::<Look>();
        let block = &mut *look.block;
        let first = Frame::around(fragment);
        block.base = first.address();
        block.position = aeron_header_position(header) - first.aligned_length() as i64;
        block.session_id = first.session_id();
        block.stream_id = first.stream_id();
        block.term_id = first.term_id();
        block.term_offset = first.term_offset();
        let term_length = 1usize << aeron_header_position_bits_to_shift(header);
        let available = term_length - first.term_offset() as usize;
        scan(block, first, available, look.limit);
    }
    AERON_ACTION_ABORT
}

unsafe fn scan(block: &mut Block, first: Frame, available: usize, limit: usize) {
    let (mut offset, mut count) = (0usize, 0usize);
    while count < limit && offset < available {
        // SAFETY: `offset` is inside the term.
        let frame = unsafe { first.at(offset) };
        let length = frame.length();
        if length <= 0 {
            break;
        }
        let end = offset + frame.aligned_length();
        if !frame.is_padding() {
            block.spans[3 * count] = (offset + super::frame::HEADER_BYTES) as i32;
            block.spans[3 * count + 1] = offset as i32 + length;
            block.spans[3 * count + 2] = frame.flags().into();
            block.ends[count] = end as i32;
            block.reserved_values[count] = frame.reserved_value();
            count += 1;
        }
        offset = end;
    }
    block.count = count as i32;
    block.length = offset as i64;
}

/// # Safety
/// `gate` is a subscription's and outlives the poller.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_poller_new(gate: *const Gate) -> *mut Poller {
    Box::into_raw(Box::new(Poller {
        gate,
        busy: AtomicBool::new(false),
        image: std::ptr::null_mut(),
        subscriber_position: std::ptr::null_mut(),
        visited: 0,
        first: 0,
        next_first: 0,
        assembler: Mutex::default(),
    }))
}

/// # Safety
/// `poller` is not polling and not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_poller_free(poller: *mut Poller) {
    // SAFETY: the caller's promise.
    drop(unsafe { Box::from_raw(poller) });
}

/// Starts a poll and looks for the first block: its count, 0 (the poll has ended), or a negative code.
///
/// # Safety
/// `poller` is live and `block` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_poller_begin(poller: *mut Poller, limit: i32, block: *mut Block) -> i32 {
    // SAFETY: the caller's promise.
    let (poller, block) = unsafe { (&mut *poller, &mut *block) };
    block.count = 0;
    if let Err(code) = poller.begin() {
        return code as i32;
    }
    poller.visited = 0;
    poller.first = poller.next_first;
    poller.next_first = poller.next_first.wrapping_add(1);
    block.events = poller.gate().events();
    if poller.look(limit.max(0) as usize, block) {
        return block.count;
    }
    let code = poller.nothing();
    poller.end();
    code as i32
}

/// Looks for the next image's block within the poll: its count, or 0 (the poll has ended).
///
/// # Safety
/// As `seriatim_poller_begin`, which was called before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_poller_next(poller: *mut Poller, limit: i32, block: *mut Block) -> i32 {
    // SAFETY: the caller's promise.
    let (poller, block) = unsafe { (&mut *poller, &mut *block) };
    poller.release_image();
    if poller.look(limit.max(0) as usize, block) {
        return block.count;
    }
    poller.end();
    0
}

/// Stores how far the current block was consumed.
///
/// # Safety
/// As `seriatim_poller_next`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_poller_commit(poller: *mut Poller, position: i64) {
    // SAFETY: the caller's promise.
    unsafe { &*poller }.commit(position);
}

/// Ends a poll before all images had their turn.
///
/// # Safety
/// As `seriatim_poller_next`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_poller_end(poller: *mut Poller) {
    // SAFETY: the caller's promise.
    unsafe { &mut *poller }.end();
}
