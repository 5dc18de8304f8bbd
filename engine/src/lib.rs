//! The deterministic matching engine: commands in, events out. No I/O, no clock, no randomness, no thread.
//!
//! [`Engine`] checks a command against the rules and turns it into changes of `book::Books` and into events. A book
//! is two ladders of price levels over one store of orders; `docs/ENGINE.md` says how they are built and what they
//! cost.
#![forbid(unsafe_code)]

mod administration;
mod auction;
mod book;
mod check;
pub mod command;
mod command_fields;
mod command_row;
mod decode;
mod encode;
mod engine;
pub mod event;
mod event_body_row;
mod event_row;
pub mod hash;
mod heap;
pub mod index;
mod ladder;
pub mod limits;
pub mod logic;
mod meeting;
pub mod message;
mod optional;
mod orders;
mod owners;
mod prefetcher;
mod queue;
mod recipients;
mod rehearsal;
mod risk;
pub mod rows;
mod rules;
mod self_trade;
pub mod snapshot;
mod special;
mod taker;
mod tape;
mod trie;

pub use auction::Uncross;
pub use decode::{Refusal, decode};
pub use encode::encode;
pub use engine::Engine;
pub use logic::LOGIC_VERSION;
pub use prefetcher::{LOOKAHEAD, Sought};
pub use queue::{QueuePosition, Queued};
pub use recipients::Recipient;
