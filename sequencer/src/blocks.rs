//! The blocks between stamping, journal and engine: a ring in which one fills, some are with the journal, and some wait to be
//! executed. A slot is free again when its block is both persisted and executed.

use crate::block::{Block, Stamp};
use crate::frame::{COMMAND_HEADER_BYTES, SEQUENCED_HEADER_BYTES, SequencedFrame, aligned};
use crate::limits::{BLOCK_HEADER_BYTES, BLOCKS_IN_FLIGHT_MAX};
use crate::replica::LogPosition;

/// See the module.
pub struct Blocks {
    ring: Vec<Block>,
    /// The last sealed block.
    sealed: LogPosition,
    /// The seq of the last frame of each sealed block, by slot.
    last_seqs: Vec<u64>,
    /// Index of the last block given to the journal.
    handed: u64,
    /// Index of the last block that the journal has committed.
    persisted: u64,
    executing: Place,
    /// What has been looked at ahead of its execution, and how many frames that is.
    foreseen: Place,
    ahead: usize,
    term: u64,
}

/// Where the next frame begins, or the block before it ends.
#[derive(Clone, Copy)]
struct Place {
    block: u64,
    offset: usize,
}

impl Blocks {
    /// An empty ring whose first block follows `log`.
    pub fn after(log: LogPosition, term: u64) -> Self {
        let mut ring: Vec<_> = (0..BLOCKS_IN_FLIGHT_MAX).map(|_| Block::default()).collect();
        ring[slot(log.index + 1)].clear();
        let first = Place { block: log.index + 1, offset: BLOCK_HEADER_BYTES };
        Self {
            ring,
            sealed: log,
            last_seqs: vec![0; BLOCKS_IN_FLIGHT_MAX as usize],
            handed: log.index,
            persisted: log.index,
            executing: first,
            foreseen: first,
            ahead: 0,
            term,
        }
    }

    /// Whether frames of so many bytes can be stamped; no more than fit into one block may be asked for.
    #[inline]
    pub fn has_room(&self, bytes: usize) -> bool {
        self.open().room() >= bytes || self.in_flight() < BLOCKS_IN_FLIGHT_MAX
    }

    /// Copies a command to where it will be stamped and gives the copy; there must be room. `last_seq` is the last stamped frame's.
    #[inline]
    pub fn hold(&mut self, command: &[u8], last_seq: u64) -> &[u8] {
        self.open_for(SEQUENCED_HEADER_BYTES + command.len(), last_seq).hold(command)
    }

    /// Stamps the first `length` bytes of what is held.
    #[inline]
    pub fn stamp_held(&mut self, stamp: Stamp, length: usize) {
        self.open_mut().stamp_held(stamp, length);
    }

    /// Appends a command of the sequencer itself, of at most `body_bytes_max`.
    pub fn append_own(&mut self, stamp: Stamp, body_bytes_max: usize, write: impl FnOnce(&mut [u8]) -> usize) {
        let bytes = SEQUENCED_HEADER_BYTES + COMMAND_HEADER_BYTES + body_bytes_max;
        self.open_for(bytes, stamp.seq - 1).append_own(stamp, write);
    }

    /// The last block that was given to the journal or waits for it.
    pub fn sealed(&self) -> LogPosition {
        self.sealed
    }

    /// The block for the journal to commit next, if one is sealed.
    pub fn next_sealed(&mut self) -> Option<(u64, &[u8])> {
        if self.handed == self.sealed.index {
            return None;
        }
        self.handed += 1;
        let slot = slot(self.handed);
        Some((self.handed, self.ring[slot].bytes()))
    }

    /// Whether a sealed block waits for the journal.
    pub fn has_sealed(&self) -> bool {
        self.handed < self.sealed.index
    }

    /// The last block that the journal has committed.
    pub fn persisted(&self) -> u64 {
        self.persisted
    }

    /// The open block.
    #[inline]
    pub fn open(&self) -> &Block {
        &self.ring[slot(self.sealed.index + 1)]
    }

    /// Closes the open block, which must hold something; the next slot must be free. `last_seq` is its last frame's.
    pub fn seal(&mut self, last_seq: u64) {
        let index = self.sealed.index + 1;
        let hash = self.ring[slot(index)].seal(index, self.term, &self.sealed.hash);
        self.last_seqs[slot(index)] = last_seq;
        self.sealed = LogPosition { index, hash };
        self.ring[slot(index + 1)].clear();
    }

