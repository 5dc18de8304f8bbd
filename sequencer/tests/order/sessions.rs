//! Whose a session is, when it ends, and that its id is never another's.

use crate::venue::{
    CONNECTION, EXPIRY_NS, SECOND_NS, Venue, acknowledging, cancel, command, instrument, new_order, takes,
};
use messages::durability::Durability::{Fsync, Relaxed};
use messages::refusal_reason::RefusalReason;
use messages::session_end::SessionEnd;
use sequencer::block::BlockError;
use sequencer::frame::{SequencedFrame, aligned};
use sequencer::intake::{Claim, Verdict};
use sequencer::limits::{BLOCK_HEADER_BYTES, SESSIONS_PER_RELAXED_EPOCH};
use sequencer::replica::{Applied, Replica};

/// Takes time forward by the second, and lets everything that is stamped meanwhile be executed.
fn pass(venue: &mut Venue, duration_ns: i64) {
    let end_ns = venue.now_ns + duration_ns;
    while venue.now_ns < end_ns {
        venue.now_ns += SECOND_NS;
        venue.sequencer.advance_time(venue.now_ns).expect("a small step");
        while venue.commit() || venue.execute() > 0 {}
    }
}

fn ends(venue: &Venue) -> Vec<(u32, SessionEnd)> {
    let told = venue.told.0.iter();
    told.filter_map(|(_, applied, _)| match applied {
        Applied::SessionClosed { session, end, .. } => Some((*session, *end)),
        _ => None,
    })
    .collect()
}

#[test]
fn a_session_that_nobody_is_logged_on_to_for_long_is_over_and_its_id_is_not_given_again() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    venue.send(&command(logon, 1, &new_order(1)));
    pass(&mut venue, 2 * EXPIRY_NS);
    assert!(ends(&venue).is_empty(), "somebody is logged on");
    venue.sequencer.disconnect(CONNECTION);
    pass(&mut venue, EXPIRY_NS - 2 * SECOND_NS);
    assert_eq!(ends(&venue), [(logon.session, SessionEnd::Disconnected)]);
    pass(&mut venue, 4 * SECOND_NS);
    assert_eq!(ends(&venue)[1..], [(logon.session, SessionEnd::Expired)]);
    let session = venue.sequencer.replica().sessions().get(logon.session).expect("known");
    assert_eq!((session.kept(), session.outcome(1)), (0, None), "its outcomes are freed");
    let refused = venue.sequencer.open_session(takes(logon.session), CONNECTION);
    assert_eq!(refused, Err(RefusalReason::SessionExpired));
    assert_eq!(venue.log_on().session, logon.session + 1);
    venue.settle();
    let mut venue = venue.restarted(Fsync);
    let refused = venue.sequencer.open_session(takes(logon.session), CONNECTION);
    assert_eq!(refused, Err(RefusalReason::SessionExpired), "after a restart as well");
    venue.settle();
    assert_eq!(venue.replayed().state_hash(), venue.sequencer.replica().state_hash());
}

#[test]
fn a_logon_that_is_stamped_before_the_session_expires_keeps_it() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    venue.sequencer.disconnect(CONNECTION);
    pass(&mut venue, EXPIRY_NS - 2 * SECOND_NS);
    let again = venue.sequencer.open_session(takes(logon.session), CONNECTION).expect("not yet expired");
    venue.now_ns += 10 * SECOND_NS;
    venue.sequencer.advance_time(venue.now_ns).expect("a small step"); // the logon is stamped and not yet executed
    pass(&mut venue, 2 * EXPIRY_NS);
    assert_eq!(ends(&venue), [(logon.session, SessionEnd::Disconnected)]);
    assert_eq!(venue.send(&command(again, 1, &new_order(1))), Verdict::Stamp);
}

#[test]
fn under_load_sessions_expire_as_well() {
    let mut venue = Venue::new(Fsync);
    let idle = venue.log_on();
    venue.sequencer.disconnect(CONNECTION);
    let busy = venue.log_on();
    let mut number = 0;
    while ends(&venue).len() < 2 {
        number += 1;
        assert!(number < 1_000, "nothing expired");
        venue.send(&acknowledging(busy, number, number - 1, &new_order(number))); // never quiet enough for a tick
        pass(&mut venue, SECOND_NS);
    }
    assert_eq!(ends(&venue)[1], (idle.session, SessionEnd::Expired));
}

