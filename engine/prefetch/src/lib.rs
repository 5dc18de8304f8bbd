//! Asking the processor for memory ahead of its use, which is the one thing that the engine wants and safe Rust has no
//! word for.

/// Has the cache line brought in at which a value begins. Waits for nothing; where the processor or the compiler has no
/// such instruction, it does nothing.
#[inline(always)]
pub fn prefetch<T>(value: &T) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    // SAFETY: it changes no register and no memory, and faults nowhere.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(std::ptr::from_ref(value).cast());
    }
    #[cfg(all(target_arch = "aarch64", not(miri)))]
    // SAFETY: as above.
    unsafe {
        std::arch::asm!("prfm pldl1keep, [{}]", in(reg) std::ptr::from_ref(value), options(nostack, readonly, preserves_flags));
    }
    let _ = value;
}
