//! Whom an event is told.

use crate::event::Event;

/// Who is told. It matters for a trade and its bust alone, of which each party gets its own side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// The session that the event is of; of a trade, its taker.
    Owner,
    /// Of a trade: the session whose order came in.
    Taker,
    /// Of a trade: the session whose order was there.
    Maker,
}

impl Event {
    /// The session that the event is of; of a trade or a bust, the taker's.
    #[inline]
    pub fn session(&self) -> u32 {
        match self {
            Self::Accepted(e) => e.session,
            Self::Rejected(e) => e.session,
            Self::Filled(e) => e.taker.session,
            Self::Reduced(e) => e.session,
            Self::Cancelled(e) => e.session,
            Self::Replaced(e) => e.session,
            Self::MassCancelled(e) => e.session,
            Self::InstrumentDefined(e) => e.session,
            Self::AcceptedExtended(e) => e.session,
            Self::Triggered(e) => e.session,
            Self::Refreshed(e) => e.session,
            Self::PhaseChanged(e) => e.session,
            Self::Uncrossed(e) => e.session,
            Self::Administered(e) => e.session,
            Self::TradeBusted(e) => e.first.session,
        }
    }

    /// Of a trade or a bust: the maker's session, which is told its own side.
    #[inline]
    pub fn maker_session(&self) -> Option<u32> {
        match self {
            Self::Filled(e) => Some(e.maker.session),
            Self::TradeBusted(e) => Some(e.second.session),
            _ => None,
        }
    }
}
