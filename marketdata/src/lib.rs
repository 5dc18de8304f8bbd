//! Market data: what everybody may know of the order. No I/O, no clock, no randomness, no thread.
//!
//! [`Builder`] makes public messages of the engine's events, [`Packets`] lays them into packets with running numbers,
//! and [`Receiver`] makes books of packets again, of which some may be missing. Both sides keep a [`Book`], which
//! knows nothing but public messages; so what the builder has is what a receiver gets.
#![forbid(unsafe_code)]

mod arriving;
pub mod book;
pub mod builder;
mod decode;
mod encode;
mod hidden;
mod keeping;
pub mod limits;
mod listing;
mod loading;
pub mod message;
pub mod packet;
pub mod receiver;
mod slab;
pub mod snapshot;
mod statistics;
pub mod update;

pub use book::{Book, Level, Resting, Wrong};
pub use builder::{Builder, Stray};
pub use decode::decode;
pub use encode::encode;
pub use listing::{Listing, Terms};
pub use message::{Indication, Message, Place, Statistics};
pub use packet::Packets;
pub use receiver::{Gap, Receiver};
pub use snapshot::snapshot;
pub use update::Update;
