//! The receiver's side: packets in, books and what changed in them out.

use crate::engine_api::{InstrumentRow, LevelRow, room};
use engine::command::Instrument;
use marketdata::message::{END_OF_EVENT, Side};
use marketdata::update::NO_PRICE;
use marketdata::{Listing, Receiver, Update};
use messages::{ReadBuf, market_request_ended_codec};
use std::ffi::c_int;
use std::time::Instant;

const HEADER_BYTES: usize = messages::message_header_codec::ENCODED_LENGTH;

/// `seriatim_receiver_state_t` of the header.
#[repr(C)]
pub struct StateRow {
    next_number: u64,
    gap_from: u64,
    gap_count: u64,
    seq: u64,
    time_ns: i64,
    orders: u64,
    counts: marketdata::receiver::Counts,
    ended: u64,
    heard: u64,
    waiting: u64,
    listed: u32,
    ended_reason: u8,
    is_current: u8,
    is_consistent: u8,
    is_exact: u8,
}

/// `seriatim_gap_t` of the header.
#[repr(C)]
pub struct GapRow {
    from_number: u64,
    count: u64,
}

/// `seriatim_resting_t` of the header.
#[repr(C)]
pub struct RestingRow {
    order_id: u64,
    price: i64,
    shown: i64,
}

/// `seriatim_listing_t` of the header.
#[repr(C)]
pub struct ListingRow {
    open: i64,
    high: i64,
    low: i64,
    last: i64,
    volume: i64,
    trades: u64,
    indicative_price: i64,
    indicative_volume: i64,
    indicative_surplus: i64,
    phase: u8,
    is_current: u8,
}

/// How a request was ended, as far as was heard.
#[derive(Clone, Copy, Default)]
struct Ended {
    correlation_id: u64,
    reason: u8,
}

/// What a `seriatim_receiver_t *` points to.
#[derive(Default)]
pub struct ReceiverHandle {
    receiver: Receiver,
    ended: Ended,
    heard: u64,
}

impl ReceiverHandle {
    fn take(&mut self, source: u32, message: &[u8]) {
        if let Some(ended) = read_ended(message) {
            self.ended = ended;
            return;
        }
        let before = self.receiver.counts();
        self.receiver.take(source, message);
        let after = self.receiver.counts();
        self.heard += u64::from((before.malformed, before.foreign) == (after.malformed, after.foreign));
    }
}

fn read_ended(message: &[u8]) -> Option<Ended> {
    let length = HEADER_BYTES + usize::from(market_request_ended_codec::SBE_BLOCK_LENGTH);
    let bytes = message.get(..length)?;
    let header = ReadBuf::new(bytes);
    if header.get_u16_at(2) != market_request_ended_codec::SBE_TEMPLATE_ID
        || header.get_u16_at(4) != messages::SBE_SCHEMA_ID
    {
        return None;
    }
    let fields = market_request_ended_codec::MarketRequestEndedDecoder::default();
    let fields = fields.wrap(ReadBuf::new(bytes), HEADER_BYTES, market_request_ended_codec::SBE_BLOCK_LENGTH, u16::MAX);
    Some(Ended { correlation_id: fields.correlation_id(), reason: fields.reason() as u8 })
}

/// It has heard nothing yet.
#[unsafe(no_mangle)]
pub extern "C" fn seriatim_receiver_new() -> *mut ReceiverHandle {
    Box::into_raw(Box::default())
}

/// # Safety
/// `receiver` comes from `seriatim_receiver_new` and is not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_receiver_free(receiver: *mut ReceiverHandle) {
    if !receiver.is_null() {
        // SAFETY: the caller's promise.
        drop(unsafe { Box::from_raw(receiver) });
    }
}

/// # Safety
/// `receiver` is live; each of the `count` messages is readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_receiver_take(
    receiver: *mut ReceiverHandle,
    source: u32,
    bytes: *const u8,
    offsets: *const i64,
    lengths: *const i64,
    count: usize,
) {
    // SAFETY: the caller's promise.
    let receiver = unsafe { &mut *receiver };
    for place in 0..count {
        // SAFETY: the caller's promise.
        let message = unsafe {
            let (offset, length) = (*offsets.add(place) as usize, *lengths.add(place) as usize);
            std::slice::from_raw_parts(bytes.add(offset), length)
        };
        receiver.take(source, message);
    }
}

/// # Safety
/// `receiver` is live; `updates` has room for `capacity`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_receiver_updates(
    receiver: *mut ReceiverHandle,
    updates: *mut Update,
    capacity: usize,
) -> usize {
    // SAFETY: the caller's promise.
    let (receiver, room) = unsafe { (&mut (*receiver).receiver, room(updates, capacity)) };
    let count = receiver.updates().len().min(room.len());
    room[..count].copy_from_slice(&receiver.updates()[..count]);
    receiver.drop_updates(count);
    count
}

/// # Safety
/// `receiver` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_receiver_skip_gap(receiver: *mut ReceiverHandle) {
    // SAFETY: the caller's promise.
    unsafe { (*receiver).receiver.skip_gap() }
}

/// # Safety
/// `receiver` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_receiver_go_in_steps(receiver: *mut ReceiverHandle) {
    // SAFETY: the caller's promise.
    unsafe { (*receiver).receiver.go_in_steps() }
}

/// # Safety
/// `receiver` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_receiver_step(receiver: *mut ReceiverHandle) -> c_int {
    // SAFETY: the caller's promise.
    c_int::from(unsafe { (*receiver).receiver.step() })
}

