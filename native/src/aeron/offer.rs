//! Offering: one message, several parts, or many messages in one crossing.

use super::gate::{Gate, Inside, Publication};
use crate::aeron_sys::*;

/// A rotation of the term answers `ADMIN_ACTION` once; the next try succeeds.
const ADMIN_ACTION_TRIES: usize = 8;

impl Publication {
    /// # Safety
    /// The publication is held open and `length` bytes at `message` are readable.
    unsafe fn offer(self, message: *const u8, length: usize) -> i64 {
        let none = std::ptr::null_mut();
        // SAFETY: the caller's promise.
        unsafe {
            match self {
                Publication::Shared(publication) => aeron_publication_offer(publication, message, length, None, none),
                Publication::Exclusive(publication) => {
                    aeron_exclusive_publication_offer(publication, message, length, None, none)
                }
            }
        }
    }

    /// # Safety
    /// As `offer`.
    unsafe fn offer_through_rotation(self, message: *const u8, length: usize) -> i64 {
        let mut result = AERON_PUBLICATION_ADMIN_ACTION;
        for _ in 0..ADMIN_ACTION_TRIES {
            // SAFETY: the caller's promise.
            result = unsafe { self.offer(message, length) };
            if result != AERON_PUBLICATION_ADMIN_ACTION {
                break;
            }
        }
        result
    }
}

/// Enters a publication's gate.
///
/// # Safety
/// `gate` is live.
unsafe fn enter<'a>(gate: *const Gate) -> Result<(Publication, Inside<'a>), i64> {
    // SAFETY: the caller's promise.
    let gate: &'a Gate = unsafe { &*gate };
    let publication = gate.publication().ok_or(super::code::CLOSED)?;
    Ok((publication, gate.enter()?))
}

/// # Safety
/// `gate` is a publication's, and `length` bytes at `message` are readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_offer(gate: *const Gate, message: *const u8, length: usize) -> i64 {
    // SAFETY: the caller's promise.
    unsafe {
        match enter(gate) {
            Ok((publication, _inside)) => publication.offer(message, length),
            Err(code) => code,
        }
    }
}

/// # Safety
/// `gate` is a publication's, and each of the `count` parts is readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_offer_parts(gate: *const Gate, parts: *mut aeron_iovec_t, count: usize) -> i64 {
    let none = std::ptr::null_mut();
    // SAFETY: the caller's promise.
    unsafe {
        match enter(gate) {
            Ok((Publication::Shared(publication), _inside)) => {
                aeron_publication_offerv(publication, parts, count, None, none)
            }
            Ok((Publication::Exclusive(publication), _inside)) => {
                aeron_exclusive_publication_offerv(publication, parts, count, None, none)
            }
            Err(code) => code,
        }
    }
}

/// Offers `count` messages of `length` bytes that start `stride` bytes apart.
///
/// # Safety
/// `gate` is a publication's, the rows are readable, and `position` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_offer_rows(
    gate: *const Gate,
    rows: *const u8,
    length: usize,
    stride: usize,
    count: usize,
    position: *mut i64,
) -> i64 {
    // SAFETY: the caller's promise.
    unsafe { offer_each(gate, count, position, |index| (rows.add(index * stride), length)) }
}

/// Offers `count` messages; the lengths, and the offsets unless null, are in bytes. Without offsets they lie back to back.
///
/// # Safety
/// `gate` is a publication's, every message is readable, and `position` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_offer_lengths(
    gate: *const Gate,
    messages: *const u8,
    lengths: *const i64,
    offsets: *const i64,
    count: usize,
    position: *mut i64,
) -> i64 {
    let mut next = 0;
    // SAFETY: the caller's promise.
    unsafe {
        offer_each(gate, count, position, |index| {
            let length = *lengths.add(index) as usize;
            let offset = if offsets.is_null() { next } else { *offsets.add(index) as usize };
            next = offset + length;
            (messages.add(offset), length)
        })
    }
}

/// Offers until one is refused; `position` gets the last position, or the reason why it stopped.
///
/// # Safety
/// As its callers.
unsafe fn offer_each(
    gate: *const Gate,
    count: usize,
    position: *mut i64,
    mut message: impl FnMut(usize) -> (*const u8, usize),
) -> i64 {
    // SAFETY: the caller's promise.
    unsafe {
        let (publication, _inside) = match enter(gate) {
            Ok(entered) => entered,
            Err(code) => {
                *position = code;
                return 0;
            }
        };
        for index in 0..count {
            let (start, length) = message(index);
            *position = publication.offer_through_rotation(start, length);
            if *position < 0 {
                return index as i64;
            }
        }
        count as i64
    }
}

/// Claims space for a message. On success the gate stays entered until the commit or abort.
///
/// # Safety
/// `gate` is a publication's and `claim` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_claim(gate: *const Gate, length: usize, claim: *mut aeron_buffer_claim_t) -> i64 {
    // SAFETY: the caller's promise.
    unsafe {
        let (publication, inside) = match enter(gate) {
            Ok(entered) => entered,
            Err(code) => return code,
        };
        let position = match publication {
            Publication::Shared(publication) => aeron_publication_try_claim(publication, length, claim),
            Publication::Exclusive(publication) => aeron_exclusive_publication_try_claim(publication, length, claim),
        };
        if position >= 0 {
            std::mem::forget(inside);
        }
        position
    }
}

/// Publishes (`commit` is 1) or gives back (0) what was claimed.
///
/// # Safety
/// `claim` is a successful claim on `gate` that was not finished before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_claim_finish(
    gate: *const Gate,
    claim: *mut aeron_buffer_claim_t,
    commit: i32,
) -> i32 {
    // SAFETY: the caller's promise; the claim holds the gate open, so the memory is still mapped.
    unsafe {
        let result = if commit != 0 { aeron_buffer_claim_commit(claim) } else { aeron_buffer_claim_abort(claim) };
        super::gate::seriatim_gate_leave(gate);
        result
    }
}
