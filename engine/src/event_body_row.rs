//! Events as rows, from the bytes that one session was told.

use crate::event::{CancelReason, MassCancelResponse};
use crate::rows::{EventRow, NO_PRICE};
use messages::{
    ReadBuf, SBE_SCHEMA_ID, accepted_codec, accepted_extended_codec, administered_codec, cancelled_codec, filled_codec,
    instrument_defined_codec, mass_cancelled_codec, message_header_codec::ENCODED_LENGTH, phase_changed_codec,
    reduced_codec, refreshed_codec, rejected_codec, replaced_codec, trade_busted_codec, triggered_codec,
    uncrossed_codec,
};

impl EventRow {
    /// An event as one session was told, from its SBE body; the caller fills in what the `Event` header in front of
    /// it says. Nothing if the bytes are no event of the engine.
    pub fn from_body(body: &[u8]) -> Option<Self> {
        let mut row = Self::default();
        row.tell_body(body).then_some(row)
    }

    /// As [`EventRow::from_body`], written where the row is to be. False, and nothing was written, if the bytes are no event.
    #[inline]
    pub fn tell_body(&mut self, body: &[u8]) -> bool {
        let Some(fields) = Fields::of(body) else { return false };
        let row = Self { kind: fields.template as u8, ..Self::default() };
        match fields.template {
            accepted_codec::SBE_TEMPLATE_ID => *self = fields.accepted(row),
            rejected_codec::SBE_TEMPLATE_ID => *self = fields.rejected(row),
            filled_codec::SBE_TEMPLATE_ID => *self = fields.filled(row),
            reduced_codec::SBE_TEMPLATE_ID => *self = fields.reduced(row),
            cancelled_codec::SBE_TEMPLATE_ID => *self = fields.cancelled(row),
            replaced_codec::SBE_TEMPLATE_ID => *self = fields.replaced(row),
            mass_cancelled_codec::SBE_TEMPLATE_ID => *self = fields.mass_cancelled(row),
            instrument_defined_codec::SBE_TEMPLATE_ID => *self = fields.instrument_defined(row),
            accepted_extended_codec::SBE_TEMPLATE_ID => *self = fields.accepted_extended(row),
            triggered_codec::SBE_TEMPLATE_ID => *self = fields.triggered(row),
            refreshed_codec::SBE_TEMPLATE_ID => *self = fields.refreshed(row),
            phase_changed_codec::SBE_TEMPLATE_ID => *self = fields.phase_changed(row),
            uncrossed_codec::SBE_TEMPLATE_ID => *self = fields.uncrossed(row),
            administered_codec::SBE_TEMPLATE_ID => *self = fields.administered(row),
            _ => *self = fields.trade_busted(row),
        }
        true
    }
}

/// Blocks of these templates were shorter before this version of the schema.
const VERSION_2: u16 = 2;

fn event_block_length(template: u16, version: u16) -> Option<u16> {
    Some(match template {
        filled_codec::SBE_TEMPLATE_ID if version < VERSION_2 => 46,
        reduced_codec::SBE_TEMPLATE_ID if version < VERSION_2 => 36,
        mass_cancelled_codec::SBE_TEMPLATE_ID if version < VERSION_2 => 4,
        accepted_codec::SBE_TEMPLATE_ID => accepted_codec::SBE_BLOCK_LENGTH,
        rejected_codec::SBE_TEMPLATE_ID => rejected_codec::SBE_BLOCK_LENGTH,
        filled_codec::SBE_TEMPLATE_ID => filled_codec::SBE_BLOCK_LENGTH,
        reduced_codec::SBE_TEMPLATE_ID => reduced_codec::SBE_BLOCK_LENGTH,
        cancelled_codec::SBE_TEMPLATE_ID => cancelled_codec::SBE_BLOCK_LENGTH,
        replaced_codec::SBE_TEMPLATE_ID => replaced_codec::SBE_BLOCK_LENGTH,
        mass_cancelled_codec::SBE_TEMPLATE_ID => mass_cancelled_codec::SBE_BLOCK_LENGTH,
        instrument_defined_codec::SBE_TEMPLATE_ID => instrument_defined_codec::SBE_BLOCK_LENGTH,
        accepted_extended_codec::SBE_TEMPLATE_ID => accepted_extended_codec::SBE_BLOCK_LENGTH,
        triggered_codec::SBE_TEMPLATE_ID => triggered_codec::SBE_BLOCK_LENGTH,
        refreshed_codec::SBE_TEMPLATE_ID => refreshed_codec::SBE_BLOCK_LENGTH,
        phase_changed_codec::SBE_TEMPLATE_ID => phase_changed_codec::SBE_BLOCK_LENGTH,
        uncrossed_codec::SBE_TEMPLATE_ID => uncrossed_codec::SBE_BLOCK_LENGTH,
        administered_codec::SBE_TEMPLATE_ID => administered_codec::SBE_BLOCK_LENGTH,
        trade_busted_codec::SBE_TEMPLATE_ID => trade_busted_codec::SBE_BLOCK_LENGTH,
        _ => return None,
    })
}

