//! Instruments: opening a book.

use super::Done;
use crate::check;
use crate::command::Instrument;
use crate::engine::Engine;
use crate::event::{Event, InstrumentDefined, RejectReason};

impl Engine {
    pub(crate) fn define_instrument(&mut self, session: u32, terms: &Instrument, events: &mut Vec<Event>) -> Done {
        check::instrument(terms)?;
        match self.books.find(terms.id) {
            Some(book) if self.books.terms(book) != terms => {
                return Err(RejectReason::InstrumentExists);
            }
            Some(_) => {}
            None => self.books.open(*terms),
        }
        let defined = InstrumentDefined { instrument: *terms, session };
        self.outcome(events).emit(Event::InstrumentDefined(defined));
        Ok(())
    }
}
