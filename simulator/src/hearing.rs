//! What a client has heard of its own commands: every event of each that is its own, one after the other, or the outcome as a whole,
//! before it counts the command as answered.

use engine::rows::EventRow;
use messages::outcome_kind::OutcomeKind;
use std::collections::BTreeMap;

const LAST_FLAG: u8 = 1;
const REPEATED_FLAG: u8 = 2;

/// See the module.
#[derive(Default)]
pub struct Hearing {
    answered: u64,
    /// Of commands above.
    heard: BTreeMap<u64, Heard>,
}

#[derive(Default)]
struct Heard {
    events: u32,
    /// No event of a lower index comes any more; in between are those of others.
    next_index: u32,
    complete: bool,
}

impl Hearing {
    /// After a logon: whatever has no answer will be told again, from its first event or as an outcome.
    pub fn begin(&mut self, answered: u64) {
        self.answered = answered;
        self.heard.retain(|number, heard| *number > answered && heard.complete);
    }

    /// An event of its own, of a command that caused `own` of them. An error says what is wrong with it.
    pub fn event(&mut self, row: &EventRow, own: u32) -> Result<(), String> {
        if row.outcome == OutcomeKind::Forgotten as u8 {
            return Ok(()); // no answer
        }
        let heard = self.heard.entry(row.number).or_default();
        if row.number <= self.answered || heard.complete {
            return Ok(()); // the answer to a repeat of what is answered
        }
        let (number, index, repeated) = (row.number, row.index, row.flags & REPEATED_FLAG != 0);
        if !repeated && index < heard.next_index {
            return Err(format!("event {index} of command {number} came where {} was due", heard.next_index));
        }
        heard.events += 1;
        heard.next_index = index + 1;
        heard.complete = row.flags & LAST_FLAG != 0;
        if heard.complete && !repeated && heard.events != own {
            return Err(format!("{} events of command {number} were heard, and there are {own}", heard.events));
        }
        Ok(())
    }

    /// The client counts everything up to `answered` as answered. An error says what it has not heard.
    pub fn answered(&mut self, answered: u64) -> Result<(), String> {
        for number in self.answered + 1..=answered {
            if !self.heard.remove(&number).is_some_and(|heard| heard.complete) {
                return Err(format!("command {number} counts as answered, and its last event was not heard"));
            }
        }
        self.answered = self.answered.max(answered);
        self.heard.retain(|number, _| *number > answered);
        Ok(())
    }
}
