//! The deterministic matching engine: commands in, events out. No I/O, no clock, no randomness, no thread.
#![forbid(unsafe_code)]

pub mod command;
pub mod event;
