//! A node's hot loop, over Aeron: [`agent`] is the loop, the rest are its parts.

pub mod agent;
pub mod answers;
pub mod connections;
pub mod counters;
pub mod handoff;
pub mod ingress;
pub mod users;

/// What tells clients over Aeron.
pub type Egress = sequencer::egress::Egress<connections::Connections>;
