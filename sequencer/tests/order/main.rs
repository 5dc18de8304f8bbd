//! What the sequencer promises, one sentence a test.

mod blocks;
mod numbers;
mod overrides;
mod random;
mod release;
mod venue;
