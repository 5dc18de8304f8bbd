//! The fields of a command, read by the generated decoders from a message whose length has been checked.

use crate::command::*;
use messages::boolean::Boolean;
use messages::{
    ReadBuf, SBE_SCHEMA_VERSION, SbeResult, bust_trade_codec, cancel_order_codec, clear_schedule_codec,
    configure_session_codec, define_instrument_codec, drop_copy_codec, mass_cancel_codec, message_header_codec,
    new_order_codec, new_order_extended_codec, reduce_order_codec, replace_order_codec, schedule_phase_codec,
    set_halt_codec, set_instrument_rules_codec, set_kill_switch_codec, set_limits_codec, set_phase_codec,
    set_position_codec,
};

/// A message whose length has been checked.
pub struct Place<'a> {
    pub bytes: ReadBuf<'a>,
    pub block: u16,
    pub version: u16,
}

/// None if it is neither.
fn flag(value: Boolean) -> Option<bool> {
    match value {
        Boolean::False => Some(false),
        Boolean::True => Some(true),
        Boolean::NullVal => None,
    }
}

macro_rules! wrap {
    ($decoder:ty, $place:expr) => {
        <$decoder>::default().wrap($place.bytes, message_header_codec::ENCODED_LENGTH, $place.block, $place.version)
    };
}

impl Place<'_> {
    #[inline]
    pub fn new_order(&self) -> NewOrder {
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
    pub fn cancel(&self) -> CancelOrder {
        CancelOrder { orig_cl_ord_id: wrap!(cancel_order_codec::CancelOrderDecoder, self).orig_cl_ord_id() }
    }

    #[inline]
    pub fn reduce(&self) -> ReduceOrder {
        let message = wrap!(reduce_order_codec::ReduceOrderDecoder, self);
        ReduceOrder { orig_cl_ord_id: message.orig_cl_ord_id(), quantity: message.reduce_qty() }
    }

    #[inline]
    pub fn replace(&self) -> ReplaceOrder {
        let message = wrap!(replace_order_codec::ReplaceOrderDecoder, self);
        ReplaceOrder {
            cl_ord_id: message.cl_ord_id(),
            orig_cl_ord_id: message.orig_cl_ord_id(),
            price: message.price(),
            quantity: message.order_qty(),
        }
    }

    pub fn mass_cancel(&self) -> MassCancel {
        // Versions 0 and 1 had no account. The block's length says it, not the version: that was never looked at.
        let version = if self.block < mass_cancel_codec::SBE_BLOCK_LENGTH { 0 } else { SBE_SCHEMA_VERSION };
        let place = Place { bytes: self.bytes, block: self.block, version };
        let message = wrap!(mass_cancel_codec::MassCancelDecoder, place);
        MassCancel { instrument: message.instrument(), side: message.side(), account: message.account() }
    }

    pub fn new_order_extended(&self) -> ExtendedOrder {
        let message = wrap!(new_order_extended_codec::NewOrderExtendedDecoder, self);
        let order = NewOrder {
            cl_ord_id: message.cl_ord_id(),
            price: message.price(),
            quantity: message.order_qty(),
            instrument: message.instrument(),
            account: message.account(),
            side: message.side(),
            ord_type: message.ord_type(),
            time_in_force: message.time_in_force(),
        };
        let attributes = Attributes {
            stop_price: message.stop_px().into(),
            display_quantity: message.display_qty().into(),
            minimum_quantity: message.min_qty().into(),
            expire_time_ns: message.expire_time().into(),
            self_trade_group: message.self_trade_group(),
            instructions: message.instructions(),
            self_trade_prevention: message.self_trade_prevention(),
        };
        ExtendedOrder { order, attributes }
    }

    pub fn configure_session(&self) -> ConfigureSession {
        ConfigureSession { cancel_on: wrap!(configure_session_codec::ConfigureSessionDecoder, self).cancel_on() }
    }

    pub fn drop_copy(&self) -> DropCopy {
        let message = wrap!(drop_copy_codec::DropCopyDecoder, self);
        DropCopy { session: message.session(), on: message.on() != Boolean::False }
    }

    pub fn set_instrument_rules(&self) -> SetInstrumentRules {
        let message = wrap!(set_instrument_rules_codec::SetInstrumentRulesDecoder, self);
        SetInstrumentRules {
            instrument: message.instrument(),
            band_low: message.band_low().into(),
            band_high: message.band_high().into(),
            collar: message.collar().into(),
            reference_price: message.reference_price().into(),
            order_quantity_max: message.max_order_qty().into(),
            order_value_max: message.max_order_value().into(),
        }
    }

    pub fn set_phase(&self) -> SetPhase {
        let message = wrap!(set_phase_codec::SetPhaseDecoder, self);
        SetPhase { instrument: message.instrument(), phase: message.phase() }
    }

    pub fn set_halt(&self) -> SetHalt {
        let message = wrap!(set_halt_codec::SetHaltDecoder, self);
        SetHalt { instrument: message.instrument(), on: flag(message.on()) }
    }

    pub fn schedule_phase(&self) -> SchedulePhase {
        let message = wrap!(schedule_phase_codec::SchedulePhaseDecoder, self);
        SchedulePhase {
            instrument: message.instrument(),
            time_ns: message.time(),
            interval_ns: message.interval(),
            phase: message.phase(),
        }
    }

    pub fn clear_schedule(&self) -> ClearSchedule {
        ClearSchedule { instrument: wrap!(clear_schedule_codec::ClearScheduleDecoder, self).instrument() }
    }

    pub fn bust_trade(&self) -> BustTrade {
        BustTrade { trade_id: wrap!(bust_trade_codec::BustTradeDecoder, self).trade_id() }
    }

    pub fn set_limits(&self) -> SetLimits {
        let message = wrap!(set_limits_codec::SetLimitsDecoder, self);
        SetLimits {
            scope: message.scope(),
            id: message.id(),
            order_quantity_max: message.max_order_qty().into(),
            order_value_max: message.max_order_value().into(),
            position_max: message.max_position().into(),
            rate_interval_ns: message.rate_interval(),
            messages_max: message.max_messages(),
            open_orders_max: message.max_open_orders(),
            cancel_on: message.cancel_on(),
        }
    }

    pub fn set_position(&self) -> SetPosition {
        let message = wrap!(set_position_codec::SetPositionDecoder, self);
        SetPosition {
            scope: message.scope(),
            id: message.id(),
            instrument: message.instrument(),
            position: message.position(),
        }
    }

    pub fn set_kill_switch(&self) -> SetKillSwitch {
        let message = wrap!(set_kill_switch_codec::SetKillSwitchDecoder, self);
        SetKillSwitch { scope: message.scope(), id: message.id(), engaged: flag(message.engaged()) }
    }

    pub fn define_instrument(&self) -> SbeResult<Instrument> {
        let message = wrap!(define_instrument_codec::DefineInstrumentDecoder, self);
        let (id, symbol) = (message.instrument(), message.symbol());
        let mut tick = message.tick_size_decoder();
        let tick_size = Decimal { mantissa: tick.mantissa(), exponent: tick.exponent() };
        let lot = tick.parent()?.lot_size_decoder();
        let lot_size = Decimal { mantissa: lot.mantissa(), exponent: lot.exponent() };
        Ok(Instrument { id, symbol, tick_size, lot_size })
    }
}
