//! The seam between Python and the native cores: every function of `include/seriatim.h`.

mod aeron;
mod aeron_sys;
mod auction_api;
mod client;
mod client_api;
mod clock;
mod crc;
mod engine_api;
mod error;
mod huge_pages;
mod idle;
mod market;
mod measure_api;
mod node;
mod node_api;
mod outbox;
mod planted;
mod queue_api;
mod recording_api;
mod replica_api;
mod secret;
mod simulator_api;
mod snapshot_api;
mod time_api;
