//! What stands behind a gate.

use std::ffi::c_void;

use crate::aeron_sys::*;

/// One Aeron object, numbered as in `include/seriatim.h`.
#[derive(Clone, Copy)]
pub enum Resource {
    Driver(*mut aeron_driver_t, *mut aeron_driver_context_t),
    Client(*mut aeron_t, *mut aeron_context_t),
    Publication(*mut aeron_publication_t),
    ExclusivePublication(*mut aeron_exclusive_publication_t),
    Subscription(*mut aeron_subscription_t),
    Counter(*mut aeron_counter_t),
    Image(*mut aeron_image_t),
}

impl Resource {
    /// The object of this kind; none if there is no such kind.
    pub fn of_kind(kind: i32, resource: *mut c_void, context: *mut c_void) -> Option<Self> {
        Some(match kind {
            1 => Self::Driver(resource.cast(), context.cast()),
            2 => Self::Client(resource.cast(), context.cast()),
            3 => Self::Publication(resource.cast()),
            4 => Self::ExclusivePublication(resource.cast()),
            5 => Self::Subscription(resource.cast()),
            6 => Self::Counter(resource.cast()),
            7 => Self::Image(resource.cast()),
            _ => return None,
        })
    }

    /// Lets go of it: Aeron's answer.
    ///
    /// # Safety
    /// The object is live and nobody uses it any more.
    pub unsafe fn close(self) -> i32 {
        let none = std::ptr::null_mut();
        // SAFETY: the caller's promise.
        unsafe {
            match self {
                Self::Driver(driver, context) => {
                    let result = aeron_driver_close(driver);
                    aeron_driver_context_close(context);
                    result
                }
                Self::Client(client, context) => {
                    let result = aeron_close(client);
                    aeron_context_close(context);
                    result
                }
                Self::Publication(publication) => aeron_publication_close(publication, None, none),
                Self::ExclusivePublication(publication) => aeron_exclusive_publication_close(publication, None, none),
                Self::Subscription(subscription) => aeron_subscription_close(subscription, None, none),
                Self::Counter(counter) => aeron_counter_close(counter, None, none),
                Self::Image(image) => aeron_image_release(image),
            }
        }
    }

    /// The client, or null.
    pub fn client(self) -> *mut aeron_t {
        if let Self::Client(client, _) = self { client } else { std::ptr::null_mut() }
    }

    /// The subscription, or null.
    pub fn subscription(self) -> *mut aeron_subscription_t {
        if let Self::Subscription(subscription) = self { subscription } else { std::ptr::null_mut() }
    }

    /// The counter, or null.
    pub fn counter(self) -> *mut aeron_counter_t {
        if let Self::Counter(counter) = self { counter } else { std::ptr::null_mut() }
    }

    /// The publication.
    pub fn publication(self) -> Option<Publication> {
        match self {
            Self::Publication(publication) => Some(Publication::Shared(publication)),
            Self::ExclusivePublication(publication) => Some(Publication::Exclusive(publication)),
            _ => None,
        }
    }
}

/// Either kind of publication.
#[derive(Clone, Copy)]
pub enum Publication {
    /// Many threads may offer.
    Shared(*mut aeron_publication_t),
    /// One thread offers.
    Exclusive(*mut aeron_exclusive_publication_t),
}
