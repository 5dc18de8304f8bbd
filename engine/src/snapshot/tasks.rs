//! Unfinished work, the oldest first. Books are named by their instruments, places in owners' lists by the order that comes
//! next of those that the work is about: where a mark has come to in the list behind them is nothing that anybody could tell.

use super::instruments::phase;
use super::{Reader, SnapshotError, Writer};
use crate::command::Side;
use crate::engine::Engine;
use crate::event::CancelReason;
use crate::logic::HALTS;
use crate::orders::NONE;
use crate::rules::{AccountSweep, MassCancelling, PhaseChange, PhaseChanging, Task};
use std::collections::BTreeSet;

const MASS_CANCEL: u8 = 1;
const CANCEL_SESSION: u8 = 2;
const CANCEL_ACCOUNT: u8 = 3;
const END_DAY: u8 = 4;
const SEARCH_STOPS: u8 = 5;
const SET_PHASES: u8 = 6;
const SET_HALTS: u8 = 7;

/// Of a place in an owner's list: at an order, at the end.
const AT_ORDER: u8 = 1;
const AT_END: u8 = 2;

/// Whose orders a sweep looks at that has none left to look at.
const NO_SESSION: u32 = u32::MAX;

impl Engine {
    pub(super) fn save_tasks(&self, out: &mut Writer) {
        for task in self.tasks.iter() {
            match task {
                Task::MassCancel(cancelling) => {
                    out.u8(MASS_CANCEL);
                    out.u32(cancelling.session);
                    out.optional_u32(cancelling.instrument);
                    out.u8(cancelling.side.map_or(0, |side| side as u8));
                    out.optional_u32(cancelling.account);
                    out.u64(cancelling.last_order_id);
                    out.u32(cancelling.affected);
                    self.save_place(self.next_at(cancelling.mark, cancelling.session, cancelling.last_order_id), out);
                }
                &Task::CancelSession { session, last_order_id, reason } => {
                    out.u8(CANCEL_SESSION);
                    out.u32(session);
                    out.u64(last_order_id);
                    out.u8(reason as u8);
                }
                Task::CancelAccount(sweep) => {
                    out.u8(CANCEL_ACCOUNT);
                    out.u32(sweep.account);
                    out.u64(sweep.last_order_id);
                    let (session, slot) = self.next_of_sweep(sweep);
                    out.u32(session);
                    self.save_place(slot, out);
                }
                &Task::EndDay { book, last_order_id } => {
                    out.u8(END_DAY);
                    out.u32(self.books.terms(book).id);
                    out.u64(last_order_id);
                }
                &Task::SearchStops { book } => {
                    out.u8(SEARCH_STOPS);
                    out.u32(self.books.terms(book).id);
                }
                Task::ChangePhases(changing) => {
                    out.u8(if let PhaseChange::Phase(_) = changing.change { SET_PHASES } else { SET_HALTS });
                    self.save_change_of_phases(changing, out);
                }
            }
        }
    }

    /// The slot of the order at a mark in a session's list; none if that is behind the last one that the work is about.
    fn next_at(&self, mark: Option<usize>, session: u32, last_order_id: u64) -> u32 {
        let slot = mark.map_or_else(|| self.books.oldest_of(session), |mark| self.books.owners.marked(mark));
        if slot == NONE || self.books.orders[slot].order_id > last_order_id { NONE } else { slot }
    }

    /// The session and the slot of the order that a sweep looks at next.
    fn next_of_sweep(&self, sweep: &AccountSweep) -> (u32, u32) {
        let slot = self.next_at(sweep.mark, sweep.session, sweep.last_order_id);
        if slot != NONE {
            return (sweep.session, slot);
        }
        let others = sweep.session.checked_add(1).map(|from| self.books.owners.sessions_from(from, usize::MAX));
        let mut nexts =
            others.into_iter().flatten().map(|other| (other, self.next_at(None, other, sweep.last_order_id)));
        nexts.find(|&(_, slot)| slot != NONE).unwrap_or((NO_SESSION, NONE))
    }

    fn save_place(&self, slot: u32, out: &mut Writer) {
        out.u8(if slot == NONE { AT_END } else { AT_ORDER });
        out.u64(if slot == NONE { 0 } else { self.books.orders[slot].order_id });
    }

