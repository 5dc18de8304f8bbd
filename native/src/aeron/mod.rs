//! What the Python bindings to Aeron need in native code: safety around handles, and one crossing for many messages.

mod assembler;
mod batch;
mod bench;
mod counter;
mod fragments;
mod frame;
mod gate;
mod inbox;
mod offer;
mod poller;
mod resource;

/// Returned in place of Aeron's own codes; `include/seriatim.h` gives them the same values.
mod code {
    use crate::aeron_sys::AERON_PUBLICATION_CLOSED;

    /// The handle was closed, by the caller or because the client has stopped.
    pub const CLOSED: i64 = AERON_PUBLICATION_CLOSED;
    /// The handle belongs to the parent of this forked process.
    pub const FORKED: i64 = -100;
    /// Another call is polling this subscription.
    pub const BUSY: i64 = -101;
    /// A message does not fit into the empty batch.
    pub const TOO_LONG: i64 = -102;
}
