//! What the sequencer promises, one sentence a test.

mod blocks;
mod client;
mod hostile;
mod numbers;
mod overrides;
mod queries;
mod random;
mod release;
mod sessions;
mod share;
mod users;
mod venue;
