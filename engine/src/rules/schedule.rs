//! The schedule: phases that are set when their time has come.

use super::Done;
use super::phases::PhaseChange;
use crate::command::{ClearSchedule, SchedulePhase, TradingPhase};
use crate::engine::Engine;
use crate::event::{Event, RejectReason};
use crate::limits::{SCHEDULE_INTERVAL_MIN_NS, SCHEDULE_MAX};
use messages::{clear_schedule_codec, schedule_phase_codec};
use std::collections::{BTreeMap, BTreeSet};

/// A phase to be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timer {
    /// Its place in the order in which entries came.
    number: u64,
    /// When it is set next.
    pub time_ns: i64,
    /// 0 for once.
    pub interval_ns: i64,
    pub phase: TradingPhase,
}

/// The scheduled phases of all instruments.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    by_instrument: BTreeMap<u32, Vec<Timer>>,
    /// Every timer as (time, instrument, number): the order in which they are carried out.
    due: BTreeSet<(i64, u32, u64)>,
    entered: u64,
}

impl Schedule {
    /// The earliest time at which a phase is set.
    pub(super) fn next_due(&self) -> Option<i64> {
        self.due.first().map(|&(time_ns, ..)| time_ns)
    }

    /// The entries of an instrument, in the order in which they came.
    pub(crate) fn of(&self, instrument: u32) -> &[Timer] {
        self.by_instrument.get(&instrument).map_or(&[], Vec::as_slice)
    }

    /// Adds an entry. False if its instrument has as many as it may.
    pub(crate) fn add(&mut self, entry: &SchedulePhase) -> bool {
        let timers = self.by_instrument.entry(entry.instrument).or_default();
        if timers.len() >= SCHEDULE_MAX {
            return false;
        }
        self.entered += 1;
        let SchedulePhase { time_ns, interval_ns, phase, instrument } = *entry;
        timers.push(Timer { number: self.entered, time_ns, interval_ns, phase });
        self.due.insert((time_ns, instrument, self.entered));
        true
    }

    fn clear(&mut self, instrument: u32) {
        for timer in self.by_instrument.remove(&instrument).unwrap_or_default() {
            self.due.remove(&(timer.time_ns, instrument, timer.number));
        }
    }

    /// The instrument and phase of the earliest entry, if it is due; the entry moves on, past `now_ns`, or is gone.
    fn take_due(&mut self, now_ns: i64) -> Option<(u32, TradingPhase)> {
        let (_, instrument, number) = *self.due.first().filter(|&&(time_ns, ..)| time_ns <= now_ns)?;
        self.due.pop_first();
        let timers = self.by_instrument.get_mut(&instrument)?;
        let place = timers.iter().position(|timer| timer.number == number)?;
        let timer = &mut timers[place];
        let phase = timer.phase;
        match timer.after(now_ns) {
            Some(time_ns) => {
                timer.time_ns = time_ns;
                self.due.insert((time_ns, instrument, number));
            }
            None => drop(timers.remove(place)),
        }
        Some((instrument, phase))
    }
}

impl Timer {
    /// Its first time after `now_ns`, by whole intervals; none if it does not repeat, or never again in 64 bits.
    fn after(&self, now_ns: i64) -> Option<i64> {
        let intervals = now_ns.checked_sub(self.time_ns)?.checked_div(self.interval_ns)? + 1;
        self.time_ns.checked_add(intervals.checked_mul(self.interval_ns)?)
    }
}

impl Engine {
    pub(crate) fn schedule_phase(&mut self, session: u32, entry: &SchedulePhase, events: &mut Vec<Event>) -> Done {
        self.books.find(entry.instrument).ok_or(RejectReason::UnknownInstrument)?;
        let sound = entry.phase != TradingPhase::NullVal
            && entry.time_ns > self.time_ns
            && (entry.interval_ns == 0 || entry.interval_ns >= SCHEDULE_INTERVAL_MIN_NS);
        if !sound {
            return Err(RejectReason::InvalidPhase);
        }
        if !self.schedule.add(entry) {
            return Err(RejectReason::ScheduleFull);
        }
        self.administered(session, schedule_phase_codec::SBE_TEMPLATE_ID, entry.instrument, events);
        Ok(())
    }

    pub(crate) fn clear_schedule(&mut self, session: u32, clear: &ClearSchedule, events: &mut Vec<Event>) -> Done {
        self.books.find(clear.instrument).ok_or(RejectReason::UnknownInstrument)?;
        self.schedule.clear(clear.instrument);
        self.administered(session, clear_schedule_codec::SBE_TEMPLATE_ID, clear.instrument, events);
        Ok(())
    }

    /// Takes a step and sets the earliest phase whose time has come, if there is one. False if there is none.
    pub(super) fn run_scheduled(&mut self, events: &mut Vec<Event>) -> bool {
        let Some((instrument, phase)) = self.schedule.take_due(self.time_ns) else { return false };
        self.tasks.step();
        let book = self.books.find(instrument).expect("an instrument stays once it is defined");
        self.change_phase(0, book, PhaseChange::Phase(phase), events);
        true
    }
}
