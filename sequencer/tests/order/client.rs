//! A client's core against a sequencer, by bytes alone.

use crate::venue::{CONNECTION, Venue, new_order, takes};
use engine::message;
use messages::durability::Durability::Fsync;
use messages::outcome_kind::OutcomeKind;
use messages::refusal_reason::RefusalReason;
use messages::{challenge_codec, event_codec, event_flags::EventFlags, refused_codec};
use sequencer::client::{ClientSession, Logon, Outgoing, SEND_AGAIN_PAUSE_NS, SILENCE_NS, SILENT_RETRIES_MAX, Trouble};
use sequencer::frame::{CommandFrame, MESSAGE_HEADER_BYTES, aligned};
use sequencer::intake::{Attached, Verdict};
use sequencer::rows::{Each, Rows};

/// Frames of a client, one after the other.
#[derive(Default)]
pub struct Frames(pub Vec<Vec<u8>>);

impl Outgoing for Frames {
    fn push(&mut self, bytes_max: usize, write: impl FnOnce(&mut [u8]) -> usize) {
        let mut frame = vec![0; bytes_max];
        let length = write(&mut frame);
        frame.truncate(length);
        self.0.push(frame);
    }
}

impl Frames {
    fn numbers(&self) -> Vec<u64> {
        self.0.iter().map(|frame| CommandFrame::read(frame).expect("a frame").number).collect()
    }

    fn take(&mut self) -> Vec<u64> {
        let numbers = self.numbers();
        self.0.clear();
        numbers
    }
}

/// What is told does not matter.
fn nobody() -> impl Rows {
    Each::new(|_| {})
}

pub fn logon(attached: Attached, next_number: u64) -> Logon {
    Logon { session: attached.session, epoch: attached.epoch, next_number, window: 8 }
}

pub fn refused(session: u32, number: u64, expected: u64, reason: RefusalReason) -> Vec<u8> {
    let mut buffer = vec![0; aligned(MESSAGE_HEADER_BYTES + refused_codec::SBE_BLOCK_LENGTH as usize)];
    message!(refused_codec::RefusedEncoder, buffer, |refused| {
        refused.number(number).expected(expected).session(session).reason(reason)
    });
    buffer
}

/// The outcome of a command as the node answers a repeat of it, or a query.
pub fn outcome(session: u32, number: u64, kind: OutcomeKind) -> Vec<u8> {
    let header = MESSAGE_HEADER_BYTES + event_codec::SBE_BLOCK_LENGTH as usize;
    let mut buffer = vec![0; 128];
    let body = &mut buffer[header..];
    let length = message!(outcome_codec::OutcomeEncoder, body, |answer| {
        answer.cl_ord_id(number).order_id(0).events(1).kind(kind).reason(1)
    });
    let mut flags = EventFlags::default();
    flags.set_last(true).set_repeated(true);
    message!(event_codec::EventEncoder, buffer, |event| {
        event.seq(number).time(1).number(number).session(session).epoch(1).index(0);
        event.body_length(length as u16).durability(Fsync).flags(flags)
    });
    buffer.truncate(aligned(header + length));
    buffer
}

fn opened(venue: &mut Venue) -> (Attached, ClientSession, Frames) {
    let attached = venue.log_on();
    (attached, ClientSession::new(logon(attached, 1)), Frames::default())
}

#[test]
fn its_frames_are_stamped_in_the_order_in_which_it_sent_them() {
    let mut venue = Venue::new(Fsync);
    let (_, mut client, mut out) = opened(&mut venue);
    for id in 1..=3 {
        client.send(&new_order(id), &mut out);
    }
    assert_eq!(out.numbers(), [1, 2, 3]);
    assert!(out.0.iter().all(|frame| venue.send(frame) == Verdict::Stamp));
    assert_eq!((client.next_number(), client.answered(), client.room()), (4, 0, 5));
}

#[test]
fn a_gap_is_closed_from_the_number_that_the_node_expects() {
    let mut venue = Venue::new(Fsync);
    let (attached, mut client, mut out) = opened(&mut venue);
    for id in 1..=4 {
        client.send(&new_order(id), &mut out);
    }
    out.take();
    client.read(&refused(attached.session, 3, 2, RefusalReason::Gap), 10, &mut Each::new(|_| panic!("no event")));
    client.tick(10, &mut out);
    assert_eq!(out.take(), [2, 3, 4]);
    client.tick(1_000, &mut out);
    assert!(out.take().is_empty(), "once for each refusal");
}

