//! A sequencer with a journal in memory, driven by hand.

use engine::event::Event;
use messages::durability::Durability;
use messages::{WriteBuf, cancel_order_codec, new_order_codec};
use messages::{ord_type::OrdType, side::Side, time_in_force::TimeInForce};
use sequencer::copies::Copies;
use sequencer::frame::{
    COMMAND_HEADER_BYTES, CommandFields, MESSAGE_HEADER_BYTES, SequencedFrame, write_command_header,
};
use sequencer::intake::{Attached, Claim, Verdict};
use sequencer::replica::{Applied, Replica};
use sequencer::sequencer::{Config, Egress, Sequencer};

pub const SECOND_NS: i64 = 1_000_000_000;
pub const CONNECTION: u32 = 7;
pub const EXPIRY_NS: i64 = 100 * SECOND_NS;

/// What was told, in order.
#[derive(Default)]
pub struct Told(pub Vec<(u64, Applied, Vec<Event>)>);

impl Egress for Told {
    fn applied(&mut self, frame: &SequencedFrame, applied: Applied, events: &[Event], _: &Copies) {
        self.0.push((frame.seq, applied, events.to_vec()));
    }
}

pub struct Venue {
    pub sequencer: Sequencer,
    pub told: Told,
    pub log: Vec<Vec<u8>>,
    pub now_ns: i64,
}

impl Venue {
    pub fn new(durability: Durability) -> Self {
        Self::recovered(durability, Replica::default(), Vec::new())
    }

    pub fn recovered(durability: Durability, replica: Replica, log: Vec<Vec<u8>>) -> Self {
        let now_ns = 1_000 * SECOND_NS;
        let logic_version = engine::LOGIC_VERSION;
        let config = Config { durability, tick_interval_ns: SECOND_NS, session_expiry_ns: EXPIRY_NS, logic_version };
        Self { sequencer: Sequencer::new(config, replica, now_ns), told: Told::default(), log, now_ns }
    }

    pub fn log_on(&mut self) -> Attached {
        self.sequencer.open_session(Claim::default(), CONNECTION).expect("a new session")
    }

    pub fn send(&mut self, frame: &[u8]) -> Verdict {
        self.sequencer.on_command(CONNECTION, frame).expect("a frame").verdict
    }

    /// Gives the journal what it is due and lets it commit; false if nothing was due.
    pub fn commit(&mut self) -> bool {
        let Some((index, bytes)) = self.sequencer.next_block() else { return false };
        self.log.push(bytes.to_vec());
        self.sequencer.persisted(index);
        true
    }

    pub fn execute(&mut self) -> usize {
        self.sequencer.execute(usize::MAX, &mut self.told).expect("frames that can be executed")
    }

    /// Commits and executes until nothing is left.
    pub fn settle(&mut self) {
        self.sequencer.drain();
        while self.commit() || self.execute() > 0 {}
    }

    /// The same, with more to come.
    pub fn settle_and_go_on(&mut self) {
        self.now_ns += 10_000_000;
        self.sequencer.advance_time(self.now_ns).expect("a small step");
        while self.commit() || self.execute() > 0 {}
    }

    pub fn replayed(&self) -> Replica {
        let mut replica = Replica::default();
        for block in &self.log {
            replica.apply_block(block, |_, _, _| {}).expect("a block that follows");
        }
        replica
    }

    /// Forgets everything but the journal.
    pub fn restarted(self, durability: Durability) -> Self {
        let replica = self.replayed();
        Self::recovered(durability, replica, self.log)
    }
}

pub fn frame(fields: CommandFields, body: &[u8]) -> Vec<u8> {
    let mut buffer = vec![0; COMMAND_HEADER_BYTES + body.len()];
    buffer[COMMAND_HEADER_BYTES..].copy_from_slice(body);
    write_command_header(&mut buffer, &fields, body.len());
    buffer
}

pub fn command(logon: Attached, number: u64, body: &[u8]) -> Vec<u8> {
    let (session, session_epoch) = (logon.session, logon.epoch);
    frame(CommandFields { number, acked_through: 0, session, session_epoch }, body)
}

pub fn acknowledging(logon: Attached, number: u64, acked_through: u64, body: &[u8]) -> Vec<u8> {
    let (session, session_epoch) = (logon.session, logon.epoch);
    frame(CommandFields { number, acked_through, session, session_epoch }, body)
}

pub fn new_order(cl_ord_id: u64) -> Vec<u8> {
    order(cl_ord_id, Side::Buy)
}

pub fn sell_order(cl_ord_id: u64) -> Vec<u8> {
    order(cl_ord_id, Side::Sell)
}

fn order(cl_ord_id: u64, side: Side) -> Vec<u8> {
    let mut body = vec![0; MESSAGE_HEADER_BYTES + new_order_codec::SBE_BLOCK_LENGTH as usize];
    let mut order = new_order_codec::NewOrderEncoder::default().wrap(WriteBuf::new(&mut body), MESSAGE_HEADER_BYTES);
    order.cl_ord_id(cl_ord_id).price(100).order_qty(10).instrument(1).account(0);
    order.side(side).ord_type(OrdType::Limit).time_in_force(TimeInForce::GoodTillCancel);
    let _ = order.header(0);
    body
}

pub fn cancel(cl_ord_id: u64) -> Vec<u8> {
    let mut body = vec![0; MESSAGE_HEADER_BYTES + cancel_order_codec::SBE_BLOCK_LENGTH as usize];
    let mut cancel =
        cancel_order_codec::CancelOrderEncoder::default().wrap(WriteBuf::new(&mut body), MESSAGE_HEADER_BYTES);
    cancel.orig_cl_ord_id(cl_ord_id);
    let _ = cancel.header(0);
    body
}

pub fn instrument() -> Vec<u8> {
    let mut body = vec![0; 64];
    let length = engine::message!(define_instrument_codec::DefineInstrumentEncoder, body, |define| {
        let mut define = define;
        define.instrument(1).symbol(b"OAK\0\0\0\0\0\0\0\0\0\0\0\0\0");
        let mut tick = define.tick_size_encoder();
        tick.mantissa(1).exponent(-2);
        let mut lot = tick.parent().expect("the message").lot_size_encoder();
        lot.mantissa(1).exponent(0);
        lot.parent().expect("the message")
    });
    body.truncate(length);
    body
}

pub fn logoff() -> Vec<u8> {
    let mut body = vec![0; MESSAGE_HEADER_BYTES];
    let logoff = messages::logoff_codec::LogoffEncoder::default().wrap(WriteBuf::new(&mut body), MESSAGE_HEADER_BYTES);
    let _ = logoff.header(0);
    body
}

/// A logon that takes the session from whoever has it.
pub fn takes(session: u32) -> Claim {
    Claim { session, ..Claim::default() }
}
