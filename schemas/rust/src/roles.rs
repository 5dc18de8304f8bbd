#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Roles(pub u8);
impl Roles {
    #[inline]
    pub fn new(value: u8) -> Self {
        Roles(value)
    }

    #[inline]
    pub fn clear(&mut self) -> &mut Self {
        self.0 = 0;
        self
    }

    #[inline]
    pub fn get_trade(&self) -> bool {
        0 != self.0 & (1 << 0)
    }

    #[inline]
    pub fn set_trade(&mut self, value: bool) -> &mut Self {
        self.0 = if value {
            self.0 | (1 << 0)
        } else {
            self.0 & !(1 << 0)
        };
        self
    }

    #[inline]
    pub fn get_administer(&self) -> bool {
        0 != self.0 & (1 << 1)
    }

    #[inline]
    pub fn set_administer(&mut self, value: bool) -> &mut Self {
        self.0 = if value {
            self.0 | (1 << 1)
        } else {
            self.0 & !(1 << 1)
        };
        self
    }

    #[inline]
    pub fn get_observe(&self) -> bool {
        0 != self.0 & (1 << 2)
    }

    #[inline]
    pub fn set_observe(&mut self, value: bool) -> &mut Self {
        self.0 = if value {
            self.0 | (1 << 2)
        } else {
            self.0 & !(1 << 2)
        };
        self
    }
}
impl core::fmt::Debug for Roles {
    #[inline]
    fn fmt(&self, fmt: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            fmt,
            "Roles[trade(0)={},administer(1)={},observe(2)={}]",
            self.get_trade(),
            self.get_administer(),
            self.get_observe(),
        )
    }
}
