//! A node's hot loop, over Aeron: [`agent`] is the loop, the rest are its parts.

pub mod agent;
pub mod connections;
pub mod counters;
pub mod egress;
pub mod handoff;
pub mod ingress;
pub mod refusal;
pub mod routes;
