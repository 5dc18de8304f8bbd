//! A 64-bit number that may be missing, in 64 bits: none is what SBE, a row and the outcome hash say for it.

use std::fmt;

/// As `Option<i64>`, half as long. The lowest number means none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Optional(i64);

impl Optional {
    /// Nothing.
    pub const NONE: Self = Self(i64::MIN);

    /// What there is, if there is something.
    #[inline]
    pub const fn get(self) -> Option<i64> {
        if self.0 == i64::MIN { None } else { Some(self.0) }
    }

    /// The number, or the one that means none.
    #[inline]
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// Whether there is nothing.
    #[inline]
    pub const fn is_none(self) -> bool {
        self.0 == i64::MIN
    }
}

impl From<Option<i64>> for Optional {
    #[inline]
    fn from(value: Option<i64>) -> Self {
        Self(value.unwrap_or(i64::MIN))
    }
}

impl fmt::Debug for Optional {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}
