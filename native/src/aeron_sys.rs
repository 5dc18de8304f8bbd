//! The few functions of Aeron's C client and driver that the native code calls. The names are Aeron's own.

#![allow(non_camel_case_types, missing_docs)]

use std::ffi::{c_char, c_int, c_void};

macro_rules! opaque {
    ($($name:ident),* $(,)?) => { $(#[repr(C)] pub struct $name { _private: [u8; 0] })* };
}

opaque!(
    aeron_async_add_exclusive_publication_t,
    aeron_context_t,
    aeron_controlled_fragment_assembler_t,
    aeron_counter_t,
    aeron_counters_reader_t,
    aeron_driver_context_t,
    aeron_driver_t,
    aeron_exclusive_publication_t,
    aeron_header_t,
    aeron_image_controlled_fragment_assembler_t,
    aeron_image_t,
    aeron_publication_t,
    aeron_subscription_t,
    aeron_t,
);

pub const AERON_PUBLICATION_NOT_CONNECTED: i64 = -1;
pub const AERON_PUBLICATION_BACK_PRESSURED: i64 = -2;
pub const AERON_PUBLICATION_ADMIN_ACTION: i64 = -3;
pub const AERON_PUBLICATION_CLOSED: i64 = -4;

pub const AERON_ACTION_ABORT: c_int = 1;
pub const AERON_ACTION_BREAK: c_int = 2;
pub const AERON_ACTION_CONTINUE: c_int = 4;

pub type aeron_reserved_value_supplier_t = Option<unsafe extern "C" fn(*mut c_void, *mut u8, usize) -> i64>;
pub type aeron_notification_t = Option<unsafe extern "C" fn(*mut c_void)>;
pub type aeron_fragment_handler_t = unsafe extern "C" fn(*mut c_void, *const u8, usize, *mut aeron_header_t);
pub type aeron_controlled_fragment_handler_t =
    unsafe extern "C" fn(*mut c_void, *const u8, usize, *mut aeron_header_t) -> c_int;

#[repr(C)]
pub struct aeron_iovec_t {
    pub iov_base: *mut u8,
    pub iov_len: usize,
}

#[repr(C)]
pub struct aeron_buffer_claim_t {
    pub frame_header: *mut u8,
    pub data: *mut u8,
    pub length: usize,
}

#[repr(C)]
pub struct aeron_image_constants_t {
    pub subscription: *mut aeron_subscription_t,
    pub source_identity: *const c_char,
    pub correlation_id: i64,
    pub join_position: i64,
    pub position_bits_to_shift: usize,
    pub term_buffer_length: usize,
    pub mtu_length: usize,
    pub session_id: i32,
    pub initial_term_id: i32,
    pub subscriber_position_id: i32,
}

#[repr(C)]
pub struct aeron_publication_constants_t {
    pub channel: *const c_char,
    pub original_registration_id: i64,
    pub registration_id: i64,
    pub max_possible_position: i64,
    pub position_bits_to_shift: usize,
    pub term_buffer_length: usize,
    pub max_message_length: usize,
    pub max_payload_length: usize,
    pub stream_id: i32,
    pub session_id: i32,
    pub initial_term_id: i32,
    pub publication_limit_counter_id: i32,
    pub channel_status_indicator_id: i32,
}

#[rustfmt::skip]
unsafe extern "C" {
    pub fn aeron_is_closed(client: *mut aeron_t) -> bool;
    pub fn aeron_close(client: *mut aeron_t) -> c_int;
    pub fn aeron_context_close(context: *mut aeron_context_t) -> c_int;
    pub fn aeron_driver_close(driver: *mut aeron_driver_t) -> c_int;
    pub fn aeron_driver_context_close(context: *mut aeron_driver_context_t) -> c_int;

    pub fn aeron_publication_offer(publication: *mut aeron_publication_t, buffer: *const u8, length: usize, supplier: aeron_reserved_value_supplier_t, clientd: *mut c_void) -> i64;
    pub fn aeron_publication_offerv(publication: *mut aeron_publication_t, iov: *mut aeron_iovec_t, iovcnt: usize, supplier: aeron_reserved_value_supplier_t, clientd: *mut c_void) -> i64;
    pub fn aeron_publication_try_claim(publication: *mut aeron_publication_t, length: usize, claim: *mut aeron_buffer_claim_t) -> i64;
    pub fn aeron_publication_close(publication: *mut aeron_publication_t, on_complete: aeron_notification_t, clientd: *mut c_void) -> c_int;
    pub fn aeron_exclusive_publication_offer(publication: *mut aeron_exclusive_publication_t, buffer: *const u8, length: usize, supplier: aeron_reserved_value_supplier_t, clientd: *mut c_void) -> i64;
    pub fn aeron_exclusive_publication_offerv(publication: *mut aeron_exclusive_publication_t, iov: *mut aeron_iovec_t, iovcnt: usize, supplier: aeron_reserved_value_supplier_t, clientd: *mut c_void) -> i64;
    pub fn aeron_exclusive_publication_try_claim(publication: *mut aeron_exclusive_publication_t, length: usize, claim: *mut aeron_buffer_claim_t) -> i64;
    pub fn aeron_exclusive_publication_is_connected(publication: *mut aeron_exclusive_publication_t) -> bool;
    pub fn aeron_exclusive_publication_close(publication: *mut aeron_exclusive_publication_t, on_complete: aeron_notification_t, clientd: *mut c_void) -> c_int;
    pub fn aeron_buffer_claim_commit(claim: *mut aeron_buffer_claim_t) -> c_int;
    pub fn aeron_buffer_claim_abort(claim: *mut aeron_buffer_claim_t) -> c_int;

    pub fn aeron_subscription_poll(subscription: *mut aeron_subscription_t, handler: aeron_fragment_handler_t, clientd: *mut c_void, fragment_limit: usize) -> c_int;
    pub fn aeron_subscription_controlled_poll(subscription: *mut aeron_subscription_t, handler: aeron_controlled_fragment_handler_t, clientd: *mut c_void, fragment_limit: usize) -> c_int;
    pub fn aeron_subscription_image_count(subscription: *mut aeron_subscription_t) -> c_int;
    pub fn aeron_subscription_image_at_index(subscription: *mut aeron_subscription_t, index: usize) -> *mut aeron_image_t;
    pub fn aeron_subscription_is_closed(subscription: *mut aeron_subscription_t) -> bool;
    pub fn aeron_subscription_close(subscription: *mut aeron_subscription_t, on_complete: aeron_notification_t, clientd: *mut c_void) -> c_int;
    pub fn aeron_header_position_bits_to_shift(header: *mut aeron_header_t) -> usize;
    pub fn aeron_header_position(header: *mut aeron_header_t) -> i64;

    pub fn aeron_image_controlled_poll(image: *mut aeron_image_t, handler: aeron_controlled_fragment_handler_t, clientd: *mut c_void, fragment_limit: usize) -> c_int;
    pub fn aeron_image_constants(image: *mut aeron_image_t, constants: *mut aeron_image_constants_t) -> c_int;
    pub fn aeron_image_position(image: *mut aeron_image_t) -> i64;
    pub fn aeron_image_is_closed(image: *mut aeron_image_t) -> bool;
    pub fn aeron_image_reject(image: *mut aeron_image_t, reason: *const c_char) -> c_int;
    pub fn aeron_image_release(image: *mut aeron_image_t) -> c_int;

    pub fn aeron_counters_reader(client: *mut aeron_t) -> *mut aeron_counters_reader_t;
    pub fn aeron_counters_reader_addr(reader: *mut aeron_counters_reader_t, counter_id: i32) -> *mut i64;
    pub fn aeron_counter_addr(counter: *mut aeron_counter_t) -> *mut i64;
    pub fn aeron_counter_is_closed(counter: *mut aeron_counter_t) -> bool;
    pub fn aeron_counter_close(counter: *mut aeron_counter_t, on_complete: aeron_notification_t, clientd: *mut c_void) -> c_int;

    pub fn aeron_errmsg() -> *const c_char;
    pub fn aeron_async_add_exclusive_publication(adding: *mut *mut aeron_async_add_exclusive_publication_t, client: *mut aeron_t, uri: *const c_char, stream_id: i32) -> c_int;
    pub fn aeron_async_add_exclusive_publication_poll(publication: *mut *mut aeron_exclusive_publication_t, adding: *mut aeron_async_add_exclusive_publication_t) -> c_int;
    pub fn aeron_async_add_exclusive_publication_cancel(client: *mut aeron_t, adding: *mut aeron_async_add_exclusive_publication_t) -> c_int;
    pub fn aeron_exclusive_publication_constants(publication: *mut aeron_exclusive_publication_t, constants: *mut aeron_publication_constants_t) -> c_int;
    pub fn aeron_subscription_for_each_image(subscription: *mut aeron_subscription_t, handler: unsafe extern "C" fn(*mut aeron_image_t, *mut c_void), clientd: *mut c_void);
    pub fn aeron_controlled_fragment_assembler_create(assembler: *mut *mut aeron_controlled_fragment_assembler_t, delegate: aeron_controlled_fragment_handler_t, clientd: *mut c_void) -> c_int;
    pub fn aeron_controlled_fragment_assembler_delete(assembler: *mut aeron_controlled_fragment_assembler_t) -> c_int;
    pub fn aeron_controlled_fragment_assembler_handler(clientd: *mut c_void, buffer: *const u8, length: usize, header: *mut aeron_header_t) -> c_int;
    pub fn aeron_image_controlled_fragment_assembler_create(assembler: *mut *mut aeron_image_controlled_fragment_assembler_t, delegate: aeron_controlled_fragment_handler_t, clientd: *mut c_void) -> c_int;
    pub fn aeron_image_controlled_fragment_assembler_delete(assembler: *mut aeron_image_controlled_fragment_assembler_t) -> c_int;
    pub fn aeron_image_controlled_fragment_assembler_handler(clientd: *mut c_void, buffer: *const u8, length: usize, header: *mut aeron_header_t) -> c_int;
}
