//! A client's end of one session: numbers commands, keeps the unanswered ones to send them again, reads the answers.

use crate::aeron_sys::{
    AERON_ACTION_ABORT, AERON_ACTION_CONTINUE, aeron_controlled_fragment_assembler_create,
    aeron_controlled_fragment_assembler_delete, aeron_controlled_fragment_assembler_handler,
    aeron_controlled_fragment_assembler_t, aeron_exclusive_publication_t, aeron_header_t,
    aeron_subscription_controlled_poll, aeron_subscription_t,
};
use crate::error::{Code, Error};
use crate::outbox::{Delivery, Outbox};
use engine::limits::COMMAND_BODY_BYTES_MAX;
use engine::rows::{CommandRow, EventRow, encode_command};
use messages::{ReadBuf, event_codec, outcome_codec, refused_codec, session_closed_codec};
use sequencer::frame::{
    COMMAND_HEADER_BYTES, CommandFields, MESSAGE_HEADER_BYTES, MessageHeader, aligned, write_command_header,
};
use std::collections::VecDeque;
use std::ffi::{c_int, c_void};
use std::ptr;

const EVENT_HEADER_BYTES: usize = MESSAGE_HEADER_BYTES + event_codec::SBE_BLOCK_LENGTH as usize;
/// No message of egress is shorter, so a fragment holds at most its length divided by this.
const EGRESS_FRAME_BYTES_MIN: usize = 24;
const FRAGMENTS_PER_POLL: usize = 64;

/// See the module.
pub struct Session {
    outbox: Outbox,
    subscription: *mut aeron_subscription_t,
    assembler: *mut aeron_controlled_fragment_assembler_t,
    /// The poll under way; its address is what the assembler gives to [`on_message`].
    reader: Box<*mut c_void>,
    id: u32,
    epoch: u32,
    window: u64,
    next_number: u64,
    answered: u64,
    unanswered: Unanswered,
    /// The order has ended this logon.
    closed: bool,
}

/// Bodies of the commands that have no answer yet, the oldest first.
#[derive(Default)]
struct Unanswered {
    bytes: VecDeque<u8>,
    lengths: VecDeque<u32>,
}

/// What a logon gave.
#[derive(Clone, Copy)]
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

impl Session {
    /// Publication and subscription stay the caller's, and open.
    pub fn new(
        publication: *mut aeron_exclusive_publication_t,
        subscription: *mut aeron_subscription_t,
        logon: Logon,
    ) -> Result<Self, Error> {
        let mut reader = Box::new(ptr::null_mut::<c_void>());
        let mut assembler = ptr::null_mut();
        let clientd = (&raw mut *reader).cast();
        // SAFETY: the box that `clientd` points into lives as long as the assembler.
        if unsafe { aeron_controlled_fragment_assembler_create(&raw mut assembler, on_message, clientd) } < 0 {
            return Err(Error::aeron("make a fragment assembler"));
        }
        Ok(Self {
            outbox: Outbox::new(publication),
            subscription,
            assembler,
            reader,
            id: logon.session,
            epoch: logon.epoch,
            window: logon.window,
            next_number: logon.next_number,
            answered: logon.next_number - 1,
            unanswered: Unanswered::default(),
            closed: false,
        })
    }

    /// The number of the next command.
    pub fn next_number(&self) -> u64 {
        self.next_number
    }

    /// Every command up to here has its answer.
    pub fn answered(&self) -> u64 {
        self.answered
    }

    /// An error once the order has ended this logon: nothing that is sent under it would be taken, or answered.
    pub fn check_open(&self) -> Result<(), Error> {
        let Self { id, next_number, .. } = self;
        if !self.closed {
            return Ok(());
        }
        let text = format!(
            "session {id} is closed: it has logged off. Log on again with Client(config, session={id}), whose commands go on from number \
            {next_number}"
        );
        Err(Error::new(Code::SessionClosed, text))
    }

    /// Continues over a new connection after a new logon: every unanswered command is sent again.
    pub fn resume(
        &mut self,
        publication: *mut aeron_exclusive_publication_t,
        subscription: *mut aeron_subscription_t,
        logon: Logon,
    ) {
        self.outbox = Outbox::new(publication);
        self.subscription = subscription;
        self.epoch = logon.epoch;
        self.window = logon.window;
        self.send_again(self.answered + 1);
    }

