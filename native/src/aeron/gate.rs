//! A gate in front of every Aeron object, so that use after close is an error and never a use of freed memory.
//!
//! Aeron frees a publication or a whole client while another thread may still be inside one of its functions. So every
//! call enters the gate and leaves it again; closing shuts the gate at once, and whoever leaves last releases the Aeron
//! object. Nobody waits, so a close from inside a callback cannot deadlock. A child keeps its client's gate entered
//! until it is released itself, which gives the one safe order whatever order the user chose.

use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::code;
use super::inbox::{Inbox, drop_inbox};
use super::resource::Resource;
use crate::aeron_sys::*;

const SHUT: u64 = 1 << 63;

/// How often this process's ancestors have forked since the module was loaded.
static FORKS: AtomicU64 = AtomicU64::new(0);

/// The guard of one Aeron object.
pub struct Gate {
    /// Calls inside, plus `SHUT` once closed.
    state: AtomicU64,
    released: AtomicBool,
    born_in_fork: u64,
    resource: Resource,
    parent: Option<Arc<Gate>>,
    inbox: AtomicBool,
    inbox_pointer: *const Inbox,
}

// SAFETY: the pointers are Aeron's, which its functions share between threads; the rest is atomic.
unsafe impl Send for Gate {}
// SAFETY: as above.
unsafe impl Sync for Gate {}

impl Gate {
    /// Holds the object open for one call; `Err` is the code to return.
    pub fn enter(&self) -> Result<Inside<'_>, i64> {
        if FORKS.load(Ordering::Relaxed) != self.born_in_fork {
            return Err(code::FORKED);
        }
        let before = self.state.fetch_add(1, Ordering::Acquire);
        let inside = Inside(self);
        if before & SHUT != 0 { Err(code::CLOSED) } else { Ok(inside) }
    }

    fn leave(&self) {
        if self.state.fetch_sub(1, Ordering::AcqRel) == SHUT | 1 {
            self.release();
        }
    }

    /// Shuts the gate: 1 when the object is released, 0 when the last call inside will do it, negative on an error.
    fn close(&self) -> i32 {
        if FORKS.load(Ordering::Relaxed) != self.born_in_fork {
            return code::FORKED as i32;
        }
        if self.state.fetch_or(SHUT, Ordering::AcqRel) & !SHUT == 0 { self.release() } else { 0 }
    }

    fn release(&self) -> i32 {
        if self.released.swap(true, Ordering::AcqRel) {
            return 1;
        }
        let result = self.release_resource();
        if let Some(parent) = &self.parent {
            parent.leave();
        }
        if result < 0 { result } else { 1 }
    }

    /// Aeron's answer when the object was let go of. The conductor calls back when it has forgotten a subscription, which is when the
    /// inbox may go; a client's conductor has ended by then.
    fn release_resource(&self) -> i32 {
        // SAFETY: the gate owns its object, `released` lets exactly one caller in, and nobody is inside any more.
        unsafe {
            match self.resource {
                Resource::Subscription(subscription) => {
                    let known = self.inbox.swap(false, Ordering::AcqRel);
                    let on_complete: aeron_notification_t = if known { Some(drop_inbox) } else { None };
                    aeron_subscription_close(subscription, on_complete, self.inbox_pointer as *mut c_void)
                }
                Resource::Client(..) => {
                    let result = self.resource.close();
                    self.drop_inbox();
                    result
                }
                _ => self.resource.close(),
            }
        }
    }

    fn drop_inbox(&self) {
        if self.inbox.swap(false, Ordering::AcqRel) {
            // SAFETY: the flag lets one caller in, and the reference was given to this gate by `seriatim_gate_new`.
            unsafe { drop_inbox(self.inbox_pointer as *mut c_void) }
        }
    }

    /// What stands behind it; only valid while entered.
    pub fn resource(&self) -> Resource {
        self.resource
    }

    /// The gate of what it belongs to: a subscription for an image, else the client.
    pub fn parent(&self) -> Option<&Gate> {
        self.parent.as_deref()
    }

    /// Events that wait in the inbox given to this gate.
    pub fn events(&self) -> i32 {
        if !self.inbox.load(Ordering::Acquire) {
            return 0;
        }
        // SAFETY: the flag says that the reference is still held; callers are inside the gate.
        unsafe { (*self.inbox_pointer).pending() }
    }
}

/// Leaves the gate when dropped.
pub struct Inside<'a>(&'a Gate);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

/// # Safety
/// `resource` (and `context` for a driver or client) are live objects of that kind and become the gate's; `parent` is
/// the client's gate or null; `inbox` is null or an inbox whose reference was taken with `seriatim_inbox_share`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_gate_new(
    kind: i32,
    resource: *mut c_void,
    context: *mut c_void,
    parent: *const Gate,
    inbox: *const Inbox,
) -> *const Gate {
    let Some(resource) = Resource::of_kind(kind, resource, context) else { return std::ptr::null() };
    let parent = (!parent.is_null()).then(|| {
        // SAFETY: a gate pointer is an `Arc` that its owner still holds. The caller is inside the parent, so it is open.
        unsafe {
            Arc::increment_strong_count(parent);
            let parent = Arc::from_raw(parent);
            parent.state.fetch_add(1, Ordering::Acquire);
            parent
        }
    });
    Arc::into_raw(Arc::new(Gate {
        state: AtomicU64::new(0),
        released: AtomicBool::new(false),
        born_in_fork: FORKS.load(Ordering::Relaxed),
        resource,
        parent,
        inbox: AtomicBool::new(!inbox.is_null()),
        inbox_pointer: inbox,
    }))
}

/// # Safety
/// `gate` came from `seriatim_gate_new` and is not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_gate_free(gate: *const Gate) {
    // SAFETY: the caller's promise.
    let gate = unsafe { Arc::from_raw(gate) };
    gate.close();
}

/// # Safety
/// `gate` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_gate_enter(gate: *const Gate) -> i32 {
    // SAFETY: the caller's promise.
    match unsafe { &*gate }.enter() {
        Ok(inside) => {
            std::mem::forget(inside);
            0
        }
        Err(code) => code as i32,
    }
}

/// # Safety
/// `gate` is live and was entered once for this call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_gate_leave(gate: *const Gate) {
    // SAFETY: the caller's promise.
    unsafe { &*gate }.leave();
}

/// # Safety
/// `gate` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_gate_close(gate: *const Gate) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { &*gate }.close()
}

/// Called in the child of a fork: every gate made before is the parent's from now on.
#[unsafe(no_mangle)]
pub extern "C" fn seriatim_gate_forked() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}