/// The fields of an event whose length has been checked.
struct Fields<'a> {
    bytes: ReadBuf<'a>,
    template: u16,
    block: u16,
    version: u16,
}

macro_rules! wrap {
    ($decoder:ty, $fields:expr) => {
        <$decoder>::default().wrap($fields.bytes, 0, $fields.block, $fields.version)
    };
}

impl<'a> Fields<'a> {
    /// Those of a body, if it is one of the engine's events.
    #[inline]
    fn of(body: &'a [u8]) -> Option<Self> {
        let bytes = ReadBuf::new(body.get(..ENCODED_LENGTH)?);
        let (block, template) = (bytes.get_u16_at(0), bytes.get_u16_at(2));
        let (schema, version) = (bytes.get_u16_at(4), bytes.get_u16_at(6));
        let fields = body.get(ENCODED_LENGTH..ENCODED_LENGTH + usize::from(block))?;
        let is_event = schema == SBE_SCHEMA_ID && block >= event_block_length(template, version)?;
        is_event.then_some(Self { bytes: ReadBuf::new(fields), template, block, version })
    }

    #[inline]
    fn accepted(&self, row: EventRow) -> EventRow {
        let e = wrap!(accepted_codec::AcceptedDecoder, self);
        EventRow {
            order_id: e.order_id(),
            cl_ord_id: e.cl_ord_id(),
            price: e.price().unwrap_or(NO_PRICE),
            quantity: e.order_qty(),
            leaves: e.order_qty(),
            instrument: e.instrument(),
            account: e.account(),
            side: e.side() as u8,
            ord_type: e.ord_type() as u8,
            time_in_force: e.time_in_force() as u8,
            ..row
        }
    }

    fn rejected(&self, row: EventRow) -> EventRow {
        let e = wrap!(rejected_codec::RejectedDecoder, self);
        EventRow { cl_ord_id: e.cl_ord_id(), template: e.ref_template(), reason: e.reason() as u8, ..row }
    }

    #[inline]
    fn filled(&self, row: EventRow) -> EventRow {
        let e = wrap!(filled_codec::FilledDecoder, self);
        EventRow {
            order_id: e.order_id(),
            cl_ord_id: e.cl_ord_id(),
            price: e.last_px(),
            quantity: e.last_qty(),
            leaves: e.leaves_qty(),
            instrument: e.instrument(),
            side: e.side() as u8,
            liquidity: e.liquidity() as u8,
            orig_cl_ord_id: if self.version < VERSION_2 { 0 } else { e.trade_id() },
            ..row
        }
    }

    fn reduced(&self, row: EventRow) -> EventRow {
        let e = wrap!(reduced_codec::ReducedDecoder, self);
        EventRow {
            order_id: e.order_id(),
            cl_ord_id: e.cl_ord_id(),
            quantity: e.reduce_qty(),
            leaves: e.leaves_qty(),
            instrument: e.instrument(),
            reason: if self.version < VERSION_2 { CancelReason::Requested } else { e.reason() } as u8,
            ..row
        }
    }

