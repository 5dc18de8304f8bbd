//! What clients are told, as it leaves the node: the egress of production over outboxes in memory.

use crate::venue::Venue;
use messages::durability::Durability::Fsync;
use messages::{ReadBuf, event_codec};
use sequencer::egress::{Egress, Outboxes};
use sequencer::frame::{MESSAGE_HEADER_BYTES, MessageHeader};
use sequencer::intake::{Attached, Claim, ConnectionId};

const EVENT_HEADER_BYTES: usize = MESSAGE_HEADER_BYTES + event_codec::SBE_BLOCK_LENGTH as usize;

/// Frames by connection, the oldest first.
#[derive(Default)]
pub struct Post(Vec<(ConnectionId, Vec<u8>)>);

impl Outboxes for Post {
    fn push(&mut self, connection: ConnectionId, bytes_max: usize, write: impl FnOnce(&mut [u8]) -> usize) -> bool {
        let mut frame = vec![0; bytes_max];
        let length = write(&mut frame);
        frame.truncate(length);
        self.0.push((connection, frame));
        connection != 0
    }

    fn push_to_all(&mut self, _: usize, _: impl Fn(&mut [u8]) -> usize) {}

    fn end_message(&mut self, _: ConnectionId) {}
}

/// One event as one connection was told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    pub template: u16,
    pub session: u32,
    pub number: u64,
    pub index: u32,
    pub last: bool,
}

/// A venue and what it tells.
pub struct Office {
    pub venue: Venue,
    pub egress: Egress<Post>,
}

impl Office {
    pub fn new(venue: Venue) -> Self {
        Self { venue, egress: Egress::new(Post::default(), Fsync) }
    }

    /// A logon over a connection that hears of it.
    pub fn log_on(&mut self, claim: Claim, connection: ConnectionId) -> Attached {
        let attached = self.venue.sequencer.open_session(claim, connection).expect("a logon");
        self.egress.expect(attached.session, attached.epoch, connection);
        attached
    }

    pub fn send(&mut self, connection: ConnectionId, frame: &[u8]) {
        self.venue.sequencer.on_command(connection, frame).expect("a frame");
    }

    /// That connection is gone.
    pub fn hang_up(&mut self, connection: ConnectionId) {
        assert!(self.venue.sequencer.disconnect(connection), "room for it");
        self.egress.forget(connection);
    }

    /// Time goes on by so much; everything that is stamped is committed, executed and told. Gives how many frames that were.
    pub fn pass(&mut self, duration_ns: i64) -> usize {
        self.venue.now_ns += duration_ns;
        self.venue.sequencer.advance_time(self.venue.now_ns).expect("a small step");
        let mut frames = 0;
        loop {
            let committed = self.venue.commit();
            let count =
                self.venue.sequencer.execute(usize::MAX, &mut self.egress).expect("frames that can be executed");
            frames += count;
            if !committed && count == 0 {
                return frames;
            }
        }
    }

    /// The frames for a connection since the last time, whole.
    pub fn frames(&mut self, connection: ConnectionId) -> Vec<Vec<u8>> {
        let (theirs, others) =
            std::mem::take(&mut self.egress.connections.0).into_iter().partition(|sent| sent.0 == connection);
        self.egress.connections.0 = others;
        let theirs: Vec<(ConnectionId, Vec<u8>)> = theirs;
        theirs.into_iter().map(|sent| sent.1).collect()
    }

    /// What they say.
    pub fn heard(&mut self, connection: ConnectionId) -> Vec<Heard> {
        self.frames(connection).iter().filter_map(|frame| heard(frame)).collect()
    }
}

fn heard(frame: &[u8]) -> Option<Heard> {
    if MessageHeader::read(frame)?.template != event_codec::SBE_TEMPLATE_ID {
        return None;
    }
    let event = event_codec::EventDecoder::default().wrap(ReadBuf::new(frame), MESSAGE_HEADER_BYTES, 0, 0);
    let template = MessageHeader::read(&frame[EVENT_HEADER_BYTES..])?.template;
    let (session, number, index, last) = (event.session(), event.number(), event.index(), event.flags().get_last());
    Some(Heard { template, session, number, index, last })
}
