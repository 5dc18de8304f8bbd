//! Events as rows, from the engine's own events; `event_body_row` makes them of what one session was told.

use crate::event::{AcceptedExtended, Event, Fill, TradeBusted};
use crate::rows::{EventRow, NO_PRICE};
use messages::{
    accepted_codec, accepted_extended_codec, administered_codec, cancelled_codec, filled_codec,
    instrument_defined_codec, liquidity::Liquidity, mass_cancelled_codec, phase_changed_codec, reduced_codec,
    refreshed_codec, rejected_codec, replaced_codec, trade_busted_codec, triggered_codec, uncrossed_codec,
};

impl EventRow {
    /// An event as the engine gives it: a fill holds both parties, the taker in the fields of its own.
    pub fn from_event(event: &Event, number: u64, index: u32) -> Self {
        let mut row = Self::default();
        row.tell(event, number, index);
        row
    }

    /// As [`EventRow::from_event`], written where the row is to be: a copy of what was just written field by field waits
    /// for the narrow stores.
    #[inline]
    pub fn tell(&mut self, event: &Event, number: u64, index: u32) {
        let row = Self { number, index, ..Self::default() };
        match event {
            Event::Accepted(e) => {
                *self = Self {
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
                }
            }
            Event::Rejected(e) => {
                *self = Self {
                    kind: rejected_codec::SBE_TEMPLATE_ID as u8,
                    cl_ord_id: e.cl_ord_id,
                    session: e.session,
                    template: e.template,
                    reason: e.reason as u8,
                    ..row
                }
            }
            Event::Filled(e) => *self = Self::from_fill(e, row),
            Event::Reduced(e) => {
                *self = Self {
                    kind: reduced_codec::SBE_TEMPLATE_ID as u8,
                    order_id: e.order_id,
                    cl_ord_id: e.cl_ord_id,
                    quantity: e.quantity,
                    leaves: e.leaves,
                    session: e.session,
                    instrument: e.instrument,
                    reason: e.reason as u8,
                    ..row
                }
            }
            Event::Cancelled(e) => {
                *self = Self {
                    kind: cancelled_codec::SBE_TEMPLATE_ID as u8,
                    order_id: e.order_id,
                    cl_ord_id: e.cl_ord_id,
                    quantity: e.quantity,
                    session: e.session,
                    instrument: e.instrument,
                    reason: e.reason as u8,
                    ..row
                }
            }
            Event::Replaced(e) => {
                *self = Self {
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
                }
            }
            Event::MassCancelled(e) => {
                *self = Self {
                    kind: mass_cancelled_codec::SBE_TEMPLATE_ID as u8,
                    quantity: i64::from(e.affected),
                    session: e.session,
                    reason: e.response as u8,
                    ..row
                }
            }
            Event::InstrumentDefined(e) => {
                *self = Self {
                    kind: instrument_defined_codec::SBE_TEMPLATE_ID as u8,
                    instrument: e.instrument.id,
                    session: e.session,
                    ..row
                }
            }
            later => *self = Self::from_later(later, row),
        }
    }

    /// The events that came with logic version 3.
    fn from_later(event: &Event, row: Self) -> Self {
        match event {
            Event::AcceptedExtended(e) => Self::from_accepted_extended(e, row),
            Event::Triggered(e) => Self {
                kind: triggered_codec::SBE_TEMPLATE_ID as u8,
                order_id: e.order_id,
                cl_ord_id: e.cl_ord_id,
                session: e.session,
                instrument: e.instrument,
                ..row
            },
            Event::Refreshed(e) => Self {
                kind: refreshed_codec::SBE_TEMPLATE_ID as u8,
                order_id: e.order_id,
                cl_ord_id: e.cl_ord_id,
                quantity: e.shown,
                leaves: e.leaves,
                session: e.session,
                instrument: e.instrument,
                ..row
            },
            Event::PhaseChanged(e) => Self {
                kind: phase_changed_codec::SBE_TEMPLATE_ID as u8,
                session: e.session,
                instrument: e.instrument,
                reason: e.phase as u8,
                ..row
            },
            Event::Uncrossed(e) => Self {
                kind: uncrossed_codec::SBE_TEMPLATE_ID as u8,
                price: e.price,
                quantity: e.volume,
                session: e.session,
                instrument: e.instrument,
                ..row
            },
            Event::Administered(e) => Self {
                kind: administered_codec::SBE_TEMPLATE_ID as u8,
                template: e.template,
                account: e.id,
                session: e.session,
                ..row
            },
            Event::TradeBusted(e) => Self::from_trade_busted(e, row),
            _ => unreachable!("the others are at hand in tell"),
        }
    }

    fn from_accepted_extended(e: &AcceptedExtended, row: Self) -> Self {
        let attributes = &e.attributes;
        Self {
            kind: accepted_extended_codec::SBE_TEMPLATE_ID as u8,
            order_id: e.order_id,
            cl_ord_id: e.cl_ord_id,
            price: e.price.raw(),
            quantity: e.quantity,
            leaves: e.quantity,
            contra_order_id: attributes.stop_price.get().unwrap_or(0) as u64,
            contra_leaves: attributes.display_quantity.get().unwrap_or(0),
            contra_cl_ord_id: attributes.minimum_quantity.get().unwrap_or(0) as u64,
            orig_cl_ord_id: attributes.expire_time_ns.get().unwrap_or(0) as u64,
            contra_session: attributes.self_trade_group,
            template: u16::from(attributes.instructions.0),
            reason: attributes.self_trade_prevention as u8,
            session: e.session,
            instrument: e.instrument,
            account: e.account,
            side: e.side as u8,
            ord_type: e.ord_type as u8,
            time_in_force: e.time_in_force as u8,
            ..row
        }
    }

    fn from_trade_busted(e: &TradeBusted, row: Self) -> Self {
        Self {
            kind: trade_busted_codec::SBE_TEMPLATE_ID as u8,
            order_id: e.first.order_id,
            cl_ord_id: e.first.cl_ord_id,
            session: e.first.session,
            contra_order_id: e.second.order_id,
            contra_cl_ord_id: e.second.cl_ord_id,
            contra_session: e.second.session,
            orig_cl_ord_id: e.trade_id,
            price: e.price,
            quantity: e.quantity,
            instrument: e.instrument,
            side: e.first_side as u8,
            ..row
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
            liquidity: if fill.auction { Liquidity::Auction } else { Liquidity::Removed } as u8,
            orig_cl_ord_id: fill.trade_id,
            ..row
        }
    }
}
