//! How a native function says what went wrong: a code for the program, a sentence for the person.

use std::cell::{Cell, RefCell};
use std::ffi::{CStr, CString, c_char, c_int};

thread_local! {
    static MESSAGE: RefCell<CString> = RefCell::default();
    static SEQ: Cell<u64> = Cell::default();
}

/// Why a call failed. The numbers are those of `seriatim.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Code {
    /// An argument makes no sense.
    InvalidArgument = -1,
    /// Aeron refused.
    Aeron = -2,
    /// A block of the journal cannot be applied.
    BadBlock = -3,
    /// A panic while a command was executed.
    Poison = -4,
    /// The clock jumped.
    TimeJump = -5,
    /// A panic elsewhere.
    Panic = -6,
    /// The other end is gone.
    Disconnected = -7,
    /// The session has logged off.
    SessionClosed = -8,
    /// A frame is to be skipped and is not the one that was meant.
    SkipRefused = -9,
    /// The order follows rules that this engine does not know.
    UnknownLogic = -10,
    /// Bytes are no snapshot, or one of another journal.
    BadSnapshot = -11,
}

/// An error on its way to the caller.
#[derive(Clone, Debug)]
pub struct Error {
    /// For the program.
    pub code: Code,
    /// For the person.
    pub message: String,
    /// Of the command that it is about, 0 if none.
    pub seq: u64,
}

impl Error {
    /// With a sentence of our own.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), seq: 0 }
    }

    /// The engine has panicked on the command with this seq.
    pub fn poison(seq: u64, panic: &(dyn std::any::Any + Send)) -> Self {
        let message = format!(
            "the command with seq {seq} cannot be executed: {}. Report it; `seriatim journal skip {seq} JOURNAL` lets the venue go \
             on without it",
            panic_text(panic).replace('\n', " ")
        );
        Self { code: Code::Poison, message, seq }
    }

    /// With Aeron's own words.
    pub fn aeron(doing: &str) -> Self {
        // SAFETY: Aeron returns a NUL-terminated string of this thread.
        let text = unsafe { CStr::from_ptr(crate::aeron_sys::aeron_errmsg()) }.to_string_lossy();
        Self::new(Code::Aeron, format!("{doing}: {text}"))
    }
}

/// Runs `body` for the caller beyond the seam: an error becomes its code and message, and so does a panic.
pub fn guard(body: impl FnOnce() -> Result<c_int, Error>) -> c_int {
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(body));
    match outcome.unwrap_or_else(|panic| Err(Error::new(Code::Panic, panic_text(&*panic)))) {
        Ok(value) => value,
        Err(error) => {
            let text = CString::new(error.message.replace('\0', " ")).unwrap_or_default();
            MESSAGE.with(|message| *message.borrow_mut() = text);
            SEQ.set(error.seq);
            error.code as c_int
        }
    }
}

/// What a panic said.
pub fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "panic without a message".to_owned())
}

/// The sentence of this thread's last error; valid until its next one.
#[unsafe(no_mangle)]
pub extern "C" fn seriatim_error_message() -> *const c_char {
    MESSAGE.with(|message| message.borrow().as_ptr())
}

/// The seq that this thread's last error is about, 0 if none.
#[unsafe(no_mangle)]
pub extern "C" fn seriatim_error_seq() -> u64 {
    SEQ.get()
}
