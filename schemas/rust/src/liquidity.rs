#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Liquidity {
    Added = 0x1_u8,
    Removed = 0x2_u8,
    Auction = 0x4_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for Liquidity {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Added,
            0x2_u8 => Self::Removed,
            0x4_u8 => Self::Auction,
            _ => Self::NullVal,
        }
    }
}
impl From<Liquidity> for u8 {
    #[inline]
    fn from(v: Liquidity) -> Self {
        match v {
            Liquidity::Added => 0x1_u8,
            Liquidity::Removed => 0x2_u8,
            Liquidity::Auction => 0x4_u8,
            Liquidity::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for Liquidity {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Added" => Ok(Self::Added),
            "Removed" => Ok(Self::Removed),
            "Auction" => Ok(Self::Auction),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for Liquidity {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Added => write!(f, "Added"),
            Self::Removed => write!(f, "Removed"),
            Self::Auction => write!(f, "Auction"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}
