//! Offering: one message, several parts, or many messages in one crossing.

use std::ffi::c_void;

use super::gate::{Gate, Inside};
use super::resource::Publication;
use crate::aeron_sys::*;

/// A rotation of the term answers `ADMIN_ACTION` once; the next try succeeds.
const ADMIN_ACTION_TRIES: usize = 8;

/// The eight bytes in a frame's header that are the publisher's own; every frame of a message carries them.
struct Reserved(i64);

impl Reserved {
    /// What Aeron calls for each frame, and with what; nothing for zero, which is there already.
    fn supplier(&self) -> (aeron_reserved_value_supplier_t, *mut c_void) {
        let value = (&raw const self.0).cast_mut().cast();
        if self.0 == 0 { (None, std::ptr::null_mut()) } else { (Some(supply), value) }
    }
}

unsafe extern "C" fn supply(value: *mut c_void, _frame: *mut u8, _length: usize) -> i64 {
    // SAFETY: Aeron passes back what `supplier` gave, during the offer.
    unsafe { *value.cast::<i64>() }
}

impl Publication {
    /// # Safety
    /// The publication is held open and `length` bytes at `message` are readable.
    unsafe fn offer(self, message: *const u8, length: usize, reserved: &Reserved) -> i64 {
        let (supplier, value) = reserved.supplier();
        // SAFETY: the caller's promise; `value` outlives the call.
        unsafe {
            match self {
                Publication::Shared(publication) => {
                    aeron_publication_offer(publication, message, length, supplier, value)
                }
                Publication::Exclusive(publication) => {
                    aeron_exclusive_publication_offer(publication, message, length, supplier, value)
                }
            }
        }
    }

    /// # Safety
    /// As `offer`.
    unsafe fn offer_through_rotation(self, message: *const u8, length: usize, reserved: &Reserved) -> i64 {
        let mut result = AERON_PUBLICATION_ADMIN_ACTION;
        for _ in 0..ADMIN_ACTION_TRIES {
            // SAFETY: the caller's promise.
            result = unsafe { self.offer(message, length, reserved) };
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
    let publication = gate.resource().publication().ok_or(super::code::CLOSED)?;
    Ok((publication, gate.enter()?))
}

/// # Safety
/// `gate` is a publication's, and `length` bytes at `message` are readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_offer(
    gate: *const Gate,
    message: *const u8,
    length: usize,
    reserved_value: i64,
) -> i64 {
    // SAFETY: the caller's promise.
    unsafe {
        match enter(gate) {
            Ok((publication, _inside)) => publication.offer(message, length, &Reserved(reserved_value)),
            Err(code) => code,
        }
    }
}

/// # Safety
/// `gate` is a publication's, and each of the `count` parts is readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_offer_parts(
    gate: *const Gate,
    parts: *mut aeron_iovec_t,
    count: usize,
    reserved_value: i64,
) -> i64 {
    let reserved = Reserved(reserved_value);
    let (supplier, value) = reserved.supplier();
    // SAFETY: the caller's promise.
    unsafe {
        match enter(gate) {
            Ok((Publication::Shared(publication), _inside)) => {
                aeron_publication_offerv(publication, parts, count, supplier, value)
            }
            Ok((Publication::Exclusive(publication), _inside)) => {
                aeron_exclusive_publication_offerv(publication, parts, count, supplier, value)
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
    reserved_value: i64,
    position: *mut i64,
) -> i64 {
    // SAFETY: the caller's promise.
    unsafe { offer_each(gate, count, Reserved(reserved_value), position, |index| (rows.add(index * stride), length)) }
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
    reserved_value: i64,
    position: *mut i64,
) -> i64 {
    let mut next = 0;
    // SAFETY: the caller's promise.
    unsafe {
        offer_each(gate, count, Reserved(reserved_value), position, |index| {
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
    reserved: Reserved,
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
            *position = publication.offer_through_rotation(start, length, &reserved);
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
