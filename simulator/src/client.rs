//! A client: the production core of one session, over connections that break. It logs on again, sends again what has no answer,
//! and begins anew when the order says that it lost what was answered.

use crate::hearing::Hearing;
use crate::judge::Judge;
use crate::network::{Network, Upward};
use crate::outbound::Outbox;
use crate::random::Random;
use crate::report::{Count, Report};
use crate::workload::Workload;
use engine::rows::EventRow;
use messages::refusal_reason::RefusalReason;
use messages::{ReadBuf, event_codec, logoff_codec, refused_codec, session_opened_codec};
use sequencer::client::{ClientSession, Logon, Trouble};
use sequencer::frame::{MESSAGE_HEADER_BYTES, MessageHeader};
use sequencer::intake::{Claim, ConnectionId};
use sequencer::rows::Each;
use sequencer::users::User;

/// More than any message of a client.
pub const MESSAGE_BYTES_MAX: usize = 4096;

const PATIENCE_NS: i64 = 20_000_000;
/// A node that was not even heard by a heartbeat for so long is gone.
const SILENCE_NS: i64 = 100_000_000;
const BURST_MAX: u64 = 6;
const QUERY_RARITY: u64 = 40;
const EVENT_HEADER_BYTES: usize = MESSAGE_HEADER_BYTES + event_codec::SBE_BLOCK_LENGTH as usize;

enum Line {
    Down { until_ns: i64 },
    Opening { connection: ConnectionId, since_ns: i64 },
    Open { connection: ConnectionId, heard_ns: i64 },
}

/// What a client's turn works on.
pub struct Surroundings<'a> {
    /// The client's clock.
    pub now_ns: i64,
    /// Connections.
    pub network: &'a mut Network,
    /// Who watches.
    pub judge: &'a mut Judge,
    /// Counts.
    pub report: &'a mut Report,
}

/// See the module.
pub struct Client {
    random: Random,
    user: User,
    core: Option<ClientSession>,
    /// The session that it asks for; 0 for a new one.
    session: u32,
    /// Drawn once: tells it from others who want its session.
    instance: u64,
    /// It has sent its logoff, and sends nothing behind that.
    leaves: bool,
    /// Somebody else has logged on to its session, and it wants it back.
    takes_back: bool,
    /// Who leads it wants no connection.
    closed: bool,
    logon: Option<Logon>,
    line: Line,
    out: Outbox,
    /// What it does by itself; a client that somebody else leads has none.
    workload: Option<Workload>,
    /// Reads nothing before this time.
    pub deaf_until_ns: i64,
    hearing: Hearing,
    /// For somebody who leads it.
    inbox: Vec<EventRow>,
    trouble: Option<Trouble>,
}

impl Client {
    /// Of the chance that it takes and whose it is; with a workload of its own or, without one, led by somebody else.
    pub fn new(mut random: Random, user: User, workload: Option<Workload>) -> Self {
        Self {
            instance: random.next_u64(),
            user,
            workload,
            leaves: false,
            takes_back: false,
            closed: false,
            logon: None,
            random,
            core: None,
            session: 0,
            line: Line::Down { until_ns: 0 },
            out: Outbox::default(),
            deaf_until_ns: 0,
            hearing: Hearing::default(),
            inbox: Vec::new(),
            trouble: None,
        }
    }

    /// The connection that it uses.
    pub fn connection(&self) -> Option<ConnectionId> {
        match self.line {
            Line::Down { .. } => None,
            Line::Opening { connection, .. } | Line::Open { connection, .. } => Some(connection),
        }
    }

    /// What tells it from others who want its session.
    pub fn instance(&self) -> u64 {
        self.instance
    }

    /// Whose it is.
    pub fn user(&self) -> User {
        self.user
    }

    /// The session, once it has one.
    pub fn session(&self) -> Option<u32> {
        self.core.as_ref().map(ClientSession::id)
    }

    /// The number of its next command and the number up to which it has answers.
    pub fn numbers(&self) -> (u64, u64) {
        self.core.as_ref().map_or((1, 0), |core| (core.next_number(), core.answered()))
    }

    /// What its last logon gave, while it has a session.
    pub fn logon(&self) -> Option<Logon> {
        self.logon.filter(|_| self.core.is_some())
    }

    /// Whether it is logged on and every command has its answer, or it is closed.
    pub fn is_settled(&self) -> bool {
        let (next, answered) = self.numbers();
        self.closed || matches!(self.line, Line::Open { .. }) && answered + 1 == next
    }

    /// The events since the last time, at most so many.
    pub fn take_events(&mut self, limit: usize) -> Vec<EventRow> {
        self.inbox.drain(..limit.min(self.inbox.len())).collect()
    }

