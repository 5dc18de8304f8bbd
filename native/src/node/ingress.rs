//! Takes in what clients send: fair over their publications, and no more than there is room to stamp.

use super::Egress;
use super::connections::Wanted;
use super::counters::Counts;
use crate::aeron_sys::{
    AERON_ACTION_ABORT, AERON_ACTION_BREAK, AERON_ACTION_CONTINUE, aeron_header_t, aeron_image_constants,
    aeron_image_constants_t, aeron_image_controlled_fragment_assembler_create,
    aeron_image_controlled_fragment_assembler_delete, aeron_image_controlled_fragment_assembler_handler,
    aeron_image_controlled_fragment_assembler_t, aeron_image_controlled_poll, aeron_image_reject, aeron_image_t,
    aeron_subscription_for_each_image, aeron_subscription_t,
};
use crate::error::panic_text;
use messages::boolean::Boolean;
use messages::refusal_reason::RefusalReason;
use messages::{ReadBuf, SBE_SCHEMA_VERSION, command_codec, connect_codec, logon_codec};
use sequencer::frame::{FrameError, MESSAGE_HEADER_BYTES, MessageHeader, aligned};
use sequencer::intake::{Claim, ConnectionId, Verdict};
use sequencer::limits::INGRESS_MESSAGE_BYTES_MAX;
use sequencer::refusal::Refusal;
use sequencer::sequencer::{Judged, Sequencer};
use std::ffi::{CStr, c_int, c_void};
use std::ptr;

/// The version of the protocol between client and node, in `Connect`.
pub const PROTOCOL_VERSION: u16 = 2;

/// What one image may bring in per turn, so that none starves the others.
const IMAGE_FRAGMENTS_PER_TURN: usize = 64;
const IMAGE_BYTES_PER_TURN: usize = INGRESS_MESSAGE_BYTES_MAX;

/// What a client is told whose image is rejected.
const UNREACHABLE: &CStr = c"the node cannot answer on this connection";

/// See the module.
pub struct Ingress {
    subscriptions: Vec<*mut aeron_subscription_t>,
    images: Vec<*mut aeron_image_t>,
    assemblers: Vec<Assembler>,
    /// Which image goes first in the next turn: where room ends within a turn, it must not be the same ones that find none.
    first: usize,
    /// The turn under way; its address is what the assemblers give to [`on_message`].
    turn: Box<*mut c_void>,
}

struct Assembler {
    image: i64,
    raw: *mut aeron_image_controlled_fragment_assembler_t,
    seen: bool,
}

/// What a turn works on.
struct Turn<'a> {
    sequencer: &'a mut Sequencer,
    egress: &'a mut Egress,
    counts: &'a mut Counts,
    connection: ConnectionId,
    taken_bytes: usize,
    stamped_bytes: usize,
    intake_stopped: bool,
    panic: Option<String>,
}

impl Ingress {
    /// Over the subscriptions, which stay the caller's.
    pub fn new(subscriptions: Vec<*mut aeron_subscription_t>) -> Self {
        Self { subscriptions, images: Vec::new(), assemblers: Vec::new(), first: 0, turn: Box::new(ptr::null_mut()) }
    }

    /// One turn over all images. Returns how many fragments were taken; a panic on the way is an error.
    pub fn poll(
        &mut self,
        sequencer: &mut Sequencer,
        egress: &mut Egress,
        counts: &mut Counts,
        intake_stopped: bool,
    ) -> Result<usize, String> {
        self.list_images();
        sequencer.stop_intake(intake_stopped);
        let (connection, taken_bytes, stamped_bytes) = (0, 0, 0);
        let mut turn =
            Turn { sequencer, egress, counts, connection, taken_bytes, stamped_bytes, intake_stopped, panic: None };
        let images = self.images.len();
        self.first = (self.first + 1) % images.max(1);
        let mut fragments = 0;
        for place in (self.first..images).chain(0..self.first) {
            let image = self.images[place];
            let registration = registration_id(image);
            turn.connection = turn.egress.connections.of_image(registration, place);
            let assembler = self.assembler(registration, place);
            if !turn.is_within_share() && images > 1 {
                continue;
            }
            (turn.taken_bytes, turn.stamped_bytes) = (0, 0);
            *self.turn = (&raw mut turn).cast();
            // SAFETY: the image lives until the next listing; the handler finds `turn` through the box that is set here.
            let taken = unsafe {
                let handler = aeron_image_controlled_fragment_assembler_handler;
                aeron_image_controlled_poll(image, handler, assembler.cast(), IMAGE_FRAGMENTS_PER_TURN)
            };
            fragments += taken.max(0) as usize;
            turn.note_share();
        }
        self.drop_assemblers();
        turn.panic.map_or(Ok(fragments), Err)
    }

