//! Polling a subscription, or one image, without a callback into Python: look at a block of fragments, then say how far it was consumed.
//!
//! Aeron moves the subscriber's position when its poll returns. Here Python decides that: the fragments are found with a
//! controlled poll that is aborted (so the position stays), Python reads them where they lie, and `commit` stores the
//! position as Aeron does. The image is retained meanwhile, so its memory stays mapped whatever the conductor does.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use super::assembler::Assembler;
use super::code;
use super::fragments::Block;
use super::gate::{Gate, seriatim_gate_enter, seriatim_gate_leave};
use super::resource::Resource;
use crate::aeron_sys::*;

/// The state of the polls of one subscription or image.
pub struct Poller {
    gate: *const Gate,
    busy: AtomicBool,
    /// Whose fragments are in the block; of a subscription's poll, retained.
    image: *mut aeron_image_t,
    subscriber_position: *mut i64,
    visited: usize,
    first: usize,
    next_first: usize,
    /// Messages whose last fragment has not arrived, for batches.
    pub assembler: Mutex<Assembler>,
}

impl Poller {
    /// Takes the gate for one poll, or says why not.
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

    /// The gate of the subscription or image.
    pub fn gate(&self) -> &Gate {
        // SAFETY: the gate outlives the poller.
        unsafe { &*self.gate }
    }

    /// Nothing was read: is that because there will never be anything? (An image whose publisher is gone just has no more, as in Aeron.)
    pub fn nothing(&self) -> i64 {
        match self.gate().resource() {
            // SAFETY: the gate is entered.
            Resource::Subscription(subscription) if unsafe { aeron_subscription_is_closed(subscription) } => {
                code::CLOSED
            }
            // SAFETY: as above, and the gate holds its client.
            Resource::Image(_) if unsafe { aeron_is_closed(self.client()) } => code::CLOSED,
            _ => 0,
        }
    }

    fn client(&self) -> *mut aeron_t {
        let outermost = std::iter::successors(Some(self.gate()), |gate| gate.parent()).last();
        outermost.map_or(std::ptr::null_mut(), |gate| gate.resource().client())
    }

    fn release_image(&mut self) {
        let image = std::mem::replace(&mut self.image, std::ptr::null_mut());
        if !image.is_null() && matches!(self.gate().resource(), Resource::Subscription(_)) {
            // SAFETY: `look_at_images` retained it.
            unsafe { aeron_image_release(image) };
        }
    }

    /// Fills `block` from the next image that has something; false when all had their turn.
    fn look(&mut self, limit: usize, block: &mut Block) -> bool {
        match self.gate().resource() {
            Resource::Subscription(subscription) => self.look_at_images(subscription, limit, block),
            Resource::Image(image) if self.visited == 0 => self.look_at_image(image, limit, block),
            _ => false,
        }
    }

    /// The gate holds the image: there is nothing to retain.
    fn look_at_image(&mut self, image: *mut aeron_image_t, limit: usize, block: &mut Block) -> bool {
        self.visited = 1;
        self.image = image;
        // SAFETY: the gate is entered.
        let found = unsafe { block.fill(image, limit) };
        if found {
            self.find_subscriber_position(block);
        }
        found
    }

    fn look_at_images(&mut self, subscription: *mut aeron_subscription_t, limit: usize, block: &mut Block) -> bool {
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
                if block.fill(self.image, limit) {
                    self.find_subscriber_position(block);
                    return true;
                }
                self.release_image();
            }
        }
        false
    }

    fn find_subscriber_position(&mut self, block: &mut Block) {
        // SAFETY: the image is held, the client is held open by the gate, and zeroes are a valid value.
        unsafe {
            let mut constants: aeron_image_constants_t = std::mem::zeroed();
            aeron_image_constants(self.image, &mut constants);
            block.initial_term_id = constants.initial_term_id;
            let reader = aeron_counters_reader(self.client());
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

/// # Safety
/// `gate` is a subscription's or an image's and outlives the poller.
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