#[test]
fn what_the_node_has_no_room_for_is_sent_again_after_a_pause() {
    let mut venue = Venue::new(Fsync);
    let (attached, mut client, mut out) = opened(&mut venue);
    client.send(&new_order(1), &mut out);
    out.take();
    for reason in [RefusalReason::WindowFull, RefusalReason::IntakeStopped] {
        client.read(&refused(attached.session, 1, 1, reason), 50, &mut Each::new(|_| panic!("no event")));
        client.tick(50 + SEND_AGAIN_PAUSE_NS - 1, &mut out);
        assert!(out.take().is_empty());
        client.tick(50 + SEND_AGAIN_PAUSE_NS, &mut out);
        assert_eq!(out.take(), [1]);
        assert_eq!(client.take_trouble(), None);
    }
}

#[test]
fn what_sending_again_cannot_mend_is_told_once() {
    let mut venue = Venue::new(Fsync);
    let (attached, mut client, _) = opened(&mut venue);
    let used = Trouble::Refused { number: 1, reason: RefusalReason::NumberReused };
    for (reason, trouble) in [
        (RefusalReason::StaleEpoch, Trouble::Elsewhere),
        (RefusalReason::NotLoggedOn, Trouble::LoggedOff),
        (RefusalReason::NumberReused, used),
    ] {
        client.read(&refused(attached.session, 1, 2, reason), 0, &mut Each::new(|_| panic!("no event")));
        assert_eq!(client.take_trouble(), Some(trouble));
        assert_eq!(client.take_trouble(), None);
    }
}

#[test]
fn after_a_new_logon_what_has_no_answer_is_sent_again_and_nothing_else() {
    let mut venue = Venue::new(Fsync);
    let (attached, mut client, mut out) = opened(&mut venue);
    for id in 1..=3 {
        client.send(&new_order(id), &mut out);
    }
    let mut rows = Vec::new();
    client.read(
        &outcome(attached.session, 1, OutcomeKind::Rejected),
        0,
        &mut Each::new(|row| rows.push((row.number, row.cl_ord_id))),
    );
    assert_eq!((rows, client.answered()), (vec![(1, 1)], 1));
    out.take();
    let again = venue.sequencer.open_session(takes(attached.session), CONNECTION).expect("known");
    assert_eq!(client.resume(logon(again, 2), &mut out), Ok(()));
    assert_eq!(out.numbers(), [2, 3]);
    assert!(out.0.iter().all(|frame| CommandFrame::read(frame).expect("a frame").session_epoch == again.epoch));
    let lost = client.resume(logon(again, 1), &mut out);
    assert_eq!(lost, Err(Trouble::Lost { first: 1, last: 1 }), "what was answered is gone");
}

/// What was sent while time passed to `end_ns`, a tenth of a second at a time.
fn pass(client: &mut ClientSession, out: &mut Frames, now_ns: &mut i64, end_ns: i64) -> Vec<u64> {
    while *now_ns < end_ns {
        *now_ns += SILENCE_NS / 10;
        client.tick(*now_ns, out);
    }
    out.take()
}

#[test]
fn silence_makes_it_send_again_at_longer_and_longer_intervals_and_then_say_that_it_does_not_know() {
    let mut venue = Venue::new(Fsync);
    let (_, mut client, mut out) = opened(&mut venue);
    let mut now_ns = 1_000 * SILENCE_NS;
    client.tick(now_ns, &mut out);
    client.send(&new_order(1), &mut out);
    client.send(&new_order(2), &mut out);
    out.take();
    client.tick(now_ns, &mut out);
    let begun_ns = now_ns;
    for retry in 0..SILENT_RETRIES_MAX {
        let due_ns = begun_ns + SILENCE_NS * ((2 << retry) - 1);
        assert_eq!(pass(&mut client, &mut out, &mut now_ns, due_ns), [1, 2]);
        assert_eq!(client.take_trouble(), None);
    }
    pass(&mut client, &mut out, &mut now_ns, begun_ns + SILENCE_NS * ((2 << SILENT_RETRIES_MAX) - 1));
    assert_eq!(client.take_trouble(), Some(Trouble::Unknown { first: 1, last: 2 }));
    let until_ns = now_ns + SILENCE_NS;
    assert_eq!(pass(&mut client, &mut out, &mut now_ns, until_ns), [1, 2], "and it goes on");
}