    /// Has the driver take an image away, and end the stream if its publisher is gone. What a connection comes to when its image is gone
    /// comes to this one then.
    #[cold]
    pub fn reject(&mut self, registration: i64) {
        self.list_images();
        for &image in self.images.iter().filter(|image| registration_id(**image) == registration) {
            // SAFETY: the image was listed just now. A driver that takes no more commands is asked again.
            unsafe { aeron_image_reject(image, UNREACHABLE.as_ptr()) };
        }
    }

    fn list_images(&mut self) {
        self.images.clear();
        for &subscription in &self.subscriptions {
            // SAFETY: the subscription is open. An image that is listed now lives until this thread lists or polls again.
            unsafe { aeron_subscription_for_each_image(subscription, on_image, (&raw mut self.images).cast()) };
        }
    }

    fn assembler(&mut self, image: i64, guess: usize) -> *mut aeron_image_controlled_fragment_assembler_t {
        let place = match self.assemblers.get(guess) {
            Some(assembler) if assembler.image == image => guess,
            _ => {
                self.assemblers.iter().position(|assembler| assembler.image == image).unwrap_or_else(|| self.add(image))
            }
        };
        self.assemblers[place].seen = true;
        self.assemblers[place].raw
    }

    fn add(&mut self, image: i64) -> usize {
        let mut raw = ptr::null_mut();
        let clientd = (&raw mut *self.turn).cast();
        // SAFETY: the box that `clientd` points into outlives the assembler.
        unsafe { aeron_image_controlled_fragment_assembler_create(&raw mut raw, on_message, clientd) };
        self.assemblers.push(Assembler { image, raw, seen: true });
        self.assemblers.len() - 1
    }

    fn drop_assemblers(&mut self) {
        self.assemblers.retain_mut(|assembler| std::mem::take(&mut assembler.seen));
    }
}

impl Drop for Assembler {
    fn drop(&mut self) {
        // SAFETY: ours, and deleted once.
        unsafe { aeron_image_controlled_fragment_assembler_delete(self.raw) };
    }
}

unsafe extern "C" fn on_image(image: *mut aeron_image_t, images: *mut c_void) {
    // SAFETY: `list_images` passes its vector.
    unsafe { (*images.cast::<Vec<*mut aeron_image_t>>()).push(image) };
}

fn registration_id(image: *mut aeron_image_t) -> i64 {
    // SAFETY: plain numbers and pointers, for which zeros are valid; the image lives.
    unsafe {
        let mut constants: aeron_image_constants_t = std::mem::zeroed();
        aeron_image_constants(image, &raw mut constants);
        constants.correlation_id
    }
}

/// Aeron calls this for each whole message.
unsafe extern "C" fn on_message(
    clientd: *mut c_void,
    buffer: *const u8,
    length: usize,
    _: *mut aeron_header_t,
) -> c_int {
    // SAFETY: `poll` has set the turn; the bytes live for the call.
    let (turn, bytes) = unsafe { (&mut **clientd.cast::<*mut Turn>(), std::slice::from_raw_parts(buffer, length)) };
    let taken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| turn.take(bytes)));
    taken.unwrap_or_else(|panic| {
        turn.panic = Some(panic_text(&*panic));
        AERON_ACTION_BREAK
    })
}

