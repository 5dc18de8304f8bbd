//! Checksums, so that Python computes them with the same code as the hot path.

/// CRC-32C of `length` bytes, continuing from `crc` (0 to start).
///
/// # Safety
/// `bytes` points to `length` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_crc32c(crc: u32, bytes: *const u8, length: usize) -> u32 {
    // SAFETY: the caller's promise.
    crc32c::crc32c_append(crc, unsafe { std::slice::from_raw_parts(bytes, length) })
}
