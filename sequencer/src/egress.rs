//! Tells executed frames to the clients that they concern.

use crate::copies::Copies;
use crate::frame::{MESSAGE_HEADER_BYTES, SequencedFrame};
use crate::intake::ConnectionId;
use crate::limits::SESSION_WINDOW;
use crate::outcome::Outcome;
use crate::refusal::{REFUSED_BYTES, Refusal};
use crate::replica::Applied;
use crate::routes::Routes;
use crate::sequencer::Judged;
use engine::Recipient;
use engine::event::Event;
use engine::limits::EVENT_BODY_BYTES_MAX;
use engine::message;
use messages::durability::Durability;
use messages::event_codec;
use messages::event_flags::EventFlags;

const EVENT_HEADER_BYTES: usize = MESSAGE_HEADER_BYTES + event_codec::SBE_BLOCK_LENGTH as usize;
const SESSION_MESSAGE_BYTES_MAX: usize = 64;

/// What stands in front of an event besides lengths.
#[derive(Clone, Copy, Default)]
struct Envelope {
    seq: u64,
    time_ns: i64,
    number: u64,
    session: u32,
    epoch: u32,
    index: u32,
    last: bool,
    repeated: bool,
}

impl Envelope {
    fn of_outcome(number: u64, outcome: &Outcome) -> Self {
        let Outcome { seq, time_ns, .. } = *outcome;
        Self { seq, time_ns, number, last: true, repeated: true, ..Self::default() }
    }
}

/// How to reach clients.
pub trait Outboxes {
    /// Puts a frame of at most `bytes_max`, which `write` writes, on its way to a connection; `write` returns the frame's length.
    /// False if the connection cannot be reached.
    fn push(&mut self, connection: ConnectionId, bytes_max: usize, write: impl FnOnce(&mut [u8]) -> usize) -> bool;
    /// The same to everybody who can be reached.
    fn push_to_all(&mut self, bytes_max: usize, write: impl Fn(&mut [u8]) -> usize);
    /// The connection's next frame starts a message of its own.
    fn end_message(&mut self, connection: ConnectionId);
}

/// See the module.
pub struct Egress<O> {
    /// Who is connected, and how to reach them.
    pub connections: O,
    routes: Routes,
    /// Logons that are stamped and not yet released: session, its epoch, connection.
    logons: Vec<(u32, u32, ConnectionId)>,
    durability: Durability,
    /// Events told.
    pub told: u64,
    /// Events for sessions that nobody is connected for.
    pub unheard: u64,
}

impl<O: Outboxes> Egress<O> {
    /// With nobody connected.
    pub fn new(connections: O, durability: Durability) -> Self {
        Self { connections, routes: Routes::default(), logons: Vec::new(), durability, told: 0, unheard: 0 }
    }

    /// A logon has been stamped; when it is released, the session's events go to `connection`.
    pub fn expect(&mut self, session: u32, epoch: u32, connection: ConnectionId) {
        self.logons.push((session, epoch, connection));
    }

    /// Answers a command that was executed before.
    pub fn repeat(&mut self, connection: ConnectionId, command: &Judged, outcome: &Outcome, epoch: u32) {
        let envelope = Envelope { session: command.session, epoch, ..Envelope::of_outcome(command.number, outcome) };
        self.tell_connection(connection, envelope, |body| write_outcome(body, outcome));
    }

    /// Tells a client that a command of its, or a logon, did not enter the order. False if it cannot be told.
    pub fn refuse(&mut self, connection: ConnectionId, refusal: Refusal) -> bool {
        self.connections.push(connection, REFUSED_BYTES, |buffer| refusal.write(buffer))
    }

    /// Tells every client that the node is still here.
    pub fn heartbeat(&mut self, now_ns: i64, released: u64) {
        self.connections.push_to_all(SESSION_MESSAGE_BYTES_MAX, |buffer| {
            message!(heartbeat_codec::HeartbeatEncoder, buffer, |beat| beat.time(now_ns).seq(released))
        });
    }

    /// A connection is gone.
    pub fn forget(&mut self, connection: ConnectionId) {
        self.routes.forget(connection);
        self.logons.retain(|logon| logon.2 != connection); // the next connection may get the same id
    }

    /// Tells each event to whom it is of, and copies of it to whoever gets them. `envelope` is that of the frame and names the session
    /// that sent it, 0 if none did, and its number, which nobody else is told. With `answers` the last of them that the sender is told
    /// answers its command; if none of them is the sender's own, the last one is told to it as well.
    #[inline]
    fn tell_all(&mut self, envelope: Envelope, answers: bool, events: &[Event], copies: &Copies) {
        let sender = envelope.session;
        let is_own = |event: &Event| event.session() == sender || event.maker_session() == Some(sender);
        let last = if answers { events.iter().rposition(is_own) } else { None };
        for (index, event) in events.iter().enumerate() {
            let envelope = Envelope { index: index as u32, last: last == Some(index), ..envelope };
            let owner = event.session();
            if let Some(maker) = event.maker_session() {
                let number = if owner == sender { 0 } else { envelope.number };
                self.tell_event(maker, Envelope { number, ..envelope }, event, Recipient::Maker, copies);
            }
            self.tell_event(owner, envelope, event, Recipient::Owner, copies);
        }
        if let (true, None, [.., event]) = (answers, last, events) {
            let envelope = Envelope { index: events.len() as u32 - 1, last: true, ..envelope };
            self.tell_event(sender, envelope, event, Recipient::Owner, copies);
        }
    }

