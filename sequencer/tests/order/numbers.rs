//! Sessions, numbers, epochs and repeats.

use crate::venue::{CONNECTION, Venue, acknowledging, cancel, command, logoff, new_order, takes};
use messages::durability::Durability::Fsync;
use messages::outcome_kind::OutcomeKind;
use messages::refusal_reason::RefusalReason;
use messages::session_end::SessionEnd;
use sequencer::intake::Verdict;
use sequencer::limits::SESSION_WINDOW;
use sequencer::replica::Applied;

fn refused(reason: RefusalReason, expected: u64) -> Verdict {
    Verdict::Refuse { reason, expected }
}

#[test]
fn the_next_number_is_stamped_and_a_higher_one_is_a_gap_that_consumes_nothing() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    assert_eq!(venue.send(&command(logon, 2, &new_order(2))), refused(RefusalReason::Gap, 1));
    assert_eq!(venue.send(&command(logon, 1, &new_order(1))), Verdict::Stamp);
    assert_eq!(venue.send(&command(logon, 2, &new_order(2))), Verdict::Stamp);
}

#[test]
fn of_a_burst_behind_a_gap_only_the_first_is_told() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    assert_eq!(venue.send(&command(logon, 5, &new_order(5))), refused(RefusalReason::Gap, 1));
    assert_eq!(venue.send(&command(logon, 6, &new_order(6))), Verdict::Drop);
    assert_eq!(venue.send(&command(logon, 5, &new_order(5))), refused(RefusalReason::Gap, 1));
}

#[test]
fn a_repeat_is_answered_with_its_outcome_once_executed_and_waits_until_then() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    let order = command(logon, 1, &new_order(1));
    assert_eq!(venue.send(&order), Verdict::Stamp);
    assert_eq!(venue.send(&order), Verdict::Waiting);
    venue.commit();
    assert_eq!(venue.send(&order), Verdict::Waiting, "committed is not yet executed");
    venue.execute();
    let Verdict::Repeat(outcome) = venue.send(&order) else { panic!("no outcome") };
    assert_eq!((outcome.kind, outcome.events, outcome.cl_ord_id), (OutcomeKind::Rejected, 1, 1), "no such instrument");
}

#[test]
fn a_number_used_for_another_body_is_refused_before_and_after_execution() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    venue.send(&command(logon, 1, &new_order(1)));
    assert_eq!(venue.send(&command(logon, 1, &cancel(1))), refused(RefusalReason::NumberReused, 2));
    venue.commit();
    venue.execute();
    assert_eq!(venue.send(&command(logon, 1, &cancel(1))), refused(RefusalReason::NumberReused, 2));
}

#[test]
fn an_acknowledged_outcome_is_forgotten() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    venue.send(&command(logon, 1, &new_order(1)));
    venue.send(&acknowledging(logon, 2, 1, &new_order(2)));
    venue.commit();
    venue.execute();
    assert_eq!(venue.send(&command(logon, 1, &new_order(1))), refused(RefusalReason::OutcomeForgotten, 3));
    assert!(matches!(venue.send(&command(logon, 2, &new_order(2))), Verdict::Repeat(_)));
}

#[test]
fn a_new_logon_ends_the_old_one() {
    let mut venue = Venue::new(Fsync);
    let old = venue.log_on();
    let new = venue.sequencer.open_session(takes(old.session), CONNECTION).expect("known");
    assert_eq!((new.epoch, new.replaced), (old.epoch + 1, CONNECTION));
    assert_eq!(venue.send(&command(old, 1, &new_order(1))), refused(RefusalReason::StaleEpoch, 1));
    assert_eq!(venue.send(&command(new, 1, &new_order(1))), Verdict::Stamp);
}

#[test]
fn a_session_is_not_open_to_another_connection() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    let bytes = command(logon, 1, &new_order(1));
    let judged = venue.sequencer.on_command(CONNECTION + 1, &bytes).expect("a frame");
    assert_eq!(judged.verdict, refused(RefusalReason::NotLoggedOn, 1));
}

#[test]
fn of_a_burst_the_first_is_refused_and_nobody_is_silenced_by_another_or_by_what_was_not_told() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    let judge = |venue: &mut Venue, connection, number| {
        let judged = venue.sequencer.on_command(connection, &command(logon, number, &new_order(number)));
        judged.expect("a frame").verdict
    };
    let unknown = refused(RefusalReason::NotLoggedOn, 1);
    let verdicts = [(8, 3), (8, 4), (9, 5), (9, 6)].map(|(connection, number)| judge(&mut venue, connection, number));
    assert_eq!(verdicts, [unknown, Verdict::Drop, unknown, Verdict::Drop]);
    let gap = refused(RefusalReason::Gap, 1);
    assert_eq!([2, 3].map(|number| judge(&mut venue, CONNECTION, number)), [gap, Verdict::Drop]);
    venue.sequencer.untold(logon.session);
    assert_eq!([7, 8].map(|number| judge(&mut venue, 9, number)), [unknown, Verdict::Drop]);
    assert_eq!([4, 5].map(|number| judge(&mut venue, CONNECTION, number)), [gap, Verdict::Drop]);
}

