//! Trading phases: what an instrument allows at a time.

use super::Done;
use super::controls::Entry;
use super::tasks::Task;
use crate::command::{OrdType, SetHalt, SetPhase, TimeInForce, TradingPhase};
use crate::engine::Engine;
use crate::event::{Event, PhaseChanged, RejectReason};
use crate::logic::HALTS;
use std::collections::{BTreeMap, BTreeSet};

/// What a book was set to: a phase, and perhaps a halt over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PhaseState {
    pub phase: TradingPhase,
    pub halted: bool,
}

impl PhaseState {
    /// The phase that holds. A day ends, halted or not: in `Closed` no more can be done than in a halt.
    pub(crate) fn shown(self) -> TradingPhase {
        if self.halted && self.phase != TradingPhase::Closed { TradingPhase::Halt } else { self.phase }
    }

    fn after(self, change: PhaseChange) -> Self {
        match change {
            PhaseChange::Phase(phase) => Self { phase, ..self },
            PhaseChange::Halt(halted) => Self { halted, ..self },
        }
    }
}

/// What a command or a schedule does to it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PhaseChange {
    Phase(TradingPhase),
    Halt(bool),
}

/// A change of all phases that is under way.
#[derive(Clone, Debug)]
pub(crate) struct PhaseChanging {
    pub session: u32,
    pub change: PhaseChange,
    /// All instruments from here on are left,
    pub next: u32,
    /// but for these, of which something newer was said.
    pub spared: BTreeSet<u32>,
}

/// The phase of each book.
#[derive(Debug, Default)]
pub(crate) struct Phases {
    /// The one that holds, by book; beyond its end are books that have always been in `Continuous`.
    by_book: Vec<TradingPhase>,
    /// Those that are halted, and the phase that lies under the halt.
    halted: BTreeMap<u32, TradingPhase>,
}

impl Phases {
    #[inline]
    pub(crate) fn of(&self, book: u32) -> TradingPhase {
        self.by_book.get(book as usize).copied().unwrap_or(TradingPhase::Continuous)
    }

    pub(crate) fn state(&self, book: u32) -> PhaseState {
        let under = self.halted.get(&book).copied();
        PhaseState { phase: under.unwrap_or(self.of(book)), halted: under.is_some() }
    }

    pub(crate) fn set(&mut self, book: u32, state: PhaseState) {
        let place = book as usize;
        if self.by_book.len() <= place {
            self.by_book.resize(place + 1, TradingPhase::Continuous);
        }
        self.by_book[place] = state.shown();
        if state.halted {
            self.halted.insert(book, state.phase);
        } else {
            self.halted.remove(&book);
        }
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
        if set.phase == TradingPhase::NullVal {
            return Err(RejectReason::InvalidPhase);
        }
        self.change_phases(session, set.instrument, PhaseChange::Phase(set.phase), events)
    }

    pub(crate) fn set_halt(&mut self, session: u32, set: &SetHalt, events: &mut Vec<Event>) -> Done {
        if self.logic_version < HALTS {
            return Err(RejectReason::UnknownCommand);
        }
        let on = set.on.ok_or(RejectReason::InvalidPhase)?;
        self.change_phases(session, set.instrument, PhaseChange::Halt(on), events)
    }

    /// Of one instrument now, or of all in pieces.
    fn change_phases(
        &mut self,
        session: u32,
        instrument: Option<u32>,
        change: PhaseChange,
        events: &mut Vec<Event>,
    ) -> Done {
        match instrument {
            Some(instrument) => {
                let book = self.books.find(instrument).ok_or(RejectReason::UnknownInstrument)?;
                self.tasks.step();
                if self.logic_version >= HALTS {
                    self.tasks.spare(instrument, change);
                }
                self.change_phase(session, book, change, events);
            }
            None => {
                let next = self.books.instrument_from(0).ok_or(RejectReason::UnknownInstrument)?;
                let spared = BTreeSet::new();
                self.tasks.begin(Task::ChangePhases(PhaseChanging { session, change, next, spared }));
            }
        }
        Ok(())
    }

    /// Changes the phase of all instruments that are left, a step each. True if it is finished.
    pub(super) fn go_on_change_phases(&mut self, changing: &mut PhaseChanging, events: &mut Vec<Event>) -> bool {
        while let Some(instrument) = self.books.instrument_from(changing.next) {
            if self.tasks.is_spent() {
                return false;
            }
            self.tasks.step();
            if !changing.spared.remove(&instrument) {
                let book = self.books.find(instrument).expect("it is defined");
                self.change_phase(changing.session, book, changing.change, events);
            }
            changing.next = instrument + 1;
        }
        true
    }

    /// Changes the phase of a book, for `session` or, if that is 0, by schedule.
    pub(super) fn change_phase(&mut self, session: u32, book: u32, change: PhaseChange, events: &mut Vec<Event>) {
        let state = self.phases.state(book).after(change);
        let (before, phase) = (self.phases.of(book), state.shown());
        if phase != before && uncrosses(before, phase) {
            self.uncross(session, book, events);
        }
        self.phases.set(book, state);
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
