//! Limits of sessions and accounts, and what they count: open orders, positions, messages.

use super::Done;
use super::busts::Trade;
use super::controls::Entry;
use crate::command::{SetLimits, SetPosition, Side};
use crate::engine::Engine;
use crate::event::{Event, Fill, RejectReason};

/// What is kept of each session and account that limits were ever set for.
#[derive(Debug, Default)]
pub(crate) struct Risk {}

/// What a live order, in its book or waiting for its stop price, counts for.
#[expect(dead_code, reason = "the rules of risk count it")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub session: u32,
    pub account: u32,
    pub book: u32,
    pub side: Side,
    /// Lots that may still trade.
    pub leaves: i64,
}

/// What the books tell: every change of a live order, and every trade. An order that trades on arrival, also one that is
/// replaced or triggered, is not live meanwhile: it has left before and enters, if something is left, after.
impl Risk {
    /// An order has become live.
    #[inline]
    pub(crate) fn entered(&mut self, _order: Standing) {}

    /// A live order is gone, with what was left of it.
    #[inline]
    pub(crate) fn left(&mut self, _order: Standing) {}

    /// A live order now has other leaves.
    #[inline]
    pub(crate) fn changed(&mut self, _before: Standing, _leaves: i64) {}

    /// A trade: positions move, and the maker (in an auction the taker too), live until now, has lost its quantity; with
    /// nothing left it is gone, which is not told otherwise.
    #[inline]
    pub(crate) fn filled(&mut self, _fill: &Fill, _book: u32, _taker_account: u32, _maker_account: u32) {}

    /// A trade is void: positions move back.
    pub(crate) fn busted(&mut self, _trade: &Trade) {}
}

impl Engine {
    pub(crate) fn set_limits(&mut self, _session: u32, _limits: &SetLimits, _events: &mut Vec<Event>) -> Done {
        Err(RejectReason::UnknownCommand)
    }

    pub(crate) fn set_position(&mut self, _session: u32, _position: &SetPosition, _events: &mut Vec<Event>) -> Done {
        Err(RejectReason::UnknownCommand)
    }

    /// Whether the limits of the session, then those of the account, allow the order.
    #[inline]
    pub(super) fn check_risk(&mut self, _entry: &Entry) -> Done {
        Ok(())
    }
}
