//! Trading phases: what an instrument allows at a time.

use super::Done;
use super::controls::Entry;
use super::tasks::Task;
use crate::command::{OrdType, SetPhase, TimeInForce, TradingPhase};
use crate::engine::Engine;
use crate::event::{Event, PhaseChanged, RejectReason};

/// The phase of each book.
#[derive(Debug, Default)]
pub(crate) struct Phases {
    /// By book; beyond its end are books that have always been in `Continuous`.
    by_book: Vec<TradingPhase>,
}

impl Phases {
    #[inline]
    pub(crate) fn of(&self, book: u32) -> TradingPhase {
        self.by_book.get(book as usize).copied().unwrap_or(TradingPhase::Continuous)
    }

    pub(crate) fn set(&mut self, book: u32, phase: TradingPhase) {
        let place = book as usize;
        if self.by_book.len() <= place {
            self.by_book.resize(place + 1, TradingPhase::Continuous);
        }
        self.by_book[place] = phase;
    }
}

fn is_auction(phase: TradingPhase) -> bool {
    matches!(phase, TradingPhase::OpeningAuction | TradingPhase::ClosingAuction)
}

/// Whether a book must not stay crossed from one phase to the next. A halt keeps an auction's book for what follows.
fn uncrosses(from: TradingPhase, to: TradingPhase) -> bool {
    to == TradingPhase::Continuous || (is_auction(from) && to != TradingPhase::Halt)
}

/// Whether an order may wait for an uncross: it can neither trade at once nor ask to.
fn waits(entry: &Entry) -> bool {
    entry.ord_type != OrdType::Market
        && matches!(entry.time_in_force, TimeInForce::Day | TimeInForce::GoodTillCancel | TimeInForce::GoodTillDate)
        && entry.attributes.minimum_quantity.is_none()
}

impl Engine {
    pub(crate) fn set_phase(&mut self, session: u32, set: &SetPhase, events: &mut Vec<Event>) -> Done {
        let phase = set.phase;
        if phase == TradingPhase::NullVal {
            return Err(RejectReason::InvalidPhase);
        }
        match set.instrument {
            Some(instrument) => {
                let book = self.books.find(instrument).ok_or(RejectReason::UnknownInstrument)?;
                self.tasks.step();
                self.enter_phase(session, book, phase, events);
            }
            None => {
                let next = self.books.instrument_from(0).ok_or(RejectReason::UnknownInstrument)?;
                self.tasks.begin(Task::SetPhases { session, phase, next });
            }
        }
        Ok(())
    }

    /// Sets the phase of all instruments from `next` on, a step each. True if it is finished.
    pub(super) fn set_phases(
        &mut self,
        session: u32,
        phase: TradingPhase,
        next: &mut u32,
        events: &mut Vec<Event>,
    ) -> bool {
        while let Some(instrument) = self.books.instrument_from(*next) {
            if self.tasks.is_spent() {
                return false;
            }
            self.tasks.step();
            let book = self.books.find(instrument).expect("it is defined");
            self.enter_phase(session, book, phase, events);
            *next = instrument + 1;
        }
        true
    }

    /// Has a book enter a phase, for `session` or, if that is 0, by schedule.
    pub(super) fn enter_phase(&mut self, session: u32, book: u32, phase: TradingPhase, events: &mut Vec<Event>) {
        let before = self.phases.of(book);
        if phase != before && uncrosses(before, phase) {
            self.uncross(session, book, events);
        }
        self.phases.set(book, phase);
        let instrument = self.books.terms(book).id;
        self.outcome(events).emit(Event::PhaseChanged(PhaseChanged { instrument, phase, session }));
        match phase {
            TradingPhase::Closed if phase != before => self.begin_end_of_day(book),
            TradingPhase::Continuous if phase != before => self.begin_stop_search(book),
            _ => {}
        }
    }

    /// Whether orders of a book trade as they come: only in `Continuous`.
    #[inline]
    pub(crate) fn trades_now(&self, book: u32) -> bool {
        self.phases.of(book) == TradingPhase::Continuous
    }

    /// Whether the phase of the instrument allows the order.
    #[inline]
    pub(super) fn check_phase(&mut self, entry: &Entry) -> Done {
        let allowed = match self.phases.of(entry.book) {
            TradingPhase::Continuous => true,
            TradingPhase::Closed | TradingPhase::Halt => false,
            _ => entry.replaced.is_some() || waits(entry),
        };
        if allowed { Ok(()) } else { Err(RejectReason::WrongPhase) }
    }
}
