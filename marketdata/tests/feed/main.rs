//! Builder, a channel that loses, and receivers, judged by the engine.

mod hidden;
mod hostile;
mod rebuild;
mod secret;
mod venue;
