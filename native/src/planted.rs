//! A fault for tests: with `SERIATIM_PLANT_PANIC` set to a client order id, executing a new order of that id panics, as a bug in the
//! engine would. Nothing else reads the variable, and the engine knows nothing of it.

use messages::{ReadBuf, new_order_codec};
use sequencer::frame::{CommandFrame, MESSAGE_HEADER_BYTES};
use std::sync::OnceLock;

const VARIABLE: &str = "SERIATIM_PLANT_PANIC";

fn cl_ord_id() -> Option<u64> {
    static ARMED: OnceLock<Option<u64>> = OnceLock::new();
    *ARMED.get_or_init(|| std::env::var(VARIABLE).ok()?.parse().ok())
}

/// Whether a fault is planted in this process.
pub fn is_armed() -> bool {
    cl_ord_id().is_some()
}

/// Panics on the command that the fault waits for.
pub fn probe(command: &CommandFrame) {
    let length = MESSAGE_HEADER_BYTES + new_order_codec::SBE_BLOCK_LENGTH as usize;
    if command.template() != new_order_codec::SBE_TEMPLATE_ID || command.body.len() < length {
        return;
    }
    let order =
        new_order_codec::NewOrderDecoder::default().wrap(ReadBuf::new(command.body), MESSAGE_HEADER_BYTES, 0, 0);
    if cl_ord_id() == Some(order.cl_ord_id()) {
        panic!("a planted fault");
    }
}
