//! Commands as the messages that carry them.

use engine::command::*;
use engine::limits::COMMAND_BODY_BYTES_MAX;
use engine::message;
use messages::boolean::Boolean;

/// The SBE body of a command, header included.
pub fn body(command: &Command) -> Vec<u8> {
    let mut buffer = [0; COMMAND_BODY_BYTES_MAX];
    let length = match command {
        Command::New(order) => new_order(order, &mut buffer),
        Command::NewExtended(extended) => new_order_extended(extended, &mut buffer),
        Command::Cancel(_) | Command::Reduce(_) | Command::Replace(_) | Command::MassCancel(_) => {
            change(command, &mut buffer)
        }
        Command::SetLimits(limits) => set_limits(limits, &mut buffer),
        Command::DefineInstrument(terms) => define_instrument(terms, &mut buffer),
        Command::SetInstrumentRules(rules) => set_instrument_rules(rules, &mut buffer),
        Command::SetPhase(_) | Command::SetHalt(_) | Command::SchedulePhase(_) | Command::ClearSchedule(_) => {
            phase(command, &mut buffer)
        }
        _ => control(command, &mut buffer),
    };
    buffer[..length].to_vec()
}

fn flag(value: bool) -> Boolean {
    if value { Boolean::True } else { Boolean::False }
}

fn new_order(order: &NewOrder, buffer: &mut [u8]) -> usize {
    message!(new_order_codec::NewOrderEncoder, buffer, |message| {
        message.cl_ord_id(order.cl_ord_id).price_opt(order.price).order_qty(order.quantity);
        message.instrument(order.instrument).account(order.account).side(order.side);
        message.ord_type(order.ord_type).time_in_force(order.time_in_force)
    })
}

fn new_order_extended(extended: &ExtendedOrder, buffer: &mut [u8]) -> usize {
    let ExtendedOrder { order, attributes } = extended;
    message!(new_order_extended_codec::NewOrderExtendedEncoder, buffer, |message| {
        message.cl_ord_id(order.cl_ord_id).price_opt(order.price).order_qty(order.quantity);
        message.stop_px_opt(attributes.stop_price.get()).display_qty_opt(attributes.display_quantity.get());
        message.min_qty_opt(attributes.minimum_quantity.get()).expire_time_opt(attributes.expire_time_ns.get());
        message.instrument(order.instrument).account(order.account).self_trade_group(attributes.self_trade_group);
        message.side(order.side).ord_type(order.ord_type).time_in_force(order.time_in_force);
        message.instructions(attributes.instructions);
        message.self_trade_prevention(attributes.self_trade_prevention)
    })
}

fn change(command: &Command, buffer: &mut [u8]) -> usize {
    match command {
        Command::Cancel(cancel) => message!(cancel_order_codec::CancelOrderEncoder, buffer, |message| {
            message.orig_cl_ord_id(cancel.orig_cl_ord_id)
        }),
        Command::Reduce(reduce) => message!(reduce_order_codec::ReduceOrderEncoder, buffer, |message| {
            message.orig_cl_ord_id(reduce.orig_cl_ord_id).reduce_qty(reduce.quantity)
        }),
        Command::Replace(replace) => message!(replace_order_codec::ReplaceOrderEncoder, buffer, |message| {
            message.cl_ord_id(replace.cl_ord_id).orig_cl_ord_id(replace.orig_cl_ord_id);
            message.price(replace.price).order_qty(replace.quantity)
        }),
        Command::MassCancel(cancel) => message!(mass_cancel_codec::MassCancelEncoder, buffer, |message| {
            message.instrument_opt(cancel.instrument).side(cancel.side).account_opt(cancel.account)
        }),
        _ => unreachable!("no change of live orders"),
    }
}

fn define_instrument(terms: &Instrument, buffer: &mut [u8]) -> usize {
    message!(define_instrument_codec::DefineInstrumentEncoder, buffer, |message| {
        message.instrument(terms.id).symbol(&terms.symbol);
        let mut tick = message.tick_size_encoder();
        tick.mantissa(terms.tick_size.mantissa).exponent(terms.tick_size.exponent);
        let mut lot = tick.parent().expect("it is in a message").lot_size_encoder();
        lot.mantissa(terms.lot_size.mantissa).exponent(terms.lot_size.exponent)
    })
}

fn set_instrument_rules(rules: &SetInstrumentRules, buffer: &mut [u8]) -> usize {
    message!(set_instrument_rules_codec::SetInstrumentRulesEncoder, buffer, |message| {
        message.instrument(rules.instrument).band_low_opt(rules.band_low.get()).band_high_opt(rules.band_high.get());
        message.collar_opt(rules.collar.get()).reference_price_opt(rules.reference_price.get());
        message.max_order_qty_opt(rules.order_quantity_max.get()).max_order_value_opt(rules.order_value_max.get())
    })
}

fn set_limits(limits: &SetLimits, buffer: &mut [u8]) -> usize {
    message!(set_limits_codec::SetLimitsEncoder, buffer, |message| {
        message.scope(limits.scope).id(limits.id).max_order_qty_opt(limits.order_quantity_max.get());
        message.max_order_value_opt(limits.order_value_max.get()).max_position_opt(limits.position_max.get());
        message.rate_interval(limits.rate_interval_ns).max_messages_opt(limits.messages_max);
        message.max_open_orders_opt(limits.open_orders_max).cancel_on(limits.cancel_on)
    })
}

fn phase(command: &Command, buffer: &mut [u8]) -> usize {
    match command {
        Command::SetPhase(set) => message!(set_phase_codec::SetPhaseEncoder, buffer, |message| {
            message.instrument_opt(set.instrument).phase(set.phase)
        }),
        Command::SetHalt(set) => message!(set_halt_codec::SetHaltEncoder, buffer, |message| {
            message.instrument_opt(set.instrument).on(set.on.map_or(Boolean::NullVal, flag))
        }),
        Command::SchedulePhase(entry) => message!(schedule_phase_codec::SchedulePhaseEncoder, buffer, |message| {
            message.instrument(entry.instrument).time(entry.time_ns).interval(entry.interval_ns).phase(entry.phase)
        }),
        Command::ClearSchedule(clear) => message!(clear_schedule_codec::ClearScheduleEncoder, buffer, |message| {
            message.instrument(clear.instrument)
        }),
        _ => unreachable!("nothing about phases"),
    }
}

fn control(command: &Command, buffer: &mut [u8]) -> usize {
    match command {
        Command::ConfigureSession(set) => {
            message!(configure_session_codec::ConfigureSessionEncoder, buffer, |message| message
                .cancel_on(set.cancel_on))
        }
        Command::DropCopy(copy) => message!(drop_copy_codec::DropCopyEncoder, buffer, |message| {
            message.session(copy.session).on(flag(copy.on))
        }),
        Command::BustTrade(bust) => {
            message!(bust_trade_codec::BustTradeEncoder, buffer, |message| message.trade_id(bust.trade_id))
        }
        Command::SetPosition(set) => message!(set_position_codec::SetPositionEncoder, buffer, |message| {
            message.scope(set.scope).id(set.id).instrument(set.instrument).position(set.position)
        }),
        Command::SetKillSwitch(set) => message!(set_kill_switch_codec::SetKillSwitchEncoder, buffer, |message| {
            message.scope(set.scope).id(set.id).engaged(set.engaged.map_or(Boolean::NullVal, flag))
        }),
        _ => unreachable!("written elsewhere"),
    }
}
