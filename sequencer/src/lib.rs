//! The pure core of the sequencer: sessions, numbers, stamps, blocks and what is released.
//!
//! Read in this order: [`frame`], [`block`], [`outcome`], [`sessions`], [`replica`], [`intake`], [`blocks`], [`sequencer`], [`egress`];
//! [`client`] is the other side.
#![forbid(unsafe_code)]

pub mod answer_rows;
pub mod block;
pub mod blocks;
pub mod by_id;
pub mod client;
pub mod copies;
pub mod drop_copy;
pub mod egress;
mod foresight;
pub mod frame;
pub mod intake;
pub mod limits;
pub mod outcome;
pub mod refusal;
pub mod replica;
pub mod routes;
pub mod rows;
pub mod sequencer;
pub mod sessions;
pub mod share;
pub mod snapshot;
mod trouble;
pub mod unanswered;
pub mod users;