#[test]
fn an_answer_or_a_refusal_ends_the_silence_and_a_client_that_waits_for_nothing_is_quiet() {
    let mut venue = Venue::new(Fsync);
    let (attached, mut client, mut out) = opened(&mut venue);
    client.send(&new_order(1), &mut out);
    client.send(&new_order(2), &mut out);
    out.take();
    let mut now_ns = 0;
    client.tick(now_ns, &mut out);
    assert!(pass(&mut client, &mut out, &mut now_ns, SILENCE_NS * 9 / 10).is_empty());
    client.read(&outcome(attached.session, 1, OutcomeKind::Accepted), now_ns, &mut nobody());
    assert!(pass(&mut client, &mut out, &mut now_ns, SILENCE_NS * 18 / 10).is_empty());
    assert_eq!(pass(&mut client, &mut out, &mut now_ns, SILENCE_NS * 2), [2]);
    client.read(&outcome(attached.session, 2, OutcomeKind::Accepted), now_ns, &mut nobody());
    assert!(pass(&mut client, &mut out, &mut now_ns, SILENCE_NS * 100).is_empty());
    client.send(&new_order(3), &mut out);
    assert_eq!(pass(&mut client, &mut out, &mut now_ns, SILENCE_NS * 1009 / 10), [3], "not late before it began");
}

#[test]
fn a_client_that_is_challenged_anew_logs_on_again() {
    let mut venue = Venue::new(Fsync);
    let (_, mut client, _) = opened(&mut venue);
    let mut challenge = vec![0; MESSAGE_HEADER_BYTES + challenge_codec::SBE_BLOCK_LENGTH as usize];
    message!(challenge_codec::ChallengeEncoder, challenge, |anew| anew.correlation_id(1).nonce(&[7; 32]));
    client.read(&challenge, 0, &mut nobody());
    assert_eq!(client.take_trouble(), Some(Trouble::LoggedOff));
}

#[test]
fn a_query_is_sent_again_until_its_answer_comes() {
    let mut venue = Venue::new(Fsync);
    let (attached, mut client, mut out) = opened(&mut venue);
    assert!(!client.query(1, &mut out), "no command has had this number");
    client.send(&new_order(1), &mut out);
    assert!(client.query(1, &mut out));
    assert_eq!(out.take(), [1, 0]);
    let again = venue.sequencer.open_session(takes(attached.session), CONNECTION).expect("known");
    client.resume(logon(again, 1), &mut out).expect("nothing lost");
    assert_eq!(CommandFrame::read(&out.0[1]).expect("a frame").queried(), Some(1));
    assert_eq!(out.take(), [1, 0]);
    let mut outcomes = Vec::new();
    client.read(
        &outcome(attached.session, 1, OutcomeKind::Accepted),
        0,
        &mut Each::new(|row| outcomes.push(row.outcome)),
    );
    assert_eq!(outcomes, [OutcomeKind::Accepted as u8]);
    client.resume(logon(again, 2), &mut out).expect("nothing lost");
    assert!(out.take().is_empty());
}

#[test]
fn a_closed_number_is_not_sent_again_and_does_not_answer_those_before_it() {
    let mut venue = Venue::new(Fsync);
    let (attached, mut client, mut out) = opened(&mut venue);
    for id in 1..=3 {
        client.send(&new_order(id), &mut out);
    }
    out.take();
    client.read(&outcome(attached.session, 2, OutcomeKind::NotExecuted), 0, &mut nobody());
    assert_eq!(client.answered(), 0);
    client.read(&refused(attached.session, 1, 1, RefusalReason::Gap), 0, &mut Each::new(|_| panic!("no event")));
    client.tick(0, &mut out);
    assert_eq!(out.take(), [1, 3]);
    client.read(&outcome(attached.session, 1, OutcomeKind::Accepted), 0, &mut nobody());
    assert_eq!(client.answered(), 2);
    client.read(&outcome(attached.session, 1, OutcomeKind::Forgotten), 0, &mut nobody());
    client.read(&outcome(attached.session, 3, OutcomeKind::Accepted), 0, &mut nobody());
    assert_eq!((client.answered(), client.room()), (3, 8));
}

