//! The seam between Python and the native cores: every function of `include/seriatim.h`.

mod aeron;
mod aeron_sys;
mod crc;
mod engine_api;