    /// What sending again could not mend since the last time.
    pub fn take_trouble(&mut self) -> Option<Trouble> {
        self.trouble.take()
    }

    /// Gives its connection up. What it sent stays under way.
    pub fn hang_up(&mut self, now_ns: i64, network: &mut Network) {
        if let Some(connection) = self.connection().and_then(|id| network.get_mut(id)) {
            connection.abandoned = true;
        }
        self.line = Line::Down { until_ns: now_ns + self.random.between(0, 2_000_000) };
    }

    /// Closes its connection for now. The session stays; what has no answer is forgotten.
    pub fn close(&mut self, now_ns: i64, network: &mut Network) {
        self.hang_up(now_ns, network);
        self.inbox.clear();
        (self.core, self.trouble, self.closed) = (None, None, true);
    }

    /// Logs on again after [`Client::close`].
    pub fn reopen(&mut self) {
        self.closed = false;
    }

    /// Asks what became of a command. False if no command of its has had this number.
    pub fn query(&mut self, number: u64) -> bool {
        self.core.as_mut().is_some_and(|core| core.query(number, &mut self.out))
    }

    /// Numbers and sends a command, if it is logged on and its window has room. Returns the number.
    pub fn send(&mut self, body: &[u8], judge: &mut Judge) -> Option<u64> {
        let core = self.core.as_mut().filter(|core| core.room() > 0)?;
        let Line::Open { .. } = self.line else { return None };
        let number = core.next_number();
        judge.submitted((core.id(), number), body);
        core.send(body, &mut self.out);
        Some(number)
    }

    /// Connects, reads, sends.
    pub fn turn(&mut self, around: &mut Surroundings, makes_commands: bool) {
        self.mind_line(around);
        if around.now_ns >= self.deaf_until_ns {
            self.read(around);
        }
        if makes_commands {
            self.work(around);
        }
        if let (Some(core), Line::Open { .. }) = (&mut self.core, &self.line) {
            core.tick(around.now_ns, &mut self.out);
        }
        self.flush(around);
    }

    fn mind_line(&mut self, around: &mut Surroundings) {
        let now_ns = around.now_ns;
        match self.line {
            Line::Down { until_ns } if now_ns >= until_ns && !self.closed => self.log_on(around),
            Line::Opening { connection, .. } | Line::Open { connection, .. }
                if around.network.get_mut(connection).is_none() =>
            {
                self.line = Line::Down { until_ns: now_ns + self.random.between(0, 2_000_000) };
            }
            Line::Opening { since_ns, .. } if now_ns > since_ns + PATIENCE_NS => self.hang_up(now_ns, around.network),
            Line::Open { heard_ns, .. } if now_ns > heard_ns.max(self.deaf_until_ns) + SILENCE_NS => {
                self.hang_up(now_ns, around.network);
            }
            _ => {}
        }
    }

    fn log_on(&mut self, around: &mut Surroundings) {
        let connection = around.network.connect();
        let resumes = self.core.is_some() && !std::mem::take(&mut self.takes_back);
        let claim = Claim { session: self.session, instance: self.instance, resumes, user: self.user };
        let delay_ns = self.random.between(1_000, 300_000);
        if let Some(line) = around.network.get_mut(connection) {
            line.up.send(around.now_ns + delay_ns, Upward::LogOn { claim, correlation_id: 1 });
        }
        self.out.take();
        self.line = Line::Opening { connection, since_ns: around.now_ns };
    }

    fn read(&mut self, around: &mut Surroundings) {
        while let Some(connection) = self.connection() {
            let Some(line) = around.network.get_mut(connection) else { return };
            let Some(message) = line.down.receive(around.now_ns) else { return };
            match self.line {
                Line::Open { .. } => self.hear(&message, around),
                _ => self.await_logon(connection, &message, around),
            }
        }
    }

    fn await_logon(&mut self, connection: ConnectionId, message: &[u8], around: &mut Surroundings) {
        if let Some(logon) = session_opened(message) {
            self.line = Line::Open { connection, heard_ns: around.now_ns };
            self.session = logon.session;
            self.logon = Some(logon);
            match &mut self.core {
                None => self.core = Some(ClientSession::new(logon)),
                Some(core) => match core.resume(logon, &mut self.out) {
                    Ok(()) => {}
                    Err(trouble) => self.begin_anew(trouble, around),
                },
            }
            self.hearing.begin(self.numbers().1);
        } else if let Some(reason) = refusal(message) {
            match reason {
                RefusalReason::IntakeStopped => self.hang_up(around.now_ns, around.network),
                RefusalReason::StaleEpoch if self.random.one_in(2) => {
                    self.takes_back = true;
                    self.hang_up(around.now_ns, around.network);
                }
                _ => self.begin_anew(Trouble::Refused { number: 0, reason }, around),
            }
        }
    }

