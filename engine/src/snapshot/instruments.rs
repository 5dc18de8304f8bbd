//! Instruments with all that is kept of each, by ascending id: terms, phase, last price, rules, schedule.

use super::{Reader, SnapshotError, Writer};
use crate::check;
use crate::command::{Decimal, Instrument, SchedulePhase, SetInstrumentRules, TradingPhase};
use crate::engine::Engine;
use crate::limits::SCHEDULE_INTERVAL_MIN_NS;
use crate::logic::HALTS;
use crate::rules::{NO_RULES, PhaseState, are_sound};

impl Engine {
    pub(super) fn save_instruments(&self, out: &mut Writer) {
        out.count(self.books.count());
        for book in self.books.in_order() {
            let terms = self.books.terms(book);
            out.u32(terms.id);
            out.bytes(&terms.symbol);
            for size in [terms.tick_size, terms.lot_size] {
                out.i64(size.mantissa);
                out.u8(size.exponent as u8);
            }
            self.save_phase(book, out);
            out.i64(self.trades.last_price(book).unwrap_or(0));
            let rules = self.instrument_rules.of(book).unwrap_or(&NO_RULES);
            for value in [
                rules.band_low,
                rules.band_high,
                rules.collar,
                rules.reference_price,
                rules.order_quantity_max,
                rules.order_value_max,
            ] {
                out.i64(value.raw());
            }
            let entries = self.schedule.of(terms.id);
            out.u8(entries.len() as u8);
            for entry in entries {
                out.i64(entry.time_ns);
                out.i64(entry.interval_ns);
                out.u8(entry.phase as u8);
            }
        }
    }

    pub(super) fn load_instruments(&mut self, from: &mut Reader) -> Result<(), SnapshotError> {
        let mut above = 0;
        for _ in 0..from.u32()? {
            let id = from.u32()?;
            from.check(id >= above, "instruments out of order")?;
            above = id + u32::from(id < u32::MAX);
            let symbol = from.bytes(16)?.try_into().expect("sixteen bytes");
            let (tick_size, lot_size) = (size(from)?, size(from)?);
            let terms = Instrument { id, symbol, tick_size, lot_size };
            from.check(check::instrument(&terms).is_ok(), "terms that no instrument can have")?;
            self.books.open(terms);
            let book = self.books.find(id).expect("it has just been opened");
            self.load_phase(book, from)?;
            let last = from.i64()?;
            from.check(last == 0 || check::price(last).is_ok(), "a last price that no order can have")?;
            if last != 0 {
                self.trades.set_last_price(book, last);
            }
            self.load_rules(book, from)?;
            self.load_schedule(id, from)?;
        }
        Ok(())
    }

    fn save_phase(&self, book: u32, out: &mut Writer) {
        let state = self.phases.state(book);
        out.u8(state.phase as u8);
        if self.logic_version >= HALTS {
            out.u8(u8::from(state.halted));
        }
    }

    fn load_phase(&mut self, book: u32, from: &mut Reader) -> Result<(), SnapshotError> {
        let phase = phase(from)?;
        let halted = self.logic_version >= HALTS && from.flag()?;
        if halted || phase != TradingPhase::Continuous {
            self.phases.set(book, PhaseState { phase, halted });
        }
        Ok(())
    }

    fn load_rules(&mut self, book: u32, from: &mut Reader) -> Result<(), SnapshotError> {
        let rules = SetInstrumentRules {
            instrument: self.books.terms(book).id,
            band_low: from.optional()?,
            band_high: from.optional()?,
            collar: from.optional()?,
            reference_price: from.optional()?,
            order_quantity_max: from.optional()?,
            order_value_max: from.optional()?,
        };
        from.check(are_sound(&rules), "rules that no instrument can have")?;
        if rules != (SetInstrumentRules { instrument: rules.instrument, ..NO_RULES }) {
            self.instrument_rules.set(book, &rules);
        }
        Ok(())
    }

    fn load_schedule(&mut self, instrument: u32, from: &mut Reader) -> Result<(), SnapshotError> {
        for _ in 0..from.u8()? {
            let time_ns = from.i64()?;
            from.check(time_ns > 0, "a time that cannot be scheduled")?;
            let interval_ns = from.i64()?;
            from.check(interval_ns == 0 || interval_ns >= SCHEDULE_INTERVAL_MIN_NS, "an interval that is too short")?;
            let phase = phase(from)?;
            let added = self.schedule.add(&SchedulePhase { instrument, time_ns, interval_ns, phase });
            from.check(added, "too many entries of one instrument")?;
        }
        Ok(())
    }
}

fn size(from: &mut Reader) -> Result<Decimal, SnapshotError> {
    Ok(Decimal { mantissa: from.i64()?, exponent: from.u8()? as i8 })
}

pub(super) fn phase(from: &mut Reader) -> Result<TradingPhase, SnapshotError> {
    let phase = TradingPhase::from(from.u8()?);
    from.check(phase != TradingPhase::NullVal, "no trading phase")?;
    Ok(phase)
}
