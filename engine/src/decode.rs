//! From bytes to commands. The generated decoders trust lengths, so those are checked first; values are the engine's
//! to check.

use crate::command::Command;
use crate::command_fields::Place;
use crate::event::{RejectReason, Rejected};
use crate::logic::{HALTS, VENUE_CONTROLS};
use messages::{
    ReadBuf, SBE_SCHEMA_ID, bust_trade_codec, cancel_order_codec, clear_schedule_codec, configure_session_codec,
    define_instrument_codec, drop_copy_codec, mass_cancel_codec, message_header_codec, new_order_codec,
    new_order_extended_codec, reduce_order_codec, replace_order_codec, schedule_phase_codec, set_halt_codec,
    set_instrument_rules_codec, set_kill_switch_codec, set_limits_codec, set_phase_codec, set_position_codec,
};

/// A mass cancel as schema versions 0 and 1 had it, without an account.
const MASS_CANCEL_BLOCK_MIN: u16 = 5;

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
        Self { template: command.template(), cl_ord_id: command.sought(0).map_or(0, |sought| sought.cl_ord_id), reason }
    }

    /// A command that came with later rules than those that are followed.
    pub fn unknown(template: u16) -> Self {
        Self { template, cl_ord_id: 0, reason: RejectReason::UnknownCommand }
    }

    /// The event that tells the session.
    pub fn rejected(&self, session: u32) -> Rejected {
        Rejected { cl_ord_id: self.cl_ord_id, session, template: self.template, reason: self.reason }
    }
}

/// Reads one command of those that there are under a version of the rules. Bytes behind it are padding; a longer block
/// is one of a newer schema, whose first fields are ours.
pub fn decode(body: &[u8], logic_version: u32) -> Result<Command, Refusal> {
    let refuse = |template, reason| Err(Refusal { template, cl_ord_id: 0, reason });
    if body.len() < message_header_codec::ENCODED_LENGTH {
        return refuse(0, RejectReason::Malformed);
    }
    let bytes = ReadBuf::new(body);
    let (block, template, schema) = (bytes.get_u16_at(0), bytes.get_u16_at(2), bytes.get_u16_at(4));
    if schema != SBE_SCHEMA_ID {
        return refuse(template, RejectReason::Malformed);
    }
    let Some(block_min) = block_min(template, logic_version) else {
        return Err(Refusal::unknown(template));
    };
    if block < block_min || body.len() - message_header_codec::ENCODED_LENGTH < usize::from(block) {
        let known = template != drop_copy_codec::SBE_TEMPLATE_ID; // to the bus; the engine has no such command
        return refuse(template, if known { RejectReason::Malformed } else { RejectReason::UnknownCommand });
    }
    let at = Place { bytes, block, version: bytes.get_u16_at(6) };
    match template {
        new_order_codec::SBE_TEMPLATE_ID => Ok(Command::New(at.new_order())),
        cancel_order_codec::SBE_TEMPLATE_ID => Ok(Command::Cancel(at.cancel())),
        reduce_order_codec::SBE_TEMPLATE_ID => Ok(Command::Reduce(at.reduce())),
        replace_order_codec::SBE_TEMPLATE_ID => Ok(Command::Replace(at.replace())),
        mass_cancel_codec::SBE_TEMPLATE_ID => Ok(Command::MassCancel(at.mass_cancel())),
        define_instrument_codec::SBE_TEMPLATE_ID => match at.define_instrument() {
            Ok(terms) => Ok(Command::DefineInstrument(terms)),
            Err(_) => refuse(template, RejectReason::Malformed),
        },
        _ => Ok(later(template, &at)),
    }
}

/// The commands that came with [`VENUE_CONTROLS`] and after it.
fn later(template: u16, at: &Place) -> Command {
    match template {
        new_order_extended_codec::SBE_TEMPLATE_ID => Command::NewExtended(at.new_order_extended()),
        configure_session_codec::SBE_TEMPLATE_ID => Command::ConfigureSession(at.configure_session()),
        drop_copy_codec::SBE_TEMPLATE_ID => Command::DropCopy(at.drop_copy()),
        set_instrument_rules_codec::SBE_TEMPLATE_ID => Command::SetInstrumentRules(at.set_instrument_rules()),
        set_phase_codec::SBE_TEMPLATE_ID => Command::SetPhase(at.set_phase()),
        set_halt_codec::SBE_TEMPLATE_ID => Command::SetHalt(at.set_halt()),
        schedule_phase_codec::SBE_TEMPLATE_ID => Command::SchedulePhase(at.schedule_phase()),
        clear_schedule_codec::SBE_TEMPLATE_ID => Command::ClearSchedule(at.clear_schedule()),
        bust_trade_codec::SBE_TEMPLATE_ID => Command::BustTrade(at.bust_trade()),
        set_limits_codec::SBE_TEMPLATE_ID => Command::SetLimits(at.set_limits()),
        set_position_codec::SBE_TEMPLATE_ID => Command::SetPosition(at.set_position()),
        _ => Command::SetKillSwitch(at.set_kill_switch()),
    }
}

/// The shortest block of a command, nothing if there is no such command under that version of the rules.
fn block_min(template: u16, logic_version: u32) -> Option<u16> {
    Some(match template {
        new_order_codec::SBE_TEMPLATE_ID => new_order_codec::SBE_BLOCK_LENGTH,
        cancel_order_codec::SBE_TEMPLATE_ID => cancel_order_codec::SBE_BLOCK_LENGTH,
        reduce_order_codec::SBE_TEMPLATE_ID => reduce_order_codec::SBE_BLOCK_LENGTH,
        replace_order_codec::SBE_TEMPLATE_ID => replace_order_codec::SBE_BLOCK_LENGTH,
        mass_cancel_codec::SBE_TEMPLATE_ID => MASS_CANCEL_BLOCK_MIN,
        define_instrument_codec::SBE_TEMPLATE_ID => define_instrument_codec::SBE_BLOCK_LENGTH,
        _ if logic_version < VENUE_CONTROLS => return None,
        new_order_extended_codec::SBE_TEMPLATE_ID => new_order_extended_codec::SBE_BLOCK_LENGTH,
        configure_session_codec::SBE_TEMPLATE_ID => configure_session_codec::SBE_BLOCK_LENGTH,
        drop_copy_codec::SBE_TEMPLATE_ID => drop_copy_codec::SBE_BLOCK_LENGTH,
        set_instrument_rules_codec::SBE_TEMPLATE_ID => set_instrument_rules_codec::SBE_BLOCK_LENGTH,
        set_phase_codec::SBE_TEMPLATE_ID => set_phase_codec::SBE_BLOCK_LENGTH,
        schedule_phase_codec::SBE_TEMPLATE_ID => schedule_phase_codec::SBE_BLOCK_LENGTH,
        clear_schedule_codec::SBE_TEMPLATE_ID => clear_schedule_codec::SBE_BLOCK_LENGTH,
        bust_trade_codec::SBE_TEMPLATE_ID => bust_trade_codec::SBE_BLOCK_LENGTH,
        set_limits_codec::SBE_TEMPLATE_ID => set_limits_codec::SBE_BLOCK_LENGTH,
        set_position_codec::SBE_TEMPLATE_ID => set_position_codec::SBE_BLOCK_LENGTH,
        set_kill_switch_codec::SBE_TEMPLATE_ID => set_kill_switch_codec::SBE_BLOCK_LENGTH,
        _ if logic_version < HALTS => return None,
        set_halt_codec::SBE_TEMPLATE_ID => set_halt_codec::SBE_BLOCK_LENGTH,
        _ => return None,
    })
}
