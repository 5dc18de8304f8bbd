#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CancelOn(pub u8);
impl CancelOn {
    #[inline]
    pub fn new(value: u8) -> Self {
        CancelOn(value)
    }

    #[inline]
    pub fn clear(&mut self) -> &mut Self {
        self.0 = 0;
        self
    }

    #[inline]
    pub fn get_disconnect(&self) -> bool {
        0 != self.0 & (1 << 0)
    }

    #[inline]
    pub fn set_disconnect(&mut self, value: bool) -> &mut Self {
        self.0 = if value {
            self.0 | (1 << 0)
        } else {
            self.0 & !(1 << 0)
        };
        self
    }

    #[inline]
    pub fn get_logoff(&self) -> bool {
        0 != self.0 & (1 << 1)
    }

    #[inline]
    pub fn set_logoff(&mut self, value: bool) -> &mut Self {
        self.0 = if value {
            self.0 | (1 << 1)
        } else {
            self.0 & !(1 << 1)
        };
        self
    }
}
impl core::fmt::Debug for CancelOn {
    #[inline]
    fn fmt(&self, fmt: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            fmt,
            "CancelOn[disconnect(0)={},logoff(1)={}]",
            self.get_disconnect(),
            self.get_logoff(),
        )
    }
}