    /// Sends every unanswered command from `number` on once more.
    pub fn send_again(&mut self, number: u64) {
        let mut offset = 0;
        let first = self.answered + 1;
        for (place, length) in (0..).zip(self.unanswered.lengths.iter()) {
            let length = *length as usize;
            if first + place >= number {
                let fields = self.fields(first + place);
                let body = self.unanswered.bytes.range(offset..offset + length);
                push(&mut self.outbox, &fields, length, |buffer| {
                    buffer.iter_mut().zip(body).for_each(|(to, from)| *to = *from)
                });
            }
            offset += length;
        }
    }

    /// Numbers and sends rows until the window is full. Returns how many were taken.
    pub fn send(&mut self, rows: &[CommandRow]) -> Result<usize, Error> {
        self.check_open()?;
        let room = (self.window.min(u64::from(u32::MAX)) - (self.next_number - 1 - self.answered)) as usize;
        let count = rows.len().min(room);
        let mut body = [0; COMMAND_BODY_BYTES_MAX];
        for row in &rows[..count] {
            let length = encode_command(row, &mut body);
            self.send_body(&body[..length]);
        }
        self.flush()?;
        Ok(count)
    }

    /// Numbers and sends one command; the window must have room.
    #[inline]
    pub fn send_body(&mut self, body: &[u8]) {
        let fields = self.fields(self.next_number);
        push(&mut self.outbox, &fields, body.len(), |buffer| buffer.copy_from_slice(body));
        self.unanswered.bytes.extend(body);
        self.unanswered.lengths.push_back(body.len() as u32);
        self.next_number += 1;
    }

    /// How many commands may be sent before an answer comes.
    pub fn room(&self) -> u64 {
        self.window - (self.next_number - 1 - self.answered)
    }

    /// Sends what back pressure has held up. False while some still waits.
    #[inline]
    pub fn flush(&mut self) -> Result<bool, Error> {
        match self.outbox.flush() {
            Delivery::Sent => Ok(true),
            Delivery::Waiting => Ok(false),
            Delivery::Lost => Err(Error::new(Code::Disconnected, "the node is gone; log on again")),
        }
    }

    /// Reads events and refusals into `rows`, which must have room for a whole fragment of them. Returns how many.
    pub fn poll(&mut self, rows: &mut [EventRow]) -> Result<usize, Error> {
        self.check_open()?;
        self.flush()?;
        let subscription = self.subscription;
        let assembler = self.assembler;
        let mut reader = Reader { session: self, rows, count: 0 };
        *reader.session.reader = (&raw mut reader).cast();
        // SAFETY: the subscription is open; the handler finds `reader` through the box that is set here.
        let polled = unsafe {
            let handler = aeron_controlled_fragment_assembler_handler;
            aeron_subscription_controlled_poll(subscription, handler, assembler.cast(), FRAGMENTS_PER_POLL)
        };
        if polled < 0 {
            return Err(Error::aeron("poll the events"));
        }
        Ok(reader.count)
    }

    fn fields(&self, number: u64) -> CommandFields {
        CommandFields { number, acked_through: self.answered, session: self.id, session_epoch: self.epoch }
    }

    /// The end of a logon as a row. What is said of an earlier logon does not end this one.
    #[cold]
    fn closed_row(&mut self, body: &[u8]) -> Option<EventRow> {
        let body = body.get(..MESSAGE_HEADER_BYTES + session_closed_codec::SBE_BLOCK_LENGTH as usize)?;
        let fields = session_closed_codec::SessionClosedDecoder::default();
        let fields = fields.wrap(ReadBuf::new(body), MESSAGE_HEADER_BYTES, 0, 0);
        self.closed |= (fields.session(), fields.session_epoch()) == (self.id, self.epoch);
        let (kind, reason) = (session_closed_codec::SBE_TEMPLATE_ID as u8, fields.end() as u8);
        Some(EventRow { kind, reason, ..EventRow::default() })
    }

