//! Queues and places in them, for Python.

use crate::engine_api::{EngineHandle, room};
use engine::command::Side;

/// `seriatim_queued_t` of the header.
#[repr(C)]
pub struct QueuedRow {
    order_id: u64,
    cl_ord_id: u64,
    leaves: i64,
    session: u32,
    account: u32,
}

/// `seriatim_queue_position_t` of the header.
#[repr(C)]
pub struct QueuePositionRow {
    price: i64,
    leaves: i64,
    quantity_ahead: i64,
    orders_ahead: u32,
    instrument: u32,
    side: u8,
}

/// See the header.
///
/// # Safety
/// `engine` lives; `queued` has room for `capacity`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_queue(
    engine: *const EngineHandle,
    instrument: u32,
    side: u8,
    price: i64,
    queued: *mut QueuedRow,
    capacity: usize,
) -> i64 {
    // SAFETY: the caller's promise.
    let (handle, room) = unsafe { (&*engine, room(queued, capacity)) };
    handle.guarded(|state| {
        let mut places = room.iter_mut();
        let mut count = 0;
        for order in state.engine.queue(instrument, Side::from(side), price) {
            if let Some(place) = places.next() {
                let engine::Queued { order_id, cl_ord_id, leaves, session, account } = order;
                *place = QueuedRow { order_id, cl_ord_id, leaves, session, account };
            }
            count += 1;
        }
        count
    })
}

/// See the header.
///
/// # Safety
/// `engine` lives; `position` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_queue_position(
    engine: *const EngineHandle,
    session: u32,
    cl_ord_id: u64,
    position: *mut QueuePositionRow,
) -> i64 {
    // SAFETY: the caller's promise.
    let (handle, row) = unsafe { (&*engine, &mut *position) };
    handle.guarded(|state| {
        let Some(found) = state.engine.queue_position(session, cl_ord_id) else {
            return 0;
        };
        *row = QueuePositionRow {
            price: found.price,
            leaves: found.leaves,
            quantity_ahead: found.quantity_ahead,
            orders_ahead: found.orders_ahead,
            instrument: found.instrument,
            side: found.side as u8,
        };
        1
    })
}
