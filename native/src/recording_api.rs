//! The seam to what a recorder needs of a replica besides its state: the events of each block as rows, where each session's
//! commands begin, and the state hash after every seq of late.

use crate::engine_api::InstrumentRow;
use crate::error::guard;
use crate::replica_api::apply_block;
use engine::event::Event;
use engine::rows::EventRow;
use sequencer::frame::SequencedFrame;
use sequencer::replica::Replica;
use std::ffi::c_int;

/// State hashes kept, by seq: what a busy node executes between two looks of a recorder at the hash that it publishes, many times over.
const HASHES_KEPT: usize = 1 << 20;

/// Where a session's commands begin in a block; mirrors the struct of `seriatim.h`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct FirstNumber {
    number: u64,
    session: u32,
    reserved: u32,
}

/// What one block caused; mirrors the struct of `seriatim.h`.
#[repr(C)]
pub struct Recorded {
    events: *const EventRow,
    event_count: usize,
    terms: *const InstrumentRow,
    term_count: usize,
    sessions: *const FirstNumber,
    session_count: usize,
    commands: u32,
}

/// See the module.
pub struct Recording {
    events: Vec<EventRow>,
    terms: Vec<InstrumentRow>,
    sessions: Vec<FirstNumber>,
    /// By session: the block in which it last had a command.
    seen: Vec<u64>,
    hashes: Box<[u64]>,
    /// The first and the last seq whose hash was recorded.
    first_seq: u64,
    last_seq: u64,
}

impl Default for Recording {
    fn default() -> Self {
        Self {
            events: Vec::new(),
            terms: Vec::new(),
            sessions: Vec::new(),
            seen: Vec::new(),
            hashes: vec![0; HASHES_KEPT].into_boxed_slice(),
            first_seq: 0,
            last_seq: 0,
        }
    }
}

impl Recording {
    fn begin(&mut self) {
        self.events.clear();
        self.terms.clear();
        self.sessions.clear();
    }

    #[inline]
    fn frame(&mut self, frame: &SequencedFrame, replica: &Replica) {
        let (session, number) = (frame.command.session, frame.command.number);
        self.hashes[frame.seq as usize % HASHES_KEPT] = replica.state_hash();
        self.last_seq = frame.seq;
        if self.first_seq == 0 {
            self.first_seq = frame.seq;
        }
        if session != 0 {
            self.note_first(session, number, replica.log().index + 1);
        }
        for (index, event) in replica.events().iter().enumerate() {
            // A number is of the session whose event it is: what a command does to others has none.
            let number = if event.session() == session { number } else { 0 };
            self.events.push(EventRow::default());
            if let Some(row) = self.events.last_mut() {
                row.tell(event, number, index as u32);
                (row.seq, row.time_ns) = (frame.seq, frame.time_ns);
            }
            if let Event::InstrumentDefined(defined) = event {
                self.terms.push((&defined.instrument).into());
            }
        }
    }

    #[inline]
    fn note_first(&mut self, session: u32, number: u64, block: u64) {
        let place = session as usize;
        if self.seen.len() <= place {
            self.seen.resize(place + 1, 0);
        }
        if self.seen[place] != block {
            self.seen[place] = block;
            self.sessions.push(FirstNumber { number, session, reserved: 0 });
        }
    }

    fn hash(&self, seq: u64) -> Option<u64> {
        let known = seq >= self.first_seq && seq <= self.last_seq && self.last_seq - seq < HASHES_KEPT as u64;
        (known && seq != 0).then(|| self.hashes[seq as usize % HASHES_KEPT])
    }
}

/// A recording of nothing yet.
#[unsafe(no_mangle)]
pub extern "C" fn seriatim_recording_new() -> *mut Recording {
    Box::into_raw(Box::default())
}

/// # Safety
/// `recording` comes from `seriatim_recording_new` and is not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_recording_free(recording: *mut Recording) {
    if !recording.is_null() {
        // SAFETY: the caller's promise.
        drop(unsafe { Box::from_raw(recording) });
    }
}

/// # Safety
/// `recording` and `replica` are live; `bytes` points to `length` readable bytes; `recorded` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_recording_apply(
    recording: *mut Recording,
    replica: *mut Replica,
    bytes: *const u8,
    length: usize,
    recorded: *mut Recorded,
) -> c_int {
    // SAFETY: the caller's promise.
    let (recording, replica, bytes) =
        unsafe { (&mut *recording, &mut *replica, std::slice::from_raw_parts(bytes, length)) };
    guard(|| {
        recording.begin();
        let commands = apply_block(replica, bytes, |frame, replica| recording.frame(frame, replica))?;
        let told = Recorded {
            events: recording.events.as_ptr(),
            event_count: recording.events.len(),
            terms: recording.terms.as_ptr(),
            term_count: recording.terms.len(),
            sessions: recording.sessions.as_ptr(),
            session_count: recording.sessions.len(),
            commands: commands as u32,
        };
        // SAFETY: the caller's promise.
        unsafe { *recorded = told };
        Ok(commands)
    })
}

/// # Safety
/// `recording` is live; `hash` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_recording_hash(recording: *const Recording, seq: u64, hash: *mut u64) -> c_int {
    // SAFETY: the caller's promise.
    match unsafe { (*recording).hash(seq) } {
        Some(found) => {
            // SAFETY: the caller's promise.
            unsafe { *hash = found };
            1
        }
        None => 0,
    }
}
