//! What the sequencer promises, one sentence a test.

mod blocks;
mod client;
mod numbers;
mod queries;
mod random;
mod release;
mod sessions;
mod venue;
