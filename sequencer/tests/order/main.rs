//! What the sequencer promises, one sentence a test.

mod blocks;
mod client;
mod drop_copies;
mod hostile;
mod numbers;
mod overrides;
mod post;
mod queries;
mod random;
mod release;
mod sessions;
mod share;
mod snapshots;
mod users;
mod venue;
mod whom;
mod work;
