#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum MarketRequestEnd {
    Done = 0x1_u8,
    NotYet = 0x2_u8,
    Gone = 0x3_u8,
    TooMuch = 0x4_u8,
    UnsupportedVersion = 0x5_u8,
    Failed = 0x6_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for MarketRequestEnd {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Done,
            0x2_u8 => Self::NotYet,
            0x3_u8 => Self::Gone,
            0x4_u8 => Self::TooMuch,
            0x5_u8 => Self::UnsupportedVersion,
            0x6_u8 => Self::Failed,
            _ => Self::NullVal,
        }
    }
}
impl From<MarketRequestEnd> for u8 {
    #[inline]
    fn from(v: MarketRequestEnd) -> Self {
        match v {
            MarketRequestEnd::Done => 0x1_u8,
            MarketRequestEnd::NotYet => 0x2_u8,
            MarketRequestEnd::Gone => 0x3_u8,
            MarketRequestEnd::TooMuch => 0x4_u8,
            MarketRequestEnd::UnsupportedVersion => 0x5_u8,
            MarketRequestEnd::Failed => 0x6_u8,
            MarketRequestEnd::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for MarketRequestEnd {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Done" => Ok(Self::Done),
            "NotYet" => Ok(Self::NotYet),
            "Gone" => Ok(Self::Gone),
            "TooMuch" => Ok(Self::TooMuch),
            "UnsupportedVersion" => Ok(Self::UnsupportedVersion),
            "Failed" => Ok(Self::Failed),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for MarketRequestEnd {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Done => write!(f, "Done"),
            Self::NotYet => write!(f, "NotYet"),
            Self::Gone => write!(f, "Gone"),
            Self::TooMuch => write!(f, "TooMuch"),
            Self::UnsupportedVersion => write!(f, "UnsupportedVersion"),
            Self::Failed => write!(f, "Failed"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}