    pub(super) fn load_tasks(&mut self, from: &mut Reader) -> Result<(), SnapshotError> {
        while !from.is_empty() {
            let kind = from.u8()?;
            let task = match kind {
                MASS_CANCEL => self.load_mass_cancel(from)?,
                CANCEL_SESSION => {
                    let (session, last_order_id) = (from.u32()?, self.load_boundary(from)?);
                    let reason = CancelReason::from(from.u8()?);
                    from.check(reason != CancelReason::NullVal, "an unknown reason")?;
                    Task::CancelSession { session, last_order_id, reason }
                }
                CANCEL_ACCOUNT => {
                    let (account, last_order_id) = (from.u32()?, self.load_boundary(from)?);
                    let session = from.u32()?;
                    let mark = self.load_place(from, session, last_order_id)?;
                    let done = self.books.owners.marked(mark) == NONE;
                    from.check(!done || session == NO_SESSION, "a session in which nothing is left")?;
                    let mark = Some(mark);
                    Task::CancelAccount(AccountSweep { account, last_order_id, session, mark })
                }
                END_DAY => Task::EndDay { book: self.load_book(from)?, last_order_id: self.load_boundary(from)? },
                SEARCH_STOPS => Task::SearchStops { book: self.load_book(from)? },
                SET_PHASES => {
                    let (session, phase) = (from.u32()?, phase(from)?);
                    self.load_change_of_phases(session, PhaseChange::Phase(phase), from)?
                }
                SET_HALTS if self.logic_version >= HALTS => {
                    let (session, on) = (from.u32()?, from.flag()?);
                    self.load_change_of_phases(session, PhaseChange::Halt(on), from)?
                }
                _ => return Err(from.wrong("unknown work")),
            };
            self.tasks.put_back(task);
        }
        Ok(())
    }

    /// Before version 4 nothing newer spares an instrument.
    fn save_change_of_phases(&self, changing: &PhaseChanging, out: &mut Writer) {
        out.u32(changing.session);
        out.u8(match changing.change {
            PhaseChange::Phase(phase) => phase as u8,
            PhaseChange::Halt(on) => u8::from(on),
        });
        out.u32(changing.next);
        if self.logic_version >= HALTS {
            out.count(changing.spared.len());
            changing.spared.iter().for_each(|&instrument| out.u32(instrument));
        }
    }

    fn load_change_of_phases(
        &self,
        session: u32,
        change: PhaseChange,
        from: &mut Reader,
    ) -> Result<Task, SnapshotError> {
        let next = from.u32()?;
        let (mut spared, mut above) = (BTreeSet::new(), next);
        for _ in 0..if self.logic_version >= HALTS { from.u32()? } else { 0 } {
            let instrument = from.u32()?;
            let is_left = instrument >= above && self.books.find(instrument).is_some();
            from.check(is_left, "an instrument that is not left to be changed")?;
            above = instrument + 1;
            spared.insert(instrument);
        }
        Ok(Task::ChangePhases(PhaseChanging { session, change, next, spared }))
    }

    fn load_mass_cancel(&mut self, from: &mut Reader) -> Result<Task, SnapshotError> {
        let session = from.u32()?;
        let instrument = from.optional_u32()?;
        let known = instrument.is_none_or(|instrument| self.books.find(instrument).is_some());
        from.check(known, "an instrument that is not defined")?;
        let side = match from.u8()? {
            0 => None,
            side => Some(Side::from(side)),
        };
        from.check(side != Some(Side::NullVal), "neither buy nor sell nor both")?;
        let account = from.optional_u32()?;
        let last_order_id = self.load_boundary(from)?;
        let affected = from.u32()?;
        from.check(affected <= self.orders_max, "more orders cancelled than there can have been")?;
        let mark = Some(self.load_place(from, session, last_order_id)?);
        Ok(Task::MassCancel(MassCancelling { session, instrument, side, account, last_order_id, affected, mark }))
    }

    fn load_book(&self, from: &mut Reader) -> Result<u32, SnapshotError> {
        let instrument = from.u32()?;
        self.books.find(instrument).ok_or_else(|| from.wrong("an instrument that is not defined"))
    }

    fn load_boundary(&self, from: &mut Reader) -> Result<u64, SnapshotError> {
        let order_id = from.u64()?;
        from.check(order_id <= self.last_order_id, "an order id that was never given")?;
        Ok(order_id)
    }

    fn load_place(&mut self, from: &mut Reader, session: u32, last_order_id: u64) -> Result<usize, SnapshotError> {
        let (state, order_id) = (from.u8()?, from.u64()?);
        let slot = match (state, order_id) {
            (AT_END, 0) => NONE,
            (AT_ORDER, _) => {
                let orders = &self.books.orders;
                let mut at = self.books.oldest_of(session);
                while at != NONE && orders[at].order_id < order_id {
                    at = orders[at].owner_next;
                }
                from.check(at != NONE && orders[at].order_id == order_id, "an order that its session does not have")?;
                from.check(order_id <= last_order_id, "an order behind the last that is meant")?;
                at
            }
            _ => return Err(from.wrong("no place in a list")),
        };
        Ok(self.books.owners.mark(slot))
    }
}
