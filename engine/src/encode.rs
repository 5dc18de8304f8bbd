//! From events to the bytes that one recipient gets.

use crate::command::Decimal;
use crate::event::{
    Accepted, AcceptedExtended, Cancelled, Event, Fill, InstrumentDefined, MassCancelled, Party, Reduced, Refreshed,
    Rejected, Replaced, TradeBusted,
};
use crate::limits::EVENT_BODY_BYTES_MAX;
use crate::message;
use crate::recipients::Recipient;
use messages::{
    accepted_codec, accepted_extended_codec, administered_codec, boolean::Boolean, cancelled_codec,
    decimal_codec::DecimalEncoder, filled_codec, instrument_defined_codec, liquidity::Liquidity, mass_cancelled_codec,
    message_header_codec::ENCODED_LENGTH, phase_changed_codec, reduced_codec, refreshed_codec, rejected_codec,
    replaced_codec, side::Side, trade_busted_codec, triggered_codec, uncrossed_codec,
};

const fn longest(lengths: [u16; 15]) -> usize {
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
                accepted_extended_codec::SBE_BLOCK_LENGTH,
                triggered_codec::SBE_BLOCK_LENGTH,
                refreshed_codec::SBE_BLOCK_LENGTH,
                phase_changed_codec::SBE_BLOCK_LENGTH,
                uncrossed_codec::SBE_BLOCK_LENGTH,
                administered_codec::SBE_BLOCK_LENGTH,
                trade_busted_codec::SBE_BLOCK_LENGTH,
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
        Event::AcceptedExtended(e) => accepted_extended(e, buffer),
        Event::Triggered(e) => message!(triggered_codec::TriggeredEncoder, buffer, |message| message
            .order_id(e.order_id)
            .cl_ord_id(e.cl_ord_id)
            .instrument(e.instrument)),
        Event::Refreshed(e) => refreshed(e, buffer),
        Event::PhaseChanged(e) => message!(phase_changed_codec::PhaseChangedEncoder, buffer, |message| message
            .instrument(e.instrument)
            .phase(e.phase)),
        Event::Uncrossed(e) => message!(uncrossed_codec::UncrossedEncoder, buffer, |message| message
            .instrument(e.instrument)
            .price(e.price)
            .volume(e.volume)),
        Event::Administered(e) => message!(administered_codec::AdministeredEncoder, buffer, |message| message
            .ref_template(e.template)
            .id(e.id)),
        Event::TradeBusted(e) => trade_busted(e, recipient, buffer),
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
        side = opposite(e.taker_side);
        liquidity = if e.auction { Liquidity::Auction } else { Liquidity::Added };
    } else {
        own = &e.taker;
        side = e.taker_side;
        liquidity = if e.auction { Liquidity::Auction } else { Liquidity::Removed };
    }
    message!(filled_codec::FilledEncoder, buffer, |message| message
        .order_id(own.order_id)
        .cl_ord_id(own.cl_ord_id)
        .last_px(e.price)
        .last_qty(e.quantity)
        .leaves_qty(own.leaves)
        .instrument(e.instrument)
        .side(side)
        .liquidity(liquidity)
        .trade_id(e.trade_id))
}

#[inline]
fn opposite(side: Side) -> Side {
    if side == Side::Buy { Side::Sell } else { Side::Buy }
}

#[inline]
fn reduced(e: &Reduced, buffer: &mut [u8]) -> usize {
    message!(reduced_codec::ReducedEncoder, buffer, |message| message
        .order_id(e.order_id)
        .cl_ord_id(e.cl_ord_id)
        .reduce_qty(e.quantity)
        .leaves_qty(e.leaves)
        .instrument(e.instrument)
        .reason(e.reason))
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
    message!(mass_cancelled_codec::MassCancelledEncoder, buffer, |message| message
        .affected(e.affected)
        .response(e.response))
}

#[inline]
fn accepted_extended(e: &AcceptedExtended, buffer: &mut [u8]) -> usize {
    let attributes = &e.attributes;
    message!(accepted_extended_codec::AcceptedExtendedEncoder, buffer, |message| {
        message.order_id(e.order_id).cl_ord_id(e.cl_ord_id).price(e.price.raw()).order_qty(e.quantity);
        message.stop_px(attributes.stop_price.raw()).display_qty(attributes.display_quantity.raw());
        message.min_qty(attributes.minimum_quantity.raw()).expire_time(attributes.expire_time_ns.raw());
        message.instrument(e.instrument).account(e.account).self_trade_group(attributes.self_trade_group);
        message.side(e.side).ord_type(e.ord_type).time_in_force(e.time_in_force);
        message.self_trade_prevention(attributes.self_trade_prevention).instructions(attributes.instructions);
    })
}

#[inline]
fn refreshed(e: &Refreshed, buffer: &mut [u8]) -> usize {
    message!(refreshed_codec::RefreshedEncoder, buffer, |message| message
        .order_id(e.order_id)
        .cl_ord_id(e.cl_ord_id)
        .display_qty(e.shown)
        .leaves_qty(e.leaves)
        .instrument(e.instrument))
}

fn trade_busted(e: &TradeBusted, recipient: Recipient, buffer: &mut [u8]) -> usize {
    let (own, side) = match recipient {
        Recipient::Maker => (&e.second, opposite(e.first_side)),
        Recipient::Owner | Recipient::Taker => (&e.first, e.first_side),
    };
    message!(trade_busted_codec::TradeBustedEncoder, buffer, |message| message
        .trade_id(e.trade_id)
        .order_id(own.order_id)
        .cl_ord_id(own.cl_ord_id)
        .last_px(e.price)
        .last_qty(e.quantity)
        .instrument(e.instrument)
        .side(side))
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
