//! Reads a snapshot, and says of every byte that is wrong where it is.

use super::error::{Fault, SnapshotError};
use super::writer::{HEADER_BYTES, SECTION_HEADER_BYTES};
use crate::optional::Optional;

/// The sections of a snapshot, one after the other.
#[derive(Debug)]
pub struct Sections<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Sections<'a> {
    /// Checks the header.
    pub fn open(bytes: &'a [u8], magic: [u8; 8], version: u32) -> Result<Self, SnapshotError> {
        let wrong = |offset, fault| SnapshotError { section: [0; 4], offset, fault };
        if bytes.get(..8) != Some(&magic[..]) {
            return Err(wrong(0, Fault::Magic));
        }
        let mut header = Reader { bytes, at: 8, end: HEADER_BYTES.min(bytes.len()), field: 8, section: [0; 4] };
        let found = header.u32()?;
        if found != version {
            return Err(wrong(8, Fault::Version(found)));
        }
        let zero = header.u32()?;
        header.check(zero == 0, "not zero")?;
        if header.u64()? != bytes.len() as u64 {
            return Err(wrong(16, Fault::Length));
        }
        Ok(Self { bytes, at: HEADER_BYTES })
    }

    /// Reads the next section, which must have this name, as a whole.
    pub fn read<T>(
        &mut self,
        name: [u8; 4],
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, SnapshotError>,
    ) -> Result<T, SnapshotError> {
        let wrong = |offset, fault| Err(SnapshotError { section: name, offset, fault });
        let Some((header, rest)) = self.bytes[self.at..].split_at_checked(SECTION_HEADER_BYTES) else {
            return wrong(self.at, Fault::Length);
        };
        if header[..4] != name {
            return wrong(self.at, Fault::Section);
        }
        let length = u64::from_le_bytes(header[8..].try_into().expect("eight bytes"));
        let Some(payload) = usize::try_from(length).ok().and_then(|length| rest.get(..length)) else {
            return wrong(self.at + 8, Fault::Length);
        };
        if crc32c::crc32c(payload).to_le_bytes() != header[4..8] {
            return wrong(self.at + 4, Fault::Checksum);
        }
        let at = self.at + SECTION_HEADER_BYTES;
        let end = at + payload.len();
        let mut reader = Reader { bytes: self.bytes, at, end, field: at, section: name };
        let read = read(&mut reader)?;
        if reader.at != end {
            return wrong(reader.at, Fault::Length);
        }
        self.at = end;
        Ok(read)
    }

    /// Nothing may follow the last section.
    pub fn finish(self) -> Result<(), SnapshotError> {
        let Self { bytes, at } = self;
        let nothing = at == bytes.len();
        if nothing { Ok(()) } else { Err(SnapshotError { section: [0; 4], offset: at, fault: Fault::Length }) }
    }
}

/// What is in one section.
#[derive(Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
    /// Where the field read last began.
    field: usize,
    section: [u8; 4],
}

impl<'a> Reader<'a> {
    /// An error unless what was read last makes sense.
    #[inline]
    pub fn check(&self, sound: bool, otherwise: &'static str) -> Result<(), SnapshotError> {
        if sound { Ok(()) } else { Err(self.wrong(otherwise)) }
    }

    /// What was read last makes no sense.
    #[cold]
    pub fn wrong(&self, what: &'static str) -> SnapshotError {
        SnapshotError { section: self.section, offset: self.field, fault: Fault::Value(what) }
    }

    /// So many bytes as they are.
    #[inline]
    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8], SnapshotError> {
        self.field = self.at;
        if count > self.end - self.at {
            return Err(SnapshotError { section: self.section, offset: self.at, fault: Fault::Length });
        }
        self.at += count;
        Ok(&self.bytes[self.field..self.at])
    }

    /// Where the next field is, in the bytes of the whole snapshot.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// How much of the section is left.
    pub fn left(&self) -> usize {
        self.end - self.at
    }

    /// What is there so many bytes further on, to guess what comes; what is read next stays the same.
    #[inline]
    pub(super) fn ahead<const N: usize>(&self, bytes: usize) -> Option<&'a [u8; N]> {
        self.bytes[self.at..self.end].get(bytes..)?.first_chunk()
    }

    /// Whether the section is read to its end.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.at == self.end
    }

    /// All that is left of the section.
    pub fn rest(&mut self) -> Result<&'a [u8], SnapshotError> {
        self.bytes(self.left())
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], SnapshotError> {
        self.bytes(N).map(|bytes| bytes.try_into().expect("so many"))
    }

    /// One byte.
    #[inline]
    pub fn u8(&mut self) -> Result<u8, SnapshotError> {
        self.array().map(|[byte]| byte)
    }

    /// 0 or 1.
    #[inline]
    pub fn flag(&mut self) -> Result<bool, SnapshotError> {
        let flag = self.u8()?;
        self.check(flag <= 1, "neither 0 nor 1")?;
        Ok(flag == 1)
    }

    /// Four bytes.
    #[inline]
    pub fn u32(&mut self) -> Result<u32, SnapshotError> {
        self.array().map(u32::from_le_bytes)
    }

    /// Eight bytes.
    #[inline]
    pub fn u64(&mut self) -> Result<u64, SnapshotError> {
        self.array().map(u64::from_le_bytes)
    }

    /// Eight bytes.
    #[inline]
    pub fn i64(&mut self) -> Result<i64, SnapshotError> {
        self.array().map(i64::from_le_bytes)
    }

    /// Sixteen bytes.
    pub fn i128(&mut self) -> Result<i128, SnapshotError> {
        self.array().map(i128::from_le_bytes)
    }

    /// Eight bytes that may mean none.
    #[inline]
    pub(crate) fn optional(&mut self) -> Result<Optional, SnapshotError> {
        let raw = self.i64()?;
        Ok(Some(raw).into())
    }

    /// A flag and four bytes, zeros for none.
    pub fn optional_u32(&mut self) -> Result<Option<u32>, SnapshotError> {
        let (some, value) = (self.flag()?, self.u32()?);
        self.check(some || value == 0, "a value where there is none")?;
        Ok(some.then_some(value))
    }
}
