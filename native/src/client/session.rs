//! A client's session over its two Aeron streams. What to send and what an answer means is [`ClientSession`]'s to decide.

use crate::aeron_sys::{
    AERON_ACTION_ABORT, AERON_ACTION_CONTINUE, aeron_controlled_fragment_assembler_create,
    aeron_controlled_fragment_assembler_delete, aeron_controlled_fragment_assembler_handler,
    aeron_controlled_fragment_assembler_t, aeron_exclusive_publication_t, aeron_header_t,
    aeron_subscription_controlled_poll, aeron_subscription_t,
};
use crate::error::{Code, Error};
use crate::outbox::{Delivery, Outbox};
use engine::rows::{CommandRow, EventRow};
use sequencer::client::{ClientSession, EGRESS_FRAME_BYTES_MIN, Logon, Trouble};
use sequencer::rows::Rows;
use std::ffi::{c_int, c_void};
use std::ptr;

const FRAGMENTS_PER_POLL: usize = 64;

/// See the module.
pub struct Session {
    core: ClientSession,
    outbox: Outbox,
    subscription: *mut aeron_subscription_t,
    assembler: *mut aeron_controlled_fragment_assembler_t,
    /// The poll under way; its address is what the assembler gives to [`on_message`].
    reader: Box<*mut c_void>,
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
        Ok(Self { core: ClientSession::new(logon), outbox: Outbox::new(publication), subscription, assembler, reader })
    }

    /// The number of the next command.
    pub fn next_number(&self) -> u64 {
        self.core.next_number()
    }

    /// Every command up to here has its answer.
    pub fn answered(&self) -> u64 {
        self.core.answered()
    }

    /// What sending again cannot mend, told once.
    pub fn take_trouble(&mut self) -> Option<Trouble> {
        self.core.take_trouble()
    }

    /// An error once the order has ended this logon.
    pub fn check_open(&self) -> Result<(), Error> {
        if !self.core.is_ended() {
            return Ok(());
        }
        let (id, next_number) = (self.core.id(), self.core.next_number());
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
    ) -> Result<(), Trouble> {
        self.outbox = Outbox::new(publication);
        self.subscription = subscription;
        self.core.resume(logon, &mut self.outbox)
    }

    /// Numbers and sends rows until the window is full. Returns how many were taken.
    pub fn send(&mut self, rows: &[CommandRow]) -> Result<usize, Error> {
        self.check_open()?;
        let count = self.core.send_rows(rows, &mut self.outbox);
        self.flush()?;
        Ok(count)
    }

    /// Numbers and sends one command; the window must have room.
    pub fn send_body(&mut self, body: &[u8]) {
        self.core.send(body, &mut self.outbox);
    }

    /// Asks what became of a command; false if no command has had this number yet.
    pub fn query(&mut self, number: u64) -> Result<bool, Error> {
        let known = self.core.query(number, &mut self.outbox);
        self.flush()?;
        Ok(known)
    }

    /// How many commands may be sent before an answer comes.
    pub fn room(&self) -> u64 {
        self.core.room()
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

    /// At time `now_ns` of any clock that does not go back: reads events into `rows`, which must
    /// have room for a whole fragment of them. Returns how many; sends again what is due.
    pub fn poll(&mut self, rows: &mut [EventRow], now_ns: i64) -> Result<usize, Error> {
        self.check_open()?;
        self.flush()?;
        let subscription = self.subscription;
        let assembler = self.assembler;
        let mut reader = Reader { core: &mut self.core, rows: Room { rows, count: 0 }, now_ns };
        *self.reader = (&raw mut reader).cast();
        // SAFETY: the subscription is open; the handler finds `reader` through the box that is set here.
        let polled = unsafe {
            let handler = aeron_controlled_fragment_assembler_handler;
            aeron_subscription_controlled_poll(subscription, handler, assembler.cast(), FRAGMENTS_PER_POLL)
        };
        if polled < 0 {
            return Err(Error::aeron("poll the events"));
        }
        let count = reader.rows.count;
        if self.core.tick(now_ns, &mut self.outbox) {
            self.flush()?;
        }
        Ok(count)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: ours, and deleted once.
        unsafe { aeron_controlled_fragment_assembler_delete(self.assembler) };
    }
}

struct Reader<'a> {
    core: &'a mut ClientSession,
    rows: Room<'a>,
    now_ns: i64,
}

/// The caller's rows, of which so many are written.
struct Room<'a> {
    rows: &'a mut [EventRow],
    count: usize,
}

impl Room<'_> {
    fn left(&self) -> usize {
        self.rows.len() - self.count
    }
}

impl Rows for Room<'_> {
    #[inline]
    fn room(&mut self) -> &mut EventRow {
        &mut self.rows[self.count]
    }

    #[inline]
    fn keep(&mut self) {
        self.count += 1;
    }
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
    if reader.rows.left() < length / EGRESS_FRAME_BYTES_MIN {
        return AERON_ACTION_ABORT;
    }
    let Reader { core, rows, now_ns } = reader;
    core.read(bytes, *now_ns, rows);
    AERON_ACTION_CONTINUE
}
