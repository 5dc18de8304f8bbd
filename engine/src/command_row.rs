//! Commands as rows: to the engine's own commands, and to the bytes that a client sends.

use crate::command::{
    CancelOrder, Command, MassCancel, NewOrder, OptionalSide, OrdType, ReduceOrder, ReplaceOrder, Side, TimeInForce,
};
use crate::decode::Refusal;
use crate::message;
use crate::message::header;
use crate::prefetcher::Sought;
use crate::rows::{ALL_INSTRUMENTS, CommandRow, NO_PRICE};
use messages::{
    cancel_order_codec, mass_cancel_codec, message_header_codec::ENCODED_LENGTH, new_order_codec, reduce_order_codec,
    replace_order_codec,
};

impl CommandRow {
    /// What the command will look for.
    #[inline]
    pub fn sought(&self) -> Sought {
        let new = u16::from(self.kind) == new_order_codec::SBE_TEMPLATE_ID;
        Sought {
            session: self.session,
            cl_ord_id: if new { self.cl_ord_id } else { self.orig_cl_ord_id },
            terms: new.then(|| (self.instrument, Side::from(self.side), self.price)),
        }
    }

    /// The command, or the reject that a kind which is none deserves.
    #[inline]
    pub fn command(&self) -> Result<Command, Refusal> {
        Ok(match u16::from(self.kind) {
            new_order_codec::SBE_TEMPLATE_ID => Command::New(NewOrder {
                cl_ord_id: self.cl_ord_id,
                price: (self.price != NO_PRICE).then_some(self.price),
                quantity: self.quantity,
                instrument: self.instrument,
                account: self.account,
                side: Side::from(self.side),
                ord_type: OrdType::from(self.ord_type),
                time_in_force: TimeInForce::from(self.time_in_force),
            }),
            cancel_order_codec::SBE_TEMPLATE_ID => Command::Cancel(CancelOrder { orig_cl_ord_id: self.orig_cl_ord_id }),
            reduce_order_codec::SBE_TEMPLATE_ID => {
                Command::Reduce(ReduceOrder { orig_cl_ord_id: self.orig_cl_ord_id, quantity: self.quantity })
            }
            replace_order_codec::SBE_TEMPLATE_ID => Command::Replace(ReplaceOrder {
                cl_ord_id: self.cl_ord_id,
                orig_cl_ord_id: self.orig_cl_ord_id,
                price: self.price,
                quantity: self.quantity,
            }),
            mass_cancel_codec::SBE_TEMPLATE_ID => Command::MassCancel(MassCancel {
                instrument: (self.instrument != ALL_INSTRUMENTS).then_some(self.instrument),
                side: OptionalSide::from(self.side),
                account: None,
            }),
            kind => return Err(Refusal::unknown(kind)),
        })
    }
}

/// Writes the row's SBE body, header included, to the front of `buffer` and returns its length. A kind that is no
/// command becomes an empty message of that template, which the engine rejects.
///
/// # Panics
/// If `buffer` is shorter than the body; [`crate::limits::COMMAND_BODY_BYTES_MAX`] is always enough.
#[inline]
pub fn encode_command(row: &CommandRow, buffer: &mut [u8]) -> usize {
    let Ok(command) = row.command() else {
        buffer[..ENCODED_LENGTH].copy_from_slice(&header(0, u16::from(row.kind)));
        return ENCODED_LENGTH;
    };
    match command {
        Command::New(order) => message!(new_order_codec::NewOrderEncoder, buffer, |message| {
            message.cl_ord_id(order.cl_ord_id).price(row.price).order_qty(order.quantity);
            message.instrument(order.instrument).account(order.account).side(order.side);
            message.ord_type(order.ord_type).time_in_force(order.time_in_force);
        }),
        Command::Cancel(cancel) => message!(cancel_order_codec::CancelOrderEncoder, buffer, |message| {
            message.orig_cl_ord_id(cancel.orig_cl_ord_id);
        }),
        Command::Reduce(reduce) => message!(reduce_order_codec::ReduceOrderEncoder, buffer, |message| {
            message.orig_cl_ord_id(reduce.orig_cl_ord_id).reduce_qty(reduce.quantity);
        }),
        Command::Replace(replace) => message!(replace_order_codec::ReplaceOrderEncoder, buffer, |message| {
            message.cl_ord_id(replace.cl_ord_id).orig_cl_ord_id(replace.orig_cl_ord_id);
            message.price(replace.price).order_qty(replace.quantity);
        }),
        Command::MassCancel(cancel) => message!(mass_cancel_codec::MassCancelEncoder, buffer, |message| {
            message.instrument(row.instrument).side(cancel.side).account_opt(cancel.account);
        }),
        _ => unreachable!("a row has no other command"),
    }
}
