//! Events as rows: from the engine's own events, and from the bytes that one session was told.

use crate::event::{Event, Fill};
use crate::rows::{EventRow, NO_PRICE};
use messages::{
    ReadBuf, SBE_SCHEMA_ID, accepted_codec, cancelled_codec, filled_codec, instrument_defined_codec,
    liquidity::Liquidity, mass_cancelled_codec, message_header_codec::ENCODED_LENGTH, reduced_codec, rejected_codec,
    replaced_codec,
};

impl EventRow {
    /// An event as the engine gives it: a fill holds both parties, the taker in the fields of its own.
    #[inline]
    pub fn from_event(event: &Event, number: u64, index: u32) -> Self {
        let row = Self { number, index, ..Self::default() };
        match event {
            Event::Accepted(e) => Self {
                kind: accepted_codec::SBE_TEMPLATE_ID as u8,
                order_id: e.order_id,
                cl_ord_id: e.cl_ord_id,
                price: e.price.unwrap_or(NO_PRICE),
                quantity: e.quantity,
                leaves: e.quantity,
                session: e.session,
                instrument: e.instrument,
                account: e.account,
                side: e.side as u8,
                ord_type: e.ord_type as u8,
                time_in_force: e.time_in_force as u8,
                ..row
            },
            Event::Rejected(e) => Self {
                kind: rejected_codec::SBE_TEMPLATE_ID as u8,
                cl_ord_id: e.cl_ord_id,
                session: e.session,
                template: e.template,
                reason: e.reason as u8,
                ..row
            },
            Event::Filled(e) => Self::from_fill(e, row),
            Event::Reduced(e) => Self {
                kind: reduced_codec::SBE_TEMPLATE_ID as u8,
                order_id: e.order_id,
                cl_ord_id: e.cl_ord_id,
                quantity: e.quantity,
                leaves: e.leaves,
                session: e.session,
                instrument: e.instrument,
                ..row
            },
            Event::Cancelled(e) => Self {
                kind: cancelled_codec::SBE_TEMPLATE_ID as u8,
                order_id: e.order_id,
                cl_ord_id: e.cl_ord_id,
                quantity: e.quantity,
                session: e.session,
                instrument: e.instrument,
                reason: e.reason as u8,
                ..row
            },
            Event::Replaced(e) => Self {
                kind: replaced_codec::SBE_TEMPLATE_ID as u8,
                order_id: e.order_id,
                cl_ord_id: e.cl_ord_id,
                orig_cl_ord_id: e.orig_cl_ord_id,
                price: e.price,
                quantity: e.quantity,
                leaves: e.leaves,
                session: e.session,
                instrument: e.instrument,
                priority_kept: u8::from(e.priority_kept),
                ..row
            },
            Event::MassCancelled(e) => Self {
                kind: mass_cancelled_codec::SBE_TEMPLATE_ID as u8,
                quantity: i64::from(e.affected),
                session: e.session,
                ..row
            },
            Event::InstrumentDefined(e) => Self {
                kind: instrument_defined_codec::SBE_TEMPLATE_ID as u8,
                instrument: e.instrument.id,
                session: e.session,
                ..row
            },
        }
    }

    #[inline]
    fn from_fill(fill: &Fill, row: Self) -> Self {
        Self {
            kind: filled_codec::SBE_TEMPLATE_ID as u8,
            order_id: fill.taker.order_id,
            cl_ord_id: fill.taker.cl_ord_id,
            leaves: fill.taker.leaves,
            session: fill.taker.session,
            contra_order_id: fill.maker.order_id,
            contra_cl_ord_id: fill.maker.cl_ord_id,
            contra_leaves: fill.maker.leaves,
            contra_session: fill.maker.session,
            price: fill.price,
            quantity: fill.quantity,
            instrument: fill.instrument,
            side: fill.taker_side as u8,
            liquidity: Liquidity::Removed as u8,
            ..row
        }
    }

    /// An event as one session was told, from its SBE body; the caller fills in what the `Event` header in front of
    /// it says. Nothing if the bytes are no event of the engine.
    pub fn from_body(body: &[u8]) -> Option<Self> {
        let bytes = ReadBuf::new(body.get(..ENCODED_LENGTH)?);
        let (block, template) = (bytes.get_u16_at(0), bytes.get_u16_at(2));
        let (schema, version) = (bytes.get_u16_at(4), bytes.get_u16_at(6));
        let fields = body.get(ENCODED_LENGTH..ENCODED_LENGTH + usize::from(block))?;
        if schema != SBE_SCHEMA_ID || block < event_block_length(template)? {
            return None;
        }
        let row = Self { kind: template as u8, ..Self::default() };
        Some(row.read(Fields { bytes: ReadBuf::new(fields), block, version }))
    }

    fn read(self, fields: Fields) -> Self {
        match u16::from(self.kind) {
            accepted_codec::SBE_TEMPLATE_ID => fields.accepted(self),
            rejected_codec::SBE_TEMPLATE_ID => fields.rejected(self),
            filled_codec::SBE_TEMPLATE_ID => fields.filled(self),
            reduced_codec::SBE_TEMPLATE_ID => fields.reduced(self),
            cancelled_codec::SBE_TEMPLATE_ID => fields.cancelled(self),
            replaced_codec::SBE_TEMPLATE_ID => fields.replaced(self),
            mass_cancelled_codec::SBE_TEMPLATE_ID => fields.mass_cancelled(self),
            _ => fields.instrument_defined(self),
        }
    }
}

fn event_block_length(template: u16) -> Option<u16> {
    Some(match template {
        accepted_codec::SBE_TEMPLATE_ID => accepted_codec::SBE_BLOCK_LENGTH,
        rejected_codec::SBE_TEMPLATE_ID => rejected_codec::SBE_BLOCK_LENGTH,
        filled_codec::SBE_TEMPLATE_ID => filled_codec::SBE_BLOCK_LENGTH,
        reduced_codec::SBE_TEMPLATE_ID => reduced_codec::SBE_BLOCK_LENGTH,
        cancelled_codec::SBE_TEMPLATE_ID => cancelled_codec::SBE_BLOCK_LENGTH,
        replaced_codec::SBE_TEMPLATE_ID => replaced_codec::SBE_BLOCK_LENGTH,
        mass_cancelled_codec::SBE_TEMPLATE_ID => mass_cancelled_codec::SBE_BLOCK_LENGTH,
        instrument_defined_codec::SBE_TEMPLATE_ID => instrument_defined_codec::SBE_BLOCK_LENGTH,
        _ => return None,
    })
}

/// The fields of an event whose length has been checked.
struct Fields<'a> {
    bytes: ReadBuf<'a>,
    block: u16,
    version: u16,
}

macro_rules! wrap {
    ($decoder:ty, $fields:expr) => {
        <$decoder>::default().wrap($fields.bytes, 0, $fields.block, $fields.version)
    };
}

impl Fields<'_> {
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
            ..row
        }
    }

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
        EventRow { quantity: i64::from(e.affected()), ..row }
    }

    fn instrument_defined(&self, row: EventRow) -> EventRow {
        let e = wrap!(instrument_defined_codec::InstrumentDefinedDecoder, self);
        EventRow { instrument: e.instrument(), ..row }
    }
}