/// # Safety
/// `receiver` is live; `row` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_receiver_state(receiver: *const ReceiverHandle, row: *mut StateRow) {
    // SAFETY: the caller's promise.
    let handle = unsafe { &*receiver };
    let receiver = &handle.receiver;
    let (gap, place) = (receiver.gap(), receiver.place());
    let state = StateRow {
        next_number: receiver.next_number(),
        gap_from: gap.map_or(0, |gap| gap.from_number),
        gap_count: gap.map_or(0, |gap| gap.count),
        seq: place.seq,
        time_ns: place.time_ns,
        orders: receiver.book().orders_shown() as u64,
        counts: receiver.counts(),
        ended: handle.ended.correlation_id,
        heard: handle.heard,
        waiting: receiver.updates().len() as u64,
        listed: receiver.listed(),
        ended_reason: handle.ended.reason,
        is_current: u8::from(receiver.is_all_current()),
        is_consistent: u8::from(place.flags & END_OF_EVENT != 0),
        is_exact: u8::from(receiver.is_exact()),
    };
    // SAFETY: the caller's promise.
    unsafe { *row = state };
}

/// # Safety
/// `receiver` is live; `gaps` has room for `capacity`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_receiver_gaps(
    receiver: *const ReceiverHandle,
    gaps: *mut GapRow,
    capacity: usize,
) -> usize {
    // SAFETY: the caller's promise.
    let (receiver, room) = unsafe { (&(*receiver).receiver, room(gaps, capacity)) };
    let mut count = 0;
    for (to, gap) in room.iter_mut().zip(receiver.gaps()) {
        *to = GapRow { from_number: gap.from_number, count: gap.count };
        count += 1;
    }
    count
}

/// # Safety
/// `receiver` is live; `ids` has room for `capacity`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_receiver_instruments(
    receiver: *const ReceiverHandle,
    ids: *mut u32,
    capacity: usize,
) -> usize {
    // SAFETY: the caller's promise.
    let (receiver, room) = unsafe { (&(*receiver).receiver, room(ids, capacity)) };
    let listings = receiver.book().listings();
    for (to, listing) in room.iter_mut().zip(listings) {
        *to = listing.instrument;
    }
    listings.len()
}

/// # Safety
/// `receiver` is live; `row` and `terms` are writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_receiver_listing(
    receiver: *const ReceiverHandle,
    instrument: u32,
    row: *mut ListingRow,
    terms: *mut InstrumentRow,
) -> c_int {
    // SAFETY: the caller's promise.
    let receiver = unsafe { &(*receiver).receiver };
    let Some(listing) = receiver.book().listing(instrument) else { return 0 };
    let Listing { statistics: day, terms: listed, indication, phase, .. } = listing;
    let found = ListingRow {
        open: day.open.unwrap_or(NO_PRICE),
        high: day.high.unwrap_or(NO_PRICE),
        low: day.low.unwrap_or(NO_PRICE),
        last: day.last.unwrap_or(NO_PRICE),
        volume: day.volume,
        trades: day.trades,
        indicative_price: indication.map_or(NO_PRICE, |found| found.price),
        indicative_volume: indication.map_or(0, |found| found.volume),
        indicative_surplus: indication.map_or(0, |found| found.surplus),
        phase: *phase as u8,
        is_current: u8::from(receiver.is_current(instrument)),
    };
    let (symbol, tick_size, lot_size) = (listed.symbol, listed.tick_size, listed.lot_size);
    // SAFETY: the caller's promise.
    unsafe {
        *row = found;
        *terms = (&Instrument { id: instrument, symbol, tick_size, lot_size }).into();
    }
    1
}

/// # Safety
/// `receiver` is live; `levels` has room for `capacity`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_receiver_levels(
    receiver: *const ReceiverHandle,
    instrument: u32,
    side: u8,
    levels: *mut LevelRow,
    capacity: usize,
) -> usize {
    // SAFETY: the caller's promise.
    let (receiver, room) = unsafe { (&(*receiver).receiver, room(levels, capacity)) };
    let mut count = 0;
    for (to, level) in room.iter_mut().zip(receiver.book().levels(instrument, Side::from(side))) {
        *to = LevelRow { price: level.price, quantity: level.quantity, orders: level.orders };
        count += 1;
    }
    count
}

/// # Safety
/// `receiver` is live; `orders` has room for `capacity`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_receiver_orders(
    receiver: *const ReceiverHandle,
    instrument: u32,
    side: u8,
    orders: *mut RestingRow,
    capacity: usize,
) -> usize {
    // SAFETY: the caller's promise.
    let (receiver, room) = unsafe { (&(*receiver).receiver, room(orders, capacity)) };
    let (mut count, mut places) = (0, room.iter_mut());
    for order in receiver.book().queue(instrument, Side::from(side)) {
        if let Some(to) = places.next() {
            *to = RestingRow { order_id: order.order_id, price: order.price, shown: order.shown };
        }
        count += 1;
    }
    count
}

/// # Safety
/// As `seriatim_receiver_take`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_receiver_measure(
    receiver: *mut ReceiverHandle,
    bytes: *const u8,
    offsets: *const i64,
    lengths: *const i64,
    count: usize,
) -> i64 {
    let begun = Instant::now();
    for place in 0..count {
        // SAFETY: the caller's promise.
        unsafe {
            seriatim_receiver_take(receiver, 0, bytes, offsets.add(place), lengths.add(place), 1);
            let books = &mut (*receiver).receiver;
            books.drop_updates(books.updates().len());
        }
    }
    begun.elapsed().as_nanos() as i64
}