    #[inline]
    fn tell_event(&mut self, session: u32, frame: Envelope, event: &Event, recipient: Recipient, copies: &Copies) {
        if session == 0 {
            return; // what nobody has sent and no order is of: whoever follows the order sees it
        }
        let is_own = session == frame.session && frame.number != 0;
        let number = if is_own { frame.number } else { 0 };
        let envelope = Envelope { session, number, last: is_own && frame.last, ..frame };
        self.tell(session, envelope, |body| engine::encode(event, recipient, body));
        if !copies.is_empty() {
            self.tell_copies(envelope, event, recipient, copies);
        }
    }

    #[cold]
    fn tell_copies(&mut self, told: Envelope, event: &Event, recipient: Recipient, copies: &Copies) {
        let envelope = Envelope { number: 0, last: false, ..told };
        for taker in copies.takers(told.session) {
            let connection = self.routes.get(taker);
            self.tell_connection(connection, envelope, |body| engine::encode(event, recipient, body));
        }
    }

    #[inline]
    fn tell(&mut self, session: u32, envelope: Envelope, write: impl FnOnce(&mut [u8]) -> usize) {
        let connection = self.routes.get(session);
        self.tell_connection(connection, Envelope { session, ..envelope }, write);
    }

    #[inline]
    fn tell_connection(
        &mut self,
        connection: ConnectionId,
        envelope: Envelope,
        write: impl FnOnce(&mut [u8]) -> usize,
    ) {
        let durability = self.durability;
        let told = self.connections.push(connection, EVENT_HEADER_BYTES + EVENT_BODY_BYTES_MAX, |frame| {
            let length = write(&mut frame[EVENT_HEADER_BYTES..]);
            write_header(frame, &envelope, durability, length);
            EVENT_HEADER_BYTES + length
        });
        self.told += u64::from(told);
        self.unheard += u64::from(!told);
    }

    fn open_route(&mut self, envelope: Envelope, session: u32, epoch: u32, next_number: u64) {
        let Some(place) = self.logons.iter().position(|logon| (logon.0, logon.1) == (session, epoch)) else { return };
        let connection = self.logons.swap_remove(place).2;
        self.routes.set(session, connection);
        self.tell(session, envelope, |body| {
            message!(session_opened_codec::SessionOpenedEncoder, body, |opened| {
                opened.next_number(next_number).session(session).session_epoch(epoch).window(SESSION_WINDOW as u32)
            })
        });
        // The client reads its logon before it hands the stream to its hot path: nothing else may be in that message.
        self.connections.end_message(connection);
    }
}

impl<O: Outboxes> crate::sequencer::Egress for Egress<O> {
    #[inline]
    fn applied(&mut self, frame: &SequencedFrame, applied: Applied, events: &[Event], copies: &Copies) {
        let SequencedFrame { seq, time_ns, epoch, command, .. } = *frame;
        let (session, number) = (command.session, command.number);
        let envelope = Envelope { seq, time_ns, number, session, epoch, ..Envelope::default() };
        match applied {
            Applied::Command => self.tell_all(envelope, true, events, copies),
            Applied::Queried { number, outcome } => {
                let envelope = Envelope { epoch, ..Envelope::of_outcome(number, &outcome) };
                self.tell(session, envelope, |body| write_outcome(body, &outcome));
            }
            Applied::SessionOpened { session, epoch, next_number } => {
                self.open_route(envelope, session, epoch, next_number);
                self.tell_all(envelope, false, events, copies);
            }
            Applied::SessionClosed { session, epoch, end } => {
                self.tell_all(envelope, false, events, copies);
                let envelope = Envelope { last: true, index: events.len() as u32, ..envelope };
                self.tell(session, envelope, |body| {
                    message!(session_closed_codec::SessionClosedEncoder, body, |closed| {
                        closed.session(session).session_epoch(epoch).end(end)
                    })
                });
                self.routes.set(session, 0);
            }
            Applied::Nothing => self.tell_all(envelope, false, events, copies),
        }
    }
}

fn write_outcome(body: &mut [u8], outcome: &Outcome) -> usize {
    message!(outcome_codec::OutcomeEncoder, body, |answer| {
        answer.cl_ord_id(outcome.cl_ord_id).order_id(outcome.order_id).events(outcome.events);
        answer.kind(outcome.kind).reason(outcome.reason.map_or(u8::MAX, u8::from))
    })
}

#[inline]
fn write_header(frame: &mut [u8], envelope: &Envelope, durability: Durability, body_length: usize) {
    let mut flags = EventFlags::default();
    flags.set_last(envelope.last).set_repeated(envelope.repeated);
    message!(event_codec::EventEncoder, frame, |header| {
        header.seq(envelope.seq).time(envelope.time_ns).number(envelope.number).session(envelope.session);
        header.epoch(envelope.epoch).index(envelope.index).body_length(body_length as u16).durability(durability);
        header.flags(flags)
    });
}
