#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MarketFlags(pub u8);
impl MarketFlags {
    #[inline]
    pub fn new(value: u8) -> Self {
        MarketFlags(value)
    }

    #[inline]
    pub fn clear(&mut self) -> &mut Self {
        self.0 = 0;
        self
    }

    #[inline]
    pub fn get_end_of_event(&self) -> bool {
        0 != self.0 & (1 << 0)
    }

    #[inline]
    pub fn set_end_of_event(&mut self, value: bool) -> &mut Self {
        self.0 = if value {
            self.0 | (1 << 0)
        } else {
            self.0 & !(1 << 0)
        };
        self
    }

    #[inline]
    pub fn get_auction(&self) -> bool {
        0 != self.0 & (1 << 1)
    }

    #[inline]
    pub fn set_auction(&mut self, value: bool) -> &mut Self {
        self.0 = if value {
            self.0 | (1 << 1)
        } else {
            self.0 & !(1 << 1)
        };
        self
    }
}
impl core::fmt::Debug for MarketFlags {
    #[inline]
    fn fmt(&self, fmt: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            fmt,
            "MarketFlags[end_of_event(0)={},auction(1)={}]",
            self.get_end_of_event(),
            self.get_auction(),
        )
    }
}
