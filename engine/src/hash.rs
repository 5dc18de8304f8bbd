//! `outcome_hash`: what happened, in 64 bits. It folds every event in canonical form, without time, seq or encoding,
//! so the same accepted commands give the same hash in every run. It finds divergence; it does not resist an
//! attacker.
//!
//! Arithmetic is on unsigned 64-bit words. `fold(a, b)` is the 128-bit product of a and b, its high half xor its low
//! half.
//!
//! - An event is an even number of words, w0, w1, …, as [`digest`] lists them. w0 holds the event's template id in
//!   bits 0..8, up to three small values in bits 8..32 and a 32-bit value in bits 32..64. Signed values are two's
//!   complement, no price is −2^63.
//! - Its digest is the xor over all i of fold(w[2i] ^ KEYS[2i], w[2i+1] ^ KEYS[2i+1]).
//! - The hash starts as SEED; each event makes it rotate_left(hash ^ digest, 29) × GROWTH mod 2^64. An `AcceptedExtended`
//!   has more words than there are keys: its last two make a second digest and a second step. That step is a
//!   bijection for a given digest, so two histories that have differed once never meet again by losing bits.
//!
//! Digests do not depend on each other and the step is one multiplication, so the processor overlaps them with the
//! matching.

use crate::event::{
    Accepted, AcceptedExtended, CancelReason, Cancelled, Event, Fill, InstrumentDefined, MassCancelResponse,
    MassCancelled, Reduced, Rejected, Replaced, TradeBusted,
};
use messages::{
    accepted_codec, accepted_extended_codec, administered_codec, cancelled_codec, filled_codec,
    instrument_defined_codec, mass_cancelled_codec, phase_changed_codec, reduced_codec, refreshed_codec,
    rejected_codec, replaced_codec, trade_busted_codec, triggered_codec, uncrossed_codec,
};

/// The first 64 bits of the fractional parts of the square roots of the first ten primes.
pub const KEYS: [u64; 10] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
    0xcbbb_9d5d_c105_9ed8,
    0x629a_292a_367c_d507,
];
/// The first 64 bits of the fractional part of pi.
pub const SEED: u64 = 0x243f_6a88_85a3_08d3;
/// 2^64 divided by the golden ratio, odd.
pub const GROWTH: u64 = 0x9e37_79b9_7f4a_7c15;

/// The hash after one more event.
#[inline(always)]
pub fn extend(hash: u64, event: &Event) -> u64 {
    let hash = chain(hash, digest(event));
    match event {
        Event::AcceptedExtended(e) => chain(hash, fold_all([e.attributes.expire_time_ns.raw() as u64, e.order_id])),
        _ => hash,
    }
}

/// The hash after one more digest.
#[inline(always)]
pub fn chain(hash: u64, digest: u64) -> u64 {
    (hash ^ digest).rotate_left(29).wrapping_mul(GROWTH)
}

#[inline(always)]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product >> 64) as u64 ^ product as u64
}

/// The digest of an even number of words.
#[inline(always)]
pub fn fold_all<const N: usize>(words: [u64; N]) -> u64 {
    let mut digest = 0;
    let mut i = 0;
    while i < N {
        digest ^= fold(words[i] ^ KEYS[i], words[i + 1] ^ KEYS[i + 1]);
        i += 2;
    }
    digest
}

#[inline(always)]
fn head(template: u16, small: [u8; 3], wide: u32) -> u64 {
    u64::from(template)
        | u64::from(small[0]) << 8
        | u64::from(small[1]) << 16
        | u64::from(small[2]) << 24
        | u64::from(wide) << 32
}