    /// Commands are answered in order; a repeat of an older answer changes nothing.
    #[inline]
    fn answer(&mut self, number: u64) {
        while self.answered < number {
            let Some(length) = self.unanswered.lengths.pop_front() else { return };
            self.unanswered.bytes.drain(..length as usize);
            self.answered += 1;
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: ours, and deleted once.
        unsafe { aeron_controlled_fragment_assembler_delete(self.assembler) };
    }
}

#[inline]
fn push(outbox: &mut Outbox, fields: &CommandFields, length: usize, write: impl FnOnce(&mut [u8])) {
    outbox.push(aligned(COMMAND_HEADER_BYTES + length), |frame| {
        write(&mut frame[COMMAND_HEADER_BYTES..COMMAND_HEADER_BYTES + length]);
        write_command_header(frame, fields, length)
    });
}

struct Reader<'a> {
    session: &'a mut Session,
    rows: &'a mut [EventRow],
    count: usize,
}

/// Aeron calls this for each whole message.
unsafe extern "C" fn on_message(
    clientd: *mut c_void,
    buffer: *const u8,
    length: usize,
    _: *mut aeron_header_t,
) -> c_int {
    // SAFETY: `poll` has set the reader; the bytes live for the call.
    let (reader, bytes) = unsafe { (&mut **clientd.cast::<*mut Reader>(), std::slice::from_raw_parts(buffer, length)) };
    if reader.rows.len() - reader.count < length / EGRESS_FRAME_BYTES_MIN {
        return AERON_ACTION_ABORT;
    }
    reader.message(bytes);
    AERON_ACTION_CONTINUE
}

impl Reader<'_> {
    #[inline]
    fn message(&mut self, mut rest: &[u8]) {
        while let Some(header) = MessageHeader::read(rest) {
            let length = match header.template {
                event_codec::SBE_TEMPLATE_ID => self.event(rest),
                refused_codec::SBE_TEMPLATE_ID => self.refused(rest),
                _ => Some(MESSAGE_HEADER_BYTES + header.block_length as usize),
            };
            rest = length.and_then(|length| rest.get(aligned(length)..)).unwrap_or_default();
        }
    }

    #[inline]
    fn event(&mut self, bytes: &[u8]) -> Option<usize> {
        let header = bytes.get(..EVENT_HEADER_BYTES)?;
        let fields = event_codec::EventDecoder::default().wrap(ReadBuf::new(header), MESSAGE_HEADER_BYTES, 0, 0);
        let length = EVENT_HEADER_BYTES + fields.body_length() as usize;
        let body = bytes.get(EVENT_HEADER_BYTES..length)?;
        let row = &mut self.rows[self.count];
        *row = match MessageHeader::read(body)?.template {
            outcome_codec::SBE_TEMPLATE_ID => outcome_row(body)?,
            session_closed_codec::SBE_TEMPLATE_ID => self.session.closed_row(body)?,
            _ => EventRow::from_body(body)?,
        };
        row.seq = fields.seq();
        row.time_ns = fields.time();
        row.number = fields.number();
        row.session = fields.session();
        row.index = fields.index();
        row.flags = fields.flags().0;
        self.count += 1;
        if fields.session() == self.session.id && fields.flags().get_last() {
            self.session.answer(fields.number());
        }
        Some(length)
    }

    #[cold]
    fn refused(&mut self, bytes: &[u8]) -> Option<usize> {
        let length = MESSAGE_HEADER_BYTES + refused_codec::SBE_BLOCK_LENGTH as usize;
        let fields = refused_codec::RefusedDecoder::default().wrap(
            ReadBuf::new(bytes.get(..length)?),
            MESSAGE_HEADER_BYTES,
            0,
            0,
        );
        self.rows[self.count] = EventRow {
            kind: refused_codec::SBE_TEMPLATE_ID as u8,
            number: fields.number(),
            seq: fields.expected(),
            session: fields.session(),
            reason: fields.reason() as u8,
            ..EventRow::default()
        };
        self.count += 1;
        Some(length)
    }
}

/// The answer to a command that was sent again, as a row: what it did, without repeating every event.
fn outcome_row(body: &[u8]) -> Option<EventRow> {
    let length = MESSAGE_HEADER_BYTES + outcome_codec::SBE_BLOCK_LENGTH as usize;
    let fields =
        outcome_codec::OutcomeDecoder::default().wrap(ReadBuf::new(body.get(..length)?), MESSAGE_HEADER_BYTES, 0, 0);
    Some(EventRow {
        kind: outcome_codec::SBE_TEMPLATE_ID as u8,
        order_id: fields.order_id(),
        cl_ord_id: fields.cl_ord_id(),
        reason: fields.reason().unwrap_or(0),
        ..EventRow::default()
    })
}
