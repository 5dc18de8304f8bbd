//! What may be told of a command, whatever it holds.

use engine::command::Command;
use engine::event::{CancelReason, Event, RejectReason, Rejected};

/// Whether the events are those that the command may cause, in their order.
pub fn are_kept(session: u32, command: &Command, events: &[Event]) -> bool {
    if let Some(Event::Rejected(rejected)) = events.first() {
        return events.len() == 1 && *rejected == Rejected { reason: rejected.reason, ..refused(session, command) };
    }
    let only = |is: fn(&Event) -> bool| events.len() == 1 && is(&events[0]);
    let first = |is: fn(&Event) -> bool| events.first().is_some_and(is) && events[1..].iter().all(follows_an_order);
    match command {
        Command::New(_) => first(|event| matches!(event, Event::Accepted(_))),
        Command::NewExtended(_) => first(|event| matches!(event, Event::AcceptedExtended(_))),
        Command::Replace(_) => first(|event| matches!(event, Event::Replaced(_))),
        Command::Cancel(_) => only(is_requested),
        Command::Reduce(_) => only(|event| matches!(event, Event::Reduced(_)) || is_requested(event)),
        Command::MassCancel(_) => {
            let last = events.split_last();
            last.is_some_and(|(last, rest)| matches!(last, Event::MassCancelled(_)) && rest.iter().all(is_requested))
        }
        Command::DefineInstrument(_) => only(|event| matches!(event, Event::InstrumentDefined(_))),
        Command::SetPhase(_) | Command::SetHalt(_) => events.iter().any(is_phase) && events.iter().all(follows_a_phase),
        Command::BustTrade(_) => only(|event| matches!(event, Event::TradeBusted(_))),
        Command::SetKillSwitch(_) => {
            events.first().is_some_and(is_administered)
                && events[1..].iter().all(|event| is_gone(event, CancelReason::KillSwitch))
        }
        Command::DropCopy(_) => false,
        _ => only(is_administered),
    }
}

/// Who is told that a command is refused, and of which order.
fn refused(session: u32, command: &Command) -> Rejected {
    let cl_ord_id = match command {
        Command::New(order) => order.cl_ord_id,
        Command::NewExtended(extended) => extended.order.cl_ord_id,
        Command::Cancel(cancel) => cancel.orig_cl_ord_id,
        Command::Reduce(reduce) => reduce.orig_cl_ord_id,
        Command::Replace(replace) => replace.orig_cl_ord_id,
        _ => 0,
    };
    Rejected { cl_ord_id, session, template: command.template(), reason: RejectReason::NullVal }
}

fn follows_an_order(event: &Event) -> bool {
    matches!(
        event,
        Event::Filled(_) | Event::Cancelled(_) | Event::Reduced(_) | Event::Refreshed(_) | Event::Triggered(_)
    )
}

fn follows_a_phase(event: &Event) -> bool {
    is_phase(event) || matches!(event, Event::Uncrossed(_)) || follows_an_order(event)
}

fn is_phase(event: &Event) -> bool {
    matches!(event, Event::PhaseChanged(_))
}

fn is_administered(event: &Event) -> bool {
    matches!(event, Event::Administered(_))
}

fn is_requested(event: &Event) -> bool {
    is_gone(event, CancelReason::Requested)
}

fn is_gone(event: &Event, reason: CancelReason) -> bool {
    matches!(event, Event::Cancelled(cancelled) if cancelled.reason == reason)
}
