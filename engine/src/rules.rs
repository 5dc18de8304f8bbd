//! The rules of each command: what is refused and why, what happens and in which order. A refusal changes nothing.
//!
//! A file is a part of the venue: its state, which [`Engine`] holds a field for, the commands that set it, and what it
//! says to an order. `controls` puts those in order; `time` is what happens without a command.

mod busts;
mod changes;
mod controls;
mod end_of_day;
mod expiry;
mod instrument_rules;
mod instruments;
mod kill_switch;
mod limits;
mod mass_cancel;
mod orders;
mod phases;
mod risk;
mod schedule;
mod session_end;
mod stops;
mod tasks;
mod time;
mod trades;
mod uncross;

pub(crate) use busts::{Busts, Trade, Trader};
pub(crate) use instrument_rules::{InstrumentRules, NO_RULES, are_sound};
pub(crate) use kill_switch::AccountSweep;
pub(crate) use limits::limits_are_sound;
pub(crate) use mass_cancel::MassCancelling;
pub(crate) use phases::{PhaseChange, PhaseChanging, PhaseState, Phases};
pub(crate) use risk::{Risk, Standing};
pub(crate) use schedule::Schedule;
pub(crate) use session_end::is_known;
pub(crate) use tasks::{Task, Tasks};
pub(crate) use trades::Trades;

use crate::command::Command;
use crate::engine::Engine;
use crate::event::{Administered, Event, RejectReason};

type Done = Result<(), RejectReason>;

impl Engine {
    /// Executes one of the commands that came with [`crate::logic::VENUE_CONTROLS`] and after it.
    pub(crate) fn apply_later(&mut self, session: u32, command: &Command, events: &mut Vec<Event>) -> Done {
        match command {
            Command::NewExtended(extended) => self.new_order_extended(session, extended, events),
            Command::ConfigureSession(options) => self.configure_session(session, options, events),
            Command::SetInstrumentRules(rules) => self.set_instrument_rules(session, rules, events),
            Command::SetPhase(set) => self.set_phase(session, set, events),
            Command::SetHalt(set) => self.set_halt(session, set, events),
            Command::SchedulePhase(entry) => self.schedule_phase(session, entry, events),
            Command::ClearSchedule(clear) => self.clear_schedule(session, clear, events),
            Command::BustTrade(bust) => self.bust_trade(session, bust, events),
            Command::SetLimits(limits) => self.set_limits(session, limits, events),
            Command::SetPosition(position) => self.set_position(session, position, events),
            Command::SetKillSwitch(switch) => self.set_kill_switch(session, switch, events),
            // Who is told what is not the engine's to know.
            Command::DropCopy(_) => Err(RejectReason::UnknownCommand),
            _ => unreachable!("the commands of version 1 are executed before"),
        }
    }

    /// Tells the sender that a command which sets something has been carried out; `id` is what it named.
    pub(crate) fn administered(&mut self, session: u32, template: u16, id: u32, events: &mut Vec<Event>) {
        self.outcome(events).emit(Event::Administered(Administered { template, id, session }));
    }
}
