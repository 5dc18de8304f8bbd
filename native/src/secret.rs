//! A number that nobody else knows, for what must not be foreseen and decides nothing: the cores draw none themselves.

use std::hash::{BuildHasher, RandomState};

/// Another one each time, from the operating system's.
pub fn secret() -> u64 {
    RandomState::new().hash_one(0)
}
