//! The table of those that limits are kept for: sessions and accounts, each with its limits and what it counts.

use super::{RateWindow, Registry};
use crate::command::RiskScope;
use crate::limits::LIMITS_MAX;
use crate::optional::Optional;

/// Whose an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// A session's.
    Session = 1,
    /// An account's, whatever session its orders come from.
    Account = 2,
}

impl Scope {
    /// None of a value that the schema does not know.
    pub fn of(scope: RiskScope) -> Option<Self> {
        match scope {
            RiskScope::Session => Some(Self::Session),
            RiskScope::Account => Some(Self::Account),
            RiskScope::NullVal => None,
        }
    }
}

/// What an entry must keep to; none is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// In lots.
    pub order_quantity_max: Optional,
    /// In ticks × lots.
    pub order_value_max: Optional,
    /// In lots, long or short.
    pub position_max: Optional,
    /// 0 for no limit of the rate.
    pub rate_interval_ns: i64,
    /// In an interval.
    pub messages_max: u32,
    /// At a time.
    pub open_orders_max: Option<u32>,
    /// Bits of `CancelOn`, of a session.
    pub cancel_on: u8,
}

impl Limits {
    pub const NONE: Self = Self {
        order_quantity_max: Optional::NONE,
        order_value_max: Optional::NONE,
        position_max: Optional::NONE,
        rate_interval_ns: 0,
        messages_max: 0,
        open_orders_max: None,
        cancel_on: 0,
    };
}

/// One session or account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub scope: Scope,
    pub id: u32,
    pub limits: Limits,
    /// Whether its kill switch is engaged.
    pub killed: bool,
    /// Bits of `CancelOn` that the session asked for itself.
    pub own_cancel_on: u8,
    /// Its live orders.
    pub open_orders: u32,
    pub rate: RateWindow,
}

/// All of them; an entry stays, at its place.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    places: Registry,
    entries: Vec<Entry>,
}

impl Entries {
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// The place of an entry.
    #[inline]
    pub fn find(&self, scope: Scope, id: u32) -> Option<u32> {
        self.places.find(key_of(scope, id))
    }

    /// Adds an entry without limits, which is not there yet, and gives its place; none if there is no room.
    pub fn add(&mut self, scope: Scope, id: u32) -> Option<u32> {
        if self.entries.len() >= LIMITS_MAX {
            return None;
        }
        let (limits, rate) = (Limits::NONE, RateWindow::default());
        self.entries.push(Entry { scope, id, limits, killed: false, own_cancel_on: 0, open_orders: 0, rate });
        Some(self.places.add(key_of(scope, id)))
    }

    /// All of them, in the order in which they came to be.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }
}

impl std::ops::Index<u32> for Entries {
    type Output = Entry;
    #[inline]
    fn index(&self, place: u32) -> &Entry {
        &self.entries[place as usize]
    }
}

impl std::ops::IndexMut<u32> for Entries {
    #[inline]
    fn index_mut(&mut self, place: u32) -> &mut Entry {
        &mut self.entries[place as usize]
    }
}

fn key_of(scope: Scope, id: u32) -> u64 {
    (scope as u64) << 32 | u64::from(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_and_an_account_of_one_id_have_entries_of_their_own() {
        let mut entries = Entries::default();
        let session = entries.add(Scope::Session, 7).expect("there is room");
        let account = entries.add(Scope::Account, 7).expect("there is room");
        entries[account].killed = true;
        assert!(!entries[session].killed);
        assert_eq!(entries.find(Scope::Session, 7), Some(session));
        assert_eq!(entries.find(Scope::Account, 7), Some(account));
        assert_eq!(entries.find(Scope::Account, 8), None);
    }

    #[test]
    fn the_table_holds_what_its_limit_says() {
        let mut entries = Entries::default();
        assert!((0..LIMITS_MAX as u32).all(|id| entries.add(Scope::Account, id) == Some(id)));
        assert_eq!(entries.add(Scope::Session, 1), None);
        assert_eq!(entries.find(Scope::Account, 65_535), Some(65_535));
        assert_eq!(entries.iter().count(), LIMITS_MAX);
    }
}