    #[inline]
    fn cancelled(&self, row: EventRow) -> EventRow {
        let e = wrap!(cancelled_codec::CancelledDecoder, self);
        EventRow {
            order_id: e.order_id(),
            cl_ord_id: e.cl_ord_id(),
            quantity: e.cxl_qty(),
            instrument: e.instrument(),
            reason: e.reason() as u8,
            ..row
        }
    }

    fn replaced(&self, row: EventRow) -> EventRow {
        let e = wrap!(replaced_codec::ReplacedDecoder, self);
        EventRow {
            order_id: e.order_id(),
            cl_ord_id: e.cl_ord_id(),
            orig_cl_ord_id: e.orig_cl_ord_id(),
            price: e.price(),
            quantity: e.order_qty(),
            leaves: e.leaves_qty(),
            instrument: e.instrument(),
            priority_kept: e.priority_kept() as u8,
            ..row
        }
    }

    fn mass_cancelled(&self, row: EventRow) -> EventRow {
        let e = wrap!(mass_cancelled_codec::MassCancelledDecoder, self);
        let response = if self.version < VERSION_2 { MassCancelResponse::Completed } else { e.response() };
        EventRow { quantity: i64::from(e.affected()), reason: response as u8, ..row }
    }

    fn instrument_defined(&self, row: EventRow) -> EventRow {
        let e = wrap!(instrument_defined_codec::InstrumentDefinedDecoder, self);
        EventRow { instrument: e.instrument(), ..row }
    }

    fn accepted_extended(&self, row: EventRow) -> EventRow {
        let e = wrap!(accepted_extended_codec::AcceptedExtendedDecoder, self);
        EventRow {
            order_id: e.order_id(),
            cl_ord_id: e.cl_ord_id(),
            price: e.price().unwrap_or(NO_PRICE),
            quantity: e.order_qty(),
            leaves: e.order_qty(),
            contra_order_id: e.stop_px().unwrap_or(0) as u64,
            contra_leaves: e.display_qty().unwrap_or(0),
            contra_cl_ord_id: e.min_qty().unwrap_or(0) as u64,
            orig_cl_ord_id: e.expire_time().unwrap_or(0) as u64,
            contra_session: e.self_trade_group(),
            template: u16::from(e.instructions().0),
            reason: e.self_trade_prevention() as u8,
            instrument: e.instrument(),
            account: e.account(),
            side: e.side() as u8,
            ord_type: e.ord_type() as u8,
            time_in_force: e.time_in_force() as u8,
            ..row
        }
    }

    fn triggered(&self, row: EventRow) -> EventRow {
        let e = wrap!(triggered_codec::TriggeredDecoder, self);
        EventRow { order_id: e.order_id(), cl_ord_id: e.cl_ord_id(), instrument: e.instrument(), ..row }
    }

    fn refreshed(&self, row: EventRow) -> EventRow {
        let e = wrap!(refreshed_codec::RefreshedDecoder, self);
        EventRow {
            order_id: e.order_id(),
            cl_ord_id: e.cl_ord_id(),
            quantity: e.display_qty(),
            leaves: e.leaves_qty(),
            instrument: e.instrument(),
            ..row
        }
    }

    fn phase_changed(&self, row: EventRow) -> EventRow {
        let e = wrap!(phase_changed_codec::PhaseChangedDecoder, self);
        EventRow { instrument: e.instrument(), reason: e.phase() as u8, ..row }
    }

    fn uncrossed(&self, row: EventRow) -> EventRow {
        let e = wrap!(uncrossed_codec::UncrossedDecoder, self);
        EventRow { instrument: e.instrument(), price: e.price(), quantity: e.volume(), ..row }
    }

    fn administered(&self, row: EventRow) -> EventRow {
        let e = wrap!(administered_codec::AdministeredDecoder, self);
        EventRow { template: e.ref_template(), account: e.id(), ..row }
    }

    fn trade_busted(&self, row: EventRow) -> EventRow {
        let e = wrap!(trade_busted_codec::TradeBustedDecoder, self);
        EventRow {
            orig_cl_ord_id: e.trade_id(),
            order_id: e.order_id(),
            cl_ord_id: e.cl_ord_id(),
            price: e.last_px(),
            quantity: e.last_qty(),
            instrument: e.instrument(),
            side: e.side() as u8,
            ..row
        }
    }
}