    /// Whether [`Blocks::seal`] finds a free slot.
    pub fn can_seal(&self) -> bool {
        self.in_flight() < BLOCKS_IN_FLIGHT_MAX
    }

    /// The journal has committed everything up to `index`. Returns the seq of the last frame in it.
    pub fn persist(&mut self, index: u64) -> Option<u64> {
        if index <= self.persisted || index > self.handed {
            return None;
        }
        self.persisted = index;
        Some(self.last_seqs[slot(index)])
    }

    /// The next frame to execute, if it is no later than `released`.
    #[inline]
    pub fn next_frame(&mut self, released: u64) -> Option<SequencedFrame<'_>> {
        let (frame, behind) = frame_at(&self.ring, self.sealed.index, self.executing, released)?;
        self.executing = behind;
        self.ahead = self.ahead.saturating_sub(1);
        Some(frame)
    }

    /// The next frame that nobody has looked at ahead of its execution, if it is no later than `released`.
    #[inline]
    pub fn foresee(&mut self, released: u64) -> Option<SequencedFrame<'_>> {
        let from = if self.ahead == 0 { self.executing } else { self.foreseen };
        let (frame, behind) = frame_at(&self.ring, self.sealed.index, from, released)?;
        self.foreseen = behind;
        self.ahead += 1;
        Some(frame)
    }

    /// How many frames have been looked at and not been executed.
    #[inline]
    pub fn ahead(&self) -> usize {
        self.ahead
    }

    /// Blocks that are not yet both persisted and executed, the open one included.
    fn in_flight(&self) -> u64 {
        self.sealed.index + 2 - self.executing.block.min(self.persisted + 1)
    }

    #[inline]
    fn open_for(&mut self, bytes: usize, last_seq: u64) -> &mut Block {
        if self.open().room() < aligned(bytes) {
            self.seal(last_seq);
        }
        self.open_mut()
    }

    #[inline]
    fn open_mut(&mut self) -> &mut Block {
        &mut self.ring[slot(self.sealed.index + 1)]
    }
}

/// The frame at a place if it is no later than `released`, and the place behind it. `sealed` is the last sealed block.
#[inline]
fn frame_at(ring: &[Block], sealed: u64, mut at: Place, released: u64) -> Option<(SequencedFrame<'_>, Place)> {
    if at.block <= sealed && at.offset == ring[slot(at.block)].bytes().len() {
        at = Place { block: at.block + 1, offset: BLOCK_HEADER_BYTES };
    }
    let rest = &ring[slot(at.block)].bytes()[at.offset..];
    let frame = SequencedFrame::read(rest).ok().filter(|frame| frame.seq <= released)?;
    at.offset += aligned(frame.length);
    Some((frame, at))
}

#[inline]
fn slot(index: u64) -> usize {
    (index % BLOCKS_IN_FLIGHT_MAX) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The seq of a frame.
    fn seq(frame: Option<SequencedFrame>) -> Option<u64> {
        frame.map(|frame| frame.seq)
    }

    proptest! {
        /// Frames are executed in order and each is foreseen at most once, before its execution and behind no gap, however stamping,
        /// sealing, releasing and executing take turns.
        #[test]
        fn frames_are_foreseen_in_order_and_ahead_of_their_execution(steps in prop::collection::vec(0..9u32, 1..300)) {
            let mut blocks = Blocks::after(LogPosition::default(), 1);
            let (mut stamped, mut released, mut executed, mut foreseen) = (0, 0, 0, 0);
            for step in steps {
                match step {
                    0..3 if blocks.has_room(400) => {
                        stamped += 1;
                        blocks.append_own(Stamp { seq: stamped, time_ns: 1, epoch: 1 }, 300, |_| 300);
                    }
                    3 if !blocks.open().is_empty() && blocks.can_seal() => blocks.seal(stamped),
                    4 => {
                        released = stamped;
                        while let Some(index) = blocks.next_sealed().map(|(index, _)| index) {
                            blocks.persist(index);
                        }
                    }
                    5..7 => {
                        let next = seq(blocks.foresee(released));
                        foreseen = foreseen.max(executed);
                        prop_assert_eq!(next, (foreseen < released).then_some(foreseen + 1));
                        foreseen = next.unwrap_or(foreseen);
                    }
                    7.. => {
                        let next = seq(blocks.next_frame(released));
                        prop_assert_eq!(next, (executed < released).then_some(executed + 1));
                        executed = next.unwrap_or(executed);
                    }
                    _ => {}
                }
                prop_assert_eq!(blocks.ahead() as u64, foreseen.saturating_sub(executed));
            }
        }
    }
}
