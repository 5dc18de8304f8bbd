//! A client's hot path: [`session`] is one logon, [`load`] what benchmarks do with it.

pub mod load;
pub mod session;
