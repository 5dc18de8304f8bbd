//! The seam to market data.

mod indication;
mod publisher_api;
mod receiver_api;