#[inline(always)]
fn pair(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

/// The digest of one event. Where the kind of event is known, inlining leaves that kind's branch alone.
#[inline(always)]
pub fn digest(event: &Event) -> u64 {
    match event {
        Event::Accepted(e) => accepted(e),
        Event::Rejected(e) => rejected(e),
        Event::Filled(e) => filled(e),
        Event::Reduced(e) => reduced(e),
        Event::Cancelled(e) => cancelled(e),
        Event::Replaced(e) => replaced(e),
        Event::MassCancelled(e) => mass_cancelled(e),
        Event::InstrumentDefined(e) => instrument_defined(e),
        Event::AcceptedExtended(e) => accepted_extended(e),
        Event::Triggered(e) => {
            let head = head(triggered_codec::SBE_TEMPLATE_ID, [0; 3], e.instrument);
            fold_all([head, u64::from(e.session), e.order_id, e.cl_ord_id])
        }
        Event::Refreshed(e) => {
            let head = head(refreshed_codec::SBE_TEMPLATE_ID, [0; 3], e.instrument);
            fold_all([head, u64::from(e.session), e.order_id, e.cl_ord_id, e.shown as u64, e.leaves as u64])
        }
        Event::PhaseChanged(e) => {
            let head = head(phase_changed_codec::SBE_TEMPLATE_ID, [e.phase as u8, 0, 0], e.instrument);
            fold_all([head, u64::from(e.session)])
        }
        Event::Uncrossed(e) => {
            let head = head(uncrossed_codec::SBE_TEMPLATE_ID, [0; 3], e.instrument);
            fold_all([head, e.price as u64, e.volume as u64, 0])
        }
        Event::Administered(e) => {
            let head = head(administered_codec::SBE_TEMPLATE_ID, [0; 3], u32::from(e.template));
            fold_all([head, pair(e.session, e.id)])
        }
        Event::TradeBusted(e) => trade_busted(e),
    }
}

#[inline(always)]
fn reduced(e: &Reduced) -> u64 {
    let reason = if e.reason == CancelReason::Requested { 0 } else { e.reason as u8 };
    fold_all([
        head(reduced_codec::SBE_TEMPLATE_ID, [reason, 0, 0], e.instrument),
        u64::from(e.session),
        e.order_id,
        e.cl_ord_id,
        e.quantity as u64,
        e.leaves as u64,
    ])
}

#[inline(always)]
fn accepted_extended(e: &AcceptedExtended) -> u64 {
    let small = [e.side as u8, e.ord_type as u8, e.time_in_force as u8];
    let attributes = &e.attributes;
    let flags = u32::from(attributes.instructions.0) | (attributes.self_trade_prevention as u32) << 8;
    fold_all([
        head(accepted_extended_codec::SBE_TEMPLATE_ID, small, e.instrument),
        pair(e.session, e.account),
        e.order_id,
        e.cl_ord_id,
        e.price.raw() as u64,
        e.quantity as u64,
        attributes.stop_price.raw() as u64,
        attributes.display_quantity.raw() as u64,
        attributes.minimum_quantity.raw() as u64,
        pair(attributes.self_trade_group, flags),
    ])
}

fn trade_busted(e: &TradeBusted) -> u64 {
    fold_all([
        head(trade_busted_codec::SBE_TEMPLATE_ID, [e.first_side as u8, 0, 0], e.instrument),
        pair(e.first.session, e.second.session),
        e.trade_id,
        e.first.order_id,
        e.second.order_id,
        e.price as u64,
        e.quantity as u64,
        0,
    ])
}

#[inline(always)]
fn accepted(e: &Accepted) -> u64 {
    let small = [e.side as u8, e.ord_type as u8, e.time_in_force as u8];
    fold_all([
        head(accepted_codec::SBE_TEMPLATE_ID, small, e.instrument),
        pair(e.session, e.account),
        e.order_id,
        e.cl_ord_id,
        e.price.unwrap_or(i64::MIN) as u64,
        e.quantity as u64,
    ])
}

fn rejected(e: &Rejected) -> u64 {
    fold_all([
        head(rejected_codec::SBE_TEMPLATE_ID, [e.reason as u8, 0, 0], u32::from(e.template)),
        u64::from(e.session),
        e.cl_ord_id,
        0,
    ])
}

#[inline(always)]
fn filled(e: &Fill) -> u64 {
    fold_all([
        head(filled_codec::SBE_TEMPLATE_ID, [e.taker_side as u8, u8::from(e.auction), 0], e.instrument),
        pair(e.taker.session, e.maker.session),
        e.taker.order_id,
        e.taker.cl_ord_id,
        e.taker.leaves as u64,
        e.maker.order_id,
        e.maker.cl_ord_id,
        e.maker.leaves as u64,
        e.price as u64,
        e.quantity as u64,
    ])
}

#[inline(always)]
fn cancelled(e: &Cancelled) -> u64 {
    fold_all([
        head(cancelled_codec::SBE_TEMPLATE_ID, [e.reason as u8, 0, 0], e.instrument),
        u64::from(e.session),
        e.order_id,
        e.cl_ord_id,
        e.quantity as u64,
        0,
    ])
}

fn replaced(e: &Replaced) -> u64 {
    fold_all([
        head(replaced_codec::SBE_TEMPLATE_ID, [u8::from(e.priority_kept), 0, 0], e.instrument),
        u64::from(e.session),
        e.order_id,
        e.cl_ord_id,
        e.orig_cl_ord_id,
        e.price as u64,
        e.quantity as u64,
        e.leaves as u64,
    ])
}

fn mass_cancelled(e: &MassCancelled) -> u64 {
    let unfinished = u8::from(e.response != MassCancelResponse::Completed);
    fold_all([head(mass_cancelled_codec::SBE_TEMPLATE_ID, [unfinished, 0, 0], e.affected), u64::from(e.session)])
}

fn instrument_defined(e: &InstrumentDefined) -> u64 {
    let terms = &e.instrument;
    let symbol = u128::from_le_bytes(terms.symbol);
    let small = [terms.tick_size.exponent as u8, terms.lot_size.exponent as u8, 0];
    fold_all([
        head(instrument_defined_codec::SBE_TEMPLATE_ID, small, terms.id),
        u64::from(e.session),
        symbol as u64,
        (symbol >> 64) as u64,
        terms.tick_size.mantissa as u64,
        terms.lot_size.mantissa as u64,
    ])
}
