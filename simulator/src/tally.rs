//! Counts what the live engine did, by what tells it.

use crate::report::{Count, Report};
use engine::event::{CancelReason, Event, MassCancelResponse, RejectReason};
use messages::session_end::SessionEnd;
use messages::{drop_copy_codec, set_halt_codec, tick_codec};
use sequencer::frame::SequencedFrame;
use sequencer::replica::Applied;

/// A frame was executed.
pub fn executed(frame: &SequencedFrame, applied: Applied, events: &[Event], report: &mut Report) {
    match applied {
        Applied::Command => report.count(Count::Executed),
        Applied::SessionClosed { end: SessionEnd::Expired, .. } => report.count(Count::Expired),
        Applied::SessionClosed { end: SessionEnd::Logoff, .. } => {
            report.count(Count::Executed);
            report.count(Count::Logoffs);
        }
        Applied::Nothing if !events.is_empty() && frame.command.template() == tick_codec::SBE_TEMPLATE_ID => {
            report.count(Count::TicksWithEvents);
        }
        _ => {}
    }
    let sets_halt = frame.command.template() == set_halt_codec::SBE_TEMPLATE_ID;
    if sets_halt && matches!(events, [Event::Uncrossed(_) | Event::PhaseChanged(_), ..]) {
        report.count(Count::HaltsSet);
    }
    for event in events {
        if let Some(count) = of_event(event) {
            report.count(count);
        }
    }
}

fn of_event(event: &Event) -> Option<Count> {
    Some(match event {
        Event::Filled(_) => Count::Fills,
        Event::Rejected(event) => return Some(of_reject(event.reason)),
        Event::Cancelled(event) => of_cancel(event.reason)?,
        Event::Reduced(event) if event.reason == CancelReason::SelfTrade => Count::SelfTrades,
        Event::MassCancelled(event) if event.response == MassCancelResponse::Accepted => Count::MassCancelsInPieces,
        Event::AcceptedExtended(_) => Count::Extended,
        Event::Triggered(_) => Count::Triggered,
        Event::Refreshed(_) => Count::Refreshed,
        Event::PhaseChanged(event) if event.session == 0 => Count::PhasesScheduled,
        Event::PhaseChanged(_) => Count::PhasesSet,
        Event::Uncrossed(_) => Count::Uncrossed,
        Event::TradeBusted(_) => Count::Busted,
        Event::Administered(event) if event.template == drop_copy_codec::SBE_TEMPLATE_ID => Count::DropCopies,
        Event::Administered(_) => Count::Administered,
        _ => return None,
    })
}

fn of_cancel(reason: CancelReason) -> Option<Count> {
    Some(match reason {
        CancelReason::Expired => Count::OrdersExpired,
        CancelReason::SelfTrade => Count::SelfTrades,
        CancelReason::DayEnded => Count::DaysEnded,
        CancelReason::Disconnected => Count::CancelledOnDisconnect,
        CancelReason::LoggedOff => Count::CancelledOnLogoff,
        CancelReason::KillSwitch => Count::CancelledByKillSwitch,
        _ => return None,
    })
}

fn of_reject(reason: RejectReason) -> Count {
    match reason {
        RejectReason::NotAllowed => Count::Denied,
        RejectReason::QuantityAboveMaximum
        | RejectReason::ValueAboveMaximum
        | RejectReason::TooManyOpenOrders
        | RejectReason::PositionAboveMaximum
        | RejectReason::RateExceeded
        | RejectReason::Killed => Count::RiskRejects,
        _ => Count::Rejects,
    }
}
