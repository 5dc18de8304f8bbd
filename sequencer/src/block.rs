//! A block: the unit of the journal. Frames behind a header that says which they are, chained to the block before by a hash.

use crate::frame::{
    COMMAND_HEADER_BYTES, CommandFields, MESSAGE_HEADER_BYTES, SEQUENCED_HEADER_BYTES, SequencedFrame, aligned,
    write_command_header, write_stamp,
};
use crate::limits::{BLOCK_BODY_BYTES_MAX, BLOCK_HEADER_BYTES, FRAME_ALIGNMENT};
use engine::message;
use messages::{ReadBuf, block_header_codec, entry_type::EntryType};
use sha2::{Digest, Sha256};

/// SHA-256 of a block's header.
pub type HeaderHash = [u8; 32];

const CRC_OFFSET: usize = BLOCK_HEADER_BYTES - size_of::<u32>();
const _: () = assert!(MESSAGE_HEADER_BYTES + block_header_codec::SBE_BLOCK_LENGTH as usize == BLOCK_HEADER_BYTES);

/// A place in the order, and when it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Place in the order.
    pub seq: u64,
    /// Nanoseconds since the Unix epoch.
    pub time_ns: i64,
    /// Of the order.
    pub epoch: u32,
}

/// A block being filled, and after [`Block::seal`] a block of the log.
pub struct Block {
    /// Room for header and frames, and behind it as many bytes as padding may take; none before the first [`Block::clear`].
    bytes: Box<[u8]>,
    length: usize,
    first: Option<Stamp>,
    last_time_ns: i64,
    count: u32,
}

impl Default for Block {
    fn default() -> Self {
        Self { bytes: Box::default(), length: BLOCK_HEADER_BYTES, first: None, last_time_ns: 0, count: 0 }
    }
}

impl Block {
    /// Makes it empty, with room for a whole block; what it has once it keeps.
    pub fn clear(&mut self) {
        if self.bytes.is_empty() {
            self.bytes = vec![0; BLOCK_HEADER_BYTES + BLOCK_BODY_BYTES_MAX + FRAME_ALIGNMENT].into_boxed_slice();
        }
        self.length = BLOCK_HEADER_BYTES;
        self.first = None;
        self.count = 0;
    }

    /// Whether it holds no frame.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Bytes of frames that still fit.
    #[inline]
    pub fn room(&self) -> usize {
        self.bytes.len() - FRAME_ALIGNMENT - self.length
    }

    /// Header and frames; the header is only written by [`Block::seal`].
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Copies a command behind the room for its stamp and gives the copy. It is not part of the block until it is stamped; the next one
    /// takes its place. The caller has seen to it that there is room.
    #[inline]
    pub fn hold(&mut self, command: &[u8]) -> &[u8] {
        let start = self.length + SEQUENCED_HEADER_BYTES;
        let held = &mut self.bytes[start..start + command.len()];
        held.copy_from_slice(command);
        // The sender may still write to what was copied: whoever reads the copy must not be compiled to read the original.
        std::hint::black_box(held)
    }

    /// Takes the first `length` bytes of what is held into the block.
    #[inline]
    pub fn stamp_held(&mut self, stamp: Stamp, length: usize) {
        let frame = &mut self.bytes[self.length..];
        write_stamp(frame, stamp.seq, stamp.time_ns, stamp.epoch, length);
        self.advance(stamp, SEQUENCED_HEADER_BYTES + length);
    }

    /// Appends a command of the sequencer itself, whose body `write` writes; it returns the body's length.
    pub fn append_own(&mut self, stamp: Stamp, write: impl FnOnce(&mut [u8]) -> usize) {
        let frame = &mut self.bytes[self.length..];
        let command = &mut frame[SEQUENCED_HEADER_BYTES..];
        let body_length = write(&mut command[COMMAND_HEADER_BYTES..]);
        let length = write_command_header(command, &CommandFields::default(), body_length);
        write_stamp(frame, stamp.seq, stamp.time_ns, stamp.epoch, length);
        self.advance(stamp, SEQUENCED_HEADER_BYTES + length);
    }

