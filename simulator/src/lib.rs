//! A venue in one thread, under a virtual clock, over a network and a disk that fail as a seed says. What runs are the cores of
//! production: the sequencer, its intake and egress, the replica, the engine, the client's session. A judge watches every step.
//!
//! Read in this order: [`world`], [`node`], [`client`], [`judge`], [`run`]; then what they stand on.
#![forbid(unsafe_code)]

pub mod client;
pub mod controls;
pub mod disk;
pub mod ends;
pub mod faults;
pub mod hearing;
pub mod judge;
pub mod network;
pub mod node;
pub mod outbound;
pub mod random;
pub mod report;
pub mod run;
pub mod snapshots;
pub mod tally;
pub mod telling;
pub mod users;
pub mod workload;
pub mod world;
