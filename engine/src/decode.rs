//! From bytes to commands. The generated decoders trust lengths, so those are checked first; values are the engine's
//! to check.

use crate::command::{CancelOrder, Command, Decimal, Instrument, MassCancel, NewOrder, ReduceOrder, ReplaceOrder};
use crate::event::{RejectReason, Rejected};
use messages::{
    ReadBuf, SBE_SCHEMA_ID, SbeResult, cancel_order_codec, define_instrument_codec, mass_cancel_codec,
    message_header_codec, new_order_codec, reduce_order_codec, replace_order_codec,
};

/// Why some bytes, or a command, were not executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The template id that the bytes name, 0 if they are too short to name one.
    pub template: u16,
    /// Of the order that the command named, 0 if none.
    pub cl_ord_id: u64,
    /// Why.
    pub reason: RejectReason,
}

impl Refusal {
    /// A command that was refused: it is named by the live order it was about, a new order by its own id.
    pub fn of(command: &Command, reason: RejectReason) -> Self {
        let (template, cl_ord_id) = match command {
            Command::New(order) => (new_order_codec::SBE_TEMPLATE_ID, order.cl_ord_id),
            Command::Cancel(cancel) => (cancel_order_codec::SBE_TEMPLATE_ID, cancel.orig_cl_ord_id),
            Command::Reduce(reduce) => (reduce_order_codec::SBE_TEMPLATE_ID, reduce.orig_cl_ord_id),
            Command::Replace(replace) => (replace_order_codec::SBE_TEMPLATE_ID, replace.orig_cl_ord_id),
            Command::MassCancel(_) => (mass_cancel_codec::SBE_TEMPLATE_ID, 0),
            Command::DefineInstrument(_) => (define_instrument_codec::SBE_TEMPLATE_ID, 0),
        };
        Self { template, cl_ord_id, reason }
    }

    /// The event that tells the session.
    pub fn rejected(&self, session: u32) -> Rejected {
        Rejected { cl_ord_id: self.cl_ord_id, session, template: self.template, reason: self.reason }
    }
}

/// Reads one command. Bytes behind it are padding; a longer block is one of a newer schema, whose first fields are
/// ours.
pub fn decode(body: &[u8]) -> Result<Command, Refusal> {
    let refuse = |template, reason| Err(Refusal { template, cl_ord_id: 0, reason });
    if body.len() < message_header_codec::ENCODED_LENGTH {
        return refuse(0, RejectReason::Malformed);
    }
    let bytes = ReadBuf::new(body);
    let (block, template, schema) = (bytes.get_u16_at(0), bytes.get_u16_at(2), bytes.get_u16_at(4));
    if schema != SBE_SCHEMA_ID {
        return refuse(template, RejectReason::Malformed);
    }
    let Some(block_min) = block_length(template) else {
        return refuse(template, RejectReason::UnknownCommand);
    };
    if block < block_min || body.len() - message_header_codec::ENCODED_LENGTH < usize::from(block) {
        return refuse(template, RejectReason::Malformed);
    }
    let at = Place { bytes, block, version: bytes.get_u16_at(6) };
    match template {
        new_order_codec::SBE_TEMPLATE_ID => Ok(Command::New(at.new_order())),
        cancel_order_codec::SBE_TEMPLATE_ID => Ok(Command::Cancel(at.cancel())),
        reduce_order_codec::SBE_TEMPLATE_ID => Ok(Command::Reduce(at.reduce())),
        replace_order_codec::SBE_TEMPLATE_ID => Ok(Command::Replace(at.replace())),
        mass_cancel_codec::SBE_TEMPLATE_ID => Ok(Command::MassCancel(at.mass_cancel())),
        _ => match at.define_instrument() {
            Ok(terms) => Ok(Command::DefineInstrument(terms)),
            Err(_) => refuse(template, RejectReason::Malformed),
        },
    }
}

fn block_length(template: u16) -> Option<u16> {
    Some(match template {
        new_order_codec::SBE_TEMPLATE_ID => new_order_codec::SBE_BLOCK_LENGTH,
        cancel_order_codec::SBE_TEMPLATE_ID => cancel_order_codec::SBE_BLOCK_LENGTH,
        reduce_order_codec::SBE_TEMPLATE_ID => reduce_order_codec::SBE_BLOCK_LENGTH,
        replace_order_codec::SBE_TEMPLATE_ID => replace_order_codec::SBE_BLOCK_LENGTH,
        mass_cancel_codec::SBE_TEMPLATE_ID => 5, // of schema versions 0 and 1
        define_instrument_codec::SBE_TEMPLATE_ID => define_instrument_codec::SBE_BLOCK_LENGTH,
        _ => return None,
    })
}

/// A message whose length has been checked.
struct Place<'a> {
    bytes: ReadBuf<'a>,
    block: u16,
    version: u16,
}

macro_rules! wrap {
    ($decoder:ty, $place:expr) => {
        <$decoder>::default().wrap($place.bytes, message_header_codec::ENCODED_LENGTH, $place.block, $place.version)
    };
}

impl Place<'_> {
    #[inline]
    fn new_order(&self) -> NewOrder {
        let message = wrap!(new_order_codec::NewOrderDecoder, self);
        NewOrder {
            cl_ord_id: message.cl_ord_id(),
            price: message.price(),
            quantity: message.order_qty(),
            instrument: message.instrument(),
            account: message.account(),
            side: message.side(),
            ord_type: message.ord_type(),
            time_in_force: message.time_in_force(),
        }
    }

    #[inline]
    fn cancel(&self) -> CancelOrder {
        CancelOrder { orig_cl_ord_id: wrap!(cancel_order_codec::CancelOrderDecoder, self).orig_cl_ord_id() }
    }

    #[inline]
    fn reduce(&self) -> ReduceOrder {
        let message = wrap!(reduce_order_codec::ReduceOrderDecoder, self);
        ReduceOrder { orig_cl_ord_id: message.orig_cl_ord_id(), quantity: message.reduce_qty() }
    }

    #[inline]
    fn replace(&self) -> ReplaceOrder {
        let message = wrap!(replace_order_codec::ReplaceOrderDecoder, self);
        ReplaceOrder {
            cl_ord_id: message.cl_ord_id(),
            orig_cl_ord_id: message.orig_cl_ord_id(),
            price: message.price(),
            quantity: message.order_qty(),
        }
    }

    fn mass_cancel(&self) -> MassCancel {
        let message = wrap!(mass_cancel_codec::MassCancelDecoder, self);
        MassCancel { instrument: message.instrument(), side: message.side() }
    }

    fn define_instrument(&self) -> SbeResult<Instrument> {
        let message = wrap!(define_instrument_codec::DefineInstrumentDecoder, self);
        let (id, symbol) = (message.instrument(), message.symbol());
        let mut tick = message.tick_size_decoder();
        let tick_size = Decimal { mantissa: tick.mantissa(), exponent: tick.exponent() };
        let lot = tick.parent()?.lot_size_decoder();
        let lot_size = Decimal { mantissa: lot.mantissa(), exponent: lot.exponent() };
        Ok(Instrument { id, symbol, tick_size, lot_size })
    }
}
