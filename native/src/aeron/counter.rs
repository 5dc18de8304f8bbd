//! Reading and writing a counter with the memory order that other processes expect.

use std::sync::atomic::{AtomicI64, Ordering};

use super::code;
use super::gate::Gate;
use crate::aeron_sys::*;

/// What to do with the value; numbered as in `include/seriatim.h`.
const GET: i32 = 0;
const SET: i32 = 1;
const ADD: i32 = 2;

/// Gets, sets or adds; `value` goes in and the counter's value before the change comes out.
///
/// # Safety
/// `gate` is a counter's and `value` can be read and written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_counter_apply(gate: *const Gate, operation: i32, value: *mut i64) -> i32 {
    // SAFETY: the caller's promise; the gate holds the counter open.
    unsafe {
        let gate = &*gate;
        let _inside = match gate.enter() {
            Ok(inside) => inside,
            Err(code) => return code as i32,
        };
        if aeron_counter_is_closed(gate.resource().counter()) {
            return code::CLOSED as i32;
        }
        let counter = AtomicI64::from_ptr(aeron_counter_addr(gate.resource().counter()));
        *value = match operation {
            GET => counter.load(Ordering::Acquire),
            SET => counter.swap(*value, Ordering::AcqRel),
            ADD => counter.fetch_add(*value, Ordering::AcqRel),
            _ => return -1,
        };
        0
    }
}