    fn hear(&mut self, message: &[u8], around: &mut Surroundings) {
        let Some(core) = &mut self.core else { return };
        let (own, keeps) = (core.id(), self.workload.is_none());
        let (hearing, inbox, mut wrong) = (&mut self.hearing, &mut self.inbox, None);
        let judge = &*around.judge;
        let look = |row: &EventRow| {
            if row.session == own && row.number != 0 {
                wrong = wrong.take().or(hearing.event(row, judge.own_events((own, row.number))).err());
            }
            if keeps {
                inbox.push(*row);
            }
        };
        core.read(message, around.now_ns, &mut Each::new(look));
        if let Some(what) = wrong.or(self.hearing.answered(core.answered()).err()) {
            around.judge.object(|| format!("session {own}: {what}"));
        }
        if let Line::Open { heard_ns, .. } = &mut self.line {
            *heard_ns = around.now_ns;
        }
        match core.take_trouble() {
            Some(trouble @ Trouble::Lost { .. }) => {
                around.judge.object(|| {
                    format!("session {own}: {trouble:?} was found after a logon that had found nothing lost")
                });
                self.begin_anew(trouble, around);
            }
            _ if core.is_ended() && self.workload.is_some() => self.come_back(around),
            Some(_) => self.hang_up(around.now_ns, around.network),
            None => {}
        }
    }

    /// Its logon has ended as it asked: it logs on to its session anew, which goes on.
    fn come_back(&mut self, around: &mut Surroundings) {
        self.hang_up(around.now_ns, around.network);
        self.core = None;
        self.leaves = false;
    }

    /// Sending again cannot mend it: the user of a real client is told, and takes a new session.
    fn begin_anew(&mut self, trouble: Trouble, around: &mut Surroundings) {
        if matches!(trouble, Trouble::Lost { .. }) {
            around.report.count(Count::OrdersLost);
        }
        self.hang_up(around.now_ns, around.network);
        self.core = None;
        self.leaves = false;
        self.session = 0;
        self.trouble = Some(trouble);
    }

    fn work(&mut self, around: &mut Surroundings) {
        let Some(mut workload) = self.workload.take() else { return };
        if self.random.one_in(QUERY_RARITY) && !self.leaves {
            self.query_any();
        }
        let burst = self.random.below(if workload.is_hasty() { 2 * BURST_MAX } else { BURST_MAX });
        for _ in 0..burst {
            if self.leaves {
                self.leaves = !self.is_settled();
                break;
            }
            let body = workload.next(&mut self.random, around.now_ns);
            if self.send(&body, around.judge).is_none() {
                break;
            }
            self.leaves = is_logoff(&body);
            around.report.count(Count::Commands);
        }
        self.workload = Some(workload);
    }

    /// Asks what became of a command of its, often one that is still under way.
    fn query_any(&mut self) {
        let (Some(core), Line::Open { .. }) = (&mut self.core, &self.line) else { return };
        let first = core.answered().saturating_sub(2);
        core.query(first + self.random.below(core.next_number() - first), &mut self.out);
    }

    fn flush(&mut self, around: &mut Surroundings) {
        let Some(connection) = self.connection() else { return };
        for message in self.out.take() {
            let delay_ns = self.random.between(1_000, 300_000);
            if let Some(line) = around.network.get_mut(connection) {
                line.up.send(around.now_ns + delay_ns, Upward::Commands(message));
            }
        }
    }
}

fn is_logoff(body: &[u8]) -> bool {
    MessageHeader::read(body).is_some_and(|header| header.template == logoff_codec::SBE_TEMPLATE_ID)
}

fn session_opened(message: &[u8]) -> Option<Logon> {
    let body = event_body(message)?;
    if MessageHeader::read(body)?.template != session_opened_codec::SBE_TEMPLATE_ID {
        return None;
    }
    let fields =
        session_opened_codec::SessionOpenedDecoder::default().wrap(ReadBuf::new(body), MESSAGE_HEADER_BYTES, 0, 0);
    Some(Logon {
        session: fields.session(),
        epoch: fields.session_epoch(),
        next_number: fields.next_number(),
        window: u64::from(fields.window()),
    })
}

fn event_body(message: &[u8]) -> Option<&[u8]> {
    let is_event = MessageHeader::read(message)?.template == event_codec::SBE_TEMPLATE_ID;
    message.get(EVENT_HEADER_BYTES..).filter(|_| is_event)
}

fn refusal(message: &[u8]) -> Option<RefusalReason> {
    if MessageHeader::read(message)?.template != refused_codec::SBE_TEMPLATE_ID {
        return None;
    }
    let fields = refused_codec::RefusedDecoder::default().wrap(ReadBuf::new(message), MESSAGE_HEADER_BYTES, 0, 0);
    Some(fields.reason())
}
