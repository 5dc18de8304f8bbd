//! Large allocations lie in huge pages: the orders of a large book are all over its memory, and most of what reaching
//! one costs is the walk through the tables of small pages.
//!
//! From 2 MiB on, memory comes from the kernel, begins where a huge page does, and grows by being mapped elsewhere, so
//! that nothing is copied and no huge page is broken up. The rest is the system allocator's.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::{c_int, c_void};
use std::ptr;

/// What the kernel maps at once where it can.
const HUGE_PAGE: usize = 2 << 20;

// From the headers of Linux.
const PROT_READ_WRITE: c_int = 0x3;
const MAP_PRIVATE_ANONYMOUS: c_int = 0x22;
const MREMAP_MAYMOVE_FIXED: c_int = 0x3;
const MADV_HUGEPAGE: c_int = 14;
const FAILED: *mut c_void = ptr::without_provenance_mut(usize::MAX);

unsafe extern "C" {
    fn mmap(at: *mut c_void, bytes: usize, protection: c_int, flags: c_int, file: c_int, offset: i64) -> *mut c_void;
    fn munmap(start: *mut c_void, bytes: usize) -> c_int;
    fn mremap(start: *mut c_void, old_bytes: usize, bytes: usize, flags: c_int, to: *mut c_void) -> *mut c_void;
    fn madvise(start: *mut c_void, bytes: usize, advice: c_int) -> c_int;
}

#[global_allocator]
static ALLOCATOR: HugePages = HugePages;

/// See the module.
struct HugePages;

fn is_large(bytes: usize) -> bool {
    bytes >= HUGE_PAGE
}

/// What is mapped for so much.
fn mapped(bytes: usize) -> usize {
    bytes.next_multiple_of(HUGE_PAGE)
}

/// Zeros that begin where a huge page does, or null.
#[cold]
fn map(bytes: usize) -> *mut u8 {
    let bytes = mapped(bytes);
    // SAFETY: a new mapping is nobody else's; of it, what lies before the first huge page and behind the last goes back.
    unsafe {
        let whole = mmap(ptr::null_mut(), bytes + HUGE_PAGE, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
        if whole == FAILED {
            return ptr::null_mut();
        }
        let before = whole.cast::<u8>().align_offset(HUGE_PAGE);
        let start = whole.wrapping_byte_add(before);
        if before > 0 {
            munmap(whole, before);
        }
        munmap(start.wrapping_byte_add(bytes), HUGE_PAGE - before);
        madvise(start, bytes, MADV_HUGEPAGE); // a kernel without huge pages says so, and nothing is lost
        start.cast()
    }
}

/// Maps what is at `start` for so much more or less; null, and nothing has changed, if there is no room.
///
/// # Safety
/// `start` comes from [`map`], with `old_bytes`.
#[cold]
unsafe fn map_again(start: *mut u8, old_bytes: usize, bytes: usize) -> *mut u8 {
    if mapped(bytes) == mapped(old_bytes) {
        return start;
    }
    let to = map(bytes);
    if to.is_null() {
        return to;
    }
    // SAFETY: both ranges are ours; what the new one held were zeros that nobody has seen.
    let moved =
        unsafe { mremap(start.cast(), mapped(old_bytes), mapped(bytes), MREMAP_MAYMOVE_FIXED, to.cast::<c_void>()) };
    if moved == FAILED { ptr::null_mut() } else { moved.cast() }
}

// SAFETY: each allocation is either large and its own mapping, or the system allocator's, as its size says.
unsafe impl GlobalAlloc for HugePages {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise.
        if is_large(layout.size()) { map(layout.size()) } else { unsafe { System.alloc(layout) } }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise.
        if is_large(layout.size()) { map(layout.size()) } else { unsafe { System.alloc_zeroed(layout) } }
    }

    #[inline]
    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe {
            if is_large(layout.size()) {
                munmap(start.cast(), mapped(layout.size()));
            } else {
                System.dealloc(start, layout);
            }
        }
    }

    #[inline]
    unsafe fn realloc(&self, start: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        // SAFETY: the caller's promise; a copy goes from one allocation to another and fits both.
        unsafe {
            match (is_large(layout.size()), is_large(bytes)) {
                (false, false) => System.realloc(start, layout, bytes),
                (true, true) => map_again(start, layout.size(), bytes),
                _ => {
                    let to = self.alloc(Layout::from_size_align_unchecked(bytes, layout.align()));
                    if !to.is_null() {
                        ptr::copy_nonoverlapping(start, to, bytes.min(layout.size()));
                        self.dealloc(start, layout);
                    }
                    to
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_grows_and_shrinks_across_the_border_keeps_what_it_holds() {
        let mut numbers: Vec<u64> = Vec::new();
        let steps = [1_000, 300_000, 200_000, 2_000_000, 900_000, 10, 5_000_000, 0];
        for length in steps {
            let kept = numbers.len().min(length);
            numbers.truncate(length);
            numbers.shrink_to_fit();
            assert!((0..).zip(&numbers[..kept]).all(|(place, &number)| number == place));
            numbers.reserve_exact(length - kept);
            numbers.extend(kept as u64..length as u64);
            assert!((0..).zip(&numbers).all(|(place, &number)| number == place));
        }
    }

    #[test]
    fn large_zeroed_memory_is_zeroed_and_begins_where_a_huge_page_does() {
        let mut bytes = vec![0_u8; 3 * super::HUGE_PAGE + 1];
        assert!(bytes.iter().all(|&byte| byte == 0) && bytes.as_ptr().addr().is_multiple_of(super::HUGE_PAGE));
        bytes.fill(7);
        drop(bytes);
        assert!(vec![0_u8; 3 * super::HUGE_PAGE + 1].iter().all(|&byte| byte == 0));
    }
}
