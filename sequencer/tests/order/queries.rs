//! What became of a command, asked of the order itself.

use crate::client::{Frames, logon, outcome};
use crate::venue::{CONNECTION, Venue, command, new_order, takes};
use messages::durability::Durability::{Fsync, Relaxed};
use messages::outcome_kind::OutcomeKind;
use messages::refusal_reason::RefusalReason;
use sequencer::client::{ClientSession, Logon};
use sequencer::intake::{Attached, Verdict};
use sequencer::limits::SESSION_WINDOW;
use sequencer::outcome::Outcome;
use sequencer::replica::Applied;
use sequencer::rows::Each;

/// The frame with which a client of this logon asks for a number.
pub fn query(logon: Attached, number: u64) -> Vec<u8> {
    let Attached { session, epoch, .. } = logon;
    let mut client = ClientSession::new(Logon { session, epoch, next_number: u64::MAX, window: 1 });
    let mut out = Frames::default();
    assert!(client.query(number, &mut out));
    let mut frame = out.0.remove(0);
    let acked_through = 8 + 8..8 + 16; // this client has acknowledged nothing
    frame[acked_through].fill(0);
    frame
}

fn answers(venue: &Venue) -> Vec<(u64, Outcome)> {
    let told = venue.told.0.iter();
    told.filter_map(|(_, applied, _)| match applied {
        Applied::Queried { number, outcome } => Some((*number, *outcome)),
        _ => None,
    })
    .collect()
}

#[test]
fn a_query_of_an_executed_command_gives_its_outcome() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    venue.send(&command(logon, 1, &new_order(11)));
    assert_eq!(venue.send(&query(logon, 1)), Verdict::Stamp, "behind the command, so it finds it executed");
    venue.settle();
    let (number, outcome) = answers(&venue)[0];
    assert_eq!((number, outcome.kind, outcome.seq, outcome.cl_ord_id), (1, OutcomeKind::Rejected, 3, 11));
    assert_eq!(outcome.events, 1);
}

#[test]
fn not_executed_closes_the_number_for_good_before_and_after_the_query_is_executed() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    assert_eq!(venue.send(&query(logon, 1)), Verdict::Stamp);
    assert_eq!(venue.send(&command(logon, 1, &new_order(1))), Verdict::Waiting, "the query's answer is its answer");
    assert_eq!(venue.send(&command(logon, 2, &new_order(2))), Verdict::Stamp, "the next number is the one behind it");
    venue.settle_and_go_on();
    assert_eq!(answers(&venue)[0].1.kind, OutcomeKind::NotExecuted);
    let Verdict::Repeat(outcome) = venue.send(&command(logon, 1, &new_order(1))) else { panic!("no outcome") };
    assert_eq!((outcome.kind, outcome.seq), (OutcomeKind::NotExecuted, 3), "where the query stands");
    assert_eq!(venue.send(&query(logon, 1)), Verdict::Stamp);
    venue.settle();
    assert_eq!(answers(&venue)[1], (1, outcome), "asked again, it is the same");
}

#[test]
fn a_number_ahead_is_closed_alone_and_passed_over_when_its_turn_comes() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    assert_eq!(venue.send(&query(logon, 3)), Verdict::Stamp);
    assert_eq!(venue.send(&command(logon, 1, &new_order(1))), Verdict::Stamp);
    venue.settle_and_go_on();
    let mut venue = venue.restarted(Fsync);
    let logon = venue.sequencer.open_session(takes(logon.session), CONNECTION).expect("known");
    assert_eq!(venue.send(&command(logon, 2, &new_order(2))), Verdict::Stamp);
    assert_eq!(venue.send(&command(logon, 3, &new_order(3))), Verdict::Waiting);
    assert_eq!(venue.send(&command(logon, 4, &new_order(4))), Verdict::Stamp);
    venue.settle();
    let session = venue.sequencer.replica().sessions().get(logon.session).expect("known").clone();
    assert_eq!(session.next_number, 5);
    let kinds: Vec<_> = (1..=4).map(|number| session.outcome(number).map(|outcome| outcome.kind)).collect();
    let rejected = Some(OutcomeKind::Rejected);
    assert_eq!(kinds, [rejected, rejected, Some(OutcomeKind::NotExecuted), rejected]);
    assert_eq!(venue.replayed().state_hash(), venue.sequencer.replica().state_hash());
}

