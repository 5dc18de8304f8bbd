#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventFlags(pub u8);
impl EventFlags {
    #[inline]
    pub fn new(value: u8) -> Self {
        EventFlags(value)
    }

    #[inline]
    pub fn clear(&mut self) -> &mut Self {
        self.0 = 0;
        self
    }

    #[inline]
    pub fn get_last(&self) -> bool {
        0 != self.0 & (1 << 0)
    }

    #[inline]
    pub fn set_last(&mut self, value: bool) -> &mut Self {
        self.0 = if value {
            self.0 | (1 << 0)
        } else {
            self.0 & !(1 << 0)
        };
        self
    }

    #[inline]
    pub fn get_repeated(&self) -> bool {
        0 != self.0 & (1 << 1)
    }

    #[inline]
    pub fn set_repeated(&mut self, value: bool) -> &mut Self {
        self.0 = if value {
            self.0 | (1 << 1)
        } else {
            self.0 & !(1 << 1)
        };
        self
    }
}
impl core::fmt::Debug for EventFlags {
    #[inline]
    fn fmt(&self, fmt: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            fmt,
            "EventFlags[last(0)={},repeated(1)={}]",
            self.get_last(),
            self.get_repeated(),
        )
    }
}