#[test]
fn after_a_new_logon_it_asks_again_about_what_is_closed_and_counts_it_when_the_order_says_so() {
    let mut venue = Venue::new(Fsync);
    let (attached, mut client, mut out) = opened(&mut venue);
    for id in 1..=4 {
        client.send(&new_order(id), &mut out);
    }
    out.take();
    client.read(&outcome(attached.session, 2, OutcomeKind::NotExecuted), 0, &mut nobody());
    let again = venue.sequencer.open_session(takes(attached.session), CONNECTION).expect("known");
    client.resume(logon(again, 1), &mut out).expect("nothing lost");
    assert_eq!(CommandFrame::read(&out.0[0]).expect("a frame").queried(), Some(2));
    assert_eq!(out.take(), [0, 1, 3, 4], "before what is behind it");
    client.read(&outcome(attached.session, 1, OutcomeKind::Accepted), 0, &mut nobody());
    assert_eq!(client.answered(), 1, "this order may not know yet that 2 is closed");
    client.read(
        &refused(attached.session, 0, 2, RefusalReason::IntakeStopped),
        0,
        &mut Each::new(|_| panic!("no event")),
    );
    client.tick(SEND_AGAIN_PAUSE_NS, &mut out);
    assert_eq!(out.take(), [0, 3, 4], "until it is answered");
    client.read(&outcome(attached.session, 2, OutcomeKind::NotExecuted), 0, &mut nobody());
    assert_eq!(client.answered(), 2);
    client.resume(logon(again, 3), &mut out).expect("nothing lost");
    assert_eq!(out.take(), [3, 4]);
}

#[test]
fn a_gap_at_what_was_answered_says_that_the_order_has_lost_it() {
    let mut venue = Venue::new(Fsync);
    let (attached, mut client, mut out) = opened(&mut venue);
    for id in 1..=3 {
        client.send(&new_order(id), &mut out);
    }
    out.take();
    for number in 1..=2 {
        client.read(&outcome(attached.session, number, OutcomeKind::Accepted), 0, &mut nobody());
    }
    client.read(&refused(attached.session + 1, 3, 2, RefusalReason::Gap), 0, &mut Each::new(|_| panic!("no event")));
    assert_eq!(client.take_trouble(), None, "another session's");
    client.tick(0, &mut out);
    out.take();
    client.read(&refused(attached.session, 3, 2, RefusalReason::Gap), 0, &mut Each::new(|_| panic!("no event")));
    assert_eq!(client.take_trouble(), Some(Trouble::Lost { first: 2, last: 2 }));
    client.tick(0, &mut out);
    assert!(out.take().is_empty(), "sending again cannot mend it");
}

#[test]
fn any_bytes_are_read_without_a_panic() {
    let mut venue = Venue::new(Fsync);
    let (attached, mut client, mut out) = opened(&mut venue);
    client.send(&new_order(1), &mut out);
    let whole = [outcome(attached.session, 1, OutcomeKind::Accepted), refused(1, 1, 1, RefusalReason::Gap)].concat();
    for length in 0..whole.len() {
        for at in 0..length {
            let mut bytes = whole[..length].to_vec();
            bytes[at] ^= 0xff;
            client.read(&bytes, 0, &mut nobody());
        }
    }
}

#[test]
fn an_answer_ahead_of_an_earlier_one_does_not_count_and_makes_it_send_again() {
    let mut venue = Venue::new(Fsync);
    let (attached, mut client, mut out) = opened(&mut venue);
    for id in 1..=3 {
        client.send(&new_order(id), &mut out);
    }
    out.take();
    client.read(&outcome(attached.session, 2, OutcomeKind::Accepted), 0, &mut nobody());
    assert_eq!(client.answered(), 0);
    client.tick(SEND_AGAIN_PAUSE_NS, &mut out);
    assert_eq!(out.take(), [1, 2, 3]);
    for number in 1..=3 {
        client.read(&outcome(attached.session, number, OutcomeKind::Accepted), 0, &mut nobody());
    }
    assert_eq!(client.answered(), 3);
}