impl Turn<'_> {
    #[inline]
    fn take(&mut self, message: &[u8]) -> c_int {
        if message.len() > INGRESS_MESSAGE_BYTES_MAX {
            self.counts.bad_frames += 1;
            return AERON_ACTION_CONTINUE;
        }
        if !self.sequencer.has_room(message.len().max(256)) {
            return AERON_ACTION_ABORT;
        }
        match MessageHeader::read(message).map(|header| header.template) {
            Some(command_codec::SBE_TEMPLATE_ID) => self.commands(message),
            Some(connect_codec::SBE_TEMPLATE_ID) => self.connect(&copied(message)),
            Some(logon_codec::SBE_TEMPLATE_ID) => self.logon(&copied(message)),
            _ => self.counts.bad_frames += 1,
        }
        self.taken_bytes += message.len();
        if self.taken_bytes >= IMAGE_BYTES_PER_TURN { AERON_ACTION_BREAK } else { AERON_ACTION_CONTINUE }
    }

    /// Whether the connection may have more stamped now.
    #[inline]
    fn is_within_share(&mut self) -> bool {
        let share = self.egress.connections.share(self.connection);
        share.is_none_or(|share| self.sequencer.is_within_share(share))
    }

    /// Its turn is over: what it has stamped counts until it is on disk.
    #[inline]
    fn note_share(&mut self) {
        if let Some(share) = self.egress.connections.share(self.connection) {
            share.add(self.sequencer.open_block(), self.stamped_bytes);
        }
    }

    #[inline]
    fn commands(&mut self, mut rest: &[u8]) {
        while !rest.is_empty() {
            match self.sequencer.on_command(self.connection, rest) {
                Ok(command) => {
                    self.answer(&command);
                    rest = rest.get(aligned(command.length)..).unwrap_or_default();
                }
                Err(error) => return self.bad_frame(error),
            }
        }
    }

    #[inline]
    fn answer(&mut self, command: &Judged) {
        match command.verdict {
            Verdict::Stamp => {
                self.counts.commands += 1;
                self.stamped_bytes += command.length;
            }
            Verdict::Repeat(outcome) => {
                self.counts.repeats += 1;
                self.egress.repeat(self.connection, command, &outcome, self.sequencer.epoch());
            }
            Verdict::Waiting => self.counts.repeats += 1,
            Verdict::Refuse { reason, expected } => {
                let refusal = Refusal { number: command.number, expected, session: command.session, reason };
                self.refuse(refusal);
            }
            Verdict::Drop => self.counts.refused += 1,
        }
    }

    #[cold]
    fn bad_frame(&mut self, error: FrameError) {
        self.counts.bad_frames += 1;
        let reason = if error == FrameError::TooLong { RefusalReason::TooLong } else { RefusalReason::BadFrame };
        self.refuse(Refusal { number: 0, expected: 0, session: 0, reason });
    }

    #[cold]
    fn refuse(&mut self, refusal: Refusal) {
        self.counts.refused += 1;
        let session = refusal.session;
        if !self.egress.refuse(self.connection, refusal) {
            self.sequencer.untold(session);
        }
    }

    #[cold]
    fn connect(&mut self, message: &[u8]) {
        let root = MESSAGE_HEADER_BYTES + connect_codec::SBE_BLOCK_LENGTH as usize;
        let Some(channel) = message.get(root..).and_then(var_data).filter(|_| has_block(message, root)) else {
            return self.bad_frame(FrameError::Short);
        };
        let fields = connect_codec::ConnectDecoder::default().wrap(ReadBuf::new(message), MESSAGE_HEADER_BYTES, 0, 0);
        let speaks_our_version = fields.protocol_version() == PROTOCOL_VERSION;
        let wanted = Wanted::new(channel, fields.response_stream(), fields.correlation_id(), speaks_our_version);
        let connects = wanted.is_some_and(|wanted| self.egress.connections.connect(self.connection, wanted));
        self.counts.refused += u64::from(!connects || !speaks_our_version);
    }

    #[cold]
    fn logon(&mut self, message: &[u8]) {
        let root = MESSAGE_HEADER_BYTES + logon_codec::SBE_BLOCK_LENGTH as usize;
        if message.len() < root || !has_block(message, root) {
            return self.bad_frame(FrameError::Short);
        }
        let fields = logon_codec::LogonDecoder::default().wrap(
            ReadBuf::new(message),
            MESSAGE_HEADER_BYTES,
            logon_codec::SBE_BLOCK_LENGTH,
            SBE_SCHEMA_VERSION,
        );
        let (number, session) = (fields.correlation_id(), fields.session());
        let (instance, resumes) = (fields.instance(), fields.resumes() == Boolean::True);
        let opened = match self.egress.connections.prove(self.connection, &fields) {
            Some(_) if self.intake_stopped => Err(RefusalReason::IntakeStopped),
            Some(user) => self.sequencer.open_session(Claim { session, instance, resumes, user }, self.connection),
            None => Err(RefusalReason::LogonDenied),
        };
        match opened {
            Ok(attached) => {
                self.egress.expect(attached.session, attached.epoch, self.connection);
                if attached.replaced != 0 && attached.replaced != self.connection {
                    let reason = RefusalReason::StaleEpoch;
                    self.egress.refuse(
                        attached.replaced,
                        Refusal { number: 0, expected: 0, session: attached.session, reason },
                    );
                }
            }
            Err(reason) => self.refuse(Refusal { number, expected: 0, session, reason }),
        }
    }
}

/// A message that its sender can no longer change: over IPC it lies in memory that both may write.
#[cold]
fn copied(message: &[u8]) -> Vec<u8> {
    std::hint::black_box(message.to_vec())
}

/// Whether the root block is as long as this version's; a newer client's longer one is taken at its word elsewhere.
fn has_block(message: &[u8], root: usize) -> bool {
    MessageHeader::read(message).is_some_and(|header| header.block_length as usize == root - MESSAGE_HEADER_BYTES)
}

fn var_data(bytes: &[u8]) -> Option<&[u8]> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.get(..u16::from_le_bytes(*length) as usize)
}
