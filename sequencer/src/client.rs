//! A client's end of one session: numbers commands, keeps the unanswered ones, reads the answers, and decides what to send
//! again and when to give up. Frames go out through [`Outgoing`], messages and times come in: streams and clocks are the caller's.

use crate::answer_rows::{closed_row, outcome_row};
use crate::frame::{
    COMMAND_HEADER_BYTES, CommandFields, MESSAGE_HEADER_BYTES, MessageHeader, aligned, write_command_header,
};
use crate::rows::Rows;
use crate::unanswered::Unanswered;
use engine::limits::COMMAND_BODY_BYTES_MAX;
use engine::message;
use engine::rows::{CommandRow, encode_command};
use messages::outcome_kind::OutcomeKind;
use messages::refusal_reason::RefusalReason;
use messages::{
    ReadBuf, challenge_codec, event_codec, outcome_codec, query_outcome_codec, refused_codec, session_closed_codec,
};
use std::collections::BTreeSet;

pub use crate::trouble::Trouble;

const EVENT_HEADER_BYTES: usize = MESSAGE_HEADER_BYTES + event_codec::SBE_BLOCK_LENGTH as usize;

/// No message of egress is shorter, so a message of egress holds at most its length divided by this.
pub const EGRESS_FRAME_BYTES_MIN: usize = 24;

/// How long a client waits before it sends again what the node had no room for.
pub const SEND_AGAIN_PAUSE_NS: i64 = 20_000_000;

/// After so long without a word on what it waits for, a client sends everything again that has no answer; the next pauses double.
pub const SILENCE_NS: i64 = 1_000_000_000;

/// How often, before it says that it does not know what became of them: 31 s after the last word.
pub const SILENT_RETRIES_MAX: u32 = 4;

const QUERY_BYTES: usize = MESSAGE_HEADER_BYTES + query_outcome_codec::SBE_BLOCK_LENGTH as usize;

/// Where a client's frames go.
pub trait Outgoing {
    /// Appends a frame of at most `bytes_max` that `write` writes; it returns the frame's length.
    fn push(&mut self, bytes_max: usize, write: impl FnOnce(&mut [u8]) -> usize);
}

/// What a logon gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Logon {
    /// The session's id.
    pub session: u32,
    /// Of this logon.
    pub epoch: u32,
    /// What the node expects next.
    pub next_number: u64,
    /// How many commands may be unanswered.
    pub window: u64,
}

/// Commands to be sent once more.
#[derive(Clone, Copy)]
struct Again {
    from: u64,
    due_ns: i64,
}

/// See the module.
pub struct ClientSession {
    id: u32,
    epoch: u32,
    window: u64,
    next_number: u64,
    answered: u64,
    unanswered: Unanswered,
    /// Unanswered numbers that were answered out of turn: they will never be executed. One that is also in `asked` is closed here, and
    /// perhaps not in the order.
    closed: BTreeSet<u64>,
    /// Numbers whose outcome was asked for and has not come.
    asked: BTreeSet<u64>,
    again: Option<Again>,
    /// When something was last heard of what has no answer, or was sent again; none while nothing is waited for.
    heard_ns: Option<i64>,
    silent_retries: u32,
    trouble: Option<Trouble>,
    /// The order has ended this logon.
    ended: bool,
}

impl ClientSession {
    /// Right after a logon.
    pub fn new(logon: Logon) -> Self {
        Self {
            id: logon.session,
            epoch: logon.epoch,
            window: logon.window,
            next_number: logon.next_number,
            answered: logon.next_number - 1,
            unanswered: Unanswered::default(),
            closed: BTreeSet::new(),
            asked: BTreeSet::new(),
            again: None,
            heard_ns: None,
            silent_retries: 0,
            trouble: None,
            ended: false,
        }
    }

    /// The session's id.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The number of the next command.
    pub fn next_number(&self) -> u64 {
        self.next_number
    }

    /// Every command up to here has its answer.
    pub fn answered(&self) -> u64 {
        self.answered
    }

    /// Whether the order has ended this logon: nothing that is sent under it would be taken, or answered.
    #[inline]
    pub fn is_ended(&self) -> bool {
        self.ended
    }

    /// How many commands may be sent before an answer comes.
    pub fn room(&self) -> u64 {
        self.window.saturating_sub(self.next_number - 1 - self.answered)
    }

    /// What the client must be told, once.
    #[inline]
    pub fn take_trouble(&mut self) -> Option<Trouble> {
        self.trouble.take()
    }

    /// Continues after a new logon: every unanswered command is sent again, unless the order has lost what it had answered,
    /// which sending again cannot mend. What the order may have lost as well is that a number is closed: it is asked about once more, so
    /// its outcome comes as a row once more.
    pub fn resume(&mut self, logon: Logon, out: &mut impl Outgoing) -> Result<(), Trouble> {
        if logon.next_number <= self.answered {
            return Err(Trouble::Lost { first: logon.next_number, last: self.answered });
        }
        self.epoch = logon.epoch;
        self.window = logon.window;
        self.again = None;
        self.trouble = None;
        self.heard_ns = None;
        self.silent_retries = 0;
        self.asked.extend(&self.closed);
        self.send_again(self.answered + 1, out);
        Ok(())
    }

