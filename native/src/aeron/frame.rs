//! Aeron's data frame: the 32 bytes in front of every fragment in a term buffer (little-endian, see Aeron's wire protocol).

use std::sync::atomic::{AtomicI32, Ordering};

/// Length of the header in front of a fragment.
pub const HEADER_BYTES: usize = 32;
/// Frames start at multiples of this.
pub const ALIGNMENT: usize = 32;
/// Flag of the first fragment of a message.
pub const BEGIN: u8 = 0x80;
/// Flag of the last fragment of a message.
pub const END: u8 = 0x40;
const PADDING: u16 = 0;

/// One frame in a mapped term buffer.
#[derive(Clone, Copy)]
pub struct Frame(*const u8);

impl Frame {
    /// The frame around a fragment's bytes.
    ///
    /// # Safety
    /// `fragment` was passed by Aeron to a fragment handler.
    pub unsafe fn around(fragment: *const u8) -> Self {
        // SAFETY: the header lies in front of the fragment.
        Self(unsafe { fragment.sub(HEADER_BYTES) })
    }

    /// # Safety
    /// The term goes on for at least `offset` bytes.
    pub unsafe fn at(self, offset: usize) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { self.0.add(offset) })
    }

    /// The start of the frame.
    pub fn address(self) -> *const u8 {
        self.0
    }

    /// Length with the header; zero or less while the publisher is still writing.
    pub fn length(self) -> i32 {
        // SAFETY: frames are aligned, and a publisher stores the length last, with release.
        unsafe { AtomicI32::from_ptr(self.0.cast_mut().cast()) }.load(Ordering::Acquire)
    }

    /// Length that the frame takes in the term.
    pub fn aligned_length(self) -> usize {
        (self.length() as usize).next_multiple_of(ALIGNMENT)
    }

    fn field<T>(self, offset: usize) -> T {
        // SAFETY: the header is mapped, and every field is a plain number.
        unsafe { self.0.add(offset).cast::<T>().read_unaligned() }
    }

    /// `BEGIN` and `END`.
    pub fn flags(self) -> u8 {
        self.field(5)
    }

    /// Whether the frame only fills the term.
    pub fn is_padding(self) -> bool {
        self.field::<u16>(6) == PADDING
    }

    /// Offset of the frame in its term.
    pub fn term_offset(self) -> i32 {
        self.field(8)
    }

    /// The publisher's session.
    pub fn session_id(self) -> i32 {
        self.field(12)
    }

    /// The stream within the channel.
    pub fn stream_id(self) -> i32 {
        self.field(16)
    }

    /// The term that the frame lies in.
    pub fn term_id(self) -> i32 {
        self.field(20)
    }

    /// Eight bytes that a publisher may use as it likes.
    pub fn reserved_value(self) -> i64 {
        self.field(24)
    }
}
