//! Writes a snapshot: a header, then sections, each with its length and checksum, all little-endian.

/// Magic, format version, zero, and the length of everything.
pub(super) const HEADER_BYTES: usize = 24;
/// Of a section: name, CRC-32C of its payload, length of its payload.
pub(super) const SECTION_HEADER_BYTES: usize = 16;

/// See the module.
#[derive(Debug)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Begins a snapshot of a kind.
    pub fn new(magic: [u8; 8], version: u32) -> Self {
        let mut writer = Self { bytes: Vec::new() };
        writer.bytes(&magic);
        writer.u32(version);
        writer.u32(0);
        writer.u64(0); // the length, once it is known
        writer
    }

    /// Writes a section.
    pub fn section(&mut self, name: [u8; 4], write: impl FnOnce(&mut Self)) {
        let at = self.bytes.len();
        self.bytes(&name);
        self.bytes(&[0; SECTION_HEADER_BYTES - 4]);
        write(self);
        let payload = &self.bytes[at + SECTION_HEADER_BYTES..];
        let (checksum, length) = (crc32c::crc32c(payload), payload.len() as u64);
        self.bytes[at + 4..at + 8].copy_from_slice(&checksum.to_le_bytes());
        self.bytes[at + 8..at + 16].copy_from_slice(&length.to_le_bytes());
    }

    /// The snapshot.
    pub fn finish(mut self) -> Vec<u8> {
        let length = self.bytes.len() as u64;
        self.bytes[16..HEADER_BYTES].copy_from_slice(&length.to_le_bytes());
        self.bytes
    }

    /// Makes room for what comes.
    pub fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve(bytes);
    }

    /// As they are.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// One byte.
    #[inline]
    pub fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    /// 0 or 1.
    #[inline]
    pub fn flag(&mut self, value: bool) {
        self.u8(u8::from(value));
    }

    /// Four bytes.
    #[inline]
    pub fn u32(&mut self, value: u32) {
        self.bytes(&value.to_le_bytes());
    }

    /// Eight bytes.
    #[inline]
    pub fn u64(&mut self, value: u64) {
        self.bytes(&value.to_le_bytes());
    }

    /// Eight bytes.
    #[inline]
    pub fn i64(&mut self, value: i64) {
        self.bytes(&value.to_le_bytes());
    }

    /// Sixteen bytes.
    pub fn i128(&mut self, value: i128) {
        self.bytes(&value.to_le_bytes());
    }

    /// A flag and four bytes, zeros for none.
    pub fn optional_u32(&mut self, value: Option<u32>) {
        self.flag(value.is_some());
        self.u32(value.unwrap_or(0));
    }

    /// How many of something follow.
    ///
    /// # Panics
    /// If there are more than fit 32 bits; every limit is below.
    pub fn count(&mut self, count: usize) {
        self.u32(u32::try_from(count).expect("limits keep counts in 32 bits"));
    }
}
