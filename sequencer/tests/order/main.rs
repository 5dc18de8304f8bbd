//! What the sequencer promises, one sentence a test.

mod blocks;
mod client;
mod numbers;
mod random;
mod release;
mod venue;