    /// Numbers and sends rows until the window is full. Returns how many were taken.
    pub fn send_rows(&mut self, rows: &[CommandRow], out: &mut impl Outgoing) -> usize {
        let count = rows.len().min(usize::try_from(self.room()).unwrap_or(usize::MAX));
        let mut body = [0; COMMAND_BODY_BYTES_MAX];
        for row in &rows[..count] {
            let length = encode_command(row, &mut body);
            self.send(&body[..length], out);
        }
        count
    }

    /// Numbers and sends one command; the window must have room.
    #[inline]
    pub fn send(&mut self, body: &[u8], out: &mut impl Outgoing) {
        let fields = self.fields(self.next_number);
        push(out, &fields, body.len(), |buffer| buffer.copy_from_slice(body));
        self.unanswered.push(body);
        self.next_number += 1;
    }

    /// Asks what became of a command. The answer is an event row of template `Outcome`; "not executed" closes the number for good. False
    /// if no command has had this number yet.
    pub fn query(&mut self, number: u64, out: &mut impl Outgoing) -> bool {
        let known = (1..self.next_number).contains(&number);
        if known {
            self.asked.insert(number);
            self.push_query(number, out);
        }
        known
    }

    /// Sends again what is due; call it whenever time has passed. True if it has sent something.
    #[inline]
    pub fn tick(&mut self, now_ns: i64, out: &mut impl Outgoing) -> bool {
        if self.unanswered.lengths.is_empty() && self.asked.is_empty() {
            self.heard_ns = None;
            return false;
        }
        let heard_ns = *self.heard_ns.get_or_insert(now_ns);
        if let Some(again) = self.again {
            let due = now_ns >= again.due_ns;
            if due {
                self.again = None;
                self.send_again(again.from, out);
            }
            return due;
        }
        let silent = now_ns - heard_ns >= SILENCE_NS << self.silent_retries;
        if silent {
            self.break_silence(now_ns, out);
        }
        silent
    }

    #[cold]
    fn break_silence(&mut self, now_ns: i64, out: &mut impl Outgoing) {
        self.heard_ns = Some(now_ns);
        self.silent_retries += 1;
        if self.silent_retries > SILENT_RETRIES_MAX {
            self.silent_retries = 0;
            self.trouble =
                self.trouble.or(Some(Trouble::Unknown { first: self.answered + 1, last: self.next_number - 1 }));
        }
        self.send_again(self.answered + 1, out);
    }

    /// Reads a message of egress: `rows` get one for each event in it.
    #[inline]
    pub fn read(&mut self, message: &[u8], now_ns: i64, rows: &mut impl Rows) {
        let mut rest = message;
        while let Some(header) = MessageHeader::read(rest) {
            let length = match header.template {
                event_codec::SBE_TEMPLATE_ID => self.event(rest, now_ns, rows),
                refused_codec::SBE_TEMPLATE_ID => self.refused(rest, now_ns),
                challenge_codec::SBE_TEMPLATE_ID => {
                    // The first message of this connection, read once more by a node that knows nothing of the logon that followed.
                    self.trouble = self.trouble.or(Some(Trouble::LoggedOff));
                    Some(MESSAGE_HEADER_BYTES + header.block_length as usize)
                }
                _ => Some(MESSAGE_HEADER_BYTES + header.block_length as usize),
            };
            rest = length.and_then(|length| rest.get(aligned(length)..)).unwrap_or_default();
        }
    }

    /// Sends every unanswered command from `number` on, and every query, once more. Closed numbers come first: no command behind one is
    /// taken before the order knows that it is closed.
    fn send_again(&mut self, number: u64, out: &mut impl Outgoing) {
        for &number in self.asked.intersection(&self.closed) {
            self.push_query(number, out);
        }
        let mut offset = 0;
        for (place, length) in (self.answered + 1..).zip(self.unanswered.lengths.iter()) {
            let length = *length as usize;
            if place >= number && !self.closed.contains(&place) {
                let fields = self.fields(place);
                let body = self.unanswered.bytes.range(offset..offset + length);
                push(out, &fields, length, |buffer| buffer.iter_mut().zip(body).for_each(|(to, from)| *to = *from));
            }
            offset += length;
        }
        for &number in self.asked.difference(&self.closed) {
            self.push_query(number, out);
        }
    }

    fn push_query(&self, number: u64, out: &mut impl Outgoing) {
        push(out, &self.fields(0), QUERY_BYTES, |body| {
            message!(query_outcome_codec::QueryOutcomeEncoder, body, |query| query.number(number));
        });
    }

    fn fields(&self, number: u64) -> CommandFields {
        CommandFields { number, acked_through: self.answered, session: self.id, session_epoch: self.epoch }
    }