#[test]
fn unknown_sessions_and_damaged_bodies_are_refused() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    let mut damaged = command(logon, 1, &new_order(1));
    *damaged.last_mut().expect("bytes") ^= 1;
    assert_eq!(venue.send(&damaged), refused(RefusalReason::BadCrc, 1));
    let stranger = sequencer::intake::Attached { session: 99, ..logon };
    assert_eq!(venue.send(&command(stranger, 1, &new_order(1))), refused(RefusalReason::NotLoggedOn, 0));
    assert_eq!(venue.sequencer.open_session(takes(99), CONNECTION).unwrap_err(), RefusalReason::UnknownSession);
}

#[test]
fn unacknowledged_commands_are_bounded_by_the_window() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    for number in 1..=SESSION_WINDOW {
        assert_eq!(venue.send(&command(logon, number, &new_order(number))), Verdict::Stamp);
        if number % 4096 == 0 {
            while venue.commit() || venue.execute() > 0 {}
        }
    }
    let next = SESSION_WINDOW + 1;
    assert_eq!(venue.send(&command(logon, next, &new_order(next))), refused(RefusalReason::WindowFull, next));
    assert_eq!(venue.send(&acknowledging(logon, next, 1, &new_order(next))), Verdict::Stamp);
}

#[test]
fn a_stopped_intake_refuses_what_is_new_and_still_answers_repeats() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    venue.send(&command(logon, 1, &new_order(1)));
    while venue.commit() || venue.execute() > 0 {}
    venue.sequencer.stop_intake(true);
    assert_eq!(venue.send(&command(logon, 2, &new_order(2))), refused(RefusalReason::IntakeStopped, 2));
    assert!(matches!(venue.send(&command(logon, 1, &new_order(1))), Verdict::Repeat(_)));
    venue.sequencer.stop_intake(false);
    assert_eq!(venue.send(&command(logon, 2, &new_order(2))), Verdict::Stamp);
}

#[test]
fn after_a_logoff_nothing_more_is_taken_under_that_logon() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    assert_eq!(venue.send(&command(logon, 1, &logoff())), Verdict::Stamp);
    assert_eq!(venue.send(&command(logon, 2, &new_order(2))), refused(RefusalReason::NotLoggedOn, 2));
    venue.settle();
    let end = SessionEnd::Logoff;
    let closed = Applied::SessionClosed { session: logon.session, epoch: logon.epoch, end };
    assert!(venue.told.0.iter().any(|(_, applied, _)| *applied == closed));
}

#[test]
fn a_lost_connection_ends_each_of_its_logons_once() {
    let mut venue = Venue::new(Fsync);
    let logons = [venue.log_on(), venue.log_on(), venue.log_on()];
    assert!(venue.sequencer.disconnect(CONNECTION));
    assert!(venue.sequencer.disconnect(CONNECTION));
    venue.settle();
    let ends = venue.told.0.iter().filter(|(_, applied, _)| matches!(applied, Applied::SessionClosed { .. })).count();
    assert_eq!(ends, logons.len());
}

#[test]
fn after_a_restart_numbers_go_on_and_repeats_are_still_answered() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    venue.send(&command(logon, 1, &new_order(1)));
    venue.settle();
    let mut venue = venue.restarted(Fsync);
    assert_eq!(venue.send(&command(logon, 2, &new_order(2))), refused(RefusalReason::NotLoggedOn, 2));
    let again = venue.sequencer.open_session(takes(logon.session), CONNECTION).expect("known");
    assert_eq!(again.epoch, logon.epoch + 1);
    assert!(matches!(venue.send(&command(again, 1, &new_order(1))), Verdict::Repeat(_)));
    assert_eq!(venue.send(&command(again, 2, &new_order(2))), Verdict::Stamp);
    let fresh = venue.log_on();
    assert_eq!(fresh.session, logon.session + 1, "an id is never given twice");
}

#[test]
fn a_command_that_acknowledges_itself_is_refused_because_its_outcome_would_be_lost() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    assert_eq!(venue.send(&acknowledging(logon, 1, 1, &new_order(1))), refused(RefusalReason::BadFrame, 1));
    assert_eq!(venue.send(&command(logon, 1, &new_order(1))), Verdict::Stamp);
}