    #[inline]
    fn advance(&mut self, stamp: Stamp, length: usize) {
        let end = self.length + length;
        self.bytes[end..end + FRAME_ALIGNMENT].copy_from_slice(&[0; FRAME_ALIGNMENT]);
        self.length += aligned(length);
        self.first.get_or_insert(stamp);
        self.last_time_ns = stamp.time_ns;
        self.count += 1;
    }

    /// Writes the header: from here on the block is entry `index` of the log. Returns the header's hash, for the next one.
    pub fn seal(&mut self, index: u64, term: u64, previous: &HeaderHash) -> HeaderHash {
        let body_length = self.length - BLOCK_HEADER_BYTES;
        let (first_seq, time_ns) = (self.first.map_or(0, |stamp| stamp.seq), self.last_time_ns);
        message!(block_header_codec::BlockHeaderEncoder, self.bytes, |header| {
            header.index(index).term(term).first_seq(first_seq).time(time_ns).previous_hash(previous);
            header.count(self.count).body_length(body_length as u32).entry_type(EntryType::Block).reserved(&[0; 3])
        });
        let crc = checksum(&self.bytes[..self.length]);
        self.bytes[CRC_OFFSET..BLOCK_HEADER_BYTES].copy_from_slice(&crc.to_le_bytes());
        header_hash(&self.bytes)
    }
}

/// Why bytes are not the block that they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockError {
    /// Too short, or another message.
    NotABlock,
    /// Not as long as the header says.
    Length,
    /// The checksum does not agree.
    Crc,
    /// Another index than the next one.
    Index,
    /// It does not follow the block before it.
    Chain,
    /// A frame inside cannot be read, or has another seq than the next one.
    Frame,
    /// A frame inside is to be skipped and is not the one that was meant.
    Skip,
    /// From a frame inside on the order follows rules that this engine does not know, or that are older than those before.
    Logic,
}

/// A block of the log, read back.
#[derive(Clone, Copy)]
pub struct SealedBlock<'a> {
    /// Its place in the log.
    pub index: u64,
    /// The leader's term.
    pub term: u64,
    /// The seq of its first frame.
    pub first_seq: u64,
    /// How many frames.
    pub count: u32,
    /// The hash of the header before this one.
    pub previous: HeaderHash,
    /// The hash of this header.
    pub hash: HeaderHash,
    frames: &'a [u8],
}

impl<'a> SealedBlock<'a> {
    /// Checks length and checksum.
    pub fn read(bytes: &'a [u8]) -> Result<Self, BlockError> {
        let header = crate::frame::MessageHeader::read(bytes).ok_or(BlockError::NotABlock)?;
        if header.template != block_header_codec::SBE_TEMPLATE_ID || bytes.len() < BLOCK_HEADER_BYTES {
            return Err(BlockError::NotABlock);
        }
        let fields =
            block_header_codec::BlockHeaderDecoder::default().wrap(ReadBuf::new(bytes), MESSAGE_HEADER_BYTES, 0, 0);
        if bytes.len() - BLOCK_HEADER_BYTES != fields.body_length() as usize {
            return Err(BlockError::Length);
        }
        if checksum(bytes) != fields.crc() {
            return Err(BlockError::Crc);
        }
        Ok(Self {
            index: fields.index(),
            term: fields.term(),
            first_seq: fields.first_seq(),
            count: fields.count(),
            previous: fields.previous_hash(),
            hash: header_hash(bytes),
            frames: &bytes[BLOCK_HEADER_BYTES..],
        })
    }

    /// Its frames, in order.
    pub fn frames(&self) -> Frames<'a> {
        Frames { rest: self.frames }
    }
}

/// Frames one after the other; ends at the first that cannot be read, which is then an error.
pub struct Frames<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Frames<'a> {
    type Item = Result<SequencedFrame<'a>, BlockError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let frame = SequencedFrame::read(self.rest).map_err(|_| BlockError::Frame);
        let length = frame.as_ref().map_or(self.rest.len(), |frame| aligned(frame.length));
        self.rest = self.rest.get(length..).unwrap_or_default();
        Some(frame)
    }
}

fn checksum(block: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&block[..CRC_OFFSET]), &block[BLOCK_HEADER_BYTES..])
}

fn header_hash(block: &[u8]) -> HeaderHash {
    Sha256::digest(&block[..BLOCK_HEADER_BYTES]).into()
}
