#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum SelfTradePrevention {
    None = 0x0_u8,
    CancelNewest = 0x1_u8,
    CancelOldest = 0x2_u8,
    CancelBoth = 0x3_u8,
    Decrement = 0x4_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for SelfTradePrevention {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x0_u8 => Self::None,
            0x1_u8 => Self::CancelNewest,
            0x2_u8 => Self::CancelOldest,
            0x3_u8 => Self::CancelBoth,
            0x4_u8 => Self::Decrement,
            _ => Self::NullVal,
        }
    }
}
impl From<SelfTradePrevention> for u8 {
    #[inline]
    fn from(v: SelfTradePrevention) -> Self {
        match v {
            SelfTradePrevention::None => 0x0_u8,
            SelfTradePrevention::CancelNewest => 0x1_u8,
            SelfTradePrevention::CancelOldest => 0x2_u8,
            SelfTradePrevention::CancelBoth => 0x3_u8,
            SelfTradePrevention::Decrement => 0x4_u8,
            SelfTradePrevention::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for SelfTradePrevention {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "None" => Ok(Self::None),
            "CancelNewest" => Ok(Self::CancelNewest),
            "CancelOldest" => Ok(Self::CancelOldest),
            "CancelBoth" => Ok(Self::CancelBoth),
            "Decrement" => Ok(Self::Decrement),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for SelfTradePrevention {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::None => write!(f, "None"),
            Self::CancelNewest => write!(f, "CancelNewest"),
            Self::CancelOldest => write!(f, "CancelOldest"),
            Self::CancelBoth => write!(f, "CancelBoth"),
            Self::Decrement => write!(f, "Decrement"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}