    #[inline]
    fn event(&mut self, bytes: &[u8], now_ns: i64, rows: &mut impl Rows) -> Option<usize> {
        let header = bytes.get(..EVENT_HEADER_BYTES)?;
        let fields = event_codec::EventDecoder::default().wrap(ReadBuf::new(header), MESSAGE_HEADER_BYTES, 0, 0);
        let length = EVENT_HEADER_BYTES + fields.body_length() as usize;
        let body = bytes.get(EVENT_HEADER_BYTES..length)?;
        let template = MessageHeader::read(body)?.template;
        let is_outcome = template == outcome_codec::SBE_TEMPLATE_ID;
        let row = rows.room();
        let is_known = match template {
            outcome_codec::SBE_TEMPLATE_ID => outcome_row(body).map(|outcome| *row = outcome).is_some(),
            session_closed_codec::SBE_TEMPLATE_ID => {
                let (session, epoch, closed) = closed_row(body)?;
                self.ended |= (session, epoch) == (self.id, self.epoch); // what is said of an earlier logon does not end this one
                *row = closed;
                true
            }
            _ => row.tell_body(body),
        };
        let number = fields.number();
        let outcome = if is_known { row.outcome } else { 0 };
        if is_known {
            row.seq = fields.seq();
            row.time_ns = fields.time();
            row.number = number;
            row.session = fields.session();
            row.index = fields.index();
            row.flags = fields.flags().0;
            rows.keep();
        }
        if fields.session() == self.id && fields.flags().get_last() && number > 0 {
            self.heard(now_ns);
            if is_outcome {
                self.asked.remove(&number);
            }
            match OutcomeKind::from(outcome) {
                OutcomeKind::Forgotten => {}
                OutcomeKind::NotExecuted => self.close(number),
                _ => self.answer(number, now_ns),
            }
        }
        Some(length)
    }

    #[inline]
    fn heard(&mut self, now_ns: i64) {
        self.heard_ns = Some(now_ns);
        self.silent_retries = 0;
    }

    /// A number that will never be executed. Those before it still wait for their own answers.
    #[cold]
    fn close(&mut self, number: u64) {
        if number > self.answered && number < self.next_number {
            self.closed.insert(number);
            self.pass_closed();
        }
    }

    #[inline]
    fn pass_closed(&mut self) {
        while !self.closed.is_empty() && self.take_closed(self.answered + 1) {
            self.pop();
        }
    }

    /// Not while it is asked about: an order that has lost the closing takes no question that acknowledges what it asks about.
    #[cold]
    fn take_closed(&mut self, number: u64) -> bool {
        !self.asked.contains(&number) && self.closed.remove(&number)
    }

    /// Commands are answered in order. An answer that comes before that of an earlier command does not count: that one was a
    /// repeat which the node refused, and is sent once more with all after it. A repeat of an older answer changes nothing.
    #[inline]
    fn answer(&mut self, number: u64, now_ns: i64) {
        if number == self.answered + 1 {
            self.pop();
            self.pass_closed();
        } else if number > self.answered && self.again.is_none() {
            self.again = Some(Again { from: self.answered + 1, due_ns: now_ns + SEND_AGAIN_PAUSE_NS });
        }
    }

    #[inline]
    fn pop(&mut self) {
        if self.unanswered.pop() {
            self.answered += 1;
        }
    }

    #[cold]
    fn refused(&mut self, bytes: &[u8], now_ns: i64) -> Option<usize> {
        let length = MESSAGE_HEADER_BYTES + refused_codec::SBE_BLOCK_LENGTH as usize;
        let buffer = ReadBuf::new(bytes.get(..length)?);
        let fields = refused_codec::RefusedDecoder::default().wrap(buffer, MESSAGE_HEADER_BYTES, 0, 0);
        let (number, reason, expected) = (fields.number(), fields.reason(), fields.expected());
        self.heard(now_ns);
        let trouble = match reason {
            // What was answered before a refusal was read before it, so this order no longer has that answer.
            RefusalReason::Gap if fields.session() == self.id && expected <= self.answered => {
                Some(Trouble::Lost { first: expected, last: self.answered })
            }
            RefusalReason::Gap => {
                self.again = Some(Again { from: expected, due_ns: now_ns });
                None
            }
            RefusalReason::WindowFull | RefusalReason::IntakeStopped => {
                self.again = Some(Again { from: expected, due_ns: now_ns + SEND_AGAIN_PAUSE_NS });
                None
            }
            RefusalReason::OutcomeForgotten if number <= self.answered => None,
            RefusalReason::StaleEpoch => Some(Trouble::Elsewhere),
            RefusalReason::NotLoggedOn => Some(Trouble::LoggedOff),
            _ => Some(Trouble::Refused { number, reason }),
        };
        self.trouble = self.trouble.or(trouble);
        Some(length)
    }
}

#[inline]
fn push(out: &mut impl Outgoing, fields: &CommandFields, length: usize, write: impl FnOnce(&mut [u8])) {
    out.push(aligned(COMMAND_HEADER_BYTES + length), |frame| {
        write(&mut frame[COMMAND_HEADER_BYTES..COMMAND_HEADER_BYTES + length]);
        write_command_header(frame, fields, length)
    });
}
