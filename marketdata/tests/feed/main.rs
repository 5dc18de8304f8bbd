//! Builder, a channel that loses, and receivers, judged by the engine.

mod channel;
mod every_rule;
mod hidden;
mod hostile;
mod ledger;
mod lost_pieces;
mod rebuild;
mod secret;
mod sessions;
mod venue;
