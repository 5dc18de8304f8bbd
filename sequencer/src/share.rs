//! What one connection has in the blocks that are not yet on disk. Where orders wait for the disk, whoever comes next waits for all
//! that was stamped before: a connection that may stamp without bound makes everybody wait for what it sends.

use std::collections::VecDeque;

/// See the module.
#[derive(Debug, Default)]
pub struct Share {
    /// Block and bytes in it, the oldest first; no more of them than blocks in flight.
    parts: VecDeque<(u64, usize)>,
    bytes: usize,
}

impl Share {
    /// So many bytes were stamped into `block`, which is none before the last one named.
    #[inline]
    pub fn add(&mut self, block: u64, bytes: usize) {
        match self.parts.back_mut() {
            _ if bytes == 0 => return,
            Some(part) if part.0 == block => part.1 += bytes,
            _ => self.parts.push_back((block, bytes)),
        }
        self.bytes += bytes;
    }

    /// The journal has committed every block up to `index`. Gives the bytes that are not yet on disk.
    #[inline]
    pub fn after(&mut self, index: u64) -> usize {
        while let Some(&(_, bytes)) = self.parts.front().filter(|part| part.0 <= index) {
            self.parts.pop_front();
            self.bytes -= bytes;
        }
        self.bytes
    }
}
