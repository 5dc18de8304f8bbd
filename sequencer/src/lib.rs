//! The pure core of the sequencer: sessions, numbers, stamps, blocks and what is released.
//!
//! Read in this order: [`frame`], [`block`], [`sessions`], [`replica`], [`intake`], [`blocks`], [`sequencer`], [`egress`]; [`client`] is
//! the other side.
#![forbid(unsafe_code)]

pub mod block;
pub mod blocks;
pub mod client;
pub mod egress;
pub mod frame;
pub mod intake;
pub mod limits;
pub mod refusal;
pub mod replica;
pub mod sequencer;
pub mod sessions;
