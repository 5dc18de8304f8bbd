//! Puts the fragments of a long message together again.

use std::collections::HashMap;

use super::frame::{BEGIN, END};

/// What became of a fragment.
pub enum Assembled<'a> {
    /// The message is this fragment.
    Whole,
    /// This was the last fragment; here is the message.
    Last(&'a [u8]),
    /// More fragments follow, or the beginning was missed.
    Partial,
}

/// Unfinished messages by session.
#[derive(Default)]
pub struct Assembler {
    sessions: HashMap<i32, Vec<u8>>,
}

impl Assembler {
    /// Takes one fragment.
    pub fn take(&mut self, session_id: i32, flags: u8, fragment: &[u8]) -> Assembled<'_> {
        if flags & (BEGIN | END) == BEGIN | END {
            return Assembled::Whole;
        }
        if flags & BEGIN != 0 {
            let message = self.sessions.entry(session_id).or_default();
            message.clear();
            message.extend_from_slice(fragment);
            return Assembled::Partial;
        }
        // A reader that joined in the middle of a message has no beginning and drops the rest.
        match self.sessions.get_mut(&session_id) {
            Some(message) if !message.is_empty() => {
                message.extend_from_slice(fragment);
                if flags & END != 0 { Assembled::Last(message) } else { Assembled::Partial }
            }
            _ => Assembled::Partial,
        }
    }

    /// The last fragment's message was delivered.
    pub fn delivered(&mut self, session_id: i32) {
        if let Some(message) = self.sessions.get_mut(&session_id) {
            message.clear();
        }
    }

    /// The last fragment was not accepted and will come again.
    pub fn put_back(&mut self, session_id: i32, fragment_length: usize) {
        if let Some(message) = self.sessions.get_mut(&session_id) {
            message.truncate(message.len() - fragment_length);
        }
    }

    /// The session is gone.
    pub fn forget(&mut self, session_id: i32) {
        self.sessions.remove(&session_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(assembled: Assembled<'_>) -> Option<Vec<u8>> {
        if let Assembled::Last(message) = assembled { Some(message.to_vec()) } else { None }
    }

    #[test]
    fn fragments_of_two_sessions_do_not_mix() {
        let mut assembler = Assembler::default();
        assembler.take(1, BEGIN, b"one ");
        assembler.take(2, BEGIN, b"two ");
        assert_eq!(last(assembler.take(1, END, b"end")), Some(b"one end".to_vec()));
        assert_eq!(last(assembler.take(2, END, b"end")), Some(b"two end".to_vec()));
    }

    #[test]
    fn a_fragment_without_a_beginning_is_dropped() {
        let mut assembler = Assembler::default();
        assert!(matches!(assembler.take(1, 0, b"middle"), Assembled::Partial));
        assert_eq!(last(assembler.take(1, END, b"end")), None);
    }

    #[test]
    fn a_last_fragment_that_was_put_back_can_come_again() {
        let mut assembler = Assembler::default();
        assembler.take(1, BEGIN, b"one ");
        assembler.take(1, END, b"end");
        assembler.put_back(1, 3);
        assert_eq!(last(assembler.take(1, END, b"end")), Some(b"one end".to_vec()));
        assembler.delivered(1);
        assert_eq!(last(assembler.take(1, END, b"end")), None);
    }
}
