//! Bodies of a client's commands that have no answer yet, the oldest first.

use std::collections::VecDeque;

/// See the module.
#[derive(Default)]
pub struct Unanswered {
    /// One after the other.
    pub bytes: VecDeque<u8>,
    /// Of each.
    pub lengths: VecDeque<u32>,
}

impl Unanswered {
    /// Adds the youngest.
    #[inline]
    pub fn push(&mut self, body: &[u8]) {
        self.bytes.extend(body);
        self.lengths.push_back(body.len() as u32);
    }

    /// Drops the oldest; false if there is none.
    #[inline]
    pub fn pop(&mut self) -> bool {
        let length = self.lengths.pop_front();
        self.bytes.drain(..length.unwrap_or(0) as usize);
        length.is_some()
    }
}