/// Sends all of it to the venue, as one connection does.
fn deliver(out: &mut Frames, venue: &mut Venue) -> Vec<Verdict> {
    out.0.drain(..).map(|frame| venue.send(&frame)).collect()
}

#[test]
fn a_closing_that_a_relaxed_crash_has_lost_is_made_again_and_its_command_is_never_sent_again() {
    let mut venue = Venue::new(Relaxed);
    venue.settle_and_go_on();
    let attached = venue.log_on();
    venue.settle_and_go_on();
    let mut client = ClientSession::new(logon(attached, 1));
    let mut out = Frames::default();
    for id in 1..=3 {
        client.send(&new_order(id), &mut out);
    }
    out.0.clear(); // none of them arrives
    assert!(client.query(2, &mut out));
    assert_eq!(deliver(&mut out, &mut venue), [Verdict::Stamp]);
    assert!(venue.execute() > 0, "told before it is on disk");
    client.read(&outcome(attached.session, 2, OutcomeKind::NotExecuted), 0, &mut Each::new(|_| {}));
    let mut venue = venue.restarted(Relaxed);
    let attached = venue.sequencer.open_session(takes(attached.session), CONNECTION).expect("known");
    client.resume(logon(attached, 1), &mut out).expect("nothing that was answered in turn is lost");
    assert_eq!(deliver(&mut out, &mut venue), [Verdict::Stamp; 3], "the question, 1 and 3");
    venue.settle();
    let session = venue.sequencer.replica().sessions().get(attached.session).expect("known");
    assert_eq!(session.next_number, 4);
    assert_eq!(session.outcome(2).map(|outcome| outcome.kind), Some(OutcomeKind::NotExecuted));
}

#[test]
fn an_acknowledged_outcome_is_answered_as_forgotten() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    venue.send(&command(logon, 1, &new_order(1)));
    venue.send(&crate::venue::acknowledging(logon, 2, 1, &new_order(2)));
    venue.send(&query(logon, 1));
    venue.settle();
    assert_eq!(answers(&venue)[0].1.kind, OutcomeKind::Forgotten);
}

#[test]
fn a_query_that_makes_no_sense_is_refused_and_hides_no_later_refusal() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    let beyond = query(logon, SESSION_WINDOW + 1);
    let full = Verdict::Refuse { reason: RefusalReason::WindowFull, expected: 1 };
    assert_eq!(venue.send(&beyond), full);
    let no_query = command(logon, 0, &new_order(1));
    assert_eq!(venue.send(&no_query), Verdict::Refuse { reason: RefusalReason::BadFrame, expected: 1 });
    let gap = Verdict::Refuse { reason: RefusalReason::Gap, expected: 1 };
    assert_eq!(venue.send(&command(logon, 2, &new_order(2))), gap);
    venue.sequencer.stop_intake(true);
    assert_eq!(
        venue.send(&query(logon, 1)),
        Verdict::Refuse { reason: RefusalReason::IntakeStopped, expected: 1 },
        "it would have to be stamped"
    );
}

#[test]
fn a_query_of_another_logon_is_refused() {
    let mut venue = Venue::new(Fsync);
    let old = venue.log_on();
    venue.sequencer.open_session(takes(old.session), CONNECTION).expect("known");
    let stale = Verdict::Refuse { reason: RefusalReason::StaleEpoch, expected: 1 };
    assert_eq!(venue.send(&query(old, 1)), stale);
}
