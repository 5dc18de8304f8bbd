//! A client's end of one session: numbers commands, keeps the unanswered ones, reads the answers, and decides what to send
//! again and when to give up. Frames go out through [`Outgoing`], messages and times come in: streams and clocks are the caller's.

use crate::frame::{
    COMMAND_HEADER_BYTES, CommandFields, MESSAGE_HEADER_BYTES, MessageHeader, aligned, write_command_header,
};
use engine::limits::COMMAND_BODY_BYTES_MAX;
use engine::rows::{CommandRow, EventRow, encode_command};
use messages::refusal_reason::RefusalReason;
use messages::{ReadBuf, event_codec, outcome_codec, refused_codec};
use std::collections::VecDeque;

const EVENT_HEADER_BYTES: usize = MESSAGE_HEADER_BYTES + event_codec::SBE_BLOCK_LENGTH as usize;

/// No message of egress is shorter, so a message of egress holds at most its length divided by this.
pub const EGRESS_FRAME_BYTES_MIN: usize = 24;

/// How long a client waits before it sends again what the node had no room for.
pub const SEND_AGAIN_PAUSE_NS: i64 = 20_000_000;

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

/// What sending again cannot mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The node does not know this connection's logon: log on again over a new one.
    LoggedOff,
    /// The session has logged on elsewhere since; this client is out.
    Elsewhere,
    /// A command was refused for good.
    Refused {
        /// Which.
        number: u64,
        /// Why.
        reason: RefusalReason,
    },
    /// The order has lost commands that it had answered: the node was `relaxed` and crashed.
    Lost {
        /// The first of them.
        first: u64,
        /// The last of them.
        last: u64,
    },
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
    again: Option<Again>,
    trouble: Option<Trouble>,
}

/// Bodies of the commands that have no answer yet, the oldest first.
#[derive(Default)]
struct Unanswered {
    bytes: VecDeque<u8>,
    lengths: VecDeque<u32>,
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
            again: None,
            trouble: None,
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
    /// which sending again cannot mend.
    pub fn resume(&mut self, logon: Logon, out: &mut impl Outgoing) -> Result<(), Trouble> {
        if logon.next_number <= self.answered {
            return Err(Trouble::Lost { first: logon.next_number, last: self.answered });
        }
        self.epoch = logon.epoch;
        self.window = logon.window;
        self.again = None;
        self.trouble = None;
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
        self.unanswered.bytes.extend(body);
        self.unanswered.lengths.push_back(body.len() as u32);
        self.next_number += 1;
    }

    /// Sends again what is due; call it whenever time has passed.
    #[inline]
    pub fn tick(&mut self, now_ns: i64, out: &mut impl Outgoing) {
        if let Some(again) = self.again
            && now_ns >= again.due_ns
        {
            self.again = None;
            self.send_again(again.from, out);
        }
    }

    /// Reads a message of egress: `on_event` gets a row for each event in it.
    #[inline]
    pub fn read(&mut self, message: &[u8], now_ns: i64, mut on_event: impl FnMut(EventRow)) {
        let mut rest = message;
        while let Some(header) = MessageHeader::read(rest) {
            let length = match header.template {
                event_codec::SBE_TEMPLATE_ID => self.event(rest, now_ns, &mut on_event),
                refused_codec::SBE_TEMPLATE_ID => self.refused(rest, now_ns),
                _ => Some(MESSAGE_HEADER_BYTES + header.block_length as usize),
            };
            rest = length.and_then(|length| rest.get(aligned(length)..)).unwrap_or_default();
        }
    }

    /// Sends every unanswered command from `number` on once more.
    fn send_again(&mut self, number: u64, out: &mut impl Outgoing) {
        let mut offset = 0;
        for (place, length) in (self.answered + 1..).zip(self.unanswered.lengths.iter()) {
            let length = *length as usize;
            if place >= number {
                let fields = self.fields(place);
                let body = self.unanswered.bytes.range(offset..offset + length);
                push(out, &fields, length, |buffer| buffer.iter_mut().zip(body).for_each(|(to, from)| *to = *from));
            }
            offset += length;
        }
    }

    fn fields(&self, number: u64) -> CommandFields {
        CommandFields { number, acked_through: self.answered, session: self.id, session_epoch: self.epoch }
    }

    #[inline]
    fn event(&mut self, bytes: &[u8], now_ns: i64, on_event: &mut impl FnMut(EventRow)) -> Option<usize> {
        let header = bytes.get(..EVENT_HEADER_BYTES)?;
        let fields = event_codec::EventDecoder::default().wrap(ReadBuf::new(header), MESSAGE_HEADER_BYTES, 0, 0);
        let length = EVENT_HEADER_BYTES + fields.body_length() as usize;
        let body = bytes.get(EVENT_HEADER_BYTES..length)?;
        let row = match MessageHeader::read(body)?.template {
            outcome_codec::SBE_TEMPLATE_ID => outcome_row(body),
            _ => EventRow::from_body(body),
        };
        if let Some(mut row) = row {
            row.seq = fields.seq();
            row.time_ns = fields.time();
            row.number = fields.number();
            row.session = fields.session();
            row.index = fields.index();
            row.flags = fields.flags().0;
            on_event(row);
        }
        if fields.session() == self.id && fields.flags().get_last() {
            self.answer(fields.number(), now_ns);
        }
        Some(length)
    }

    /// Commands are answered in order. An answer that comes before that of an earlier command does not count: that one was a
    /// repeat which the node refused, and is sent once more with all after it. A repeat of an older answer changes nothing.
    #[inline]
    fn answer(&mut self, number: u64, now_ns: i64) {
        if number == self.answered + 1 {
            let Some(length) = self.unanswered.lengths.pop_front() else { return };
            self.unanswered.bytes.drain(..length as usize);
            self.answered += 1;
        } else if number > self.answered && self.again.is_none() {
            self.again = Some(Again { from: self.answered + 1, due_ns: now_ns + SEND_AGAIN_PAUSE_NS });
        }
    }

    #[cold]
    fn refused(&mut self, bytes: &[u8], now_ns: i64) -> Option<usize> {
        let length = MESSAGE_HEADER_BYTES + refused_codec::SBE_BLOCK_LENGTH as usize;
        let buffer = ReadBuf::new(bytes.get(..length)?);
        let fields = refused_codec::RefusedDecoder::default().wrap(buffer, MESSAGE_HEADER_BYTES, 0, 0);
        let (number, reason) = (fields.number(), fields.reason());
        let trouble = match reason {
            RefusalReason::Gap => {
                self.again = Some(Again { from: fields.expected(), due_ns: now_ns });
                None
            }
            RefusalReason::WindowFull | RefusalReason::IntakeStopped => {
                self.again = Some(Again { from: fields.expected(), due_ns: now_ns + SEND_AGAIN_PAUSE_NS });
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

/// The answer to a command that was sent again, as a row: what it did, without repeating every event.
fn outcome_row(body: &[u8]) -> Option<EventRow> {
    let length = MESSAGE_HEADER_BYTES + outcome_codec::SBE_BLOCK_LENGTH as usize;
    let buffer = ReadBuf::new(body.get(..length)?);
    let fields = outcome_codec::OutcomeDecoder::default().wrap(buffer, MESSAGE_HEADER_BYTES, 0, 0);
    Some(EventRow {
        kind: outcome_codec::SBE_TEMPLATE_ID as u8,
        order_id: fields.order_id(),
        cl_ord_id: fields.cl_ord_id(),
        reason: fields.reason().unwrap_or(0),
        ..EventRow::default()
    })
}
