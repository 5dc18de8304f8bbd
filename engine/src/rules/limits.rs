//! Setting the limits and the position of a session or an account, and how it comes to be counted.

use super::Done;
use super::session_end::is_known;
use crate::command::{RiskScope, SetLimits, SetPosition};
use crate::engine::Engine;
use crate::event::{Event, RejectReason};
use crate::limits::{POSITION_MAX_LOTS, QUANTITY_MAX_LOTS, RATE_INTERVAL_MAX_NS, RATE_INTERVAL_MIN_NS};
use crate::optional::Optional;
use crate::orders::NONE;
use crate::risk::{Limits, RateWindow, Scope};
use messages::{set_limits_codec, set_position_codec};

/// Whose limits are meant; session and account 0 have none.
pub(super) fn named(scope: RiskScope, id: u32) -> Result<Scope, RejectReason> {
    Scope::of(scope).filter(|_| id != 0).ok_or(RejectReason::InvalidLimits)
}

pub(crate) fn limits_are_sound(limits: &SetLimits) -> bool {
    let within = |value: Optional, max| value.get().is_none_or(|value| (1..=max).contains(&value));
    let rate = match limits.messages_max {
        None => limits.rate_interval_ns == 0,
        Some(max) => max > 0 && (RATE_INTERVAL_MIN_NS..=RATE_INTERVAL_MAX_NS).contains(&limits.rate_interval_ns),
    };
    // An account has no logons that could end.
    let cancel_on = limits.cancel_on.0 == 0 || (limits.scope == RiskScope::Session && is_known(limits.cancel_on));
    within(limits.order_quantity_max, QUANTITY_MAX_LOTS)
        && within(limits.order_value_max, i64::MAX)
        && within(limits.position_max, QUANTITY_MAX_LOTS)
        && rate
        && cancel_on
}

impl Engine {
    pub(crate) fn set_limits(&mut self, session: u32, limits: &SetLimits, events: &mut Vec<Event>) -> Done {
        let scope = named(limits.scope, limits.id)?;
        if !limits_are_sound(limits) {
            return Err(RejectReason::InvalidLimits);
        }
        let place = self.entry(scope, limits.id)?;
        let entry = &mut self.risk.entries[place];
        entry.limits = Limits {
            order_quantity_max: limits.order_quantity_max,
            order_value_max: limits.order_value_max,
            position_max: limits.position_max,
            rate_interval_ns: limits.rate_interval_ns,
            messages_max: limits.messages_max.unwrap_or(0),
            open_orders_max: limits.open_orders_max,
            cancel_on: limits.cancel_on.0,
        };
        entry.rate = RateWindow::default();
        self.administered(session, set_limits_codec::SBE_TEMPLATE_ID, limits.id, events);
        Ok(())
    }

    pub(crate) fn set_position(&mut self, session: u32, set: &SetPosition, events: &mut Vec<Event>) -> Done {
        let book = self.books.find(set.instrument).ok_or(RejectReason::UnknownInstrument)?;
        let scope = named(set.scope, set.id)?;
        if !(-POSITION_MAX_LOTS..=POSITION_MAX_LOTS).contains(&set.position) {
            return Err(RejectReason::InvalidLimits);
        }
        let entry = self.entry(scope, set.id)?;
        self.risk.positions.at(entry, book).position = set.position.into();
        self.administered(session, set_position_codec::SBE_TEMPLATE_ID, set.id, events);
        Ok(())
    }

    /// The place of an entry; it comes to be if there is none, and counts what is live from then on.
    pub(super) fn entry(&mut self, scope: Scope, id: u32) -> Result<u32, RejectReason> {
        if let Some(entry) = self.risk.entries.find(scope, id) {
            return Ok(entry);
        }
        let entry = self.risk.entries.add(scope, id).ok_or(RejectReason::TooManyLimits)?;
        match scope {
            Scope::Session => {
                let mut at = self.books.oldest_of(id);
                while at != NONE {
                    self.risk.count(entry, &self.books.standing(at));
                    at = self.books.orders[at].owner_next;
                }
            }
            // All orders of the venue are looked at, in whatever order they lie: a sum has none.
            Scope::Account => {
                for (slot, _) in self.books.orders.owned().filter(|(_, order)| order.account == id) {
                    self.risk.count(entry, &self.books.standing(slot));
                }
            }
        }
        Ok(entry)
    }
}