#[test]
fn a_session_with_an_order_in_a_book_does_not_expire() {
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    venue.send(&command(logon, 1, &instrument()));
    venue.send(&command(logon, 2, &new_order(1)));
    venue.settle_and_go_on();
    venue.sequencer.disconnect(CONNECTION);
    pass(&mut venue, 3 * EXPIRY_NS);
    assert_eq!(ends(&venue), [(logon.session, SessionEnd::Disconnected)]);
    let again = venue.sequencer.open_session(takes(logon.session), CONNECTION).expect("not expired");
    venue.send(&command(again, 3, &cancel(1)));
    venue.settle_and_go_on();
    venue.sequencer.disconnect(CONNECTION);
    pass(&mut venue, 2 * EXPIRY_NS);
    assert_eq!(ends(&venue).last(), Some(&(logon.session, SessionEnd::Expired)));
}

#[test]
fn a_relaxed_epoch_whose_tail_is_lost_gives_no_id_that_the_next_one_gives() {
    let mut venue = Venue::new(Relaxed);
    assert!(venue.commit(), "the epoch");
    let kept = venue.log_on();
    venue.settle_and_go_on();
    let lost: Vec<u32> = (0..3).map(|_| venue.log_on().session).collect();
    assert_eq!(venue.execute(), 3, "told, and not on disk");
    for durability in [Relaxed, Fsync, Fsync] {
        venue = venue.restarted(durability);
        while venue.commit() || venue.execute() > 0 {}
        let fresh = venue.log_on().session;
        assert!(!lost.contains(&fresh) && fresh != kept.session, "{fresh}");
        venue.settle_and_go_on();
    }
    assert_eq!(venue.log_on().session, kept.session + 2 * SESSIONS_PER_RELAXED_EPOCH + 2, "`fsync` leaves no gap");
    assert!(venue.sequencer.open_session(takes(kept.session), CONNECTION).is_ok());
    assert_eq!(venue.sequencer.open_session(takes(lost[0]), CONNECTION), Err(RefusalReason::UnknownSession));
}

#[test]
fn a_relaxed_epoch_gives_no_more_ids_than_the_next_one_leaves_out() {
    let mut venue = Venue::new(Relaxed);
    for _ in 0..SESSIONS_PER_RELAXED_EPOCH {
        venue.log_on();
        while venue.commit() || venue.execute() > 0 {}
    }
    let one_more = venue.sequencer.open_session(Claim::default(), CONNECTION);
    assert_eq!(one_more, Err(RefusalReason::TooManySessions));
}

#[test]
fn whoever_logged_on_last_keeps_the_session_and_a_reconnect_of_the_other_does_not_take_it_back() {
    let mut venue = Venue::new(Fsync);
    let (first, second) = (Claim { instance: 1, ..Claim::default() }, 2);
    let session = venue.sequencer.open_session(first, CONNECTION).expect("a new session").session;
    let claim = Claim { session, instance: second, ..Claim::default() };
    venue.sequencer.open_session(claim, CONNECTION + 1).expect("takes it");
    let back = Claim { session, instance: 1, resumes: true, ..Claim::default() };
    assert_eq!(venue.sequencer.open_session(back, CONNECTION), Err(RefusalReason::StaleEpoch));
    venue.settle_and_go_on();
    let mut venue = venue.restarted(Fsync);
    assert_eq!(venue.sequencer.open_session(back, CONNECTION), Err(RefusalReason::StaleEpoch), "the order knows it");
    let resumed = venue.sequencer.open_session(Claim { resumes: true, ..claim }, CONNECTION).expect("its own");
    assert_eq!(resumed.epoch, 3);
}

#[test]
fn a_new_session_cannot_be_resumed_and_the_next_logon_gets_its_id() {
    let mut venue = Venue::new(Fsync);
    let nobody = Claim { instance: 1, resumes: true, ..Claim::default() };
    assert_eq!(venue.sequencer.open_session(nobody, CONNECTION), Err(RefusalReason::UnknownSession));
    assert_eq!(venue.log_on().session, 1);
    venue.settle();
}

#[test]
fn an_end_by_age_that_came_too_early_is_not_of_this_order() {
    let mut venue = Venue::new(Fsync);
    venue.log_on();
    venue.sequencer.disconnect(CONNECTION);
    pass(&mut venue, 2 * EXPIRY_NS);
    let mut replica = Replica::default();
    let longer = (EXPIRY_NS * 1_000).to_le_bytes();
    let mut log = venue.log.clone();
    let at = log[0].windows(8).position(|bytes| bytes == EXPIRY_NS.to_le_bytes()).expect("in OpenEpoch");
    log[0][at..at + 8].copy_from_slice(&longer);
    let mut refused = None;
    for block in &log {
        let mut rest = &block[BLOCK_HEADER_BYTES..];
        while let (None, Ok(frame)) = (refused, SequencedFrame::read(rest)) {
            refused = replica.apply(&frame).err();
            rest = &rest[aligned(frame.length).min(rest.len())..];
        }
    }
    assert_eq!(refused, Some(BlockError::Frame));
}
