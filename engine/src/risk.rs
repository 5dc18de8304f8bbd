//! What limits of risk are made of, each part by itself and without an engine: `rules/risk.rs` puts them before the book.

mod entries;
mod positions;
mod rate;
mod registry;

pub(crate) use entries::{Entries, Limits, Scope};
pub(crate) use positions::Holding;
pub(crate) use positions::Positions;
pub(crate) use rate::RateWindow;
pub(crate) use registry::Registry;
