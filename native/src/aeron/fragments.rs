//! Fragments that lie one after another in a term, found without moving the image's position.

use std::ffi::{c_int, c_void};

use super::frame::{Frame, HEADER_BYTES};
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
    pub count: i32,
    pub events: i32,
    session_id: i32,
    stream_id: i32,
    term_id: i32,
    term_offset: i32,
    pub initial_term_id: i32,
    /// Start, end and flags of each fragment, relative to `base`.
    spans: [i32; 3 * BLOCK_FRAGMENTS],
    /// End of each frame, relative to `base` and so to `position`.
    ends: [i32; BLOCK_FRAGMENTS],
    reserved_values: [i64; BLOCK_FRAGMENTS],
}

impl Block {
    /// Fills itself with at most `limit` fragments of the image; false if it has none.
    ///
    /// # Safety
    /// The image is held.
    pub unsafe fn fill(&mut self, image: *mut aeron_image_t, limit: usize) -> bool {
        self.count = 0;
        let mut look = Look { block: self, limit: limit.min(BLOCK_FRAGMENTS) };
        // SAFETY: the caller's promise; `look` outlives the call.
        unsafe { aeron_image_controlled_poll(image, look_at, (&raw mut look).cast(), 1) };
        self.count > 0
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
            block.spans[3 * count] = (offset + HEADER_BYTES) as i32;
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
