//! From events to the bytes that one recipient gets.

use crate::command::Decimal;
use crate::event::{
    Accepted, Cancelled, Event, Fill, InstrumentDefined, MassCancelled, Party, Reduced, Rejected, Replaced,
};
use crate::limits::EVENT_BODY_BYTES_MAX;
use crate::message;
use messages::{
    accepted_codec, boolean::Boolean, cancelled_codec, decimal_codec::DecimalEncoder, filled_codec,
    instrument_defined_codec, liquidity::Liquidity, mass_cancelled_codec, message_header_codec::ENCODED_LENGTH,
    reduced_codec, rejected_codec, replaced_codec, side::Side,
};

/// Who is told. It matters for a fill alone, of which each party gets its own side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// The session that the event is of; of a fill, its taker.
    Owner,
    /// Of a fill: the session whose order came in.
    Taker,
    /// Of a fill: the session whose order was there.
    Maker,
}

const fn longest(lengths: [u16; 8]) -> usize {
    let (mut longest, mut i) = (0, 0);
    while i < lengths.len() {
        if lengths[i] > longest {
            longest = lengths[i];
        }
        i += 1;
    }
    longest as usize
}

const _: () = assert!(
    EVENT_BODY_BYTES_MAX
        == ENCODED_LENGTH
            + longest([
                accepted_codec::SBE_BLOCK_LENGTH,
                rejected_codec::SBE_BLOCK_LENGTH,
                filled_codec::SBE_BLOCK_LENGTH,
                reduced_codec::SBE_BLOCK_LENGTH,
                cancelled_codec::SBE_BLOCK_LENGTH,
                replaced_codec::SBE_BLOCK_LENGTH,
                mass_cancelled_codec::SBE_BLOCK_LENGTH,
                instrument_defined_codec::SBE_BLOCK_LENGTH,
            ]),
    "the limit is the longest event of the schema"
);

/// Writes the event's SBE body, header included, to the front of `buffer` and returns its length.
///
/// # Panics
/// If `buffer` is shorter than the body; [`EVENT_BODY_BYTES_MAX`] is always enough.
#[inline]
pub fn encode(event: &Event, recipient: Recipient, buffer: &mut [u8]) -> usize {
    match event {
        Event::Accepted(e) => accepted(e, buffer),
        Event::Rejected(e) => rejected(e, buffer),
        Event::Filled(e) => filled(e, recipient, buffer),
        Event::Reduced(e) => reduced(e, buffer),
        Event::Cancelled(e) => cancelled(e, buffer),
        Event::Replaced(e) => replaced(e, buffer),
        Event::MassCancelled(e) => mass_cancelled(e, buffer),
        Event::InstrumentDefined(e) => instrument_defined(e, buffer),
    }
}

#[inline]
fn accepted(e: &Accepted, buffer: &mut [u8]) -> usize {
    message!(accepted_codec::AcceptedEncoder, buffer, |message| message
        .order_id(e.order_id)
        .cl_ord_id(e.cl_ord_id)
        .price_opt(e.price)
        .order_qty(e.quantity)
        .instrument(e.instrument)
        .account(e.account)
        .side(e.side)
        .ord_type(e.ord_type)
        .time_in_force(e.time_in_force))
}

#[inline]
fn rejected(e: &Rejected, buffer: &mut [u8]) -> usize {
    message!(rejected_codec::RejectedEncoder, buffer, |message| message
        .cl_ord_id(e.cl_ord_id)
        .ref_template(e.template)
        .reason(e.reason))
}

#[inline]
fn filled(e: &Fill, recipient: Recipient, buffer: &mut [u8]) -> usize {
    let own: &Party;
    let (side, liquidity);
    if recipient == Recipient::Maker {
        own = &e.maker;
        side = if e.taker_side == Side::Buy { Side::Sell } else { Side::Buy };
        liquidity = Liquidity::Added;
    } else {
        own = &e.taker;
        side = e.taker_side;
        liquidity = Liquidity::Removed;
    }
    message!(filled_codec::FilledEncoder, buffer, |message| message
        .order_id(own.order_id)
        .cl_ord_id(own.cl_ord_id)
        .last_px(e.price)
        .last_qty(e.quantity)
        .leaves_qty(own.leaves)
        .instrument(e.instrument)
        .side(side)
        .liquidity(liquidity))
}

#[inline]
fn reduced(e: &Reduced, buffer: &mut [u8]) -> usize {
    message!(reduced_codec::ReducedEncoder, buffer, |message| message
        .order_id(e.order_id)
        .cl_ord_id(e.cl_ord_id)
        .reduce_qty(e.quantity)
        .leaves_qty(e.leaves)
        .instrument(e.instrument))
}

#[inline]
fn cancelled(e: &Cancelled, buffer: &mut [u8]) -> usize {
    message!(cancelled_codec::CancelledEncoder, buffer, |message| message
        .order_id(e.order_id)
        .cl_ord_id(e.cl_ord_id)
        .cxl_qty(e.quantity)
        .instrument(e.instrument)
        .reason(e.reason))
}

fn replaced(e: &Replaced, buffer: &mut [u8]) -> usize {
    message!(replaced_codec::ReplacedEncoder, buffer, |message| message
        .order_id(e.order_id)
        .cl_ord_id(e.cl_ord_id)
        .orig_cl_ord_id(e.orig_cl_ord_id)
        .price(e.price)
        .order_qty(e.quantity)
        .leaves_qty(e.leaves)
        .instrument(e.instrument)
        .priority_kept(if e.priority_kept { Boolean::True } else { Boolean::False }))
}

fn mass_cancelled(e: &MassCancelled, buffer: &mut [u8]) -> usize {
    message!(mass_cancelled_codec::MassCancelledEncoder, buffer, |message| message.affected(e.affected))
}

fn instrument_defined(e: &InstrumentDefined, buffer: &mut [u8]) -> usize {
    let terms = &e.instrument;
    message!(instrument_defined_codec::InstrumentDefinedEncoder, buffer, |message| {
        message.instrument(terms.id).symbol(&terms.symbol);
        let message = decimal(message.tick_size_encoder(), terms.tick_size);
        decimal(message.lot_size_encoder(), terms.lot_size)
    })
}

fn decimal<'a, P: messages::Writer<'a> + Default>(mut encoder: DecimalEncoder<P>, value: Decimal) -> P {
    encoder.mantissa(value.mantissa).exponent(value.exponent);
    encoder.parent().expect("a composite is inside a message")
}
