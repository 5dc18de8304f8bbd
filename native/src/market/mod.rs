//! The seam to market data.

mod publisher_api;
mod receiver_api;
