//! The publisher's side: a replica's events in, packets out, one block at a time.

use crate::error::{Code, Error, guard};
use crate::market::indication::indication;
use crate::replica_api::apply_block;
use marketdata::packet::{Bounds, HEADER_BYTES, Packet, Pieces};
use marketdata::snapshot::SNAPSHOT_HEADER_BYTES;
use marketdata::{Builder, Packets, Stray, snapshot};
use sequencer::replica::Replica;
use std::ffi::c_int;

/// `seriatim_packets_t` of the header.
#[repr(C)]
pub struct PacketsRow {
    bytes: *const u8,
    length: usize,
    offsets: *const i64,
    lengths: *const i64,
    count: usize,
    first_number: u64,
    next_number: u64,
    next_seq: u64,
}

/// What a `seriatim_market_t *` points to.
pub struct Market {
    builder: Builder,
    packets: Packets,
    pieces: Pieces,
    heartbeat: [u8; HEADER_BYTES],
    next_seq: u64,
    offsets: Vec<i64>,
    lengths: Vec<i64>,
}

impl Market {
    fn new(feed: u64) -> Self {
        Self {
            builder: Builder::default(),
            packets: Packets::new(feed),
            pieces: Pieces::new(SNAPSHOT_HEADER_BYTES),
            heartbeat: [0; HEADER_BYTES],
            next_seq: 1,
            offsets: Vec::new(),
            lengths: Vec::new(),
        }
    }

    fn apply(&mut self, replica: &mut Replica, bytes: &[u8]) -> Result<c_int, Error> {
        let (builder, packets) = (&mut self.builder, &mut self.packets);
        packets.clear();
        let mut stray: Option<Stray> = None;
        let frames = apply_block(replica, bytes, |frame, replica| {
            if stray.is_none() {
                match builder.frame(frame.seq, frame.time_ns, replica.events()) {
                    Ok(told) => told.iter().for_each(|(place, message)| packets.push(place, message)),
                    Err(found) => stray = Some(found),
                }
            }
        })?;
        if let Some(Stray { seq, index, wrong }) = stray {
            let why = format!("event {index} of seq {seq} does not fit the public book ({wrong:?}): report it");
            return Err(Error { seq, ..Error::new(Code::BadBlock, why) });
        }
        for (place, message) in builder.block_end(|instrument| indication(replica, instrument)) {
            packets.push(place, message);
        }
        self.next_seq = replica.position().seq + 1;
        Ok(frames)
    }

    /// Where `bounds` lie in `bytes`, for the caller beyond the seam.
    fn row(&mut self, bytes: *const u8, length: usize, bounds: &[Bounds], first_number: u64) -> PacketsRow {
        self.offsets.clear();
        self.lengths.clear();
        self.offsets.extend(bounds.iter().map(|bound| bound.offset as i64));
        self.lengths.extend(bounds.iter().map(|bound| bound.length as i64));
        PacketsRow {
            bytes,
            length,
            offsets: self.offsets.as_ptr(),
            lengths: self.lengths.as_ptr(),
            count: bounds.len(),
            first_number,
            next_number: self.packets.next_number(),
            next_seq: self.next_seq,
        }
    }
}

/// Nothing was told yet.
#[unsafe(no_mangle)]
pub extern "C" fn seriatim_market_new(feed: u64) -> *mut Market {
    Box::into_raw(Box::new(Market::new(feed)))
}

/// # Safety
/// `market` comes from `seriatim_market_new` and is not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_market_free(market: *mut Market) {
    if !market.is_null() {
        // SAFETY: the caller's promise.
        drop(unsafe { Box::from_raw(market) });
    }
}

/// # Safety
/// `market` and `replica` are live; `bytes` points to `length` readable bytes; `row` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_market_apply(
    market: *mut Market,
    replica: *mut Replica,
    bytes: *const u8,
    length: usize,
    row: *mut PacketsRow,
) -> c_int {
    // SAFETY: the caller's promise.
    let (market, replica, bytes) = unsafe { (&mut *market, &mut *replica, std::slice::from_raw_parts(bytes, length)) };
    guard(|| {
        let first_number = market.packets.next_number();
        let frames = market.apply(replica, bytes)?;
        let pieces = market.packets.close();
        let (made, length, bounds) = (pieces.bytes().as_ptr(), pieces.bytes().len(), pieces.bounds().to_vec());
        // SAFETY: the caller's promise.
        unsafe { *row = market.row(made, length, &bounds, first_number) };
        Ok(frames)
    })
}

/// # Safety
/// `market` is live; `row` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_market_heartbeat(market: *mut Market, row: *mut PacketsRow) {
    // SAFETY: the caller's promise.
    let market = unsafe { &mut *market };
    market.packets.heartbeat(&mut market.heartbeat);
    let number = market.packets.next_number();
    let bounds = [Bounds { offset: 0, length: HEADER_BYTES, count: 0 }];
    // SAFETY: the caller's promise.
    unsafe { *row = market.row(market.heartbeat.as_ptr(), HEADER_BYTES, &bounds, number) };
}

/// # Safety
/// `market` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_market_listed(market: *const Market) -> usize {
    // SAFETY: the caller's promise.
    unsafe { (*market).builder.book().listings().len() }
}

/// # Safety
/// `market` is live; `row` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_market_snapshot(market: *mut Market, place: usize, row: *mut PacketsRow) -> c_int {
    // SAFETY: the caller's promise.
    let market = unsafe { &mut *market };
    guard(|| {
        let Some(listing) = market.builder.book().listings().get(place) else { return Ok(0) };
        let (instrument, place) = (listing.instrument, market.builder.place());
        snapshot(market.builder.book(), &market.packets, &place, instrument, &mut market.pieces);
        let pieces = &market.pieces;
        let (made, length, bounds) = (pieces.bytes().as_ptr(), pieces.bytes().len(), pieces.bounds().to_vec());
        let number = market.packets.next_number();
        // SAFETY: the caller's promise.
        unsafe { *row = market.row(made, length, &bounds, number) };
        Ok(1)
    })
}

/// # Safety
/// `market` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_market_place(market: *const Market, instrument: u32) -> i64 {
    // SAFETY: the caller's promise.
    let listings = unsafe { (*market).builder.book().listings() };
    listings.iter().position(|listing| listing.instrument == instrument).map_or(-1, |place| place as i64)
}

/// # Safety
/// `bytes` points to `length` readable bytes; `offsets` and `lengths` have room for `capacity`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_market_find(
    bytes: *const u8,
    length: usize,
    from_number: u64,
    to_number: u64,
    offsets: *mut i64,
    lengths: *mut i64,
    capacity: usize,
) -> usize {
    // SAFETY: the caller's promise.
    let (bytes, offsets, lengths) = unsafe {
        let (offsets, lengths) = (std::slice::from_raw_parts_mut(offsets, capacity), lengths);
        (std::slice::from_raw_parts(bytes, length), offsets, std::slice::from_raw_parts_mut(lengths, capacity))
    };
    let wanted = Packet::split(bytes)
        .filter(|(_, packet)| packet.next_number() > from_number && packet.first_number < to_number);
    let mut count = 0;
    for ((bounds, _), (offset, length)) in wanted.zip(offsets.iter_mut().zip(lengths)) {
        (*offset, *length) = (bounds.offset as i64, bounds.length as i64);
        count += 1;
    }
    count
}
