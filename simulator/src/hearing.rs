//! What a client has heard of its own commands: every event of each, one after the other, or the outcome as a whole, before it counts
//! the command as answered.

use engine::rows::EventRow;
use messages::outcome_kind::OutcomeKind;
use std::collections::BTreeMap;

const LAST_FLAG: u8 = 1;
const REPEATED_FLAG: u8 = 2;

/// See the module.
#[derive(Default)]
pub struct Hearing {
    answered: u64,
    /// Of commands above: how many events were heard, and whether the last one was.
    heard: BTreeMap<u64, (u32, bool)>,
}

impl Hearing {
    /// After a logon: whatever has no answer will be told again, from its first event or as an outcome.
    pub fn begin(&mut self, answered: u64) {
        self.answered = answered;
        self.heard.retain(|number, (_, complete)| *number > answered && *complete);
    }

    /// An event of its own. An error says what is wrong with it.
    pub fn event(&mut self, row: &EventRow) -> Result<(), String> {
        if row.outcome == OutcomeKind::Forgotten as u8 {
            return Ok(()); // no answer
        }
        let (next, complete) = self.heard.entry(row.number).or_default();
        if row.number <= self.answered || *complete {
            return Ok(()); // the answer to a repeat of what is answered
        }
        let repeated = row.flags & REPEATED_FLAG != 0;
        if !repeated && row.index != *next {
            return Err(format!("event {} of command {} came where {next} was due", row.index, row.number));
        }
        *next += 1;
        *complete = row.flags & LAST_FLAG != 0;
        Ok(())
    }

    /// The client counts everything up to `answered` as answered. An error says what it has not heard.
    pub fn answered(&mut self, answered: u64) -> Result<(), String> {
        for number in self.answered + 1..=answered {
            if !self.heard.remove(&number).is_some_and(|(_, complete)| complete) {
                return Err(format!("command {number} counts as answered, and its last event was not heard"));
            }
        }
        self.answered = self.answered.max(answered);
        self.heard.retain(|number, _| *number > answered);
        Ok(())
    }
}
