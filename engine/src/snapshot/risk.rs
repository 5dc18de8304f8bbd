//! Entries of sessions and accounts, sessions first, by ascending id, each with its positions. Open orders and their lots
//! follow from what is live.

use super::{Reader, SnapshotError, Writer};
use crate::command::{CancelOn, RiskScope, SetLimits};
use crate::engine::Engine;
use crate::risk::{Limits, RateWindow, Scope};
use crate::rules::{is_known, limits_are_sound};

impl Engine {
    pub(super) fn save_risk(&self, out: &mut Writer) {
        let risk = &self.risk;
        let mut entries: Vec<_> = (0u32..).zip(risk.entries.iter()).collect();
        entries.sort_unstable_by_key(|(_, entry)| (entry.scope, entry.id));
        let holding = |(entry, book, holding): &(u32, u32, crate::risk::Holding)| {
            (*entry, self.books.terms(*book).id, holding.position)
        };
        let mut positions: Vec<_> = risk.positions.iter().map(holding).filter(|held| held.2 != 0).collect();
        positions.sort_unstable();
        for (place, entry) in entries {
            out.u8(entry.scope as u8);
            out.u32(entry.id);
            let limits = &entry.limits;
            out.i64(limits.order_quantity_max.raw());
            out.i64(limits.order_value_max.raw());
            out.i64(limits.position_max.raw());
            out.i64(limits.rate_interval_ns);
            out.u32(limits.messages_max);
            out.optional_u32(limits.open_orders_max);
            out.u8(limits.cancel_on);
            out.flag(entry.killed);
            out.u8(entry.own_cancel_on);
            let rate = entry.rate.now(self.time_ns, limits.rate_interval_ns);
            out.i64(rate.start_ns);
            out.u32(rate.messages);
            let first = positions.partition_point(|held| held.0 < place);
            let held = &positions[first..positions.partition_point(|held| held.0 <= place)];
            out.count(held.len());
            for (_, instrument, position) in held {
                out.u32(*instrument);
                out.i128(*position);
            }
        }
    }

    pub(super) fn load_risk(&mut self, from: &mut Reader) -> Result<(), SnapshotError> {
        let mut before = None;
        while !from.is_empty() {
            let scope =
                Scope::of(RiskScope::from(from.u8()?)).ok_or_else(|| from.wrong("neither session nor account"))?;
            let id = from.u32()?;
            from.check(before.is_none_or(|before| (scope, id) > before), "entries out of order")?;
            from.check(id != 0 || scope == Scope::Session, "an account that has no entry")?;
            before = Some((scope, id));
            let place = self.risk.entries.add(scope, id).ok_or_else(|| from.wrong("more entries than there may be"))?;
            self.load_entry(from, place)?;
            self.load_positions(from, place)?;
        }
        if self.risk.watches() {
            let books = &self.books;
            books.orders.owned().for_each(|(slot, _)| self.risk.entered(books.standing(slot)));
        }
        Ok(())
    }

    fn load_entry(&mut self, from: &mut Reader, place: u32) -> Result<(), SnapshotError> {
        let time_ns = self.time_ns;
        let entry = &mut self.risk.entries[place];
        let scope = if entry.scope == Scope::Session { RiskScope::Session } else { RiskScope::Account };
        let (order_quantity_max, order_value_max, position_max) =
            (from.optional()?, from.optional()?, from.optional()?);
        let (rate_interval_ns, messages_max) = (from.i64()?, from.u32()?);
        let open_orders_max = from.optional_u32()?;
        let cancel_on = from.u8()?;
        entry.limits = Limits {
            order_quantity_max,
            order_value_max,
            position_max,
            rate_interval_ns,
            messages_max,
            open_orders_max,
            cancel_on,
        };
        let set = SetLimits {
            scope,
            id: entry.id,
            order_quantity_max,
            order_value_max,
            position_max,
            rate_interval_ns,
            messages_max: (messages_max != 0).then_some(messages_max),
            open_orders_max,
            cancel_on: CancelOn(cancel_on),
        };
        from.check(limits_are_sound(&set), "limits that cannot be set")?;
        entry.killed = from.flag()?;
        entry.own_cancel_on = from.u8()?;
        let may_ask = scope == RiskScope::Session || entry.own_cancel_on == 0;
        from.check(may_ask && is_known(CancelOn(entry.own_cancel_on)), "ends of logons that cannot be asked for")?;
        entry.rate = RateWindow { start_ns: from.i64()?, messages: from.u32()? };
        let sound =
            (0..=time_ns).contains(&entry.rate.start_ns) && entry.rate.now(time_ns, rate_interval_ns) == entry.rate;
        from.check(sound, "a window of messages that cannot be open")
    }

    fn load_positions(&mut self, from: &mut Reader, place: u32) -> Result<(), SnapshotError> {
        let mut above = 0;
        for _ in 0..from.u32()? {
            let instrument = from.u32()?;
            let book = self.books.find(instrument).ok_or_else(|| from.wrong("an instrument that is not defined"))?;
            from.check(instrument >= above, "positions out of order")?;
            above = instrument + 1;
            let position = from.i128()?;
            // Sums with what may come stay far inside 128 bits.
            from.check(position != 0 && position.unsigned_abs() < 1 << 120, "no position that can be held")?;
            self.risk.positions.at(place, book).position = position;
        }
        Ok(())
    }
}
